"""Sending 1,500 messages to a sink on this machine, against a bare loop of smtplib with the same messages."""

from collections.abc import Iterator
from contextlib import contextmanager
import smtplib
import socket
import subprocess
import sys
import time

from django.test import override_settings
from django.utils import timezone

from breachcase.accounts.actor import WORKER
from breachcase.ledger.recording import declared
from breachcase.vault.keys import case_key
from incidents.queries.people import open_one
from notifications.models import Delivery, Dispatch
from notifications.queries.wordings import letter_of
from notifications.services.dispatches import prepare_dispatch, start_dispatch
from notifications.services.sending import send_all_due
from notifications.story.people import Cast, cast
from notifications.story.steps import write_and_approve
from tests.benchmarks.measure import Figure, in_turn
from tests.benchmarks.scratch import migrated
from tests.benchmarks.story import case_with

PEOPLE = 1_500
ROUNDS = 5
PATIENCE_SECONDS = 10


def figures() -> Iterator[Figure]:
    """Claim, open, render, send, settle: each message with its two commits; against handing over finished bytes."""
    with migrated("bench_sending"), _sink() as port, override_settings(EMAIL_PORT=port):
        dispatch = _dispatch(cast())
        letters = _letters(dispatch)

        def ours() -> None:
            _all_waiting(dispatch)
            if send_all_due(dispatch.pk) != PEOPLE:
                raise AssertionError("not every message was sent")

        times = in_turn(ours, lambda: _bare(port, dispatch.sender, letters), rounds=ROUNDS)
    yield Figure(
        name="sending",
        ours="send_all_due, 1,500 messages",
        ours_ms=times.ours_ms,
        base="smtplib, one connection, the same messages",
        base_ms=times.base_ms,
        ratio=times.ratio,
        rounds=ROUNDS,
    )


def _dispatch(people: Cast) -> Dispatch:
    incident = case_with(people, people=PEOPLE)
    version = write_and_approve(people, incident)
    dispatch = prepare_dispatch(people.actor("handler"), incident.pk, version_id=version.pk)
    return start_dispatch(people.actor("handler"), incident.pk, dispatch_id=dispatch.pk)


def _letters(dispatch: Dispatch) -> list[tuple[str, bytes]]:
    """Return address and finished bytes of each message, as the sender makes them."""
    key = case_key(dispatch.incident_id)
    found = []
    for delivery in dispatch.deliveries.select_related("data_subject").order_by("number"):
        person = open_one(key, delivery.data_subject)
        found.append((person.email, letter_of(dispatch, delivery, person, timezone.now())))
    return found


def _all_waiting(dispatch: Dispatch) -> None:
    """Put everything back as it was before the first message left."""
    with declared(WORKER):
        Delivery.objects.filter(dispatch=dispatch).update(
            state=Delivery.State.QUEUED, attempts=0, settled_at=None, message_sha256="", not_before=timezone.now()
        )
        Dispatch.objects.filter(pk=dispatch.pk).update(state=Dispatch.State.RUNNING, ended_at=None)


def _bare(port: int, sender: str, letters: list[tuple[str, bytes]]) -> None:
    with smtplib.SMTP("127.0.0.1", port) as connection:
        for address, letter in letters:
            connection.sendmail(sender, [address], letter, [] if address.isascii() else ["SMTPUTF8"])


@contextmanager
def _sink() -> Iterator[int]:
    """Run a mail server that forgets everything, in a process of its own; gives its port."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
    words = ["-m", "aiosmtpd", "-n", "-u", "-c", "aiosmtpd.handlers.Sink", "-l", f"127.0.0.1:{port}"]
    server = subprocess.Popen([sys.executable, *words])
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the sink does not answer")
