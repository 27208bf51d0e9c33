"""The reference story through the services, and what may not be found anywhere afterwards."""

from collections.abc import Iterator
import logging
from pathlib import Path
import re
import socket

from aiosmtpd.controller import Controller
from django.db import connection
import pytest

from breachcase.embedded import mail
from breachcase.ledger.models import Entry
from breachcase.web import bells
from incidents.demonstration.offending_message import offending_message, people_listed
from notifications.models import Delivery, DeliveryEvent, Dispatch
from notifications.services.dispatches import prepare_dispatch, start_dispatch
from notifications.services.sending import send_all_due
from notifications.story import steps
from notifications.story.people import Cast, cast

pytestmark = pytest.mark.django_db

PEOPLE = 40
rung: list[tuple[str, dict[str, str]]] = []


@pytest.fixture
def outbox(tmp_path: Path, settings) -> Iterator[Path]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = free.getsockname()[1]
    server: Controller = mail.controller(settings.EMAIL_PORT, tmp_path / "outbox")
    server.start()
    yield tmp_path / "outbox"
    server.stop()


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(steps, "offending_message", lambda: offending_message(people=PEOPLE))
    rung.clear()
    monkeypatch.setattr(bells, "ring_now", lambda task, **ids: rung.append((task, ids)))
    return cast()


def _story(people: Cast, capture) -> Dispatch:
    incident = steps.log_from_message(people)
    steps.establish(people, incident)
    steps.kept_out(people, incident)
    steps.assess_and_decide(people, incident)
    steps.measures(people, incident, done=True)
    version = steps.write_and_approve(people, incident)
    with capture(execute=True):
        dispatch = prepare_dispatch(people.actor("handler"), incident.pk, version_id=version.pk)
        start_dispatch(people.actor("handler"), incident.pk, dispatch_id=dispatch.pk)
    send_all_due(dispatch.pk)
    steps.report(people, incident)
    steps.close(people, incident)
    dispatch.refresh_from_db()
    return dispatch


def test_the_story_comes_out(people: Cast, outbox: Path, django_capture_on_commit_callbacks) -> None:
    dispatch = _story(people, django_capture_on_commit_callbacks)
    assert dispatch.state == Dispatch.State.FINISHED
    assert set(dispatch.deliveries.values_list("state", flat=True)) == {Delivery.State.SENT}
    assert len(list(outbox.glob("*.eml"))) == PEOPLE == dispatch.deliveries.count()
    dispatch.incident.refresh_from_db()
    assert dispatch.incident.state == "closed"


def test_i3_each_message_has_one_addressee_and_i4_the_approved_words(
    people: Cast, outbox: Path, django_capture_on_commit_callbacks
) -> None:
    dispatch = _story(people, django_capture_on_commit_callbacks)
    from email import message_from_bytes
    from email.utils import getaddresses
    from hashlib import sha256

    sent = [path.read_bytes() for path in outbox.glob("*.eml")]
    recipients = set()
    for raw in sent:
        message = message_from_bytes(raw)
        assert message.get_all("Cc") is None
        assert message.get_all("Bcc") is None
        found = getaddresses(message.get_all("To") or [])
        assert len(found) == 1
        recipients.add(str(message["To"]))
        assert b"cannot work" in raw
    assert len(recipients) == PEOPLE
    hashes = set(dispatch.deliveries.values_list("message_sha256", flat=True))
    assert {sha256(raw).hexdigest() for raw in sent} == hashes
    assert DeliveryEvent.objects.filter(delivery__dispatch=dispatch, state="sent").count() == PEOPLE


def test_i10_no_data_subject_stands_anywhere_in_the_clear(
    people: Cast, outbox: Path, django_capture_on_commit_callbacks, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        _story(people, django_capture_on_commit_callbacks)
    listed = people_listed(PEOPLE)
    secrets = {one.email for one in listed} | {one.name for one in listed if len(one.name) > 6}
    colleagues = {person.email for person in people.people.values()} | {one.name for one in people.people.values()}
    pattern = re.compile("|".join(re.escape(one) for one in sorted(secrets - colleagues, key=len, reverse=True)))
    leaks = [where for where, text in _everything() if pattern.search(text)]
    assert leaks == []
    spoken = " ".join(
        record.getMessage() for record in caplog.records if not record.name.startswith(("mail", "asyncio"))
    )
    assert not pattern.search(spoken)
    assert rung
    assert all(re.fullmatch(r"[0-9a-f-]+", value) for _, ids in rung for value in ids.values())


def _everything() -> Iterator[tuple[str, str]]:
    """Every value of every table as text; bytes as what they would say in UTF-8."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
        )
        for table, column, kind in cursor.fetchall():
            if kind not in ("text", "character varying", "jsonb", "bytea", "tsvector"):
                continue
            read = f"encode({column}, 'escape')" if kind == "bytea" else f"{column}::text"
            cursor.execute(f'SELECT {read} FROM "{table}" WHERE {column} IS NOT NULL')  # noqa: S608 - names from the catalogue
            for (value,) in cursor.fetchall():
                yield f"{table}.{column}", value


def test_i13_what_left_is_on_record_with_its_hash(
    people: Cast, outbox: Path, django_capture_on_commit_callbacks
) -> None:
    dispatch = _story(people, django_capture_on_commit_callbacks)
    entries = {entry.action: entry.payload for entry in Entry.objects.filter(incident_id=dispatch.incident_id)}
    assert dispatch.version_sha256 in entries["prepare_dispatch"]
    assert '"sent":40' in entries["finish_dispatch"]
    assert "outcomes_sha256" in entries["finish_dispatch"]
    assert "pdf_sha256" in entries["render_report"]
    assert "pdf_sha256" in entries["record_filing"]


def test_i11_a_claimed_delivery_is_not_claimed_again_and_nothing_is_sent_twice(
    people: Cast, outbox: Path, django_capture_on_commit_callbacks
) -> None:
    dispatch = _story(people, django_capture_on_commit_callbacks)
    assert send_all_due(dispatch.pk) == 0
    assert len(list(outbox.glob("*.eml"))) == PEOPLE
