"""The overview of a case: what is due, what is known, where the work stands, what happened last."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from incidents.access import Action, Standing, may
from incidents.models import Incident, Measure, Obligation, Question
from incidents.queries.frame import time_left
from incidents.queries.history import Act, latest

SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class ObligationLine:
    """One obligation, ready to print."""

    id: str
    title: str
    url: str
    status: str
    status_class: str
    due_at: datetime | None
    left: str
    because: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the work, with its state in words and what is missing."""

    title: str
    state: str
    done: bool
    current: bool
    missing: str
    url: str


@dataclass(frozen=True, slots=True)
class Fact:
    title: str
    value: str


@dataclass(frozen=True, slots=True)
class Control:
    """A button; where the person may not use it, why."""

    title: str
    url: str
    refusal: str


@dataclass(frozen=True, slots=True)
class Overview:
    obligations: list[ObligationLine]
    why_nothing_is_due: str
    facts: list[Fact]
    stages: list[Stage]
    latest: list[Act]
    next_step: Control | None
    controls: list[Control]


def overview_of(incident: Incident, standing: Standing, now: datetime) -> Overview:
    """Return everything on the overview; the number of queries does not depend on the size of the case."""
    rows = list(incident.obligations.order_by("due_at", "title", "id"))
    stages = _stages(incident, rows)
    return Overview(
        obligations=[obligation_line(row, now) for row in rows],
        why_nothing_is_due="The organisation is established nowhere that the law library covers. Ask counsel.",
        facts=_facts(incident),
        stages=stages,
        latest=latest(incident),
        next_step=next((Control(stage.missing, stage.url, "") for stage in stages if stage.current), None),
        controls=_controls(incident, standing),
    )


def obligation_line(row: Obligation, now: datetime) -> ObligationLine:
    """Return one obligation with its status in words; red is for overdue and for nothing else."""
    status, css = _status(row, now)
    running = row.state in (Obligation.State.OWED, Obligation.State.OPEN) and row.due_at is not None
    return ObligationLine(
        id=str(row.pk),
        title=row.title,
        url=f"{reverse('incidents:clock', args=[row.incident_id])}#o-{row.pk}",
        status=status,
        status_class=css,
        due_at=row.due_at if running else None,
        left=time_left(row.due_at - now) if running and row.due_at else "",
        because=row.because,
    )


def _status(row: Obligation, now: datetime) -> tuple[str, str]:
    if row.state == Obligation.State.FULFILLED:
        return "Fulfilled", "is-done"
    if row.state == Obligation.State.NOT_OWED:
        return "Not owed", "is-quiet"
    if row.due_at is None:
        return (
            "Owed, no fixed time" if row.starts_at or row.state == Obligation.State.OWED else "Not running yet"
        ), "is-open"
    if now > row.due_at:
        return "Overdue", "is-overdue"
    return ("Due within a day" if row.due_at - now < SOON else "Running"), "is-running"


def _facts(incident: Incident) -> list[Fact]:
    facts = incident.facts
    subjects = incident.data_subjects.count()
    unreadable = incident.unreadables.count()
    breach, data, people = facts.get("breach", {}), facts.get("data", {}), facts.get("people", {})
    count = f"{subjects:,} people listed" if subjects else _count(people)
    accounts = {row.kind: row for row in incident.attributions.filter(superseded_by=None).select_related("person")}
    account, person = accounts.get("account"), accounts.get("person")
    return [
        Fact("What was lost", _listed(breach.get("types"))),
        Fact("Cause", _listed([breach["cause"]] if breach.get("cause") else None)),
        Fact("People", f"{count}, {unreadable} addresses unreadable" if unreadable else count),
        Fact("Data", _listed(data.get("categories"))),
        Fact("The list gives away", _listed(data.get("implied"))),
        Fact(
            "Account", f"{account.account} ({account.get_certainty_display().lower()})" if account else "Not known yet"
        ),
        Fact("Person", f"{person.person} ({person.get_certainty_display().lower()})" if person else "Not established"),
    ]


def _count(people: dict[str, object]) -> str:
    if "count" not in people:
        return "Not known yet"
    return f"{'about ' if people.get('approximate') else ''}{people['count']} people"


def _listed(codes: list[str] | None) -> str:
    return (
        ", ".join(code.replace("e_mail", "e-mail").replace("_", " ") for code in codes) if codes else "Not known yet"
    )


def _stages(incident: Incident, rows: list[Obligation]) -> list[Stage]:
    """Return the seven stages; the first that is not done is the current one."""
    aware = incident.awarenesses.exists()
    decided = set(incident.decisions.filter(superseded_by=None).values_list("question", flat=True))
    measures = list(incident.measures.values_list("kind", "state"))
    contained = [state for kind, state in measures if kind == Measure.Kind.CONTAINMENT]
    known = {"breach", "data"} <= set(incident.facts) and (
        "people" in incident.facts or incident.data_subjects.exists()
    )
    advised = incident.advices.exists()
    both = {Question.NOTIFY_AUTHORITY, Question.INFORM_DATA_SUBJECTS} <= decided
    timed = [row for row in rows if not row.rule.endswith("33-5")]
    told = bool(timed) and all(row.state in (Obligation.State.FULFILLED, Obligation.State.NOT_OWED) for row in timed)
    closed = incident.state == Incident.State.CLOSED
    steps = [
        ("Record", aware, "Record awareness", "incidents:awareness"),
        (
            "Contain",
            bool(contained) and Measure.State.OPEN not in contained,
            "Contain it: see to the measures",
            "incidents:measures",
        ),
        ("Establish facts", known, "Write down the facts", "incidents:facts"),
        ("Assess", advised, "Get the data protection officer's advice", "incidents:decisions"),
        ("Decide", both, "Decide whom to tell", "incidents:decisions"),
        ("Notify", told, "Tell those who must be told", "incidents:clock"),
        ("Review", closed, "Review and close the case", "incidents:close"),
    ]
    current = next((title for title, done, _, _ in steps if not done), "")
    return [
        Stage(
            title=title,
            state="Done" if done else "Now" if title == current else "To do",
            done=done,
            current=title == current,
            missing=missing,
            url=reverse(route, args=[incident.pk]),
        )
        for title, done, missing, route in steps
    ]


def _controls(incident: Incident, standing: Standing) -> list[Control]:
    wanted = [
        ("Record awareness", "incidents:awareness", Action.RECORD_AWARENESS),
        ("Close the case", "incidents:close", Action.CLOSE_INCIDENT),
    ]
    if incident.state == Incident.State.CLOSED:
        wanted = [("Open the case again", "incidents:reopen", Action.REOPEN_INCIDENT)]
    return [
        Control(title, reverse(route, args=[incident.pk]), may(action, standing).refusal)
        for title, route, action in wanted
    ]
