"""Obligations follow from the facts; fulfilling one is an act with a time, a way and, if late, reasons."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from breachcase.accounts.actor import Actor
from breachcase.errors import RuleBroken, Stale
from incidents.access import Action
from incidents.law import obligations as law
from incidents.law.facts import Facts, Starts
from incidents.law.library import library
from incidents.law.verdicts import GENERAL
from incidents.models import Incident, Obligation
from incidents.services.change import Change, change, require_reasons

RUNNING = (Obligation.State.OWED, Obligation.State.OPEN)
DERIVED = ("title", "state", "because", "starts_at", "due_at", "count", "source")


def fulfil_obligation(
    actor: Actor, incident_id: UUID, *, obligation_id: UUID, fulfilled_at: datetime, how: str, delay_reasons: str = ""
) -> Obligation:
    """
    Record that a duty was done: when [instant] and how; late, also why (Article 33(1)).

    Checks: a handler or DPO who is not implicated; it is owed or open; not in the future, not before its start.
    Records: ``fulfil_obligation`` with the rule, the time and whether it was late.

    :raises Refused: the actor may not.   :raises RuleBroken: time, way or reasons do not hold.
    :raises Stale: it is fulfilled already, or no longer owed.
    """
    with change(actor, Action.FULFIL_OBLIGATION, incident_id) as under:
        return fulfil(under, obligation_id, fulfilled_at=fulfilled_at, how=how, delay_reasons=delay_reasons)


def fulfil(under: Change, obligation_id: UUID, *, fulfilled_at: datetime, how: str, delay_reasons: str) -> Obligation:
    """Write the fulfilment in an open change; shared with the filing of a report."""
    row = under.incident.obligations.select_for_update(no_key=True).filter(pk=obligation_id).first()
    if row is None:
        raise RuleBroken("This case has no such obligation.")
    if row.state not in RUNNING:
        raise Stale(f"This obligation is not waiting any more: it is {row.get_state_display().lower()}.")
    if fulfilled_at > timezone.now():
        raise RuleBroken("This moment has not come yet.", field="fulfilled_at")
    if row.starts_at is not None and fulfilled_at < row.starts_at:
        raise RuleBroken("This is before the organisation became aware. Check the time.", field="fulfilled_at")
    if not how.strip():
        raise RuleBroken("Say how it was done, so that it can be shown later.", field="how")
    late = row.due_at is not None and fulfilled_at > row.due_at
    row.state = Obligation.State.FULFILLED
    row.fulfilled_at = fulfilled_at
    row.fulfilled_by_id = under.actor.person_id
    row.how = how.strip()
    row.delay_reasons = require_reasons(delay_reasons, field="delay_reasons") if late else ""
    row.save(update_fields=["state", "fulfilled_at", "fulfilled_by", "how", "delay_reasons"])
    under.recorder.entry(
        row.id,
        {"rule": row.rule, "fulfilled_at": fulfilled_at.isoformat(), "late": late},
        action=Action.FULFIL_OBLIGATION,
    )
    return row


def refresh_obligations(under: Change) -> None:
    """
    Bring the case's obligations in line with its facts; what is fulfilled stays as it was.

    Records: ``derive_obligation`` for each one that arises or changes, with rule, state and deadline (I8).
    """
    facts, starts = facts_for_law(under.incident), starts_for_law(under.incident)
    present = {(row.rule, row.recipient): row for row in under.incident.obligations.select_for_update(no_key=True)}
    derivations = law.obligations(facts, starts, library().only(*GENERAL))
    for derived in (one for one in derivations if law.concerns(one, facts)):
        row = present.pop((derived.rule.id, derived.recipient), None)
        if row is None:
            row = Obligation(incident=under.incident, rule=derived.rule.id, recipient=derived.recipient)
            _derive(under, row, derived)
        elif row.state != Obligation.State.FULFILLED:
            _derive(under, row, derived)


def facts_for_law(incident: Incident) -> Facts:
    """Return what the law library needs to know of this case, as recorded now."""
    organisation = incident.organisation
    decided = incident.decisions.filter(superseded_by=None).order_by("question").values_list("question", "affirmative")
    return Facts(
        established_in=tuple(organisation.established_in),
        zone=ZoneInfo(organisation.time_zone),
        decisions=tuple(decided),
        people_in=incident.facts.get("people", {}).get("by_country"),
    )


def starts_for_law(incident: Incident) -> Starts:
    """Return the recorded instants from which this case's periods run."""
    awareness = incident.awarenesses.filter(superseded_by=None).first()
    return Starts.aware(awareness.aware_at if awareness else None)


def _derive(under: Change, row: Obligation, derived: law.Obligation) -> None:
    before = {name: getattr(row, name) for name in DERIVED}
    row.title = (
        f"{derived.rule.title}: {derived.recipient}" if derived.rule.recipient == "authority" else derived.rule.title
    )
    row.state = Obligation.State(derived.state.value)
    row.because = derived.because
    row.starts_at = derived.starts_at
    row.due_at = derived.count.ends_at if derived.count else None
    row.count = _count_as_data(derived)
    row.source = f"{derived.rule.article}, {derived.rule.source}"
    if row._state.adding:  # noqa: SLF001 - Django's documented way to tell a new row
        row.save(force_insert=True)
    elif before != {name: getattr(row, name) for name in DERIVED}:
        row.save(update_fields=DERIVED)
    else:
        return
    due = row.due_at.isoformat() if row.due_at else None
    under.recorder.entry(row.id, {"rule": row.rule, "state": row.state, "due_at": due}, action="derive_obligation")


def _count_as_data(derived: law.Obligation) -> dict[str, object]:
    if derived.count is None:
        return {"readings": [], "steps": [f"{derived.rule.period.words}."]}
    readings = [{"name": one.name, "ends_at": one.ends_at.isoformat()} for one in derived.count.readings]
    return {"readings": readings, "steps": list(derived.count.steps)}
