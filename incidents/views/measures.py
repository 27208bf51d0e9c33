from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from breachcase.web.acts import Act, perform
from breachcase.web.requests import SignedInRequest
from incidents.access import Action
from incidents.forms.people import CompleteMeasureForm, DropMeasureForm, MeasureForm
from incidents.law.measures import PROPOSALS
from incidents.models import Incident, Measure
from incidents.queries.measures import measures_page
from incidents.services.measures import add_measure, complete_measure, drop_measure
from incidents.views.door import enter


@require_GET
def measure_list(request: SignedInRequest, incident_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "measures")
    context = {
        **case.context,
        "page": measures_page(case.incident, timezone.localdate()),
        "add_refusal": case.refusal(Action.ADD_MEASURE),
        "complete_refusal": case.refusal(Action.COMPLETE_MEASURE),
    }
    return render(request, "incidents/measures/list.html", context)


@require_http_methods(["GET", "POST"])
def measure_create(request: SignedInRequest, incident_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "measures")
    proposal = PROPOSALS.get(request.GET.get("proposal", ""))

    def add(said: dict[str, Any]) -> str:
        add_measure(
            request.actor,
            incident_id,
            kind=said["kind"],
            title=said["title"],
            why=said["why"],
            owner_id=said["owner"],
            due_on=said["due_on"],
            proposal=proposal.code if proposal else "",
        )
        return reverse("incidents:measures", args=[incident_id])

    def make(**kwargs: Any) -> MeasureForm:
        if proposal:
            due_on = timezone.localdate() + timedelta(days=proposal.days)
            first = {"kind": proposal.kind, "title": proposal.title, "why": proposal.why, "due_on": due_on}
            kwargs["initial"] = {**first, **kwargs.get("initial", {})}
        return MeasureForm(people=case.colleagues, **kwargs)

    act = Act("Add a measure", "Add the measure", add, refusal=case.refusal(Action.ADD_MEASURE))
    return perform(request, act, make, case.context)


@require_http_methods(["GET", "POST"])
def measure_complete(request: SignedInRequest, incident_id: UUID, measure_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "measures")
    measure = _measure(case.incident, measure_id)

    def complete(said: dict[str, Any]) -> str:
        complete_measure(
            request.actor,
            incident_id,
            measure_id=measure_id,
            version=said["version"],
            proof=said["proof"],
            evidence_id=said["evidence"],
        )
        return reverse("incidents:measures", args=[incident_id])

    def make(**kwargs: Any) -> CompleteMeasureForm:
        kwargs["initial"] = {"version": measure.version, **kwargs.get("initial", {})}
        return CompleteMeasureForm(evidence=case.evidence, **kwargs)

    act = Act(f"Done: {measure.title}", "Mark as done", complete, refusal=case.refusal(Action.COMPLETE_MEASURE))
    return perform(request, act, make, case.context)


@require_http_methods(["GET", "POST"])
def measure_drop(request: SignedInRequest, incident_id: UUID, measure_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "measures")
    measure = _measure(case.incident, measure_id)

    def drop(said: dict[str, Any]) -> str:
        drop_measure(
            request.actor, incident_id, measure_id=measure_id, version=said["version"], reasons=said["reasons"]
        )
        return reverse("incidents:measures", args=[incident_id])

    def make(**kwargs: Any) -> DropMeasureForm:
        kwargs["initial"] = {"version": measure.version, **kwargs.get("initial", {})}
        return DropMeasureForm(**kwargs)

    act = Act(f"Not carried out: {measure.title}", "Record that", drop, refusal=case.refusal(Action.DROP_MEASURE))
    return perform(request, act, make, case.context)


def _measure(incident: Incident, measure_id: UUID) -> Measure:
    measure = incident.measures.filter(pk=measure_id).first()
    if measure is None:
        raise Http404("This case has no such measure.")
    return measure
