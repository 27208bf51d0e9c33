"""Looking is on record, exports need a right of their own, and unusually much of either raises the alarm."""

from django.core import mail
from django.test import Client
from django.urls import reverse
import pytest

from breachcase.errors import Refused
from breachcase.ledger.models import Entry
from breachcase.web import bells
from incidents.access import Action
from incidents.models import Reading
from incidents.services import reading
from incidents.services.alarms import alarm_unusual_reading
from incidents.services.people import csv_lines, export_people
from tests import given

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> given.Case:
    return given.Case(with_message=True)


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    heard: list[str] = []
    monkeypatch.setattr(bells, "ring_now", lambda task, **ids: heard.append(task))
    return heard


def _client(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_each_look_is_on_record(case: given.Case) -> None:
    handler = _client(case.handler)
    person = case.incident.data_subjects.order_by("number")[0]
    item = case.incident.evidence_items.get()
    handler.get(reverse("incidents:people", args=[case.incident.pk]))
    handler.get(reverse("incidents:person", args=[case.incident.pk, person.pk]))
    handler.get(reverse("incidents:evidence_item", args=[case.incident.pk, item.pk]))
    seen = list(Reading.objects.order_by("id").values_list("what", "rows", "read_by_id"))
    assert seen == [
        (Reading.What.PEOPLE, 12, case.handler.pk),
        (Reading.What.DATA_SUBJECT, 1, case.handler.pk),
        (Reading.What.EVIDENCE, 1, case.handler.pk),
    ]


def test_the_file_comes_out_as_it_went_in_and_as_a_download(case: given.Case) -> None:
    item = case.incident.evidence_items.get()
    answer = _client(case.auditor).get(reverse("incidents:evidence_file", args=[case.incident.pk, item.pk]))
    assert answer.getvalue() == given.offending_message(people=12)
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_i13_an_export_is_on_record_before_it_leaves_and_for_the_dpo_alone(case: given.Case) -> None:
    with pytest.raises(Refused):
        export_people(given.actor(case.handler), case.incident.pk)
    rows = export_people(given.actor(case.dpo), case.incident.pk)
    assert Entry.objects.filter(action="export_people", payload='{"rows":12}').exists()
    lines = list(csv_lines(case.incident.pk, rows))
    assert len(lines) == 13


def test_unusually_much_rings_once_and_tells_each_dpo_alone(
    case: given.Case, rung: list[str], django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for rows in (300, 150, 60, 60):
            reading.record_reading(
                given.actor(case.handler), case.incident.pk, Action.READ_PEOPLE,
                what=Reading.What.PEOPLE, subject_id=case.incident.pk, rows=rows,
            )  # fmt: skip
    assert rung.count("incidents.alarm_unusual_reading") == 1
    alarm_unusual_reading(Reading.objects.order_by("-id")[0].pk)
    assert [message.to for message in mail.outbox] == [[case.dpo.email]]
    assert "@example" not in mail.outbox[0].body
