"""Requests that no page of ours would send: nothing breaks, nothing is shown, nothing is written."""

from uuid import uuid4

from django.test import Client
from django.urls import reverse
import pytest

from breachcase.ledger.models import Entry
from incidents.models import Decision, Involvement, Membership
from tests import given

pytestmark = pytest.mark.django_db

HOSTILE = [
    "&",
    "²",
    "٣",
    "\x00",
    "9" * 40,
    "-1",
    "'; DROP TABLE incidents_incident; --",
    "2026-01-01",
    "2026-01-01~x",
    "é" * 3000,
]
PAGES = {
    "incidents:list": ("q", "state", "before"),
    "incidents:people": ("after",),
    "incidents:history": ("before", "person", "action"),
    "incidents:history_fields": ("before",),
    "incidents:measure": ("proposal",),
    "notifications:wording_new": ("starter",),
}


@pytest.fixture
def case() -> given.Case:
    return given.Case(with_message=True)


def _client(person: given.Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize("route", sorted(PAGES))
def test_a_forged_address_gets_a_page_and_not_an_error(case: given.Case, route: str) -> None:
    client = _client(case.dpo)
    url = reverse(route, args=[] if route == "incidents:list" else [case.incident.pk])
    for name in PAGES[route]:
        for value in [*HOSTILE, f"2026-01-01~{uuid4()}"]:
            assert client.get(url, {name: value}).status_code == 200, (name, value)


def test_a_forged_address_of_the_people_page_is_no_error(case: given.Case) -> None:
    client = _client(case.administrator)
    for value in HOSTILE:
        assert client.get(reverse("accounts:people"), {"after": value}).status_code == 200, value


def test_a_forged_search_for_a_person_finds_nobody(case: given.Case) -> None:
    client = _client(case.dpo)
    for value in ["", *HOSTILE, "@", "a@"]:
        answer = client.post(reverse("incidents:people_find", args=[case.incident.pk]), {"email": value})
        assert answer.status_code == 404, value


FORMS = {
    "incidents:decision": ("notify_authority",),
    "incidents:advice": ("notify_authority",),
    "incidents:involvement": (),
    "incidents:awareness": (),
    "incidents:members": (),
    "incidents:close": (),
}


@pytest.mark.parametrize("role", ["auditor", "counsel"])
def test_i12_a_form_sent_without_the_role_is_refused_and_writes_nothing(case: given.Case, role: str) -> None:
    filled = {
        "confirmed": "1", "affirmative": "yes", "reasons": given.REASONS, "person": str(case.handler.pk),
        "kind": "cause", "at": "2026-01-01T10:00", "zone": "Europe/London",
    }  # fmt: skip
    before = (Decision.objects.count(), Involvement.objects.count(), Membership.objects.count())
    for route, more in FORMS.items():
        answer = _client(getattr(case, role)).post(reverse(route, args=[case.incident.pk, *more]), filled)
        assert answer.status_code == 403, route
    assert (Decision.objects.count(), Involvement.objects.count(), Membership.objects.count()) == before


def test_i12_identifiers_of_another_case_open_nothing(case: given.Case) -> None:
    """A handler of two cases who mixes the address of one with the identifiers of the other."""
    other = given.Case(with_message=True)
    measure = given.a_measure(other)
    item = other.incident.evidence_items.get()
    person = other.incident.data_subjects.order_by("number")[0]
    duty = other.incident.obligations.order_by("rule")[0]
    client = _client(case.dpo)
    for route, pk in (
        ("incidents:evidence_item", item.pk),
        ("incidents:evidence_file", item.pk),
        ("incidents:person", person.pk),
        ("incidents:measure_done", measure.pk),
        ("incidents:measure_drop", measure.pk),
        ("incidents:fulfil", duty.pk),
    ):
        assert client.get(reverse(route, args=[case.incident.pk, pk])).status_code == 404, route


def test_i12_a_stranger_cannot_be_let_in_or_blamed(case: given.Case) -> None:
    stranger = given.a_person(given.an_organisation(), given.Role.HANDLER)
    client = _client(case.dpo)
    filled = {"person": str(stranger.pk), "kind": "cause", "reasons": given.REASONS, "confirmed": "1"}
    for route in ("incidents:members", "incidents:involvement"):
        assert client.post(reverse(route, args=[case.incident.pk]), filled).status_code == 422
    assert not Membership.objects.filter(person=stranger).exists()
    assert not Involvement.objects.filter(person=stranger).exists()


def test_i10_the_reasons_for_showing_somebody_out_stay_out_of_the_ledger(case: given.Case) -> None:
    said = "Amira Haddad complained about her, and she is to be heard first."
    url = reverse("incidents:member_remove", args=[case.incident.pk, case.counsel.pk])
    assert _client(case.dpo).post(url, {"reasons": said}).status_code == 303
    left = Membership.objects.get(person=case.counsel, incident=case.incident)
    assert (left.left_because, left.left_at is not None) == (said, True)
    assert not Entry.objects.filter(payload__contains="Amira").exists()
