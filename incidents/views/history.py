from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from breachcase.web.requests import SignedInRequest
from incidents.queries.field_history import field_changes
from incidents.queries.history import river
from incidents.views.door import enter


@require_GET
def history(request: SignedInRequest, incident_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "history")
    asked = request.GET
    before = asked.get("before", "")
    page = river(
        case.incident,
        person=asked.get("person", ""),
        action=asked.get("action", ""),
        before=int(before) if before.isdecimal() else None,
    )
    context = {**case.context, "page": page, "whose": asked.get("person", ""), "which": asked.get("action", "")}
    return render(request, "incidents/history/acts.html", context)


@require_GET
def history_fields(request: SignedInRequest, incident_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "history")
    changes, older = field_changes(case.incident, before=_moment(request.GET.get("before", "")))
    return render(request, "incidents/history/fields.html", {**case.context, "changes": changes, "older": older})


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
