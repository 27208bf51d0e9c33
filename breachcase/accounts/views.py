from datetime import datetime
from typing import Any, cast
from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from breachcase.accounts import invitations, lending, services
from breachcase.accounts.forms import DelegationForm, InviteForm, JoinForm, NothingForm, ProfileForm
from breachcase.accounts.models import Invitation, Person
from breachcase.accounts.people import (
    colleagues,
    delegation_lines,
    demonstration_people,
    lendable_roles,
    organisations_of,
    people_to_lend_to,
    person_in,
    person_of,
    require_administrator_somewhere,
    running_invitations,
)
from breachcase.accounts.roles import Role
from breachcase.accounts.sessions import end_other_sessions, end_session, sessions_of
from breachcase.errors import Refused, RuleBroken
from breachcase.web.acts import Act, perform
from breachcase.web.answers import show_broken_rule
from breachcase.web.forms import instant
from breachcase.web.requests import SignedInRequest

ID_DIGITS = 19
"""A longer number fits no row of the database."""
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_http_methods(["GET", "POST"])
def people_list(request: SignedInRequest) -> HttpResponse:
    organisation = require_administrator_somewhere(request.actor)

    def invite(said: dict[str, Any]) -> str:
        roles = [Role(role) for role in said["roles"]]
        invitation, token = invitations.invite(
            request.actor, organisation.pk, email=said["email"], name=said["name"], roles=roles
        )
        link = request.build_absolute_uri(reverse("accounts:join", args=[token]))
        EmailMessage(
            subject=f"{organisation.name} invites you to BreachCase",
            body=f"{invitation.name}, join with this link; it works once, for seven days:\n\n{link}\n",
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[invitation.email],
        ).send(fail_silently=True)
        messages.success(
            request, f"The invitation goes to {invitation.email}. Shown once, in case the mail is lost: {link}"
        )
        return request.path

    lines, older = colleagues(organisation, after=request.GET.get("after", ""))
    context = {
        "organisation": organisation,
        "lines": lines,
        "older": older,
        "own_id": request.actor.person_id,
        "invitations": running_invitations(organisation),
    }
    act = Act("People", "Invite", invite, template="accounts/people.html")
    return perform(request, act, InviteForm, context)


@require_http_methods(["GET", "POST"])
def person_act(request: SignedInRequest, person_id: UUID, act_name: str, role: str = "") -> HttpResponse:
    """Give or take a role, or close an account; each is asked once more before it is done."""
    organisation = require_administrator_somewhere(request.actor)
    person = person_in(organisation, person_id)
    if person is None or (role and role not in Role.values):
        raise Http404("There is no such person.")
    title = Role(role).label.lower() if role else ""
    acts: dict[str, tuple[str, str, Any]] = {
        "grant": (f"Make {person.name} {title}?", "Give the role", services.grant_role),
        "revoke": (f"Take the role {title} back from {person.name}?", "Take back", services.revoke_role),
        "close": (f"Close the account of {person.name}?", "Close the account", services.deactivate_person),
    }
    if act_name not in acts or (act_name == "close") == bool(role):
        raise Http404("There is no such act.")
    heading, button, service = acts[act_name]

    def do(_said: dict[str, Any]) -> str:
        service(request.actor, organisation.pk, person_id=person_id, **({"role": Role(role)} if role else {}))
        return reverse("accounts:people")

    lead = "They cannot sign in any more. What they did stays on record." if act_name == "close" else ""
    return perform(request, Act(heading, button, do, lead=lead), NothingForm, {})


@require_http_methods(["POST"])
def invitation_withdraw(request: SignedInRequest, invitation_id: UUID) -> HttpResponse:
    organisation = require_administrator_somewhere(request.actor)
    invitations.withdraw_invitation(request.actor, organisation.pk, invitation_id=invitation_id)
    return HttpResponseRedirect(reverse("accounts:people"), status=303)


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """
    Join with an invitation: choose a password of one's own, then sign in.

    The link opens no account that exists: whoever has one signs in first, with all their factors.
    """
    invitation = invitations.running_invitation(token)
    if invitation is None:
        return render(request, "accounts/join_over.html", status=410)
    if invitations.has_account(invitation):
        if not isinstance(request.user, Person):
            return redirect_to_login(request.path, reverse("account_login"))
        return _join_signed_in(cast("SignedInRequest", request), invitation, token)
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = invitations.accept_invitation(token=token, **form.cleaned_data)
        except RuleBroken as error:
            show_broken_rule(form, error)
        else:
            login(request, person, backend=BACKEND)
            record_authentication(request, person, method="password", reauthenticated=True)
            return HttpResponseRedirect("/", status=303)
    context = {"invitation": invitation, "form": form}
    return render(request, "accounts/join.html", context, status=422 if form.errors else 200)


def _join_signed_in(request: SignedInRequest, invitation: Invitation, token: str) -> HttpResponse:
    def accept(_said: dict[str, Any]) -> str:
        invitations.accept_invitation_signed_in(request.actor, token=token)
        return "/"

    lead = f"{invitation.name}, {invitation.email}. You keep the account that you have."
    return perform(request, Act(f"Join {invitation.organisation.name}", "Join", accept, lead=lead), NothingForm, {})


@require_http_methods(["GET", "POST"])
def profile(request: SignedInRequest) -> HttpResponse:
    organisation = next(iter(organisations_of(request.actor)), None)
    if organisation is None:
        raise Refused("You belong to no organisation any more. Ask an administrator.", admitted=True)
    person = person_of(request.actor)

    def change(said: dict[str, Any]) -> str:
        services.change_profile(request.actor, organisation.pk, **said)
        messages.success(request, "Your profile is saved.")
        return request.path

    def make(**kwargs: Any) -> ProfileForm:
        kwargs["initial"] = {"name": person.name, "time_zone": person.time_zone, **kwargs.get("initial", {})}
        return ProfileForm(**kwargs)

    return perform(request, Act("Profile", "Save", change, lead=person.email), make, {})


@require_http_methods(["GET", "POST"])
def delegations(request: SignedInRequest) -> HttpResponse:
    organisation = next(iter(organisations_of(request.actor)), None)
    if organisation is None:
        raise Refused("You belong to no organisation any more. Ask an administrator.", admitted=True)
    zone = person_of(request.actor).time_zone

    def lend(said: dict[str, Any]) -> str:
        lending.delegate(
            request.actor,
            organisation.pk,
            borrower_id=said["borrower"],
            role=Role(said["role"]),
            starts_at=_instant(said, "starts", zone),
            ends_at=_instant(said, "ends", zone),
            reasons=said["reasons"],
        )
        return request.path

    roles = lendable_roles(request.actor, organisation)

    def make(**kwargs: Any) -> DelegationForm:
        return DelegationForm(roles=roles, people=people_to_lend_to(request.actor, organisation), **kwargs)

    act = Act(
        "Lend a role for a time",
        "Lend the role",
        lend,
        lead=f"What a colleague does with it is shown as done for you. Times are on your clock, {zone}.",
        refusal="" if roles else "You hold no role that can be lent.",
        template="accounts/delegations.html",
    )
    return perform(request, act, make, {"lines": delegation_lines(request.actor)})


@require_http_methods(["GET", "POST"])
def session_list(request: SignedInRequest) -> HttpResponse:
    """Where one is signed in; by POST, sign out there."""
    if request.method == "POST":
        chosen = request.POST.get("session", "")
        if chosen == "others":
            end_other_sessions(request.actor, current_key=request.session.session_key or "")
            messages.success(request, "Signed out everywhere else.")
        elif chosen.isdecimal() and len(chosen) < ID_DIGITS and end_session(request.actor, int(chosen)):
            messages.success(request, "Signed out there.")
        return HttpResponseRedirect(request.path, status=303)
    lines = sessions_of(request.actor, current_key=request.session.session_key or "")
    return render(request, "accounts/sessions.html", {"sessions": lines})


@require_http_methods(["POST"])
def delegation_end(request: SignedInRequest, delegation_id: UUID) -> HttpResponse:
    lending.revoke_delegation(request.actor, delegation_id=delegation_id)
    return HttpResponseRedirect(reverse("accounts:delegations"), status=303)


@require_http_methods(["GET", "POST"])
def demonstration(request: HttpRequest) -> HttpResponse:
    """Become one of the demonstration's people with a click; exists with demonstration settings only."""
    if not settings.DEMONSTRATION:
        raise Http404("There is no such page.")
    people = demonstration_people()
    if request.method == "POST":
        chosen = next((one for one, _ in people if str(one.pk) == request.POST.get("person")), None)
        if chosen is None:
            raise Http404("There is no such person.")
        login(request, chosen, backend=BACKEND)
        return HttpResponseRedirect("/", status=303)
    return render(request, "accounts/demonstration.html", {"people": people})


def no_such_page(_request: HttpRequest) -> HttpResponse:
    """Close a page of a library that would change something without an entry."""
    raise Http404("There is no such page.")


def _instant(said: dict[str, Any], field: str, zone: str) -> datetime:
    try:
        return instant(said[field], zone)
    except ValidationError as error:
        raise RuleBroken(" ".join(error.messages), field=field) from error
