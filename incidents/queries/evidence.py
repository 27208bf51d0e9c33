"""Reading evidence items: their sealed names, what intake read from them, and who has looked."""

from dataclasses import dataclass
from datetime import datetime
import json
from typing import Any
from uuid import UUID

from breachcase.vault.keys import case_key
from incidents.models import EvidenceItem, Incident, Reading


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    id: UUID
    number: int
    description: str
    filename: str
    kind: str
    size_bytes: int
    sha256: str
    acquired_at: datetime
    acquired_by: str


@dataclass(frozen=True, slots=True)
class ReadingLine:
    at: datetime
    who: str


def evidence_lines(incident: Incident) -> list[EvidenceLine]:
    """Return the case's evidence items in their order."""
    key = case_key(incident.pk)
    rows = incident.evidence_items.select_related("acquired_by").order_by("number")[:200]
    return [
        EvidenceLine(
            id=row.pk,
            number=row.number,
            description=row.description,
            filename=key.unseal(row.filename, f"evidence-filename:{row.pk}").decode(),
            kind=row.get_kind_display(),
            size_bytes=row.size_bytes,
            sha256=row.sha256,
            acquired_at=row.acquired_at,
            acquired_by=row.acquired_by.name,
        )
        for row in rows
    ]


def filename_of(item: EvidenceItem) -> str:
    """Return the name under which the file came in."""
    return case_key(item.incident_id).unseal(item.filename, f"evidence-filename:{item.pk}").decode()


def what_was_read(item: EvidenceItem) -> dict[str, Any] | None:
    """Return what intake read from a message, or None where nothing was."""
    if item.reading is None:
        return None
    read: dict[str, Any] = json.loads(case_key(item.incident_id).unseal(item.reading, f"evidence-reading:{item.pk}"))
    return read


def readings_of(item: EvidenceItem) -> list[ReadingLine]:
    """Return who looked at this item lately."""
    rows = Reading.objects.filter(incident_id=item.incident_id, what=Reading.What.EVIDENCE, subject_id=item.pk)
    return [ReadingLine(row.read_at, row.read_by.name) for row in rows.select_related("read_by").order_by("-id")[:20]]
