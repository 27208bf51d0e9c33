"""Mails to colleagues about a case. They name the case and the colleague, never a data subject."""

from django.conf import settings
from django.core.mail import EmailMessage

from breachcase.accounts.models import Person, RoleGrant
from breachcase.accounts.roles import Role
from incidents.models import Reading


def alarm_unusual_reading(reading_id: int) -> int:
    """Tell each DPO, in a message of their own (I3), who looked at unusually many data subjects; return how many."""
    reading = Reading.objects.select_related("incident", "read_by").get(pk=reading_id)
    officers = RoleGrant.objects.filter(
        organisation_id=reading.incident.organisation_id, role=Role.DPO, revoked_at=None, person__is_active=True
    )
    told = 0
    for person in Person.objects.filter(pk__in=officers.values("person_id")).order_by("pk"):
        EmailMessage(
            subject=f"{reading.incident.reference}: unusually many data subjects were looked at",
            body=(
                f"{reading.read_by.name} has looked at or exported the data of an unusual number of people on "
                f"{reading.incident.reference} within the last hour. The read log on the case shows what and when.\n\n"
                "If that is not expected, ask them, and consider showing them out of the case."
            ),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[person.email],
        ).send()
        told += 1
    return told
