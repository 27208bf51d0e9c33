"""Roles lent to a colleague for a time."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from breachcase.accounts.models import Delegation, RoleGrant


def running_delegations(borrower_id: UUID) -> QuerySet[Delegation]:
    """Return what is lent to this person now; a lender who no longer holds the role, or left, lends nothing."""
    now = timezone.now()
    still_holds = RoleGrant.objects.filter(
        organisation=OuterRef("organisation"),
        person=OuterRef("lender"),
        person__is_active=True,
        role=OuterRef("role"),
        revoked_at=None,
    )
    return Delegation.objects.filter(
        Exists(still_holds), borrower_id=borrower_id, starts_at__lte=now, ends_at__gt=now, revoked_at=None
    )


def lenders_of(person_id: UUID) -> tuple[UUID, ...]:
    """Return the people whose role this person may use now."""
    return tuple(sorted(set(running_delegations(person_id).values_list("lender_id", flat=True))))
