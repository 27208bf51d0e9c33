"""Lending a role to a colleague for a time, and ending that. Each act leaves a ledger entry."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from breachcase.accounts.actor import Actor
from breachcase.accounts.models import Delegation
from breachcase.accounts.roles import Role
from breachcase.accounts.services import holds, require_administrator, require_colleague
from breachcase.errors import Refused, RuleBroken
from breachcase.ledger.recording import recording

DELEGATION_AT_MOST = timedelta(days=92)
LENDABLE = frozenset({Role.HANDLER, Role.DPO, Role.APPROVER, Role.COUNSEL})


def delegate(
    actor: Actor,
    organisation_id: UUID,
    *,
    borrower_id: UUID,
    role: Role,
    starts_at: datetime,
    ends_at: datetime,
    reasons: str,
) -> Delegation:
    """
    Lend one's own role to a colleague for a time [two instants]; what they do with it is shown as "B for A".

    Checks: the actor holds the role themselves, it can be lent, the time is not over and at most 92 days.
    Records: ``delegate`` with borrower, role and time.

    :raises RuleBroken: role, colleague, time or reasons do not hold.
    """
    with recording(actor, "delegate", chain_id=organisation_id) as recorder:
        if role not in LENDABLE or not holds(organisation_id, actor.person_id, role):
            raise RuleBroken("You can lend only a role that you hold yourself.", field="role")
        if borrower_id == actor.person_id:
            raise RuleBroken("Choose somebody else: you hold the role already.", field="borrower")
        require_colleague(organisation_id, borrower_id)
        if ends_at <= starts_at or ends_at <= timezone.now():
            raise RuleBroken("The end lies before the start, or has passed.", field="ends_at")
        if ends_at - starts_at > DELEGATION_AT_MOST:
            raise RuleBroken("A role is lent for at most 92 days. Choose an earlier end.", field="ends_at")
        if not reasons.strip():
            raise RuleBroken("Say why, for instance: on holiday.", field="reasons")
        delegation = Delegation.objects.create(
            organisation_id=organisation_id,
            lender_id=actor.person_id,
            borrower_id=borrower_id,
            role=role,
            reasons=reasons.strip(),
            starts_at=starts_at,
            ends_at=ends_at,
        )
        recorder.entry(
            delegation.id,
            {
                "borrower": str(borrower_id),
                "role": role.value,
                "starts_at": starts_at.isoformat(),
                "ends_at": ends_at.isoformat(),
            },
        )
        return delegation


def revoke_delegation(actor: Actor, *, delegation_id: UUID) -> Delegation:
    """
    End a delegation early.

    Checks: the lender, the borrower or an administrator asks. Records: ``revoke_delegation``.

    :raises Refused: it is none of the actor's business.
    """
    found = Delegation.objects.filter(pk=delegation_id).first()
    if found is None:
        raise Refused("There is no such delegation.", admitted=False)
    with recording(actor, "revoke_delegation", chain_id=found.organisation_id) as recorder:
        delegation = Delegation.objects.select_for_update(no_key=True).get(pk=delegation_id)
        if actor.person_id not in (delegation.lender_id, delegation.borrower_id):
            require_administrator(actor, delegation.organisation_id)
        if delegation.revoked_at is None:
            delegation.revoked_at = timezone.now()
            delegation.save(update_fields=["revoked_at"])
        recorder.entry(delegation.id, {})
        return delegation
