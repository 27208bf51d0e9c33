from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from breachcase.web.acts import Act, LastLook, Row, perform
from breachcase.web.requests import SignedInRequest
from incidents.access import Action
from incidents.forms.decisions import AdviceForm, CloseForm, DecisionForm, FulfilForm, ReasonsForm
from incidents.forms.incidents import AwarenessForm
from incidents.models import Question
from incidents.queries.closing import what_keeps_open
from incidents.queries.decisions import clock_page, decisions_page, known_for
from incidents.services.closing import close_incident, reopen_incident
from incidents.services.decisions import give_advice, record_awareness, record_decision
from incidents.services.obligations import fulfil_obligation
from incidents.views.door import enter


@require_GET
def clock(request: SignedInRequest, incident_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "clock")
    context = {
        **case.context,
        "clock": clock_page(case.incident, case.now),
        "awareness_refusal": case.refusal(Action.RECORD_AWARENESS),
        "fulfil_refusal": case.refusal(Action.FULFIL_OBLIGATION),
    }
    return render(request, "incidents/clock/detail.html", context)


@require_http_methods(["GET", "POST"])
def awareness_create(request: SignedInRequest, incident_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "clock")

    def record(said: dict[str, Any]) -> str:
        record_awareness(
            request.actor, incident_id, aware_at=said["moment"], time_zone=said["zone"], reasons=said["reasons"]
        )
        return reverse("incidents:clock", args=[incident_id])

    def last_look(said: dict[str, Any]) -> LastLook:
        at = f"{said['at']:%A %d %B %Y, %H:%M}, {said['zone']}"
        follows = ["It starts the clocks that run from awareness, and sets their deadlines."]
        if case.incident.awarenesses.exists():
            follows = ["It supersedes the awareness on record, and moves every deadline that runs from it."]
        return LastLook([Row("Aware at", at), Row("Why", said["reasons"])], follows)

    act = Act(
        "When did the organisation become aware?",
        "Record awareness",
        record,
        check=last_look,
        known=known_for(case.incident, case.zones[0]),
        refusal=case.refusal(Action.RECORD_AWARENESS),
    )

    def make(**kwargs: Any) -> AwarenessForm:
        kwargs["initial"] = {"zone": case.zones[0], **kwargs.get("initial", {})}
        return AwarenessForm(zones=case.zones, **kwargs)

    return perform(request, act, make, case.context)


@require_http_methods(["GET", "POST"])
def obligation_fulfil(request: SignedInRequest, incident_id: UUID, obligation_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "clock")
    row = case.incident.obligations.filter(pk=obligation_id).first()
    if row is None:
        raise Http404("This case has no such obligation.")

    def fulfil(said: dict[str, Any]) -> str:
        fulfil_obligation(
            request.actor,
            incident_id,
            obligation_id=obligation_id,
            fulfilled_at=said["moment"],
            how=said["how"],
            delay_reasons=said["delay_reasons"],
        )
        return reverse("incidents:clock", args=[incident_id])

    act = Act(
        f"{row.title}: when and how was it done?",
        "Record as done",
        fulfil,
        known=[Row("Why it is due", row.because), Row("Source", row.source)],
        refusal=case.refusal(Action.FULFIL_OBLIGATION),
    )

    def make(**kwargs: Any) -> FulfilForm:
        kwargs["initial"] = {"zone": case.zones[0], **kwargs.get("initial", {})}
        return FulfilForm(zones=case.zones, **kwargs)

    return perform(request, act, make, case.context)


@require_GET
def decision_list(request: SignedInRequest, incident_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "decisions")
    context = {
        **case.context,
        "page": decisions_page(case.incident),
        "advice_refusal": case.refusal(Action.GIVE_ADVICE),
        "decision_refusal": case.refusal(Action.RECORD_DECISION),
        "close_refusal": case.refusal(Action.CLOSE_INCIDENT),
    }
    return render(request, "incidents/decisions/list.html", context)


@require_http_methods(["GET", "POST"])
def advice_create(request: SignedInRequest, incident_id: UUID, question: str) -> HttpResponse:
    case = enter(request, incident_id, "decisions")
    asked = _question(question)

    def give(said: dict[str, Any]) -> str:
        give_advice(
            request.actor, incident_id, question=asked, affirmative=said["affirmative"], reasons=said["reasons"]
        )
        return reverse("incidents:decisions", args=[incident_id])

    act = Act(
        f"Advice: {asked.label}",
        "Give this advice",
        give,
        check=_last_look("Advice", "Nobody can edit or hide it; newer advice would stand beside it."),
        lead="Management decides. Your advice stays on record beside the decision, whatever it is.",
        known=known_for(case.incident, case.zones[0]),
        refusal=case.refusal(Action.GIVE_ADVICE),
    )
    return perform(request, act, AdviceForm, case.context)


@require_http_methods(["GET", "POST"])
def decision_create(request: SignedInRequest, incident_id: UUID, question: str) -> HttpResponse:
    case = enter(request, incident_id, "decisions")
    asked = _question(question)
    advice = case.incident.advices.filter(question=asked, superseded_by=None).select_related("given_by").first()

    def decide(said: dict[str, Any]) -> str:
        record_decision(request.actor, incident_id, question=asked, **said)
        return reverse("incidents:decisions", args=[incident_id])

    given = f"{'Yes' if advice.affirmative else 'No'}. {advice.reasons} ({advice.given_by})" if advice else "None yet."
    act = Act(
        asked.label,
        "Record decision",
        decide,
        check=_last_look("Decision", "It cannot be edited later; a newer decision would supersede it, with reasons."),
        known=[*known_for(case.incident, case.zones[0]), Row("The data protection officer's advice", given)],
        refusal=case.refusal(Action.RECORD_DECISION),
    )
    return perform(request, act, DecisionForm, case.context)


@require_http_methods(["GET", "POST"])
def incident_close(request: SignedInRequest, incident_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "decisions")

    def close(said: dict[str, Any]) -> str:
        close_incident(request.actor, incident_id, **said)
        return reverse("incidents:detail", args=[incident_id])

    act = Act(
        "Close the case?",
        "Close the case",
        close,
        check=lambda said: LastLook(
            [Row("Why", said["reasons"])], ["Nothing on the case can be changed until it is opened again."]
        ),
        refusal=case.refusal(Action.CLOSE_INCIDENT),
        template="incidents/decisions/close.html",
    )
    return perform(request, act, CloseForm, {**case.context, "still_open": what_keeps_open(case.incident)})


@require_http_methods(["GET", "POST"])
def incident_reopen(request: SignedInRequest, incident_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "decisions")

    def reopen(said: dict[str, str]) -> str:
        reopen_incident(request.actor, incident_id, reasons=said["reasons"])
        return reverse("incidents:detail", args=[incident_id])

    act = Act("Open the case again?", "Open the case again", reopen, refusal=case.refusal(Action.REOPEN_INCIDENT))
    return perform(request, act, ReasonsForm, case.context)


def _question(name: str) -> Question:
    if name not in (Question.NOTIFY_AUTHORITY, Question.INFORM_DATA_SUBJECTS):
        raise Http404("There is no such question.")
    return Question(name)


def _last_look(title: str, follows: str) -> Any:
    def look(said: dict[str, Any]) -> LastLook:
        rows = [Row(title, "Yes" if said["affirmative"] else "No"), Row("Why", said["reasons"])]
        if said.get("departure_reasons"):
            rows.append(Row("Why not as advised", said["departure_reasons"]))
        return LastLook(rows, [follows])

    return look
