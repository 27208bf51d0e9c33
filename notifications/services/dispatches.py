"""An approved wording going to its audience: prepared, started, paused, resumed, stopped."""

from collections.abc import Iterator
from hashlib import sha256
from uuid import UUID, uuid4

from django.conf import settings
from django.utils import timezone

from breachcase.accounts.actor import Actor
from breachcase.errors import RuleBroken, Stale
from breachcase.web.bells import ring
from incidents.access import Action
from incidents.services.change import Change, change
from notifications.models import Approval, Delivery, DeliveryEvent, Dispatch, WordingVersion

BATCH_ROWS = 500
RUN = "notifications.send_due"
UNSETTLED = (Delivery.State.SENDING, Delivery.State.IN_DOUBT)
"""Nobody knows yet whether these have left; telling their people anew could tell them twice (I11)."""


def prepare_dispatch(actor: Actor, incident_id: UUID, *, version_id: UUID) -> Dispatch:
    """
    Fix the audience of an approved version as rows: every data subject of the case with an address, once.

    Checks: a handler or DPO who is not implicated; the version is approved and its hash still fits (I4); it is not
    on its way already, nor any message of a stopped dispatch in doubt; there is somebody to tell.
    Records: ``prepare_dispatch`` with the hash, the number of messages and a hash over the audience (I13).

    :raises Refused: the actor may not.   :raises RuleBroken: not approved, on its way already, or nobody to tell.
    """
    with change(actor, Action.PREPARE_DISPATCH, incident_id) as under:
        version = _approved(under, version_id)
        if version.dispatches.exclude(state=Dispatch.State.STOPPED).exists():
            raise RuleBroken(
                "This version is on its way already, or has gone out. Nobody is told the same thing twice."
            )
        if Delivery.objects.filter(dispatch__version=version, state__in=UNSETTLED).exists():
            raise RuleBroken(
                "A message of the stopped dispatch is still being sent, or is in doubt. Wait until it has ended, or "
                "decide about it; then prepare again."
            )
        dispatch = Dispatch(
            incident=under.incident,
            version=version,
            version_sha256=version.sha256,
            sender=settings.DEFAULT_FROM_EMAIL,
            prepared_by_id=actor.person_id,
            prepared_at=timezone.now(),
        )
        told = Delivery.objects.filter(dispatch__version=version, state=Delivery.State.SENT).values("data_subject_id")
        audience = list(
            under.incident.data_subjects.exclude(pk__in=told).order_by("number").values_list("pk", flat=True)
        )
        if not audience:
            raise RuleBroken("There is nobody on this case whom this could be sent to, or everybody has it.")
        dispatch.audience_root = sha256("\n".join(map(str, audience)).encode()).hexdigest()
        dispatch.save(force_insert=True)
        for rows in _batches(dispatch, audience):
            Delivery.objects.bulk_create(rows)
        under.recorder.entry(
            dispatch.id,
            {"sha256": version.sha256, "messages": len(audience), "audience_sha256": dispatch.audience_root},
        )
        return dispatch


def start_dispatch(actor: Actor, incident_id: UUID, *, dispatch_id: UUID) -> Dispatch:
    """
    Start or resume sending. What has left cannot be called back.

    Checks: a handler or DPO who is not implicated; it is prepared or paused; the approval still fits (I4).
    Records: ``run_dispatch``. Rings for the workers after the commit; without one, the messages wait.

    :raises Refused: the actor may not.   :raises Stale: it is running, stopped or finished.
    """
    with change(actor, Action.RUN_DISPATCH, incident_id) as under:
        dispatch = _locked(under, dispatch_id)
        if dispatch.state not in (Dispatch.State.PREPARED, Dispatch.State.PAUSED):
            raise Stale(f"This dispatch is not waiting to start: it is {dispatch.get_state_display().lower()}.")
        _approved(under, dispatch.version_id)
        dispatch.state = Dispatch.State.RUNNING
        dispatch.started_at = dispatch.started_at or timezone.now()
        dispatch.save(update_fields=["state", "started_at"])
        under.recorder.entry(dispatch.id, {"state": dispatch.state, "sha256": dispatch.version_sha256})
        ring(RUN, dispatch_id=str(dispatch.id))
        return dispatch


def pause_dispatch(actor: Actor, incident_id: UUID, *, dispatch_id: UUID) -> Dispatch:
    """
    Pause sending: the message in a worker's hands still leaves, the rest waits.

    Checks: a handler, DPO or approver who is not implicated; it is running. Records: ``stop_dispatch`` as paused.

    :raises Refused: the actor may not.   :raises Stale: it is not running.
    """
    with change(actor, Action.STOP_DISPATCH, incident_id) as under:
        dispatch = _locked(under, dispatch_id)
        if dispatch.state != Dispatch.State.RUNNING:
            raise Stale(f"This dispatch is not running: it is {dispatch.get_state_display().lower()}.")
        dispatch.state = Dispatch.State.PAUSED
        dispatch.save(update_fields=["state"])
        under.recorder.entry(dispatch.id, {"state": dispatch.state})
        return dispatch


def stop_dispatch(actor: Actor, incident_id: UUID, *, dispatch_id: UUID) -> Dispatch:
    """
    Stop for good: what still waits is not sent, what has left stays listed.

    Checks: a handler, DPO or approver who is not implicated; it has not ended. Records: ``stop_dispatch`` with counts.

    :raises Refused: the actor may not.   :raises Stale: it has ended already.
    """
    with change(actor, Action.STOP_DISPATCH, incident_id) as under:
        dispatch = _locked(under, dispatch_id)
        if dispatch.state in (Dispatch.State.STOPPED, Dispatch.State.FINISHED):
            raise Stale(f"This dispatch has ended already: it is {dispatch.get_state_display().lower()}.")
        dispatch.state = Dispatch.State.STOPPED
        dispatch.ended_at = timezone.now()
        dispatch.save(update_fields=["state", "ended_at"])
        stopped = _stop_waiting(dispatch)
        under.recorder.entry(dispatch.id, {"state": dispatch.state, "not_sent": stopped})
        return dispatch


def retry_failed(actor: Actor, incident_id: UUID, *, dispatch_id: UUID) -> int:
    """
    Try every failed message of a dispatch again, from its first attempt; return how many.

    Checks: a handler or DPO who is not implicated; the dispatch was not stopped; something failed; the approval still
    fits (I4). A failed message is one that the server refused or never took, so nobody gets it twice (I11).
    Records: ``run_dispatch`` with the number tried again.

    :raises Refused: the actor may not.   :raises Stale: it was stopped, or nothing has failed.
    """
    with change(actor, Action.RUN_DISPATCH, incident_id) as under:
        dispatch = _locked(under, dispatch_id)
        failed = dispatch.deliveries.select_for_update(no_key=True).filter(state=Delivery.State.FAILED).order_by("id")
        if dispatch.state == Dispatch.State.STOPPED or not failed.exists():
            raise Stale("There is nothing to try again here. Look at the list as it is now.")
        _approved(under, dispatch.version_id)
        tried = 0
        while rows := list(failed[:BATCH_ROWS]):
            for row in rows:
                row.state, row.attempts = Delivery.State.QUEUED, 0
                row.not_before, row.settled_at = timezone.now(), None
            Delivery.objects.bulk_update(rows, ["state", "attempts", "not_before", "settled_at"])
            DeliveryEvent.objects.bulk_create(DeliveryEvent(delivery=row, state=row.state) for row in rows)
            tried += len(rows)
        if dispatch.state == Dispatch.State.FINISHED:
            dispatch.state, dispatch.ended_at = Dispatch.State.RUNNING, None
            dispatch.save(update_fields=["state", "ended_at"])
        under.recorder.entry(dispatch.id, {"state": dispatch.state, "tried_again": tried})
        ring(RUN, dispatch_id=str(dispatch.id))
        return tried


def resolve_doubt(actor: Actor, incident_id: UUID, *, delivery_id: UUID, send_again: bool) -> Delivery:
    """
    Say what happens with a delivery of which nobody knows whether it left: send it again, or count it as sent.

    Of a dispatch that was stopped nothing is sent again; the message then counts as not sent, and the next dispatch
    of the version reaches the person. Checks: a handler or DPO who is not implicated; it is in doubt.
    Records: ``resolve_doubt`` with the choice.

    :raises Refused: the actor may not.   :raises Stale: it is no longer in doubt.
    """
    with change(actor, Action.RESOLVE_DOUBT, incident_id) as under:
        found = Delivery.objects.filter(pk=delivery_id, dispatch__incident=under.incident).first()
        if found is None:
            raise Stale("This case has no such delivery. Look at the list as it is now.")
        dispatch = _locked(under, found.dispatch_id)
        delivery = Delivery.objects.select_for_update(no_key=True).get(pk=delivery_id)
        if delivery.state != Delivery.State.IN_DOUBT:
            raise Stale("This delivery is no longer in doubt. Look at the list as it is now.")
        delivery.state = _resolved(dispatch, send_again=send_again)
        delivery.settled_at = None if delivery.state == Delivery.State.QUEUED else timezone.now()
        delivery.not_before = timezone.now()
        delivery.save(update_fields=["state", "settled_at", "not_before"])
        DeliveryEvent.objects.create(delivery=delivery, state=delivery.state, reply="decided by a person")
        under.recorder.entry(delivery.id, {"send_again": send_again})
        if send_again and dispatch.state == Dispatch.State.FINISHED:
            dispatch.state = Dispatch.State.RUNNING
            dispatch.ended_at = None
            dispatch.save(update_fields=["state", "ended_at"])
        ring(RUN, dispatch_id=str(delivery.dispatch_id))
        return delivery


def _resolved(dispatch: Dispatch, *, send_again: bool) -> Delivery.State:
    if not send_again:
        return Delivery.State.SENT
    return Delivery.State.STOPPED if dispatch.state == Dispatch.State.STOPPED else Delivery.State.QUEUED


def _stop_waiting(dispatch: Dispatch) -> int:
    """Mark what waits as not sent, a batch at a time; what a worker holds settles by itself."""
    stopped = 0
    waiting = dispatch.deliveries.select_for_update(no_key=True).filter(state=Delivery.State.QUEUED).order_by("id")
    while rows := list(waiting[:BATCH_ROWS]):
        for row in rows:
            row.state = Delivery.State.STOPPED
            row.settled_at = dispatch.ended_at
        Delivery.objects.bulk_update(rows, ["state", "settled_at"])
        DeliveryEvent.objects.bulk_create(DeliveryEvent(delivery=row, state=row.state) for row in rows)
        stopped += len(rows)
    return stopped


def _approved(under: Change, version_id: UUID) -> WordingVersion:
    version = WordingVersion.objects.filter(pk=version_id, wording__incident=under.incident).first()
    approval = Approval.objects.filter(version=version, verdict=Approval.Verdict.APPROVED).first() if version else None
    if version is None or approval is None:
        raise RuleBroken("This version is not approved. Only an approved wording goes out.")
    if approval.version_sha256 != version.sha256:
        raise RuleBroken("The approval names another text than this one. It does not go out.")
    return version


def _locked(under: Change, dispatch_id: UUID) -> Dispatch:
    dispatch = under.incident.dispatches.select_for_update(no_key=True).filter(pk=dispatch_id).first()
    if dispatch is None:
        raise RuleBroken("This case has no such dispatch.")
    return dispatch


def _batches(dispatch: Dispatch, audience: list[UUID]) -> Iterator[list[Delivery]]:
    now = timezone.now()
    host = settings.MESSAGE_ID_HOST
    numbered = list(enumerate(audience, start=1))
    for start in range(0, len(numbered), BATCH_ROWS):
        yield [
            Delivery(
                dispatch=dispatch,
                number=number,
                data_subject_id=person,
                message_id=f"<{uuid4()}@{host}>",
                not_before=now,
            )
            for number, person in numbered[start : start + BATCH_ROWS]
        ]
