from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from breachcase.web.acts import Act, perform
from breachcase.web.requests import SignedInRequest
from incidents.access import Action
from incidents.forms.people import EvidenceForm
from incidents.models import EvidenceItem, Reading
from incidents.queries.evidence import evidence_lines, filename_of, readings_of, what_was_read
from incidents.services.evidence import add_evidence, open_evidence
from incidents.services.reading import record_reading
from incidents.services.staging import file_for_case
from incidents.views.door import enter

BLOCK_BYTES = 256 * 1024


@require_http_methods(["GET", "POST"])
def evidence_list(request: SignedInRequest, incident_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "evidence", to=Action.READ_EVIDENCE)

    def add(said: dict[str, Any]) -> str:
        with file_for_case(said["file"], said["description"]) as file:
            item = add_evidence(request.actor, incident_id, file=file)
        return reverse("incidents:evidence_item", args=[incident_id, item.pk])

    act = Act(
        "Evidence",
        "Keep as evidence",
        add,
        refusal=case.refusal(Action.ADD_EVIDENCE),
        template="incidents/evidence/list.html",
    )
    return perform(request, act, EvidenceForm, {**case.context, "lines": evidence_lines(case.incident)})


@require_GET
def evidence_detail(request: SignedInRequest, incident_id: UUID, evidence_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "evidence", to=Action.READ_EVIDENCE)
    item: EvidenceItem = get_object_or_404(case.incident.evidence_items.select_related("acquired_by"), pk=evidence_id)
    record_reading(request.actor, incident_id, Action.READ_EVIDENCE, what=Reading.What.EVIDENCE, subject_id=item.pk)
    context = {
        **case.context,
        "item": item,
        "filename": filename_of(item),
        "read": what_was_read(item),
        "readings": readings_of(item),
    }
    return render(request, "incidents/evidence/detail.html", context)


@require_GET
def evidence_file(request: SignedInRequest, incident_id: UUID, evidence_id: UUID) -> StreamingHttpResponse:
    """Hand the file out as it came: always as a download, never shown, so that nothing in it can run."""
    case = enter(request, incident_id, "evidence", to=Action.READ_EVIDENCE)
    item = get_object_or_404(case.incident.evidence_items, pk=evidence_id)
    opened = open_evidence(request.actor, incident_id, item)

    def blocks() -> Iterator[bytes]:
        with opened as plain:
            while block := plain.read(BLOCK_BYTES):
                yield block

    response = StreamingHttpResponse(blocks(), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{case.incident.reference}-E{item.number}.bin"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
