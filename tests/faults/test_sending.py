"""I11: kill the sender at any moment; each message ends as sent, failed or in doubt, and none is sent twice."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
import os
from pathlib import Path
import random
import signal
import socket
import subprocess
import sys
import time

from django.utils import timezone
import pytest

from breachcase.embedded import mail
from breachcase.web import bells
from notifications.models import Delivery, Dispatch
from notifications.queries.wordings import findings_of
from notifications.services.deliveries import doubt_abandoned
from notifications.services.dispatches import prepare_dispatch, start_dispatch
from notifications.services.sending import send_all_due
from notifications.services.wordings import approve_wording, ask_for_approval, revise_wording, write_wording
from notifications.wording.starters import STARTERS
from tests import given

PEOPLE = 120
KILLS = 4
SENDER = (
    "import django; django.setup();"
    "from uuid import UUID; from django.conf import settings; import sys;"
    "settings.EMAIL_PORT = int(sys.argv[2]);"
    "from notifications.services.sending import send_all_due; send_all_due(UUID(sys.argv[1]))"
)


@pytest.fixture
def outbox(tmp_path: Path, settings) -> Iterator[Path]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = free.getsockname()[1]
    server = mail.controller(settings.EMAIL_PORT, tmp_path / "outbox")
    server.start()
    yield tmp_path / "outbox"
    server.stop()


def _running_dispatch() -> Dispatch:
    case = given.Case(with_message=True, people=PEOPLE)
    handler, incident_id = given.actor(case.handler), case.incident.pk
    text = STARTERS["apology"].text
    version = write_wording(handler, incident_id, title="Apology", text=text)
    answers = {one.code: "Read by two people." for one in findings_of(version)}
    if answers:
        version = revise_wording(
            handler, incident_id, wording_id=version.wording_id, based_on=1, text=text, answers=answers
        )
    ask_for_approval(handler, incident_id, version_id=version.pk)
    approve_wording(given.actor(case.approver), incident_id, version_id=version.pk, sha256=version.sha256)
    dispatch = prepare_dispatch(handler, incident_id, version_id=version.pk)
    return start_dispatch(handler, incident_id, dispatch_id=dispatch.pk)


def _sent_ids(outbox: Path) -> Counter[str]:
    return Counter(str(message_from_bytes(path.read_bytes())["Message-ID"]) for path in outbox.glob("*.eml"))


def test_i11_a_sender_killed_at_any_moment_loses_nothing_and_sends_nothing_twice(
    process_environment: dict[str, str], outbox: Path, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bells, "ring_now", lambda task, **ids: None)
    dispatch = _running_dispatch()
    chance = random.Random(11)
    for _ in range(KILLS):
        before = len(_sent_ids(outbox))
        command = [sys.executable, "-c", SENDER, str(dispatch.pk), str(settings.EMAIL_PORT)]
        sender = subprocess.Popen(command, env=process_environment)
        until = time.monotonic() + 30
        while len(_sent_ids(outbox)) == before and sender.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.06))
        os.kill(sender.pid, signal.SIGKILL)
        sender.wait()
    doubtful = doubt_abandoned(older_than=timedelta(0))
    assert doubtful <= KILLS
    send_all_due(dispatch.pk)
    ended = Counter(dispatch.deliveries.values_list("state", flat=True))
    assert ended[Delivery.State.SENT] + ended[Delivery.State.IN_DOUBT] == PEOPLE
    assert ended[Delivery.State.IN_DOUBT] == doubtful
    arrived = _sent_ids(outbox)
    assert max(arrived.values()) == 1
    known = set(dispatch.deliveries.filter(state=Delivery.State.SENT).values_list("message_id", flat=True))
    assert known <= set(arrived)
    assert set(arrived) - known <= set(
        dispatch.deliveries.filter(state=Delivery.State.IN_DOUBT).values_list("message_id", flat=True)
    )


def test_i11_a_claim_that_is_still_fresh_is_not_put_in_doubt(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bells, "ring_now", lambda task, **ids: None)
    dispatch = _running_dispatch()
    from notifications.services.deliveries import claim_next

    claimed = claim_next(dispatch.pk)
    assert claimed is not None
    assert claimed.delivery.claimed_at is not None
    assert claimed.delivery.claimed_at <= timezone.now()
    assert doubt_abandoned() == 0


def test_a_mail_server_that_is_down_costs_an_attempt_and_nothing_else(
    fresh_database: str, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bells, "ring_now", lambda task, **ids: None)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = closed.getsockname()[1]
    dispatch = _running_dispatch()
    assert send_all_due(dispatch.pk) == 0
    states = Counter(dispatch.deliveries.values_list("state", flat=True))
    assert states == {Delivery.State.QUEUED: PEOPLE}
    assert set(dispatch.deliveries.values_list("attempts", flat=True)) == {1}
    assert not dispatch.deliveries.filter(not_before__lte=timezone.now()).exists()
