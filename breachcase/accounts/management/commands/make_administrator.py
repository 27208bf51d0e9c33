from argparse import ArgumentParser
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.core.validators import validate_email
from django.urls import reverse

from breachcase.accounts import invitations, services
from breachcase.accounts.models import Organisation
from breachcase.errors import RuleBroken


class Command(BaseCommand):
    """Found an organisation and invite its first administrator, who sets a password of their own with the link."""

    help = "First start: write down the organisation and print the link with which its first administrator joins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", required=True, help="its name, as on letters")
        parser.add_argument("--email", required=True, help="address of the first administrator")
        parser.add_argument("--name", required=True, help="name of the first administrator")
        parser.add_argument("--country", action="append", help="where it is established, ISO 3166; again for each")
        parser.add_argument("--domain", action="append", help="a mail domain of its own; again for each")
        parser.add_argument("--time-zone", default="Europe/London", help="in which periods are counted; IANA name")
        parser.add_argument("--address", default="", help="its postal address")

    def handle(self, *_args: object, **said: Any) -> None:
        try:
            validate_email(said["email"])
        except ValidationError:
            raise CommandError(f"{said['email']} is no e-mail address.") from None
        if said["time_zone"] not in available_timezones():
            raise CommandError(f"{said['time_zone']} is no time zone; write it like Europe/London.")
        organisation = Organisation.objects.filter(name=said["organisation"]).first() or services.found_organisation(
            name=said["organisation"],
            address=said["address"],
            time_zone=said["time_zone"],
            established_in=said["country"] or ["GB"],
            own_domains=said["domain"] or [],
            contact_email=said["email"],
        )
        try:
            _invitation, token = invitations.invite_first_administrator(
                organisation, email=said["email"], name=said["name"]
            )
        except RuleBroken as error:
            raise CommandError(str(error)) from None
        self.stdout.write("Give this link to the administrator. It works once, for seven days:")
        self.stdout.write(f"{_site()}{reverse('accounts:join', args=[token])}")


def _site() -> str:
    """Return where the pages are asked for, as the settings say."""
    host = settings.ALLOWED_HOSTS[0]
    return f"https://{host}" if settings.SECURE_SSL_REDIRECT else f"http://{host}:{settings.PORT}"
