from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from breachcase.web.acts import Act, perform
from breachcase.web.requests import SignedInRequest
from incidents.access import Action
from incidents.forms.incidents import FactsForm
from incidents.models import Incident
from incidents.services.facts import edit_facts
from incidents.views.door import Case, enter


@require_http_methods(["GET", "POST"])
def facts_edit(request: SignedInRequest, incident_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "facts")

    def write(said: dict[str, Any]) -> str:
        form = FactsForm(zones=case.zones)
        form.cleaned_data = said
        edit_facts(
            request.actor,
            incident_id,
            version=said["version"],
            title=said["title"],
            narrative=said["narrative"],
            noticed_at=said["moment"],
            facts=form.facts(case.incident.facts),
        )
        return reverse("incidents:detail", args=[incident_id])

    def make(**kwargs: Any) -> FactsForm:
        kwargs["initial"] = {**_initial(case), **kwargs.get("initial", {})}
        return FactsForm(zones=case.zones, **kwargs)

    act = Act(
        "What we know",
        "Save the facts",
        write,
        lead="What you leave open counts as unknown, which is not the same as no.",
        refusal=case.refusal(Action.EDIT_FACTS),
        template="incidents/facts/edit.html",
    )
    return perform(request, act, make, {**case.context, "newest": _initial(case)})


def _initial(case: Case) -> dict[str, Any]:
    incident: Incident = case.incident
    zone = case.zones[0]
    facts = incident.facts
    breach, data, people = facts.get("breach", {}), facts.get("data", {}), facts.get("people", {})
    return {
        "version": incident.version,
        "title": incident.title,
        "narrative": incident.narrative,
        "at": incident.noticed_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if incident.noticed_at else None,
        "zone": zone,
        "types": breach.get("types", []),
        "cause": breach.get("cause", ""),
        "categories": data.get("categories", []),
        "implied": data.get("implied", []),
        "kinds": people.get("kinds", []),
        "count": people.get("count"),
        "approximate": people.get("approximate", False),
        "consequences": facts.get("effects", {}).get("consequences", ""),
    }
