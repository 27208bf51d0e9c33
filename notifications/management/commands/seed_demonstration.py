from django.conf import settings
from django.core.management import BaseCommand

from breachcase.accounts.models import Organisation
from incidents.demonstration.offending_message import ORGANISATION
from notifications.story.people import cast
from notifications.story.steps import an_older_case, log_from_message


class Command(BaseCommand):
    """Make the demonstration: its people, the story's case just reported, and an older one that is closed."""

    help = "Make the demonstration's people and cases, once; nothing where they are there or not wanted."

    def handle(self, *_: object, **__: object) -> None:
        if not settings.DEMONSTRATION or Organisation.objects.filter(name=ORGANISATION).exists():
            return
        people = cast()
        an_older_case(people)
        log_from_message(people)
        self.stdout.write("The demonstration's people and cases are ready.")
