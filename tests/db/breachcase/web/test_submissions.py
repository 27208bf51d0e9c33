"""Typed text is never lost, and a form sent twice does its work once."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.urls import reverse
import pytest

from breachcase.web.submissions import draft_of, mark_of
from incidents.models import Incident
from tests import given

FORM = {"title": "A list went to everybody", "narrative": "", "zone": "UTC"}


def _signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.django_db
def test_a_form_sent_twice_opens_one_case_and_leads_both_to_it() -> None:
    case = given.Case()
    client, token = _signed_in(case.dpo), str(uuid4())
    answers = [client.post(reverse("incidents:create"), {**FORM, "submission": token}) for _ in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert Incident.objects.filter(title=FORM["title"]).count() == 1


def test_a_double_click_opens_one_case(fresh_database: str) -> None:
    case = given.Case()
    token = str(uuid4())

    def send(_: int) -> str:
        try:
            answer = _signed_in(case.dpo).post(reverse("incidents:create"), {**FORM, "submission": token})
            return answer.headers["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(send, range(2))
    assert first == second
    assert Incident.objects.filter(title=FORM["title"]).count() == 1


@pytest.mark.django_db
def test_another_persons_token_spends_nothing() -> None:
    case = given.Case()
    token = str(uuid4())
    for person in (case.dpo, case.handler):
        _signed_in(person).post(reverse("incidents:create"), {**FORM, "submission": token})
    assert Incident.objects.filter(title=FORM["title"], opened_by=case.dpo).count() == 1


@pytest.mark.django_db
def test_what_was_typed_over_a_sign_out_stands_there_again() -> None:
    case = given.Case()
    page = reverse("incidents:create")
    answer = Client().post(page, {**FORM, "typed_by": mark_of(case.dpo.pk)})
    assert "kept=1" in answer.headers["Location"]
    assert draft_of(given.actor(case.dpo), page)["title"] == FORM["title"]
    assert FORM["title"] in _signed_in(case.dpo).get(page).text
    assert FORM["title"] not in _signed_in(case.handler).get(page).text


@pytest.mark.django_db
def test_a_forged_mark_keeps_nothing_for_anybody() -> None:
    case = given.Case()
    page = reverse("incidents:create")
    answer = Client().post(page, {**FORM, "typed_by": str(case.dpo.pk)})
    assert "kept" not in answer.headers["Location"]
    assert draft_of(given.actor(case.dpo), page) == {}


@pytest.mark.django_db
def test_a_draft_is_kept_while_typing_with_every_ticked_box_and_goes_with_the_sending() -> None:
    case = given.Case()
    client = _signed_in(case.handler)
    page = reverse("incidents:facts", args=[case.incident.pk])
    kept = client.post(
        reverse("web:draft"), {"draft_page": page, "types": ["confidentiality", "integrity"], "title": "T"}
    )
    assert kept.status_code == 200
    assert draft_of(given.actor(case.handler), page)["types"] == ["confidentiality", "integrity"]
    assert client.get(page).text.count("checked") == 2
    client.post(page, {"title": "T", "zone": "UTC", "version": "1", "submission": str(uuid4())})
    assert draft_of(given.actor(case.handler), page) == {}


@pytest.mark.django_db
def test_a_version_conflict_shows_both_and_keeps_what_was_typed() -> None:
    case = given.Case()
    client = _signed_in(case.handler)
    page = reverse("incidents:facts", args=[case.incident.pk])
    client.post(page, {"title": "Written first", "zone": "UTC", "version": "1"})
    answer = client.post(page, {"title": "Written second", "zone": "UTC", "version": "1"})
    assert answer.status_code == 409
    assert "Written first" in answer.text
    assert "Written second" in answer.text
