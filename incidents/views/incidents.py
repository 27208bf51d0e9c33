from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from breachcase.accounts.models import Organisation
from breachcase.accounts.people import organisations_of
from breachcase.errors import Refused
from breachcase.web.acts import Act, perform
from breachcase.web.requests import SignedInRequest
from incidents.forms.incidents import ConfirmMessageForm, IncidentForm, StatementForm
from incidents.queries.inbox import inbox_of
from incidents.queries.incidents import clocks_of, known_cases, list_of_cases
from incidents.queries.mine import page_of_mine
from incidents.queries.overview import overview_of
from incidents.services.incidents import MAY_LOG, log_breach
from incidents.services.staging import forget_staged, message_for_case, read_staged, stage
from incidents.services.statements import add_statement
from incidents.views.door import enter


@require_GET
def incident_list(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    search, state = request.GET.get("q", ""), request.GET.get("state", "")
    context = {
        "inbox": inbox_of(request.actor),
        "page": list_of_cases(request.actor, now, search=search, state=state, before=request.GET.get("before", "")),
        "known": known_cases(request.actor),
        "search": search,
        "state": state,
        "may_log": bool(organisations_of(request.actor, having=MAY_LOG)),
    }
    return render(request, "incidents/incident/list.html", context)


@require_GET
def clock_board(request: SignedInRequest) -> HttpResponse:
    return render(request, "incidents/incident/clocks.html", {"clocks": clocks_of(request.actor, timezone.now())})


@require_http_methods(["GET", "POST"])
def incident_create(request: SignedInRequest) -> HttpResponse:
    organisation = _organisation(request)

    def open_case(said: dict[str, Any]) -> str:
        if said["file"]:
            return reverse("incidents:check_message", args=[stage(request.actor, said["file"]).pk])
        incident = log_breach(
            request.actor,
            organisation.pk,
            title=said["title"],
            narrative=said["narrative"],
            noticed_at=said["moment"],
        )
        return reverse("incidents:detail", args=[incident.pk])

    act = Act("Log a breach", "Open the case", open_case, template="incidents/incident/create.html")
    return perform(request, act, _with_zones(IncidentForm, organisation), {"organisation": organisation})


@require_http_methods(["GET", "POST"])
def message_check(request: SignedInRequest, staged_id: UUID) -> HttpResponse:
    organisation = _organisation(request)
    staged = read_staged(request.actor, staged_id, own_domains=organisation.own_domains)

    def open_case(said: dict[str, Any]) -> str:
        incident = log_breach(
            request.actor,
            organisation.pk,
            title=said["title"],
            narrative=said["narrative"],
            noticed_at=said["moment"],
            found=message_for_case(staged),
        )
        forget_staged(staged.file)
        return reverse("incidents:detail", args=[incident.pk])

    act = Act("Is this what happened?", "Open the case", open_case, template="incidents/incident/check_message.html")
    context = {"organisation": organisation, "staged": staged}
    return perform(request, act, _with_zones(ConfirmMessageForm, organisation), context)


@require_GET
def incident_detail(request: SignedInRequest, incident_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "overview")
    context = {**case.context, "overview": overview_of(case.incident, case.standing, case.now)}
    return render(request, "incidents/incident/detail.html", context)


@require_GET
def clock_line(request: SignedInRequest, incident_id: UUID) -> HttpResponse:
    """The line over each page of a case, which asks for itself again while a clock runs."""
    return render(request, "partials/case_line.html", enter(request, incident_id, "overview").context)


@require_http_methods(["GET", "POST"])
def incident_mine(request: SignedInRequest, incident_id: UUID) -> HttpResponse:
    """The page of somebody who reported a case, or is kept out of it: what they may do, and to whom to turn."""
    mine = page_of_mine(request.actor, incident_id)

    def put_on_file(said: dict[str, Any]) -> str:
        add_statement(request.actor, incident_id, text=said["text"])
        return request.path

    act = Act(mine.heading, "Put on file", put_on_file, template="incidents/incident/mine.html")
    return perform(request, act, StatementForm, {"mine": mine})


def _organisation(request: SignedInRequest) -> Organisation:
    """Return the organisation for which this person logs: the one asked for, or their first."""
    found = next(iter(organisations_of(request.actor, having=MAY_LOG)), None)
    if found is None:
        raise Refused("You have no role that logs breaches. Ask an administrator of your organisation.", admitted=True)
    return found


def _with_zones(form: type[Any], organisation: Organisation) -> Any:
    def make(**kwargs: Any) -> Any:
        kwargs.setdefault("initial", {"zone": organisation.time_zone})
        return form(zones=(organisation.time_zone,), **kwargs)

    return make
