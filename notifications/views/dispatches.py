from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from breachcase.web.acts import Act, LastLook, Row, perform
from breachcase.web.heartbeats import pulse_of
from breachcase.web.requests import SignedInRequest
from incidents.access import Action
from incidents.views.door import Case, enter
from notifications.forms.wordings import NothingForm
from notifications.models import Dispatch
from notifications.queries.dispatches import deliveries_of, delivery_story, page_of_deliveries, progress_of
from notifications.queries.wordings import versions_of
from notifications.services.dispatches import (
    pause_dispatch,
    prepare_dispatch,
    resolve_doubt,
    retry_failed,
    start_dispatch,
    stop_dispatch,
)

WORKER = "worker and beat"


@require_http_methods(["GET", "POST"])
def dispatch_prepare(request: SignedInRequest, incident_id: UUID, version_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "telling")
    version = get_object_or_404(versions_of(case.incident), pk=version_id)

    def prepare(_said: dict[str, Any]) -> str:
        dispatch = prepare_dispatch(request.actor, incident_id, version_id=version_id)
        return reverse("notifications:dispatch", args=[incident_id, dispatch.pk])

    act = Act(
        f"Prepare “{version.wording.title}” to be sent?",
        "Prepare the messages",
        prepare,
        lead=f"One message to each of the {case.incident.data_subjects.count():,} people listed. Nothing leaves yet.",
        refusal=case.refusal(Action.PREPARE_DISPATCH),
    )
    return perform(request, act, NothingForm, case.context)


@require_GET
def dispatch_detail(request: SignedInRequest, incident_id: UUID, dispatch_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "telling")
    dispatch = _dispatch(case, dispatch_id)
    group, after = request.GET.get("state", ""), request.GET.get("after", "")
    lines, older = page_of_deliveries(dispatch, group=group, after=int(after) if after.isdecimal() else 0)
    waiting = dispatch.state == Dispatch.State.RUNNING and not pulse_of(WORKER).alive
    context = {
        **case.context,
        "dispatch": dispatch,
        "progress": progress_of(dispatch, case.now),
        "lines": lines,
        "older": older,
        "group": group,
        "waits_for_worker": waiting,
        "run_refusal": case.refusal(Action.RUN_DISPATCH),
        "stop_refusal": case.refusal(Action.STOP_DISPATCH),
        "doubt_refusal": case.refusal(Action.RESOLVE_DOUBT),
    }
    template = "progress.html" if request.htmx else "detail.html"
    return render(request, f"notifications/dispatch/{template}", context)


@require_http_methods(["GET", "POST"])
def dispatch_act(request: SignedInRequest, incident_id: UUID, dispatch_id: UUID, act_name: str) -> HttpResponse:
    case = enter(request, incident_id, "telling")
    dispatch = _dispatch(case, dispatch_id)
    progress = progress_of(dispatch, case.now)
    sent, waiting = progress.parts[0].number, progress.parts[1].number
    known = [Row("Already sent", f"{sent:,}"), Row("Waiting", f"{waiting:,}")]
    acts: dict[str, tuple[str, str, Any, str, Action]] = {
        "start": (
            "Start sending?",
            "Send now",
            start_dispatch,
            "What has been sent cannot be called back.",
            Action.RUN_DISPATCH,
        ),
        "pause": (
            "Pause sending?",
            "Pause",
            pause_dispatch,
            "What waits stays waiting. You can resume.",
            Action.STOP_DISPATCH,
        ),
        "stop": (
            "Stop for good?",
            "Stop",
            stop_dispatch,
            "What waits is not sent. What has left stays sent.",
            Action.STOP_DISPATCH,
        ),
    }
    acts["retry"] = (
        "Try the failed messages again?",
        "Try again",
        retry_failed,
        "Each failed message is tried again from its first attempt. Those that were sent stay as they are.",
        Action.RUN_DISPATCH,
    )
    if act_name not in acts:
        raise Http404("There is no such act.")
    heading, button, service, follows, action = acts[act_name]

    def do(_said: dict[str, Any]) -> str:
        service(request.actor, incident_id, dispatch_id=dispatch_id)
        return reverse("notifications:dispatch", args=[incident_id, dispatch_id])

    act = Act(
        heading,
        button,
        do,
        check=(lambda _said: LastLook(known, [follows])) if act_name != "pause" else None,
        lead=follows,
        known=known,
        refusal=case.refusal(action),
    )
    return perform(request, act, NothingForm, case.context)


@require_http_methods(["GET", "POST"])
def delivery_resolve(request: SignedInRequest, incident_id: UUID, delivery_id: UUID, choice: str) -> HttpResponse:
    case = enter(request, incident_id, "telling")
    delivery = get_object_or_404(deliveries_of(case.incident), pk=delivery_id)
    again = choice == "again"

    def resolve(_said: dict[str, Any]) -> str:
        resolve_doubt(request.actor, incident_id, delivery_id=delivery_id, send_again=again)
        return reverse("notifications:dispatch", args=[incident_id, delivery.dispatch_id])

    act = Act(
        f"Message {delivery.number}: {'send it again' if again else 'count it as sent'}?",
        "Send again" if again else "Count as sent",
        resolve,
        lead="Nobody knows whether it left: the connection broke while the answer was awaited. "
        + ("If it did, this person gets it twice." if again else "If it did not, this person is not told."),
        known=[Row(at, state) for at, state in delivery_story(delivery)],
        refusal=case.refusal(Action.RESOLVE_DOUBT),
    )
    return perform(request, act, NothingForm, case.context)


def _dispatch(case: Case, dispatch_id: UUID) -> Dispatch:
    return get_object_or_404(
        case.incident.dispatches.select_related("version__wording", "prepared_by"), pk=dispatch_id
    )
