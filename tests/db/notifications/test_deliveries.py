"""A message leaves once or not at all, whatever happens to the dispatch meanwhile (I11)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
import socket

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core.mail.backends.smtp import EmailBackend
import pytest

from breachcase.accounts.actor import WORKER
from breachcase.errors import Refused, RuleBroken, Stale
from breachcase.ledger.recording import declared
from notifications.models import Delivery, Dispatch
from notifications.services.deliveries import MAX_ATTEMPTS, claim_next, doubt_abandoned, finish_if_done, settle
from notifications.services.dispatches import (
    prepare_dispatch,
    resolve_doubt,
    retry_failed,
    start_dispatch,
    stop_dispatch,
)
from notifications.transport import Outcome, SmtpTransport
from tests import given

pytestmark = pytest.mark.django_db

SENT = Outcome(Outcome.Kind.SENT, "250")
NOT_NOW = Outcome(Outcome.Kind.TEMPORARY, "451")
UNKNOWN = Outcome(Outcome.Kind.UNKNOWN, "connection lost while the answer was awaited")
State = Delivery.State


@pytest.fixture
def case() -> given.Case:
    return given.Case(with_message=True)


@pytest.fixture
def dispatch(case: given.Case) -> Dispatch:
    return _started(case, _prepared(case, given.an_approved_version(case).pk))


def _prepared(case: given.Case, version_id) -> Dispatch:
    return prepare_dispatch(given.actor(case.handler), case.incident.pk, version_id=version_id)


def _started(case: given.Case, dispatch: Dispatch) -> Dispatch:
    return start_dispatch(given.actor(case.handler), case.incident.pk, dispatch_id=dispatch.pk)


def _stopped(case: given.Case, dispatch: Dispatch) -> Dispatch:
    return stop_dispatch(given.actor(case.handler), case.incident.pk, dispatch_id=dispatch.pk)


def _state(delivery: Delivery) -> str:
    delivery.refresh_from_db()
    return delivery.state


def test_i11_nothing_is_prepared_anew_while_a_message_is_in_a_workers_hands(
    case: given.Case, dispatch: Dispatch
) -> None:
    held = claim_next(dispatch.pk)
    assert held is not None
    _stopped(case, dispatch)
    with pytest.raises(RuleBroken, match="still being sent"):
        _prepared(case, dispatch.version_id)
    settle(held, SENT, b"bytes")
    again = _prepared(case, dispatch.version_id)
    assert held.delivery.data_subject_id not in set(again.deliveries.values_list("data_subject_id", flat=True))
    assert again.deliveries.count() == dispatch.deliveries.count() - 1


def test_i11_nothing_is_prepared_anew_while_a_message_is_in_doubt(case: given.Case, dispatch: Dispatch) -> None:
    held = claim_next(dispatch.pk)
    assert held is not None
    settle(held, UNKNOWN)
    _stopped(case, dispatch)
    with pytest.raises(RuleBroken, match="in doubt"):
        _prepared(case, dispatch.version_id)
    resolve_doubt(given.actor(case.handler), case.incident.pk, delivery_id=held.delivery.pk, send_again=True)
    assert _state(held.delivery) == State.STOPPED
    again = _prepared(case, dispatch.version_id)
    assert held.delivery.data_subject_id in set(again.deliveries.values_list("data_subject_id", flat=True))


def test_i11_what_fails_for_now_after_a_stop_does_not_wait_for_ever(case: given.Case, dispatch: Dispatch) -> None:
    held = claim_next(dispatch.pk)
    assert held is not None
    _stopped(case, dispatch)
    settle(held, NOT_NOW)
    assert _state(held.delivery) == State.STOPPED
    assert not dispatch.deliveries.filter(state__in=[State.QUEUED, State.SENDING]).exists()


def test_i11_a_late_worker_does_not_settle_the_attempt_of_another(case: given.Case, dispatch: Dispatch) -> None:
    late = claim_next(dispatch.pk)
    assert late is not None
    assert doubt_abandoned(older_than=timedelta(seconds=-1)) == 1
    settle(late, SENT, b"bytes")
    assert _state(late.delivery) == State.IN_DOUBT
    resolve_doubt(given.actor(case.handler), case.incident.pk, delivery_id=late.delivery.pk, send_again=True)
    with declared(WORKER):
        others = dispatch.deliveries.exclude(pk=late.delivery.pk)
        others.update(state=State.STOPPED)
    another = claim_next(dispatch.pk)
    assert another is not None
    assert another.delivery.pk == late.delivery.pk
    settle(late, NOT_NOW)
    assert _state(late.delivery) == State.SENDING
    assert claim_next(dispatch.pk) is None
    settle(another, SENT, b"bytes")
    assert _state(late.delivery) == State.SENT


def test_i11_a_temporary_failure_is_tried_five_times_and_then_failed(dispatch: Dispatch) -> None:
    with declared(WORKER):
        dispatch.deliveries.filter(number__gt=1).update(state=State.STOPPED)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        held = claim_next(dispatch.pk)
        assert held is not None
        settle(held, NOT_NOW)
        assert claim_next(dispatch.pk) is None, "it is tried again at once"
        assert _state(held.delivery) == (State.QUEUED if attempt < MAX_ATTEMPTS else State.FAILED)
        with declared(WORKER):
            dispatch.deliveries.update(not_before=given.an_hour_ago())
    assert finish_if_done(dispatch.pk)


def test_i11_nobody_is_told_the_same_thing_by_two_dispatches(case: given.Case, dispatch: Dispatch) -> None:
    with pytest.raises(RuleBroken, match="on its way already"):
        _prepared(case, dispatch.version_id)
    with pytest.raises(Stale, match="not waiting to start"):
        _started(case, dispatch)


def test_i12_a_dispatch_of_another_case_is_not_there(case: given.Case, dispatch: Dispatch) -> None:
    other = given.Case()
    handler = given.actor(other.handler)
    with pytest.raises(RuleBroken, match="no such dispatch"):
        stop_dispatch(handler, other.incident.pk, dispatch_id=dispatch.pk)
    with pytest.raises(RuleBroken, match="not approved"):
        prepare_dispatch(handler, other.incident.pk, version_id=dispatch.version_id)
    delivery = dispatch.deliveries.order_by("number")[0]
    with pytest.raises(Stale, match="no such delivery"):
        resolve_doubt(handler, other.incident.pk, delivery_id=delivery.pk, send_again=True)
    with pytest.raises(Refused):
        stop_dispatch(handler, case.incident.pk, dispatch_id=dispatch.pk)


def test_i5_the_implicated_director_neither_pauses_nor_stops(case: given.Case, dispatch: Dispatch) -> None:
    case.keep_out(case.director)
    with pytest.raises(Refused, match="involved"):
        stop_dispatch(given.actor(case.director), case.incident.pk, dispatch_id=dispatch.pk)


class FullOnce(SMTP):
    """A server that has no room for the first message and says so before it takes the text."""

    refused = 0

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        if FullOnce.refused == 0:
            FullOnce.refused = 1
            await self.push("452 4.3.1 no room")
            return
        await super().smtp_DATA(arg)


class Kept:
    def __init__(self) -> None:
        self.recipients: list[list[str]] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 kept"


@contextmanager
def _server(kept: Kept) -> Iterator[int]:
    class Server(Controller):
        def factory(self) -> SMTP:
            return FullOnce(self.handler)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    server = Server(kept, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield port
    finally:
        server.stop()


def test_i3_a_refused_text_does_not_harm_the_message_after_it() -> None:
    kept = Kept()
    FullOnce.refused = 0
    with _server(kept) as port:
        transport = SmtpTransport(EmailBackend(host="127.0.0.1", port=port))
        outcomes = [transport.send("a@example.org", f"{name}@example.org", b"Subject: x\r\n\r\nx") for name in "bc"]
        transport.close()
    assert [one.kind for one in outcomes] == [Outcome.Kind.TEMPORARY, Outcome.Kind.SENT]
    assert kept.recipients == [["c@example.org"]]


def test_i11_a_server_that_is_not_there_is_a_temporary_failure() -> None:
    transport = SmtpTransport(EmailBackend(host="127.0.0.1", port=1, timeout=1))
    outcome = transport.send("a@example.org", "b@example.org", b"Subject: x\r\n\r\nx")
    assert outcome == Outcome(Outcome.Kind.TEMPORARY, "no connection")


def test_i11_what_failed_is_tried_again_and_what_was_sent_is_not(case: given.Case, dispatch: Dispatch) -> None:
    sent = claim_next(dispatch.pk)
    assert sent is not None
    settle(sent, SENT, b"bytes")
    while (held := claim_next(dispatch.pk)) is not None:
        settle(held, Outcome(Outcome.Kind.PERMANENT, "550"))
    finish_if_done(dispatch.pk)
    handler = given.actor(case.handler)
    tried = retry_failed(handler, case.incident.pk, dispatch_id=dispatch.pk)
    assert tried == dispatch.deliveries.count() - 1
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.RUNNING
    assert set(dispatch.deliveries.exclude(pk=sent.delivery.pk).values_list("state", "attempts")) == {
        (State.QUEUED, 0)
    }
    assert _state(sent.delivery) == State.SENT
    with pytest.raises(Stale, match="nothing to try again"):
        retry_failed(handler, case.incident.pk, dispatch_id=dispatch.pk)


def test_i5_the_kept_out_try_nothing_again(case: given.Case, dispatch: Dispatch) -> None:
    case.keep_out(case.handler)
    with pytest.raises(Refused):
        retry_failed(given.actor(case.handler), case.incident.pk, dispatch_id=dispatch.pk)
