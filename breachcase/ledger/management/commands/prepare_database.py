from django.core.management import BaseCommand, CommandError, call_command
from django.db import Error

from breachcase.ledger.roles import as_owner, grant_to_application


class Command(BaseCommand):
    """Migrate as the owner of the tables, then give the application its rights."""

    help = "Bring the database up to date: migrations as the owner, rights for the application."
    requires_system_checks: list[str] = []

    def handle(self, *_: object, **options: object) -> None:
        try:
            with as_owner() as application:
                call_command("migrate", interactive=False, verbosity=options["verbosity"])
                grant_to_application(application)
        except Error as error:
            first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            raise CommandError(f"A migration failed, so BreachCase does not start: {first}") from error
