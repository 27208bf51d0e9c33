from django.conf import settings
from django.core.management import BaseCommand, call_command, get_commands
from django.db import connection

from breachcase.accounts.models import Organisation
from breachcase.web.checks import TAG


class Command(BaseCommand):
    """Bring a copy up to date before it serves; what `script/server` runs between the database and the web server."""

    help = "Migrate, collect static files and, on the very first start of a demonstration, make its people and cases."
    requires_system_checks: list[str] = []

    def handle(self, *_: object, **__: object) -> None:
        self.check(tags=[TAG])
        call_command("prepare_database", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if settings.DEMONSTRATION and "seed_demonstration" in get_commands() and not Organisation.objects.exists():
            self.stdout.write("Making the demonstration's people and cases …")
            call_command("seed_demonstration")
        connection.close()
