"""Who is on a case, in which role, and who is kept out of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from breachcase.accounts.models import RoleGrant
from incidents.models import Incident, Involvement


@dataclass(frozen=True, slots=True)
class MemberLine:
    person_id: UUID
    name: str
    roles: str
    admitted_by: str
    admitted_at: datetime
    kept_out: bool


def members_of(incident: Incident) -> list[MemberLine]:
    """Return the people on the case by name; three queries, however many they are."""
    rows = (
        incident.memberships.filter(left_at=None)
        .select_related("person", "admitted_by")
        .order_by("person__name", "person_id")
    )
    people = list(rows)
    grants = RoleGrant.objects.filter(
        organisation_id=incident.organisation_id, revoked_at=None, person_id__in=[row.person_id for row in people]
    )
    roles: dict[UUID, list[str]] = {}
    for grant in grants.order_by("role"):
        roles.setdefault(grant.person_id, []).append(grant.get_role_display())
    involved = set(
        incident.involvements.filter(superseded_by=None, kind__in=Involvement.KEEPS_OUT).values_list(
            "person_id", flat=True
        )
    )
    return [
        MemberLine(
            person_id=row.person_id,
            name=row.person.name,
            roles=", ".join(roles.get(row.person_id, ["no role any more"])),
            admitted_by=row.admitted_by.name,
            admitted_at=row.admitted_at,
            kept_out=row.person_id in involved,
        )
        for row in people
    ]
