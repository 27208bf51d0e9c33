"""What the frame of each page shows: who is signed in, and where they can go."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from breachcase.accounts.models import Person, RoleGrant
from breachcase.accounts.roles import Role
from breachcase.web.submissions import mark_of, new_token


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another page; ``current`` where one is already there."""

    title: str
    url: str
    current: bool = False


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the frame's values; nothing but the demonstration flag for somebody who has not signed in."""
    person = getattr(request, "user", None)
    common = {"demonstration": settings.DEMONSTRATION, "submission_token": new_token}
    if not isinstance(person, Person):
        return common
    roles = _roles(request, person)
    return {
        **common,
        "person": person,
        "typed_by": mark_of(person.pk),
        "links": _links(request, roles),
        "person_links": _person_links(roles),
    }


def _roles(request: HttpRequest, person: Person) -> frozenset[str]:
    """Ask once a request, however often the frame is drawn."""
    kept: frozenset[str] | None = getattr(request, "_roles_of_person", None)
    if kept is None:
        grants = RoleGrant.objects.filter(person=person, revoked_at=None).values_list("role", flat=True)
        kept = frozenset(grants)
        request._roles_of_person = kept  # type: ignore[attr-defined]  # noqa: SLF001 - a note on the request
    return kept


def _links(request: HttpRequest, roles: frozenset[str]) -> list[Link]:
    found = [("Cases", reverse("incidents:list"))] if roles - {Role.ADMINISTRATOR} else []
    found += [("Clocks", reverse("incidents:clocks"))] if roles - {Role.ADMINISTRATOR, Role.REPORTER} else []
    if Role.ADMINISTRATOR in roles:
        found += [("People", reverse("accounts:people")), ("Status", reverse("web:status"))]
    return [Link(title, url, request.path == url) for title, url in found]


def _person_links(roles: frozenset[str]) -> list[Link]:
    found = [Link("Profile", reverse("accounts:profile"))]
    if roles - {Role.ADMINISTRATOR, Role.REPORTER}:
        found.append(Link("Lend a role", reverse("accounts:delegations")))
    found += [
        Link("Second factor and passkeys", reverse("mfa_index")),
        Link("Where you are signed in", reverse("accounts:sessions")),
        Link("Change password", reverse("account_change_password")),
    ]
    return found
