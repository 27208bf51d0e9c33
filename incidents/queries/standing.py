"""Who sees which incident, and what they are to it (I5, I12): the one door through which everything is read."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from breachcase.accounts.actor import Actor
from breachcase.accounts.delegations import running_delegations
from breachcase.accounts.models import RoleGrant
from incidents.access import Role, Standing
from incidents.models import Incident, Involvement, Membership


def visible_to(actor: Actor) -> QuerySet[Incident]:
    """
    Return the incidents that ``actor`` has been let into, and nothing of the others (I12).

    Let in: as a member, or through someone who has lent them a role and is a member. Not: where they, or the lender,
    are recorded as involved; a search must not find for them what they are kept out of.
    """
    involved = _keeping_out()
    let_in = Membership.objects.filter(
        ~Exists(involved.filter(incident=OuterRef("incident"), person=OuterRef("person"))),
        person_id__in=[actor.person_id, *actor.lenders],
        left_at=None,
    )
    return Incident.objects.filter(
        ~Q(pk__in=involved.filter(person_id=actor.person_id).values("incident_id")),
        pk__in=let_in.values("incident_id"),
    )


def known_to(actor: Actor) -> QuerySet[Incident]:
    """
    Return the incidents that ``actor`` knows of but does not see: reported by them, or kept out of.

    They get one page of their own there: what they may do, and to whom to turn.
    """
    return Incident.objects.filter(
        Q(opened_by_id=actor.person_id) | Q(memberships__person_id=actor.person_id, memberships__left_at=None)
    ).distinct()


def kept_out_of(actor: Actor) -> QuerySet[Incident]:
    """Return the incidents that ``actor`` has been let into and is kept out of (I5)."""
    return Incident.objects.filter(
        pk__in=_keeping_out().filter(person_id=actor.person_id).values("incident_id"),
        memberships__person_id=actor.person_id,
        memberships__left_at=None,
    )


def standing_of(actor: Actor, incident_id: UUID) -> Standing:
    """Return what ``actor`` is to the incident now: own and lent roles, implicated or not. Four queries, always."""
    incident = Incident.objects.filter(pk=incident_id).values("organisation_id", "opened_by_id", "state").first()
    if incident is None:
        return Standing(actor.person_id, frozenset())
    people = [actor.person_id, *actor.lenders]
    members = set(
        Membership.objects.filter(incident_id=incident_id, person_id__in=people, left_at=None).values_list(
            "person_id", flat=True
        )
    )
    involved = set(
        _keeping_out().filter(incident_id=incident_id, person_id__in=people).values_list("person_id", flat=True)
    )
    own, lent = _roles(actor, incident["organisation_id"])
    roles = own if actor.person_id in members else frozenset()
    if incident["opened_by_id"] == actor.person_id:
        roles |= {Role.REPORTER}
    return Standing(
        person_id=actor.person_id,
        roles=roles,
        borrowed=frozenset((role, lender) for role, lender in lent if lender in members - involved),
        implicated=actor.person_id in involved,
        closed=incident["state"] == Incident.State.CLOSED,
    )


def _keeping_out() -> QuerySet[Involvement]:
    return Involvement.objects.filter(superseded_by=None, kind__in=Involvement.KEEPS_OUT)


def _roles(actor: Actor, organisation_id: UUID) -> tuple[frozenset[Role], frozenset[tuple[Role, UUID]]]:
    """Return own roles in the organisation, and lent ones with their lenders, in one query each."""
    own = RoleGrant.objects.filter(organisation_id=organisation_id, person_id=actor.person_id, revoked_at=None)
    lent = running_delegations(actor.person_id).filter(organisation_id=organisation_id)
    return (
        frozenset(Role(role) for role in own.values_list("role", flat=True) if role != Role.ADMINISTRATOR),
        frozenset((Role(role), lender) for role, lender in lent.values_list("role", "lender_id")),
    )
