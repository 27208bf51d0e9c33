"""Awareness, the DPO's advice, management's decisions: three things, each its own record, none ever edited (I7)."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone

from breachcase.accounts.actor import Actor
from breachcase.errors import RuleBroken
from incidents.access import Action
from incidents.models import Advice, Awareness, Decision, Question
from incidents.services.change import Change, change, require_reasons
from incidents.services.obligations import refresh_obligations


def record_awareness(
    actor: Actor, incident_id: UUID, *, aware_at: datetime, time_zone: str, reasons: str
) -> Awareness:
    """
    Record the moment [instant] at which the organisation became aware; most clocks start there (Art. 33(1)).

    Checks: a DPO or approver who is not implicated (I5); reasons (I7); not in the future; not before anybody noticed.
    Records: ``record_awareness`` with the moment and what it supersedes; the obligations that follow from it.

    :raises Refused: the actor may not.   :raises RuleBroken: the moment or the reasons do not hold.
    """
    with change(actor, Action.RECORD_AWARENESS, incident_id) as under:
        said = require_reasons(reasons)
        if time_zone not in available_timezones():
            raise RuleBroken("Choose a time zone from the list.", field="time_zone")
        if aware_at > timezone.now():
            raise RuleBroken("This moment has not come yet. Awareness cannot lie in the future.", field="aware_at")
        noticed_at = under.incident.noticed_at
        if noticed_at is not None and aware_at < noticed_at.replace(second=0, microsecond=0):
            noticed = noticed_at.astimezone(ZoneInfo(time_zone))
            raise RuleBroken(
                f"The case says that it was first noticed at {noticed:%d %B %Y, %H:%M %Z}, which is later. "
                "Correct one of the two.",
                field="aware_at",
            )
        earlier = under.incident.awarenesses.filter(superseded_by=None).first()
        awareness = Awareness.objects.create(
            incident=under.incident,
            aware_at=aware_at,
            time_zone=time_zone,
            reasons=said,
            recorded_by_id=actor.person_id,
            on_behalf_of_id=under.actor.on_behalf_of_id,
            recorded_at=timezone.now(),
            supersedes=earlier,
        )
        under.recorder.entry(
            awareness.id,
            {"aware_at": aware_at.isoformat(), "zone": time_zone, "supersedes": str(earlier.id) if earlier else None},
        )
        refresh_obligations(under)
        return awareness


def give_advice(actor: Actor, incident_id: UUID, *, question: Question, affirmative: bool, reasons: str) -> Advice:
    """
    Record the DPO's advice on one question; an earlier one is superseded, never edited or hidden (Art. 38(3), 39).

    Checks: a DPO who is not implicated (I5); reasons (I7). Records: ``give_advice`` with question and outcome.

    :raises Refused: the actor may not.   :raises RuleBroken: the reasons say too little.
    """
    with change(actor, Action.GIVE_ADVICE, incident_id) as under:
        earlier = under.incident.advices.filter(question=question, superseded_by=None).first()
        advice = Advice.objects.create(
            incident=under.incident,
            question=question,
            affirmative=affirmative,
            reasons=require_reasons(reasons),
            given_by_id=actor.person_id,
            on_behalf_of_id=under.actor.on_behalf_of_id,
            given_at=timezone.now(),
            supersedes=earlier,
        )
        under.recorder.entry(advice.id, _outcome(question, affirmative=affirmative, earlier=earlier))
        return advice


def record_decision(
    actor: Actor,
    incident_id: UUID,
    *,
    question: Question,
    affirmative: bool,
    reasons: str,
    departure_reasons: str = "",
) -> Decision:
    """
    Record management's decision on one question; an earlier one is superseded, never edited (I7).

    Checks: an approver who is not implicated (I5); reasons; reasons of their own for not doing as advised.
    Records: ``record_decision`` with question, outcome, the advice it answers, and the obligations that follow.

    :raises Refused: the actor may not.   :raises RuleBroken: the reasons say too little, or it is not decided here.
    """
    with change(actor, Action.RECORD_DECISION, incident_id) as under:
        if question == Question.CLOSE:
            raise RuleBroken("Closing is decided on its own page, which lists what is still open.", field="question")
        decision = write_decision(
            under, question=question, affirmative=affirmative, reasons=reasons, departure_reasons=departure_reasons
        )
        refresh_obligations(under)
        return decision


def write_decision(
    under: Change, *, question: Question, affirmative: bool, reasons: str, departure_reasons: str
) -> Decision:
    """Write a decision and its entry in an open change; shared with closing and reopening."""
    said = require_reasons(reasons)
    advice = under.incident.advices.filter(question=question, superseded_by=None).first()
    departs = advice is not None and advice.affirmative != affirmative
    earlier = under.incident.decisions.filter(question=question, superseded_by=None).first()
    decision = Decision.objects.create(
        incident=under.incident,
        question=question,
        affirmative=affirmative,
        reasons=said,
        advice=advice,
        departure_reasons=require_reasons(departure_reasons, field="departure_reasons") if departs else "",
        decided_by_id=under.actor.person_id,
        on_behalf_of_id=under.actor.on_behalf_of_id,
        decided_at=timezone.now(),
        supersedes=earlier,
    )
    payload = _outcome(question, affirmative=affirmative, earlier=earlier)
    under.recorder.entry(decision.id, {**payload, "advice": str(advice.id) if advice else None, "departs": departs})
    return decision


def _outcome(
    question: Question, *, affirmative: bool, earlier: Advice | Decision | None
) -> dict[str, str | bool | None]:
    return {
        "question": str(question),
        "affirmative": affirmative,
        "supersedes": str(earlier.id) if earlier else None,
    }
