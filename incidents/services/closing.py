"""Closing a case, and opening it again: both are decisions with reasons."""

from uuid import UUID

from django.utils import timezone

from breachcase.accounts.actor import Actor
from breachcase.errors import RuleBroken
from incidents.access import Action
from incidents.models import Decision, Incident, Question
from incidents.queries.closing import what_keeps_open
from incidents.services.change import Change, change
from incidents.services.decisions import write_decision


def close_incident(actor: Actor, incident_id: UUID, *, reasons: str, departure_reasons: str = "") -> Decision:
    """
    Close the case.

    Checks: an approver who is not implicated (I5); reasons (I7); nothing is open: obligations, measures, deliveries.
    Records: ``close_incident`` with the decision.

    :raises Refused: the actor may not.   :raises RuleBroken: something is still open, or the reasons say too little.
    """
    with change(actor, Action.CLOSE_INCIDENT, incident_id) as under:
        still_open = what_keeps_open(under.incident)
        if still_open:
            raise RuleBroken(f"Still open: {'; '.join(line.title for line in still_open)}.")
        decision = write_decision(
            under, question=Question.CLOSE, affirmative=True, reasons=reasons, departure_reasons=departure_reasons
        )
        _set_state(under, Incident.State.CLOSED)
        return decision


def reopen_incident(actor: Actor, incident_id: UUID, *, reasons: str) -> Decision:
    """
    Open a closed case again.

    Checks: a DPO or approver who is not implicated; reasons; the case is closed.
    Records: ``reopen_incident`` with the decision, which supersedes the one to close.

    :raises Refused: the actor may not.   :raises RuleBroken: it is open, or the reasons say too little.
    """
    with change(actor, Action.REOPEN_INCIDENT, incident_id) as under:
        if under.incident.state != Incident.State.CLOSED:
            raise RuleBroken("This case is open already.")
        decision = write_decision(
            under, question=Question.CLOSE, affirmative=False, reasons=reasons, departure_reasons=reasons
        )
        _set_state(under, Incident.State.OPEN)
        return decision


def _set_state(under: Change, state: Incident.State) -> None:
    incident = under.incident
    incident.state = state
    incident.closed_at = timezone.now() if state == Incident.State.CLOSED else None
    incident.version += 1
    incident.save(update_fields=["state", "closed_at", "version"])
