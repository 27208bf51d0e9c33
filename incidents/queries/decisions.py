"""The clock and the decisions of a case, ready to print."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from breachcase.accounts.actor import acted
from breachcase.web.acts import Row
from incidents.law.counts import READING_WORDS
from incidents.models import Advice, Awareness, Decision, Incident, Obligation, Question
from incidents.queries.overview import ObligationLine, obligation_line


@dataclass(frozen=True, slots=True)
class OtherReading:
    name: str
    ends_at: datetime
    binds: bool


@dataclass(frozen=True, slots=True)
class ExplainedObligation:
    """An obligation with everything that explains it (I8)."""

    line: ObligationLine
    id: UUID
    source: str
    starts_at: datetime | None
    steps: list[str]
    readings: list[OtherReading]
    open: bool
    fulfilled_at: datetime | None
    how: str
    delay_reasons: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """One line of advice, decision or awareness; what is superseded stays, struck."""

    title: str
    reasons: str
    extra: str
    who: str
    at: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class ClockPage:
    obligations: list[ExplainedObligation]
    awarenesses: list[Recorded]
    aware: bool


@dataclass(frozen=True, slots=True)
class QuestionPage:
    key: str
    title: str
    advices: list[Recorded]
    decisions: list[Recorded]


def clock_page(incident: Incident, now: datetime) -> ClockPage:
    """Return every obligation explained, and every awareness recorded; two queries."""
    rows = incident.obligations.order_by("due_at", "title", "id")
    records = incident.awarenesses.select_related("recorded_by", "on_behalf_of", "superseded_by").order_by(
        "-recorded_at"
    )
    awarenesses = [_awareness(row) for row in records]
    return ClockPage([_explained(row, now) for row in rows], awarenesses, bool(awarenesses))


def decisions_page(incident: Incident) -> list[QuestionPage]:
    """Return advice and decisions by question, the newest first; two queries."""
    advices = list(incident.advices.select_related("given_by", "on_behalf_of", "superseded_by").order_by("-given_at"))
    decisions = list(
        incident.decisions.select_related("decided_by", "on_behalf_of", "superseded_by").order_by("-decided_at")
    )
    return [
        QuestionPage(
            key=question.value,
            title=question.label,
            advices=[_advice(row) for row in advices if row.question == question],
            decisions=[_decision(row) for row in decisions if row.question == question],
        )
        for question in Question
    ]


def known_for(incident: Incident, zone: str) -> list[Row]:
    """Return the facts that stand beside a question, as of now."""
    people = incident.data_subjects.count() or incident.facts.get("people", {}).get("count")
    rows = [Row("Case", f"{incident.reference} {incident.title}")]
    if incident.noticed_at:
        rows.append(Row("First noticed", f"{incident.noticed_at.astimezone(ZoneInfo(zone)):%A %d %B %Y, %H:%M %Z}"))
    rows.append(Row("People", str(people) if people else "Not known yet"))
    data: list[str] = incident.facts.get("data", {}).get("categories", [])
    rows.append(Row("Data", ", ".join(data).replace("e_mail", "e-mail").replace("_", " ") or "Not known yet"))
    implied: list[str] = incident.facts.get("data", {}).get("implied", [])
    if implied:
        rows.append(Row("The list gives away", ", ".join(implied).replace("_", " ")))
    return rows


def _explained(row: Obligation, now: datetime) -> ExplainedObligation:
    counted: dict[str, Any] = row.count
    readings = [
        OtherReading(
            READING_WORDS.get(one["name"], one["name"]),
            ends_at := datetime.fromisoformat(one["ends_at"]),
            ends_at == row.due_at,
        )
        for one in counted.get("readings", [])
    ]
    return ExplainedObligation(
        line=obligation_line(row, now),
        id=row.pk,
        source=row.source,
        starts_at=row.starts_at,
        steps=list(counted.get("steps", [])),
        readings=readings,
        open=row.state in (Obligation.State.OWED, Obligation.State.OPEN),
        fulfilled_at=row.fulfilled_at,
        how=row.how,
        delay_reasons=row.delay_reasons,
    )


def _awareness(row: Awareness) -> Recorded:
    return Recorded(
        title=f"{row.aware_at.astimezone(ZoneInfo(row.time_zone)):%A %d %B %Y, %H:%M %Z}",
        reasons=row.reasons,
        extra="",
        who=acted(row.recorded_by, row.on_behalf_of),
        at=row.recorded_at,
        current=not hasattr(row, "superseded_by"),
    )


def _advice(row: Advice) -> Recorded:
    return Recorded(
        title="Yes, do it" if row.affirmative else "No, do not",
        reasons=row.reasons,
        extra="",
        who=acted(row.given_by, row.on_behalf_of),
        at=row.given_at,
        current=not hasattr(row, "superseded_by"),
    )


def _decision(row: Decision) -> Recorded:
    return Recorded(
        title="Yes, it is done" if row.affirmative else "No, it is not done",
        reasons=row.reasons,
        extra=row.departure_reasons,
        who=acted(row.decided_by, row.on_behalf_of),
        at=row.decided_at,
        current=not hasattr(row, "superseded_by"),
    )
