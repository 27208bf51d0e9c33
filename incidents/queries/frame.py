"""The line that stands over every page of a case, and the rooms that lead on from it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from breachcase.web.templatetags.ui import duration
from incidents.access import Action, Standing, may
from incidents.models import Incident, Obligation

SHARE_STEPS = 100


@dataclass(frozen=True, slots=True)
class NextDuty:
    """The running clock that ends first."""

    title: str
    due_at: datetime
    left: str
    overdue: bool
    share_used: int
    """How much of the period is over [percent]."""


@dataclass(frozen=True, slots=True)
class Room:
    title: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class CaseFrame:
    """What base_case.html shows of a case."""

    id: str
    reference: str
    title: str
    state: str
    members: int
    next_duty: NextDuty | None
    rooms: list[Room]


ROOMS = (
    ("overview", "Overview", "incidents:detail", Action.READ_REPORT),
    ("facts", "Facts", "incidents:facts", Action.READ_REPORT),
    ("people", "People", "incidents:people", Action.READ_PEOPLE),
    ("evidence", "Evidence", "incidents:evidence", Action.READ_EVIDENCE),
    ("who", "Who did it", "incidents:who", Action.READ_EVIDENCE),
    ("clock", "Clock", "incidents:clock", Action.READ_REPORT),
    ("decisions", "Decisions", "incidents:decisions", Action.READ_REPORT),
    ("telling", "Telling", "notifications:telling", Action.READ_REPORT),
    ("report", "Report", "notifications:reports", Action.READ_REPORT),
    ("measures", "Measures", "incidents:measures", Action.READ_REPORT),
    ("members", "Access", "incidents:members", Action.READ_REPORT),
    ("history", "History", "incidents:history", Action.READ_REPORT),
)


def case_frame(incident: Incident, standing: Standing, room: str, now: datetime) -> CaseFrame:
    """Return the frame of a case for somebody of this standing, with ``room`` as the current one. Two queries."""
    running = incident.obligations.filter(
        state__in=[Obligation.State.OWED, Obligation.State.OPEN], due_at__isnull=False
    ).order_by("due_at", "id")
    first = running.first()
    rooms = [
        Room(title, reverse(route, args=[incident.pk]), key == room)
        for key, title, route, action in ROOMS
        if may(action, standing).allowed
    ]
    return CaseFrame(
        id=str(incident.pk),
        reference=incident.reference,
        title=incident.title,
        state=incident.get_state_display(),
        members=incident.memberships.filter(left_at=None).count(),
        next_duty=next_duty(first, now) if first else None,
        rooms=rooms,
    )


def next_duty(row: Obligation, now: datetime) -> NextDuty:
    """Return the clock line of an obligation that has a deadline."""
    assert row.due_at is not None and row.starts_at is not None  # noqa: S101, PT018 - the query asked for it
    whole = row.due_at - row.starts_at
    used = (now - row.starts_at) / whole if whole else 1.0
    return NextDuty(
        title=row.title,
        due_at=row.due_at,
        left=time_left(row.due_at - now),
        overdue=now > row.due_at,
        share_used=max(0, min(SHARE_STEPS, round(used * SHARE_STEPS))),
    )


def time_left(span: timedelta) -> str:
    """
    Say how long is left, or how long ago it was; far ahead, in days.

    >>> time_left(timedelta(hours=31, minutes=20)), time_left(timedelta(hours=-2))
    ('31 h 20 min left', 'overdue by 2 h 0 min')
    """
    said = duration(span)
    return f"{said} left" if span >= timedelta(0) else f"overdue by {said}"
