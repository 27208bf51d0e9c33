"""Every door of the house and who gets through it (I5, I12): a route without a line here fails."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
import pytest

from breachcase.accounts.models import Person
from incidents.models import EvidenceItem
from incidents.services.decisions import record_awareness
from notifications.models import Delivery, Dispatch, RegulatorReport, WordingVersion
from notifications.queries.wordings import findings_of
from notifications.services.dispatches import prepare_dispatch
from notifications.services.reports import prepare_report
from notifications.services.wordings import approve_wording, ask_for_approval, revise_wording, write_wording
from notifications.wording.starters import STARTERS
from tests import given

pytestmark = pytest.mark.django_db

READERS = {"dpo", "handler", "approver", "counsel", "auditor"}
NOT_APPROVER = READERS - {"approver"}

CASE_DOORS: dict[str, set[str]] = {
    "incidents:detail": READERS,
    "incidents:clock_line": READERS,
    "incidents:facts": READERS,
    "incidents:people": NOT_APPROVER,
    "incidents:people_find": NOT_APPROVER,
    "incidents:people_export": {"dpo"},
    "incidents:person": NOT_APPROVER,
    "incidents:members": READERS,
    "incidents:member_remove": READERS,
    "incidents:evidence": READERS,
    "incidents:evidence_item": READERS,
    "incidents:evidence_file": READERS,
    "incidents:who": READERS,
    "incidents:involvement": READERS,
    "incidents:involvement_withdraw": READERS,
    "incidents:attribution": READERS,
    "incidents:clock": READERS,
    "incidents:awareness": READERS,
    "incidents:fulfil": READERS,
    "incidents:decisions": READERS,
    "incidents:decision": READERS,
    "incidents:advice": READERS,
    "incidents:close": READERS,
    "incidents:reopen": READERS,
    "incidents:measures": READERS,
    "incidents:measure": READERS,
    "incidents:measure_done": READERS,
    "incidents:measure_drop": READERS,
    "incidents:history": READERS,
    "incidents:history_fields": READERS,
    "notifications:telling": READERS,
    "notifications:wording_new": READERS,
    "notifications:wording": READERS,
    "notifications:wording_edit": READERS,
    "notifications:ask": READERS,
    "notifications:approve": READERS,
    "notifications:send_back": READERS,
    "notifications:prepare": READERS,
    "notifications:dispatch": READERS,
    "notifications:dispatch_act": READERS,
    "notifications:resolve": READERS,
    "notifications:reports": READERS,
    "notifications:report": READERS,
    "notifications:report_pdf": READERS,
    "notifications:sign_off": READERS,
    "notifications:file": READERS,
}
"""Who may come in; what each may do behind it is the policy table's affair (tests/unit/incidents/test_access.py)."""
POST_ONLY = {"incidents:people_find", "incidents:people_export", "notifications:send_back"}
ELSEWHERE = {
    "incidents:list", "incidents:clocks", "incidents:create", "incidents:check_message", "incidents:mine",
    "accounts:people", "accounts:person", "accounts:person_role", "accounts:invitation_withdraw", "accounts:profile",
    "accounts:delegations", "accounts:sessions", "accounts:delegation_end", "accounts:join", "accounts:demonstration",
    "web:healthz", "web:draft", "web:status",
}  # fmt: skip
"""Doors that belong to no case; each has tests of its own."""


@dataclass(frozen=True)
class House:
    case: given.Case
    item: EvidenceItem
    version: WordingVersion
    dispatch: Dispatch
    delivery: Delivery
    report: RegulatorReport

    def url(self, route: str, incident_id: UUID) -> str:
        case = self.case
        measure = case.incident.measures.get()
        extra: dict[str, list[object]] = {
            "incidents:person": [case.incident.data_subjects.order_by("number")[0].pk],
            "incidents:member_remove": [case.counsel.pk],
            "incidents:evidence_item": [self.item.pk],
            "incidents:evidence_file": [self.item.pk],
            "incidents:involvement_withdraw": [case.director.pk],
            "incidents:attribution": ["account"],
            "incidents:fulfil": [case.incident.obligations.get(rule="uk-gdpr-33-1").pk],
            "incidents:decision": ["notify_authority"],
            "incidents:advice": ["notify_authority"],
            "incidents:measure_done": [measure.pk],
            "incidents:measure_drop": [measure.pk],
            "notifications:wording": [self.version.wording_id],
            "notifications:wording_edit": [self.version.wording_id],
            "notifications:ask": [self.version.pk],
            "notifications:approve": [self.version.pk],
            "notifications:send_back": [self.version.pk],
            "notifications:prepare": [self.version.pk],
            "notifications:dispatch": [self.dispatch.pk],
            "notifications:dispatch_act": [self.dispatch.pk, "start"],
            "notifications:resolve": [self.delivery.pk, "again"],
            "notifications:report": [self.report.pk],
            "notifications:report_pdf": [self.report.pk],
            "notifications:sign_off": [self.report.pk],
            "notifications:file": [self.report.pk],
        }
        return reverse(route, args=[incident_id, *extra.get(route, [])])


@pytest.fixture
def house() -> House:
    case = given.Case(with_message=True)
    case.keep_out(case.director)
    handler = given.actor(case.handler)
    given.a_measure(case)
    record_awareness(
        given.actor(case.dpo), case.incident.pk, aware_at=given.an_hour_ago(), time_zone="UTC", reasons=given.REASONS
    )
    text = STARTERS["apology"].text
    version = write_wording(handler, case.incident.pk, title="Apology", text=text)
    answers = {one.code: "Read by two people." for one in findings_of(version)}
    if answers:
        version = revise_wording(
            handler, case.incident.pk, wording_id=version.wording_id, based_on=1, text=text, answers=answers
        )
    ask_for_approval(handler, case.incident.pk, version_id=version.pk)
    approve_wording(given.actor(case.approver), case.incident.pk, version_id=version.pk, sha256=version.sha256)
    dispatch = prepare_dispatch(handler, case.incident.pk, version_id=version.pk)
    duty = case.incident.obligations.get(rule="uk-gdpr-33-1")
    report = prepare_report(handler, case.incident.pk, obligation_id=duty.pk, phase=RegulatorReport.Phase.INITIAL)
    item = case.incident.evidence_items.get()
    return House(case, item, version, dispatch, dispatch.deliveries.order_by("number")[0], report)


def _answer(person: Person | None, route: str, url: str) -> int:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client.post(url).status_code if route in POST_ONLY else client.get(url).status_code


def test_i12_every_route_has_a_line() -> None:
    def names(patterns, space: str = "") -> set[str]:
        found = set()
        for one in patterns:
            if isinstance(one, URLResolver):
                found |= names(one.url_patterns, f"{one.namespace}:" if one.namespace else space)
            elif isinstance(one, URLPattern) and one.name:
                found.add(f"{space}{one.name}")
        return found

    ours = {
        name
        for name in names(get_resolver().url_patterns)
        if name.partition(":")[0] in {"incidents", "notifications", "accounts", "web"}
    }
    assert ours == set(CASE_DOORS) | ELSEWHERE


def test_i12_each_role_gets_through_its_doors_and_no_other(house: House) -> None:
    wrong = []
    for route, open_to in CASE_DOORS.items():
        url = house.url(route, house.case.incident.pk)
        for role in READERS:
            status = _answer(getattr(house.case, role), route, url)
            expected = {200, 302, 303, 404, 409, 422} if role in open_to else {403}
            if status not in expected or (role in open_to and status == 404 and route != "incidents:people_find"):
                wrong.append((route, role, status))
    assert wrong == []


def test_i12_whoever_has_not_been_let_in_gets_what_they_get_for_no_case_at_all(house: House) -> None:
    stranger = given.a_person(given.an_organisation(), given.Role.DPO)
    colleague = given.a_person(house.case.organisation, given.Role.HANDLER)
    wrong = []
    for route in CASE_DOORS:
        for person in (stranger, colleague, house.case.administrator, house.case.reporter):
            there = _answer(person, route, house.url(route, house.case.incident.pk))
            nowhere = _answer(person, route, house.url(route, uuid4()))
            if (there, nowhere) != (404, 404):
                wrong.append((route, person.name, there, nowhere))
    assert wrong == []


def test_i12_the_two_answers_are_the_same_to_the_letter(house: House) -> None:
    client = Client()
    client.force_login(given.a_person(given.an_organisation(), given.Role.DPO))
    there = client.get(house.url("incidents:detail", house.case.incident.pk))
    nowhere = client.get(house.url("incidents:detail", uuid4()))
    assert given.without_tokens(there.text) == given.without_tokens(nowhere.text)


def test_i5_the_director_is_led_to_the_page_that_says_so(house: House) -> None:
    mine = reverse("incidents:mine", args=[house.case.incident.pk])
    wrong = []
    for route in CASE_DOORS:
        client = Client()
        client.force_login(house.case.director)
        url = house.url(route, house.case.incident.pk)
        response = client.post(url) if route in POST_ONLY else client.get(url)
        if (response.status_code, response.headers.get("Location")) != (302, mine):
            wrong.append((route, response.status_code))
    assert wrong == []
    client = Client()
    client.force_login(house.case.director)
    page = client.get(mine).text
    assert "You are recorded as involved in this breach" in page
    assert "Dana Okafor" in page
    assert house.case.incident.title not in page


def test_i12_lists_search_and_clocks_show_nothing_of_other_cases(house: House) -> None:
    for person in (
        given.a_person(given.an_organisation(), given.Role.DPO),
        house.case.director,
        house.case.administrator,
    ):
        client = Client()
        client.force_login(person)
        for url in ("/", "/?search=visible", "/clocks/"):
            assert house.case.incident.title not in client.get(url).text


def test_without_signing_in_every_door_leads_to_the_sign_in_page(house: House) -> None:
    for route in CASE_DOORS:
        assert _answer(None, route, house.url(route, house.case.incident.pk)) == 302
