"""permission, lock, rule, write, entry: the frame that every change of an incident stands in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from breachcase.accounts.actor import Actor
from breachcase.errors import Refused, RuleBroken
from breachcase.ledger.history import declared_actor
from breachcase.ledger.recording import Recorder, recording
from incidents.access import NO_SUCH_INCIDENT, Action, Standing, Verdict, may
from incidents.models import Incident
from incidents.models.decision import REASONS_MIN_CHARS
from incidents.queries.standing import standing_of

NOBODY: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """An open change: the locked incident, the recorder, and the actor with the lender whose role is used."""

    incident: Incident
    recorder: Recorder

    @property
    def actor(self) -> Actor:
        return self.recorder.actor


@contextmanager
def change(
    actor: Actor, action: Action, incident_id: UUID, *, barred: Callable[[], frozenset[UUID]] = lambda: NOBODY
) -> Iterator[Change]:
    """
    Frame one change: lock the incident, ask whether ``actor`` may, run the body, insist on an entry.

    Locks are taken in one order everywhere: incident, then its rows, then the ledger. ``barred`` is asked under the
    lock who may not do this one thing although their role would let them (I6). An attempt that is refused to
    somebody on the case is recorded, in a transaction of its own.

    :raises Refused: ``actor`` may not; nothing was written but the refusal.
    """
    try:
        with recording(actor, action, chain_id=incident_id, incident_id=incident_id) as recorder:
            incident = Incident.objects.select_for_update(no_key=True).filter(pk=incident_id).first()
            standing = standing_of(actor, incident_id)
            verdict = _require(may(action, standing, barred=barred()), standing)
            recorder.actor = replace(actor, on_behalf_of_id=verdict.on_behalf_of)
            declared_actor.set(recorder.actor)
            yield Change(_found(incident), recorder)
    except Refused as refusal:
        if refusal.admitted:
            _record_refusal(actor, action, incident_id, str(refusal))
        raise


def _require(verdict: Verdict, standing: Standing) -> Verdict:
    if not verdict.allowed:
        raise Refused(verdict.refusal, admitted=standing.admitted)
    return verdict


def _found(incident: Incident | None) -> Incident:
    if incident is None:
        raise Refused(NO_SUCH_INCIDENT, admitted=False)
    return incident


def require_reasons(text: str, *, field: str = "reasons") -> str:
    """
    Return ``text`` trimmed, if it says enough to be read in a year (I7).

    :raises RuleBroken: it is shorter than a sentence.
    """
    trimmed = text.strip()
    if len(trimmed) < REASONS_MIN_CHARS:
        raise RuleBroken(f"Say why, in at least a sentence ({REASONS_MIN_CHARS} characters).", field=field)
    return trimmed


def _record_refusal(actor: Actor, action: Action, incident_id: UUID, because: str) -> None:
    with recording(actor, "refuse_attempt", chain_id=incident_id, incident_id=incident_id) as recorder:
        recorder.entry(actor.person_id, {"attempted": action.value, "because": because})
