"""Reading people, roles, invitations and delegations for pages."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from breachcase.accounts.actor import Actor
from breachcase.accounts.models import Delegation, Invitation, Organisation, Person, RoleGrant
from breachcase.accounts.roles import Role
from breachcase.errors import Refused

PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class ColleagueLine:
    """One person of an organisation, with their roles."""

    id: UUID
    name: str
    email: str
    roles: list[tuple[str, str]]
    further_roles: list[tuple[str, str]]
    last_login: datetime | None
    active: bool


@dataclass(frozen=True, slots=True)
class DelegationLine:
    id: UUID
    sentence: str
    starts_at: datetime
    ends_at: datetime
    reasons: str
    running: bool


def require_administrator_somewhere(actor: Actor) -> Organisation:
    """
    Return the organisation that ``actor`` administers, the first by name.

    :raises Refused: they administer none.
    """
    found = (
        Organisation.objects.filter(
            role_grants__person_id=actor.person_id, role_grants__role=Role.ADMINISTRATOR, role_grants__revoked_at=None
        )
        .order_by("name")
        .first()
    )
    if found is None:
        raise Refused("This page is for administrators.", admitted=True)
    return found


def colleagues(organisation: Organisation, *, after: str = "") -> tuple[list[ColleagueLine], str]:
    """Return a page of the organisation's people by name, and the id after which the next begins."""
    rows = Person.objects.filter(role_grants__organisation=organisation).distinct()
    if last := _person_with(organisation, after):
        rows = rows.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
    people = list(rows.order_by("name", "pk")[: PAGE_ROWS + 1])
    grants = RoleGrant.objects.filter(organisation=organisation, person__in=people, revoked_at=None).order_by("role")
    roles: dict[UUID, list[tuple[str, str]]] = {}
    for grant in grants:
        roles.setdefault(grant.person_id, []).append((grant.role, grant.get_role_display()))
    lines = [_line(one, roles.get(one.pk, [])) for one in people[:PAGE_ROWS]]
    return lines, str(lines[-1].id) if len(people) > PAGE_ROWS else ""


def _line(person: Person, roles: list[tuple[str, str]]) -> ColleagueLine:
    further = [choice for choice in Role.choices if choice not in roles] if roles and person.is_active else []
    return ColleagueLine(
        person.pk, person.name, person.email, roles, further, last_login=person.last_login, active=person.is_active
    )


def _person_with(organisation: Organisation, text: str) -> Person | None:
    try:
        return person_in(organisation, UUID(text))
    except ValueError:
        return None


def running_invitations(organisation: Organisation) -> list[Invitation]:
    """Return the invitations that can still be used."""
    rows = organisation.invitations.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())
    return list(rows.order_by("-invited_at")[:PAGE_ROWS])


def organisations_of(actor: Actor, *, having: Collection[str] = Role.values) -> list[Organisation]:
    """Return the organisations, by name, in which this person holds a role, perhaps one ``having`` is named."""
    grants = RoleGrant.objects.filter(person_id=actor.person_id, role__in=having, revoked_at=None)
    return list(Organisation.objects.filter(pk__in=grants.values("organisation_id")).order_by("name"))


def lendable_roles(actor: Actor, organisation: Organisation) -> list[tuple[str, str]]:
    """Return the roles that this person holds and could lend."""
    grants = RoleGrant.objects.filter(organisation=organisation, person_id=actor.person_id, revoked_at=None)
    unlendable = (Role.REPORTER, Role.AUDITOR, Role.ADMINISTRATOR)
    return [(grant.role, grant.get_role_display()) for grant in grants.exclude(role__in=unlendable).order_by("role")]


def delegation_lines(actor: Actor) -> list[DelegationLine]:
    """Return what this person lent and borrowed, the newest first."""
    now = timezone.now()
    rows = Delegation.objects.filter(lender_id=actor.person_id) | Delegation.objects.filter(
        borrower_id=actor.person_id
    )
    return [
        DelegationLine(
            id=row.pk,
            sentence=f"{row.borrower} for {row.lender}, as {row.get_role_display().lower()}",
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            reasons=row.reasons,
            running=row.revoked_at is None and row.ends_at > now,
        )
        for row in rows.select_related("lender", "borrower").order_by("-starts_at")[:PAGE_ROWS]
    ]


def colleagues_in(organisation_id: UUID) -> list[tuple[UUID, str]]:
    """Return the people of an organisation, to choose from."""
    grants = RoleGrant.objects.filter(organisation_id=organisation_id, revoked_at=None, person__is_active=True)
    people = Person.objects.filter(pk__in=grants.values("person_id")).order_by("name", "pk")
    return [(person.pk, person.name) for person in people]


def person_of(actor: Actor) -> Person:
    """Return the person who acts."""
    return Person.objects.get(pk=actor.person_id)


def person_in(organisation: Organisation, person_id: UUID) -> Person | None:
    """Return a person who holds, or held, a role in the organisation."""
    return Person.objects.filter(pk=person_id, role_grants__organisation=organisation).first()


def demonstration_people() -> list[tuple[Person, str]]:
    """Return everybody of the demonstration with their role, in the order of the story."""
    grants = RoleGrant.objects.filter(revoked_at=None, person__is_active=True).select_related("person")
    rows = {one.person_id: (one.person, one.get_role_display()) for one in grants.order_by("granted_at", "id")[:50]}
    return list(rows.values())


def people_to_lend_to(actor: Actor, organisation: Organisation) -> list[tuple[UUID, str]]:
    """Return the colleagues to whom a role can be lent."""
    return [(pk, name) for pk, name in colleagues_in(organisation.pk) if pk != actor.person_id]
