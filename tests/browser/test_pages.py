"""What every page has: no fault that axe can find, nothing wider than a phone, nothing that the policy refuses."""

from playwright.sync_api import Browser, FilePayload, expect
import pytest

from breachcase.accounts.actor import Actor
from breachcase.web import bells
from incidents.models import Incident
from notifications.models import RegulatorReport, WordingVersion
from notifications.services.reports import prepare_report
from notifications.story import steps
from notifications.story.people import cast
from tests import given
from tests.browser.people import Person, faults_of, overflows

ROOMS = (
    "", "facts/", "people/", "evidence/", "who/", "who/account/", "who/involvement/", "clock/", "clock/awareness/",
    "decisions/", "decisions/notify_authority/", "advice/notify_authority/", "telling/",
    "telling/new/?starter=apology", "report/", "measures/", "measures/new/", "access/", "history/",
    "history/fields/", "close/",
)  # fmt: skip
OTHERS = ("/", "/cases/new/", "/clocks/", "/profile/", "/delegations/", "/sessions/", "/accounts/2fa/")


@pytest.fixture
def incident(site: str, monkeypatch: pytest.MonkeyPatch) -> Incident:
    """A case in the middle: facts, awareness, decisions, a wording approved, a report as a draft."""
    monkeypatch.setattr(bells, "ring_now", lambda task, **ids: None)
    monkeypatch.setattr(steps, "offending_message", lambda: given.offending_message(people=20))
    people = cast()
    incident = steps.log_from_message(people)
    steps.establish(people, incident)
    steps.assess_and_decide(people, incident)
    steps.measures(people, incident, done=False)
    steps.write_and_approve(people, incident)
    handler: Actor = people.actor("handler")
    duty = incident.obligations.get(rule="uk-gdpr-33-1")
    prepare_report(handler, incident.pk, obligation_id=duty.pk, phase=RegulatorReport.Phase.INITIAL)
    return incident


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_every_page_is_sound(browser: Browser, site: str, incident: Incident, width: int, scheme: str) -> None:
    robin = Person(browser, site, "Robin Mills", viewport={"width": width, "height": 900}, color_scheme=scheme)
    version = WordingVersion.objects.order_by("-number")[0]
    report = incident.reports.get()
    case = f"/cases/{incident.pk}/"
    paths = [*OTHERS, *(f"{case}{room}" for room in ROOMS)]
    paths += [f"{case}telling/{version.wording_id}/", f"{case}report/{report.pk}/",
              f"{case}telling/versions/{version.pk}/approve/"]  # fmt: skip
    wrong: dict[str, object] = {}
    for path in paths:
        page = robin.go(path)
        found = faults_of(page)
        if overflows(page):
            found.append("wider than its window")
        if page.locator("h1").count() != 1:
            found.append("not one h1")
        if found:
            wrong[path.removeprefix(case)] = found
    assert wrong == {}
    assert robin.complaints == []


def test_a_breach_is_logged_without_javascript(browser: Browser, site: str) -> None:
    cast()
    dana = Person(browser, site, "Dana Okafor", java_script_enabled=False)
    dana.go("/cases/new/")
    dana.write("In one sentence, what happened?", "A bag with one paper list was stolen")
    dana.press("Open the case")
    expect(dana.page.locator("h1")).to_have_text("A bag with one paper list was stolen")


def test_a_breach_is_logged_with_the_keyboard_alone(browser: Browser, site: str) -> None:
    cast()
    dana = Person(browser, site, "Dana Okafor")
    page = dana.go("/cases/new/")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "title":
            break
    page.keyboard.type("A letter went to the wrong house")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("A letter went to the wrong house")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(200), "could not be read as a message"),
        ("noise.eml", bytes(range(256)) * 8, "could not be read as a message"),
        ("empty.eml", b"", "empty"),
    ],
)
def test_a_file_that_is_no_message_gets_a_sentence(
    browser: Browser, site: str, name: str, content: bytes, sentence: str
) -> None:
    cast()
    dana = Person(browser, site, "Dana Okafor")
    dana.go("/cases/new/")
    file = FilePayload(name=name, mimeType="application/octet-stream", buffer=content)
    dana.page.locator("input[type=file]").first.set_input_files(file)
    dana.write("In one sentence, what happened?", "What I typed stays")
    dana.press("Open the case")
    expect(dana.page.locator("main")).to_contain_text(sentence)
    if name == "empty.eml":
        expect(dana.page.get_by_label("In one sentence, what happened?")).to_have_value("What I typed stays")


def test_a_moment_to_come_is_refused_and_what_was_typed_stays(browser: Browser, site: str, incident: Incident) -> None:
    dana = Person(browser, site, "Dana Okafor")
    dana.go(f"/cases/{incident.pk}/clock/awareness/")
    dana.write("When did the organisation become aware?", "2099-01-01T09:00")
    dana.write("Why this moment?", "It is a long way off, and yet we know.")
    dana.press("Record awareness")
    dana.press("Record awareness")
    dana.sees("This moment has not come yet")
    expect(dana.page.get_by_label("Why this moment?")).to_have_value("It is a long way off, and yet we know.")
