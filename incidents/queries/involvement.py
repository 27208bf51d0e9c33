"""Who did it, as far as it is known: the account and the person, and everybody's part."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from incidents.models import Attribution, Incident, Involvement


@dataclass(frozen=True, slots=True)
class AttributionLine:
    what: str
    certainty: str
    reasons: str
    evidence: str
    recorded_by: str
    recorded_at: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class InvolvementLine:
    person_id: UUID
    name: str
    part: str
    reasons: str
    recorded_by: str
    recorded_at: datetime
    keeps_out: bool
    current: bool


@dataclass(frozen=True, slots=True)
class WhoDidIt:
    accounts: list[AttributionLine]
    people: list[AttributionLine]
    involvements: list[InvolvementLine]


def who_did_it(incident: Incident) -> WhoDidIt:
    """Return every assertion, the newest first; what is superseded stays visible."""
    rows = list(
        incident.attributions.select_related("person", "evidence", "recorded_by", "superseded_by").order_by(
            "-recorded_at"
        )
    )
    return WhoDidIt(
        accounts=[_attribution(row) for row in rows if row.kind == Attribution.Kind.ACCOUNT],
        people=[_attribution(row) for row in rows if row.kind == Attribution.Kind.PERSON],
        involvements=[
            _involvement(row)
            for row in incident.involvements.select_related("person", "recorded_by", "superseded_by").order_by(
                "-recorded_at"
            )
        ],
    )


def _attribution(row: Attribution) -> AttributionLine:
    return AttributionLine(
        what=row.account or str(row.person),
        certainty=row.get_certainty_display(),
        reasons=row.reasons,
        evidence=str(row.evidence) if row.evidence else "",
        recorded_by=row.recorded_by.name,
        recorded_at=row.recorded_at,
        current=not hasattr(row, "superseded_by"),
    )


def _involvement(row: Involvement) -> InvolvementLine:
    current = not hasattr(row, "superseded_by")
    return InvolvementLine(
        person_id=row.person_id,
        name=row.person.name,
        part=row.get_kind_display(),
        reasons=row.reasons,
        recorded_by=row.recorded_by.name,
        recorded_at=row.recorded_at,
        keeps_out=current and row.kind in Involvement.KEEPS_OUT,
        current=current,
    )
