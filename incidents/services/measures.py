"""Containment and remediation: who does what until when, and what shows that it was done."""

from datetime import date
from uuid import UUID

from django.utils import timezone

from breachcase.accounts.actor import Actor
from breachcase.errors import RuleBroken, Stale
from incidents.access import Action
from incidents.models import Measure
from incidents.services.change import Change, change
from incidents.services.involvement import colleague, evidence_of


def add_measure(
    actor: Actor,
    incident_id: UUID,
    *,
    kind: Measure.Kind,
    title: str,
    owner_id: UUID,
    due_on: date,
    why: str = "",
    proposal: str = "",
) -> Measure:
    """
    Add a measure with its owner and its day.

    Checks: a handler or DPO who is not implicated; an owner of the organisation; a day that has not passed; a
    proposal is taken up once. Records: ``add_measure`` with kind, owner, day and the proposal it came from.

    :raises Refused: the actor may not.   :raises RuleBroken: title, owner or day does not hold.
    """
    with change(actor, Action.ADD_MEASURE, incident_id) as under:
        if not title.strip():
            raise RuleBroken("Say what is to be done.", field="title")
        if due_on < timezone.localdate():
            raise RuleBroken("This day has passed. Choose today or a later day.", field="due_on")
        if proposal and under.incident.measures.filter(proposal=proposal).exists():
            raise RuleBroken("This proposal was taken up already.", field="title")
        measure = Measure.objects.create(
            incident=under.incident,
            kind=kind,
            title=title.strip(),
            why=why.strip(),
            proposal=proposal,
            owner=colleague(under, owner_id),
            due_on=due_on,
        )
        under.recorder.entry(
            measure.id,
            {"kind": kind, "owner": str(owner_id), "due_on": due_on.isoformat(), "proposal": proposal or None},
        )
        return measure


def complete_measure(
    actor: Actor, incident_id: UUID, *, measure_id: UUID, version: int, proof: str, evidence_id: UUID | None = None
) -> Measure:
    """
    Mark a measure as done, with what shows it.

    Checks: a handler or DPO who is not implicated; a proof in words, perhaps with evidence; the measure is still open.
    Records: ``complete_measure`` with the evidence.

    :raises Refused: the actor may not.   :raises RuleBroken: no proof.   :raises Stale: it was changed meanwhile.
    """
    with change(actor, Action.COMPLETE_MEASURE, incident_id) as under:
        return _end(under, measure_id, version, Measure.State.DONE, proof, evidence_id)


def drop_measure(actor: Actor, incident_id: UUID, *, measure_id: UUID, version: int, reasons: str) -> Measure:
    """
    Decide not to carry a measure out, with reasons.

    Checks: a handler or DPO who is not implicated; reasons; the measure is still open.
    Records: ``drop_measure``.

    :raises Refused: the actor may not.   :raises RuleBroken: no reasons.   :raises Stale: it was changed meanwhile.
    """
    with change(actor, Action.DROP_MEASURE, incident_id) as under:
        return _end(under, measure_id, version, Measure.State.DROPPED, reasons, None)


def _end(
    under: Change, measure_id: UUID, version: int, state: Measure.State, proof: str, evidence_id: UUID | None
) -> Measure:
    measure = under.incident.measures.select_for_update(no_key=True).filter(pk=measure_id).first()
    if measure is None:
        raise RuleBroken("This case has no such measure.")
    if measure.version != version or measure.state != Measure.State.OPEN:
        raise Stale("Somebody changed this measure while you were writing. Look at it as it is now, then try again.")
    if not proof.strip():
        raise RuleBroken("Say what shows it: what was done, when, and where that can be seen.", field="proof")
    measure.state = state
    measure.proof = proof.strip()
    measure.proof_evidence = evidence_of(under, evidence_id)
    measure.ended_at = timezone.now()
    measure.ended_by_id = under.actor.person_id
    measure.version += 1
    measure.save(update_fields=["state", "proof", "proof_evidence", "ended_at", "ended_by", "version"])
    under.recorder.entry(measure.id, {"state": state, "evidence": str(evidence_id) if evidence_id else None})
    return measure
