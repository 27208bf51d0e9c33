"""What somebody may know who reported a case or is kept out of it: little, and to whom to turn."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404

from breachcase.accounts.actor import Actor
from breachcase.accounts.models import Person, RoleGrant
from breachcase.accounts.roles import Role
from incidents.access import NO_SUCH_INCIDENT
from incidents.models import Incident, Involvement
from incidents.queries.standing import known_to


@dataclass(frozen=True, slots=True)
class Mine:
    """The page's values."""

    heading: str
    reference: str
    title: str
    """Only to whoever reported it in these words; somebody kept out learns the reference alone."""
    kept_out: bool
    because: str
    recorded_by: str
    recorded_at: datetime | None
    turn_to: list[str]
    statements: list[tuple[datetime, str]]


def page_of_mine(actor: Actor, incident_id: UUID) -> Mine:
    """
    Return what this person sees of the case.

    :raises Http404: it is no case of which they know (I12).
    """
    incident = known_to(actor).filter(pk=incident_id).first()
    if incident is None:
        raise Http404(NO_SUCH_INCIDENT)
    involvement = (
        incident.involvements.filter(person_id=actor.person_id, superseded_by=None, kind__in=Involvement.KEEPS_OUT)
        .select_related("recorded_by")
        .first()
    )
    reported = incident.opened_by_id == actor.person_id
    statements = incident.statements.filter(made_by_id=actor.person_id).order_by("-made_at")
    return Mine(
        heading="You are recorded as involved in this breach" if involvement else "Your report",
        reference=incident.reference,
        title=incident.title if reported else "",
        kept_out=involvement is not None,
        because=involvement.get_kind_display() if involvement else "",
        recorded_by=involvement.recorded_by.name if involvement else "",
        recorded_at=involvement.recorded_at if involvement else None,
        turn_to=_turn_to(incident, actor),
        statements=[(row.made_at, row.text) for row in statements[:50]],
    )


def _turn_to(incident: Incident, actor: Actor) -> list[str]:
    """Return the data protection officers who are on the case and not involved themselves."""
    involved = incident.involvements.filter(superseded_by=None, kind__in=Involvement.KEEPS_OUT).values("person_id")
    officers = RoleGrant.objects.filter(
        organisation_id=incident.organisation_id, role=Role.DPO, revoked_at=None, person__is_active=True
    ).exclude(person_id=actor.person_id)
    people = Person.objects.filter(pk__in=officers.values("person_id")).exclude(pk__in=involved).order_by("name")
    return [f"{person.name}, data protection officer, {person.email}" for person in people]
