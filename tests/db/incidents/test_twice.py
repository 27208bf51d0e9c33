"""A form sent twice, two people at once, a page that stayed open: done once, refused plainly, nothing typed lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

from celery import current_app
from django.db import connection
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError
import pytest

from breachcase.errors import RuleBroken
from breachcase.ledger.verification import verify_chain
from incidents.models import Advice, Awareness, Decision, Incident, Question, Statement
from incidents.services.decisions import give_advice, record_awareness, record_decision
from incidents.services.involvement import record_involvement, withdraw_involvement
from incidents.services.members import remove_member
from notifications.models import Delivery
from notifications.services.dispatches import prepare_dispatch, start_dispatch
from tests import given

TELL = Question.NOTIFY_AUTHORITY


def _client(person: given.Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def _twice(act: Callable[[int], Any]) -> list[Any]:
    """Run ``act`` on two connections at once."""

    def alone(number: int) -> Any:
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(alone, range(2)))


def test_a_form_sent_twice_at_once_opens_one_case(fresh_database: str) -> None:
    case = given.Case()
    clients = [_client(case.dpo), _client(case.dpo)]
    form = {"title": "The lost stick", "submission": str(uuid4()), "zone": "Europe/London", "by_hand": "1"}
    answers = _twice(lambda number: clients[number].post(reverse("incidents:create"), form))
    assert [one.status_code for one in answers] == [303, 303]
    assert len({one.headers["Location"] for one in answers}) == 1
    assert Incident.objects.filter(title="The lost stick").count() == 1


@pytest.mark.django_db
def test_a_form_sent_again_leads_where_the_first_one_led() -> None:
    case = given.Case()
    url = reverse("incidents:mine", args=[case.incident.pk])
    form = {"text": "I was on leave that day.", "submission": str(uuid4())}
    case.keep_out(case.director)
    answers = [_client(case.director).post(url, form) for _ in range(3)]
    assert {(one.status_code, one.headers["Location"]) for one in answers} == {(303, url)}
    assert Statement.objects.count() == 1


@pytest.mark.django_db
def test_a_form_that_came_back_with_an_error_can_be_sent_again() -> None:
    case = given.Case()
    url = reverse("incidents:decision", args=[case.incident.pk, TELL])
    form = {"affirmative": "yes", "reasons": "short", "submission": str(uuid4()), "confirmed": "1"}
    client = _client(case.approver)
    assert client.post(url, form).status_code == 422
    assert client.post(url, {**form, "reasons": given.REASONS}).status_code == 303
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("what", ["decision", "advice", "awareness"])
def test_i7_two_at_once_leave_one_line_and_no_fork(fresh_database: str, what: str) -> None:
    case = given.Case()
    incident_id = case.incident.pk
    at = given.an_hour_ago()

    def act(number: int) -> object:
        if what == "decision":
            person = (case.approver, case.director)[number]
            return record_decision(
                given.actor(person), incident_id, question=TELL, affirmative=True, reasons=given.REASONS
            )
        if what == "advice":
            return give_advice(
                given.actor(case.dpo), incident_id, question=TELL, affirmative=True, reasons=given.REASONS
            )
        return record_awareness(
            given.actor(case.dpo), incident_id, aware_at=at.replace(microsecond=0) if number else given.an_hour_ago(),
            time_zone="UTC", reasons=given.REASONS,
        )  # fmt: skip

    case.incident.refresh_from_db()
    _twice(act)
    model: Any = {"decision": Decision, "advice": Advice, "awareness": Awareness}[what]
    assert model.objects.count() == 2
    assert model.objects.filter(superseded_by=None).count() == 1
    assert model.objects.filter(supersedes=None).count() == 1
    assert verify_chain(incident_id)[1] == []


def test_two_openings_at_once_never_share_a_number(fresh_database: str) -> None:
    case = given.Case()
    _twice(lambda number: given.a_case_of(case, title=f"Case {number}"))
    references = list(Incident.objects.values_list("reference", flat=True))
    assert len(set(references)) == len(references) == 3


def test_i5_two_handlers_who_accuse_each_other_at_once_leave_one_to_run_the_case(fresh_database: str) -> None:
    case = given.Case()
    pair, cause = (case.dpo, case.handler), given.Involvement.Kind.CAUSE

    def accuse(number: int) -> str:
        try:
            record_involvement(
                given.actor(pair[number]), case.incident.pk, person_id=pair[1 - number].pk, kind=cause,
                reasons=given.REASONS,
            )  # fmt: skip
        except Exception as error:  # noqa: BLE001 - its name is what is compared
            return type(error).__name__
        return "recorded"

    assert sorted(map(str, _twice(accuse))) == ["Refused", "recorded"]


@pytest.mark.django_db
def test_i12_the_last_who_can_run_the_case_is_neither_shown_out_nor_kept_out() -> None:
    case = given.Case()
    dpo = given.actor(case.dpo)
    remove_member(dpo, case.incident.pk, person_id=case.handler.pk, reasons=given.REASONS)
    with pytest.raises(RuleBroken, match="Nobody would be left"):
        remove_member(dpo, case.incident.pk, person_id=case.dpo.pk, reasons=given.REASONS)
    with pytest.raises(RuleBroken, match="Nobody would be left"):
        case.keep_out(case.dpo)


@pytest.mark.django_db
def test_i5_only_a_second_person_lets_somebody_in_again() -> None:
    case = given.Case()
    case.keep_out(case.director)
    page = reverse("incidents:detail", args=[case.incident.pk])
    with pytest.raises(RuleBroken, match="second person"):
        withdraw_involvement(
            given.actor(case.dpo), case.incident.pk, person_id=case.director.pk, reasons=given.REASONS
        )
    for kind in (given.Involvement.Kind.WITNESS, given.Involvement.Kind.WITHDRAWN):
        with pytest.raises(RuleBroken, match="second person"):
            record_involvement(
                given.actor(case.dpo), case.incident.pk, person_id=case.director.pk, kind=kind, reasons=given.REASONS
            )
    assert _client(case.director).get(page).status_code == 302
    withdraw_involvement(
        given.actor(case.handler), case.incident.pk, person_id=case.director.pk, reasons=given.REASONS
    )
    assert _client(case.director).get(page).status_code == 200


@pytest.mark.django_db
def test_a_version_conflict_keeps_what_was_typed_and_shows_both() -> None:
    case = given.Case()
    url = reverse("incidents:facts", args=[case.incident.pk])
    case.incident.refresh_from_db()
    seen = {"version": case.incident.version, "zone": "Europe/London", "narrative": "", "at": ""}
    first = _client(case.dpo).post(url, {**seen, "title": "The first one to save"})
    assert first.status_code == 303, first.text
    second = _client(case.handler).post(url, {**seen, "title": "What the second one typed"})
    assert second.status_code == 409
    assert "What the second one typed" in second.text
    assert "The first one to save" in second.text
    case.incident.refresh_from_db()
    assert case.incident.title == "The first one to save"


@pytest.mark.django_db
def test_what_was_typed_before_a_sign_out_is_there_after_the_next_sign_in() -> None:
    case = given.Case()
    url = reverse("incidents:decision", args=[case.incident.pk, TELL])
    client = _client(case.approver)
    draft = {"draft_page": url, "affirmative": "yes", "reasons": "Because the list was seen by all of them."}
    assert client.post(reverse("web:draft"), draft).status_code == 200
    client.logout()
    sent = client.post(url, {"affirmative": "yes", "reasons": "lost?", "confirmed": "1"}, headers={"referer": url})
    assert (sent.status_code, sent.headers["Location"].partition("?")[0]) == (302, reverse("account_login"))
    assert not Decision.objects.exists()
    assert draft["reasons"] in _client(case.approver).get(url).text
    assert draft["reasons"] not in _client(case.director).get(url).text


def test_i11_with_the_broker_down_a_case_is_opened_and_a_dispatch_waits(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object, **__: object) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(current_app, "send_task", down)
    case = given.Case(with_message=True)
    version = given.an_approved_version(case)
    handler = given.actor(case.handler)
    dispatch = prepare_dispatch(handler, case.incident.pk, version_id=version.pk)
    assert start_dispatch(handler, case.incident.pk, dispatch_id=dispatch.pk).state == "running"
    assert set(dispatch.deliveries.values_list("state", flat=True)) == {Delivery.State.QUEUED}
