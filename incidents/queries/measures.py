"""The measures of a case, and what is worth proposing."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from incidents.law.measures import Proposal, proposals_for
from incidents.models import Incident, Measure


@dataclass(frozen=True, slots=True)
class MeasureLine:
    id: UUID
    kind: str
    title: str
    why: str
    owner: str
    due_on: date
    state: str
    open: bool
    overdue: bool
    proof: str
    ended_at: datetime | None
    ended_by: str


@dataclass(frozen=True, slots=True)
class MeasuresPage:
    lines: list[MeasureLine]
    proposals: list[Proposal]


def measures_page(incident: Incident, today: date) -> MeasuresPage:
    """Return the measures, open ones first, and the proposals not taken up yet; one query."""
    rows = list(incident.measures.select_related("owner", "ended_by").order_by("due_on", "id")[:500])
    taken = {row.proposal for row in rows}
    proposed = [one for one in proposals_for(incident.facts.get("breach", {}).get("cause")) if one.code not in taken]
    lines = [_line(row, today) for row in rows]
    return MeasuresPage(sorted(lines, key=lambda line: not line.open), proposed)


def _line(row: Measure, today: date) -> MeasureLine:
    is_open = row.state == Measure.State.OPEN
    return MeasureLine(
        id=row.pk,
        kind=row.get_kind_display(),
        title=row.title,
        why=row.why,
        owner=str(row.owner),
        due_on=row.due_on,
        state=row.get_state_display(),
        open=is_open,
        overdue=is_open and row.due_on < today,
        proof=row.proof,
        ended_at=row.ended_at,
        ended_by=str(row.ended_by) if row.ended_by else "",
    )
