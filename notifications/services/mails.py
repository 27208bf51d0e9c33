"""Mails to colleagues: that something waits for them, and where; never a word of what it says."""

from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage

from breachcase.accounts.models import Person, RoleGrant
from breachcase.accounts.roles import Role
from incidents.models import Involvement
from notifications.models import ApprovalRequest
from notifications.queries.wordings import barred_from_approving


def tell_approvers(request_id: UUID) -> int:
    """Tell each approver on the case who may answer, in a message of their own (I3); return how many."""
    request = ApprovalRequest.objects.select_related("version__wording__incident", "asked_by").get(pk=request_id)
    incident = request.version.wording.incident
    approvers = RoleGrant.objects.filter(
        organisation_id=incident.organisation_id, role=Role.APPROVER, revoked_at=None, person__is_active=True
    )
    members = incident.memberships.filter(left_at=None).values("person_id")
    involved = incident.involvements.filter(superseded_by=None, kind__in=Involvement.KEEPS_OUT).values("person_id")
    people = (
        Person.objects.filter(pk__in=approvers.values("person_id"))
        .filter(pk__in=members)
        .exclude(pk__in=involved)
        .exclude(pk__in=barred_from_approving(request.version_id))
    )
    told = 0
    for person in people.order_by("pk"):
        EmailMessage(
            subject=f"{incident.reference}: a wording waits for your approval",
            body=(
                f"{request.asked_by.name} asks you to read and approve version {request.version.number} of "
                f"“{request.version.wording.title}”. Sign in to BreachCase; it stands in your inbox on the start page."
            ),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[person.email],
        ).send()
        told += 1
    return told
