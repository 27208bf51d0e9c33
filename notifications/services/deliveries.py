"""Claim, send, settle: three steps, a commit between each, so that a crash loses nothing (I11)."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from breachcase.accounts.actor import WORKER
from breachcase.ledger.recording import declared, recording
from notifications.models import Delivery, DeliveryEvent, Dispatch
from notifications.transport import Outcome

MAX_ATTEMPTS = 5
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
PENDING = (Delivery.State.QUEUED, Delivery.State.SENDING)
CLAIM_LASTS = timedelta(minutes=10)
"""After this long, a delivery that was being sent has lost its worker: whether it left, nobody knows."""


class _OvertakenError(Exception):
    """Another worker ended the dispatch, or something is due again: nothing to do here."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that this worker, and no other, may send now."""

    delivery: Delivery
    dispatch: Dispatch


def claim_next(dispatch_id: UUID) -> Claimed | None:
    """
    Mark the next due delivery as sending and commit the intent; None when nothing is due, or nothing runs.

    The dispatch's row is locked against pause and stop for the length of the claim, shared among workers.
    """
    with declared(WORKER):
        dispatch = (
            Dispatch.objects.select_for_update(no_key=True, of=("self",))
            .select_related("version", "incident__organisation")
            .filter(pk=dispatch_id, state=Dispatch.State.RUNNING)
            .first()
        )
        if dispatch is None:
            return None
        due = dispatch.deliveries.filter(state=Delivery.State.QUEUED, not_before__lte=timezone.now())
        row = (
            due.select_for_update(skip_locked=True, no_key=True, of=("self",))
            .select_related("data_subject")
            .order_by("not_before", "number")
            .first()
        )
        if row is None:
            return None
        row.state = Delivery.State.SENDING
        row.attempts += 1
        row.claimed_at = timezone.now()
        row.save(update_fields=["state", "attempts", "claimed_at"])
        DeliveryEvent.objects.create(delivery=row, state=row.state)
        return Claimed(row, dispatch)


def settle(claimed: Claimed, outcome: Outcome, message: bytes = b"") -> None:
    """
    Write down how it ended; a delivery that was put in doubt meanwhile, or claimed anew by another, stays.

    A temporary failure waits and is tried again, at most five times, unless the dispatch was stopped: then nothing
    waits any more. ``message``: the bytes that left (I13).
    """
    with declared(WORKER):
        stopped = outcome.kind is Outcome.Kind.TEMPORARY and _is_stopped(claimed.dispatch.pk)
        row = Delivery.objects.select_for_update(no_key=True).get(pk=claimed.delivery.pk)
        if row.state != Delivery.State.SENDING or row.attempts != claimed.delivery.attempts:
            return
        row.state = _state_after(row, outcome, stopped=stopped)
        row.reply = outcome.reply[:80]
        row.message_sha256 = sha256(message).hexdigest() if outcome.kind is Outcome.Kind.SENT else ""
        if row.state == Delivery.State.QUEUED:
            row.not_before = timezone.now() + RETRY_AFTER[min(row.attempts, len(RETRY_AFTER)) - 1]
        else:
            row.settled_at = timezone.now()
        row.save(update_fields=["state", "reply", "message_sha256", "not_before", "settled_at"])
        DeliveryEvent.objects.create(delivery=row, state=row.state, reply=row.reply)


def doubt_abandoned(*, older_than: timedelta = CLAIM_LASTS) -> int:
    """Put in doubt every delivery whose worker has not come back; return how many. A person decides about each."""
    with declared(WORKER):
        rows = list(
            Delivery.objects.select_for_update(skip_locked=True, no_key=True).filter(
                state=Delivery.State.SENDING, claimed_at__lt=timezone.now() - older_than
            )[:500]
        )
        for row in rows:
            row.state = Delivery.State.IN_DOUBT
            row.save(update_fields=["state"])
            DeliveryEvent.objects.create(delivery=row, state=row.state, reply="the worker did not come back")
        return len(rows)


def finish_if_done(dispatch_id: UUID) -> bool:
    """
    End the dispatch when nothing waits any more; return whether it ended now.

    Records: ``finish_dispatch`` with the counts and a hash over every delivery's outcome, in order (I13).
    """
    found = Dispatch.objects.filter(pk=dispatch_id, state=Dispatch.State.RUNNING).values("incident_id").first()
    if found is None or Delivery.objects.filter(dispatch_id=dispatch_id, state__in=PENDING).exists():
        return False
    try:
        _finish(dispatch_id, found["incident_id"])
    except _OvertakenError:
        return False
    return True


def _finish(dispatch_id: UUID, incident_id: UUID) -> None:
    with recording(WORKER, "finish_dispatch", chain_id=incident_id, incident_id=incident_id) as recorder:
        dispatch = Dispatch.objects.select_for_update(no_key=True).get(pk=dispatch_id)
        if dispatch.state != Dispatch.State.RUNNING or dispatch.deliveries.filter(state__in=PENDING).exists():
            raise _OvertakenError
        dispatch.state = Dispatch.State.FINISHED
        dispatch.ended_at = timezone.now()
        dispatch.save(update_fields=["state", "ended_at"])
        recorder.entry(dispatch.id, _outcomes(dispatch))


def running_dispatches() -> list[UUID]:
    """Return the dispatches that have something due, for the beat that rings again when a bell was lost."""
    return list(Dispatch.objects.filter(state=Dispatch.State.RUNNING).values_list("pk", flat=True)[:500])


def _is_stopped(dispatch_id: UUID) -> bool:
    """Ask under the dispatch's lock, which stopping holds until it has counted what waits."""
    return Dispatch.objects.select_for_update(no_key=True).get(pk=dispatch_id).state == Dispatch.State.STOPPED


def _state_after(row: Delivery, outcome: Outcome, *, stopped: bool) -> Delivery.State:
    if outcome.kind is Outcome.Kind.SENT:
        return Delivery.State.SENT
    if outcome.kind is Outcome.Kind.UNKNOWN:
        return Delivery.State.IN_DOUBT
    if outcome.kind is Outcome.Kind.TEMPORARY and row.attempts < MAX_ATTEMPTS:
        return Delivery.State.STOPPED if stopped else Delivery.State.QUEUED
    return Delivery.State.FAILED


def _outcomes(dispatch: Dispatch) -> dict[str, str | int]:
    """Return how many ended how, and one hash over all outcomes in order."""
    counts = dict(dispatch.deliveries.values_list("state").annotate(Count("id")).order_by("state"))
    digest = sha256()
    for row in dispatch.deliveries.order_by("number").values_list("id", "state", "message_sha256").iterator():
        digest.update(" ".join(map(str, row)).encode() + b"\n")
    return {**counts, "outcomes_sha256": digest.hexdigest()}
