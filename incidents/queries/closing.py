"""What keeps a case open."""

from collections.abc import Callable
from dataclasses import dataclass

from incidents.models import Incident, Measure, Obligation


@dataclass(frozen=True, slots=True)
class OpenLine:
    """One thing that is still open, in words, and the room in which it is dealt with."""

    title: str
    room: str


OpenEnds = Callable[[Incident], list[OpenLine]]
_ELSEWHERE: list[OpenEnds] = []


def register_open_ends(look: OpenEnds) -> None:
    """Let an app above this one say what it holds open; called once, when that app is ready."""
    if look not in _ELSEWHERE:
        _ELSEWHERE.append(look)


def what_keeps_open(incident: Incident) -> list[OpenLine]:
    """Return everything that must be dealt with before the case can be closed."""
    owed = incident.obligations.filter(state__in=[Obligation.State.OWED, Obligation.State.OPEN]).order_by(
        "due_at", "id"
    )
    measures = incident.measures.filter(state=Measure.State.OPEN).order_by("due_on", "id")
    lines = [OpenLine(f"obligation: {row.title}", "clock") for row in owed]
    lines += [OpenLine(f"measure: {row.title}", "measures") for row in measures]
    for look in _ELSEWHERE:
        lines += look(incident)
    return lines
