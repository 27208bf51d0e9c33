"""Opening a case."""

from datetime import datetime
from uuid import UUID, uuid4

from django.utils import timezone

from breachcase.accounts.actor import Actor
from breachcase.accounts.models import RoleGrant
from breachcase.errors import Refused
from breachcase.ledger.recording import recording
from breachcase.vault.keys import keep_case_key, new_case_key
from incidents.access import Role
from incidents.models import Incident, ReferenceCount
from incidents.services.change import Change
from incidents.services.evidence import FileForCase, MessageForCase, take_in
from incidents.services.facts import clean_noticed_at, clean_title
from incidents.services.members import let_in
from incidents.services.obligations import refresh_obligations

MAY_LOG = (Role.REPORTER, Role.HANDLER, Role.DPO, Role.APPROVER, Role.COUNSEL)
LET_IN = (Role.HANDLER, Role.DPO, Role.APPROVER, Role.COUNSEL)


def log_breach(
    actor: Actor,
    organisation_id: UUID,
    *,
    title: str,
    narrative: str = "",
    noticed_at: datetime | None = None,
    found: MessageForCase | FileForCase | None = None,
) -> Incident:
    """
    Open a case for a breach, by hand or from the message or file that shows it.

    Checks: someone with a role in the organisation; a title; the moment of notice is not in the future.
    The data protection officers are let in, and the opener where they have a working role; a mere reporter keeps
    a page of their own. Records: ``log_breach``, each person let in, and what was read from the message.

    :raises Refused: the actor has no role in the organisation.   :raises RuleBroken: title or moment does not hold.
    """
    incident_id = uuid4()
    with recording(actor, "log_breach", chain_id=incident_id, incident_id=incident_id) as recorder:
        roles = _roles_of(actor, organisation_id)
        if roles.isdisjoint(MAY_LOG):
            raise Refused("You have no role in this organisation that logs breaches.", admitted=False)
        now = timezone.now()
        key = new_case_key()
        incident = Incident.objects.create(
            id=incident_id,
            organisation_id=organisation_id,
            reference=_next_reference(organisation_id, now.year),
            title=clean_title(title),
            narrative=narrative.strip(),
            noticed_at=clean_noticed_at(noticed_at),
            facts=found.facts if isinstance(found, MessageForCase) else {},
            opened_by_id=actor.person_id,
            opened_at=now,
        )
        keep_case_key(incident_id, key)
        under = Change(incident, recorder)
        recorder.entry(incident_id, {"organisation": str(organisation_id), "reference": incident.reference})
        for person_id in _first_members(actor, organisation_id, roles):
            let_in(under, person_id)
        if found is not None:
            take_in(under, key, found)
        refresh_obligations(under)
        return incident


def _roles_of(actor: Actor, organisation_id: UUID) -> frozenset[str]:
    grants = RoleGrant.objects.filter(organisation_id=organisation_id, person_id=actor.person_id, revoked_at=None)
    return frozenset(grants.values_list("role", flat=True))


def _first_members(actor: Actor, organisation_id: UUID, roles: frozenset[str]) -> list[UUID]:
    officers = RoleGrant.objects.filter(
        organisation_id=organisation_id, role=Role.DPO, revoked_at=None, person__is_active=True
    ).values_list("person_id", flat=True)
    opener = set() if roles.isdisjoint(LET_IN) else {actor.person_id}
    return sorted(opener | set(officers))


def _next_reference(organisation_id: UUID, year: int) -> str:
    """Return the next "BC-2026-0042"; the row of the count is the lock, so two openings never share a number."""
    ReferenceCount.objects.get_or_create(organisation_id=organisation_id, year=year)
    count = ReferenceCount.objects.select_for_update(no_key=True).get(organisation_id=organisation_id, year=year)
    count.last += 1
    count.save(update_fields=["last"])
    return f"BC-{year}-{count.last:04d}"
