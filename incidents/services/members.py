"""Letting people into a case and showing them out again."""

from uuid import UUID

from django.utils import timezone

from breachcase.accounts.actor import Actor
from breachcase.accounts.models import RoleGrant
from breachcase.errors import RuleBroken
from incidents.access import Action, Role
from incidents.models import Involvement, Membership
from incidents.services.change import Change, change, require_reasons

_WORKING_ROLES = (Role.HANDLER, Role.DPO, Role.APPROVER, Role.COUNSEL, Role.AUDITOR)


def admit_member(actor: Actor, incident_id: UUID, *, person_id: UUID) -> Membership:
    """
    Let a colleague into the incident.

    Checks: a handler or DPO asks (I12); the person has a working role in the organisation and is not in already.
    Records: ``admit_member`` with the person's id.

    :raises Refused: the actor may not.   :raises RuleBroken: the person cannot be let in.
    """
    with change(actor, Action.ADMIT_MEMBER, incident_id) as under:
        has_role = RoleGrant.objects.filter(
            organisation_id=under.incident.organisation_id,
            person_id=person_id,
            person__is_active=True,
            role__in=_WORKING_ROLES,
            revoked_at=None,
        )
        if not has_role.exists():
            raise RuleBroken(
                "This person has no role in the organisation that works on cases. Ask an administrator to give one.",
                field="person",
            )
        if under.incident.memberships.filter(person_id=person_id, left_at=None).exists():
            raise RuleBroken("This person is on the case already.", field="person")
        return let_in(under, person_id)


def remove_member(actor: Actor, incident_id: UUID, *, person_id: UUID, reasons: str) -> Membership:
    """
    Show a colleague out of the incident; what they did stays on record.

    Checks: a DPO asks, with reasons; somebody remains who can run the case.
    Records: ``remove_member`` with the person's id; the reasons, being free words, stay out of the ledger (I10).

    :raises Refused: the actor may not.   :raises RuleBroken: not a member, no reasons, or nobody would be left.
    """
    with change(actor, Action.REMOVE_MEMBER, incident_id) as under:
        said = require_reasons(reasons)
        membership = under.incident.memberships.filter(person_id=person_id, left_at=None).first()
        if membership is None:
            raise RuleBroken("This person is not on the case.", field="person")
        require_someone_left(under, without=person_id)
        membership.left_at = timezone.now()
        membership.left_because = said
        membership.save(update_fields=["left_at", "left_because"])
        under.recorder.entry(membership.id, {"person": str(person_id)})
        return membership


def let_in(under: Change, person_id: UUID) -> Membership:
    """Write the membership and its entry; shared with the opening of a case."""
    membership = Membership.objects.create(
        incident=under.incident,
        person_id=person_id,
        admitted_by_id=under.actor.person_id,
        admitted_at=timezone.now(),
    )
    under.recorder.entry(membership.id, {"person": str(person_id)}, action=Action.ADMIT_MEMBER)
    return membership


def require_someone_left(under: Change, *, without: UUID) -> None:
    """
    Insist that, without this person, a handler or DPO who is not involved stays on the case.

    :raises RuleBroken: nobody would be left to run it.
    """
    involved = Involvement.objects.filter(
        incident=under.incident, superseded_by=None, kind__in=Involvement.KEEPS_OUT
    ).values("person_id")
    left = RoleGrant.objects.filter(
        organisation_id=under.incident.organisation_id,
        role__in=[Role.HANDLER, Role.DPO],
        revoked_at=None,
        person__is_active=True,
        person__memberships__incident=under.incident,
        person__memberships__left_at=None,
    ).exclude(person_id=without)
    if not left.exclude(person_id__in=involved).exists():
        raise RuleBroken(
            "Nobody would be left who can run this case. Let another handler or DPO into it first.", field="person"
        )
