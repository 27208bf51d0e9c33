from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import BaseCommand, CommandError, call_command
from django.db import Error, connection

from breachcase.ledger.roles import as_owner, grant_to_application, rights_beyond


class Command(BaseCommand):
    """Migrate as the owner of the tables, then give the application its rights."""

    help = "Bring the database up to date: migrations as the owner, rights for the application."
    requires_system_checks: list[str] = []

    def handle(self, *_: object, **options: object) -> None:
        with as_owner() as application:
            with _or_stop("DATABASE_OWNER_URL is wrong, or the database does not answer"):
                connection.ensure_connection()
            with _or_stop("A migration failed, so BreachCase does not start"):
                call_command("migrate", interactive=False, verbosity=options["verbosity"])
                grant_to_application(application)
        with _or_stop("DATABASE_URL is wrong, or the database does not answer"):
            connection.ensure_connection()
        if beyond := rights_beyond():
            raise CommandError(f"The role in DATABASE_URL must not {beyond}: give the application a role of its own.")


@contextmanager
def _or_stop(sentence: str) -> Iterator[None]:
    try:
        yield
    except Error as error:
        first = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise CommandError(f"{sentence}: {first}") from error
