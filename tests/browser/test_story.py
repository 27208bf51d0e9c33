"""The reference story, done by people in browsers, from the message to the closed case."""

from collections.abc import Iterator
from pathlib import Path
import re
import socket

from playwright.sync_api import Browser, expect
import pytest

from breachcase.embedded import mail
from breachcase.web import bells
from incidents.demonstration.offending_message import offending_message
from incidents.models import Incident
from notifications.models import Dispatch
from notifications.services.sending import send_all_due
from notifications.story.people import cast
from tests.browser.people import Person

PEOPLE = 30
WHY = "Because it says so in the message that lies before us."


@pytest.fixture
def outbox(tmp_path: Path, settings) -> Iterator[Path]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = free.getsockname()[1]
    server = mail.controller(settings.EMAIL_PORT, tmp_path / "outbox")
    server.start()
    yield tmp_path / "outbox"
    server.stop()


@pytest.fixture
def quiet_bells(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test rings for the sender itself; the worker's own ringing has tests of its own (walk_through, faults)."""
    monkeypatch.setattr(bells, "ring_now", lambda task, **ids: None)


def test_the_story_from_the_message_to_the_closed_case(  # noqa: PLR0915 - one story, told once, in its order
    browser: Browser, site: str, outbox: Path, quiet_bells: None, tmp_path: Path
) -> None:
    people = cast()
    message = tmp_path / "newsletter.eml"
    message.write_bytes(offending_message(people=PEOPLE))

    dana = Person(browser, site, "Dana Okafor")
    dana.go("/cases/new/")
    dana.page.locator("input[type=file]").first.set_input_files(message)
    dana.press("Open the case")
    dana.sees("people to list")
    dana.write("In one sentence, what happened?", "Newsletter sent with every address in plain sight")
    dana.tick("What was read above is right, as far as I can tell")
    dana.press("Open the case")
    expect(dana.page.locator("h1")).to_have_text("Newsletter sent with every address in plain sight")
    incident = Incident.objects.get()
    case = f"/cases/{incident.pk}"
    assert incident.data_subjects.count() == PEOPLE

    for name in ("Robin Mills", "Alex Stone", "Victor Hale"):
        dana.go(f"{case}/access/")
        dana.page.get_by_label("Whom do you let in?").select_option(label=name)
        dana.press("Let in")

    robin = Person(browser, site, "Robin Mills")
    robin.go(f"{case}/who/account/")
    robin.write("Which account acted?", people.people["reporter"].email)
    robin.page.get_by_label("How certain is that?").select_option("established")
    robin.page.get_by_label("Evidence that shows it").select_option(index=1)
    robin.write("What shows it?", WHY)
    robin.press("Record")
    robin.sees(people.people["reporter"].email)

    dana.go(f"{case}/who/involvement/")
    dana.page.get_by_label("Whose part do you record?").select_option(label="Victor Hale")
    dana.tick("Caused it, or may have")
    dana.write("Why?", WHY)
    dana.press("Record involvement")
    dana.sees("Check before you go on")
    dana.press("Record involvement")
    dana.sees("Kept out")

    victor = Person(browser, site, "Victor Hale", viewport={"width": 390, "height": 800})
    victor.go(f"{case}/")
    expect(victor.page.locator("h1")).to_have_text("You are recorded as involved in this breach")
    victor.sees("Dana Okafor, data protection officer")
    victor.write("Your statement", "I did not mean to show anybody's address.")
    victor.press("Put on file")
    victor.sees("I did not mean to show anybody's address.")

    dana.go(f"{case}/clock/awareness/")
    noticed = dana.page.evaluate("new Date(Date.now() - 7200000).toISOString().slice(0, 16)")
    dana.write("When did the organisation become aware?", noticed)
    dana.page.get_by_label("Time zone").select_option("UTC")
    dana.write("Why this moment?", WHY)
    dana.press("Record awareness")
    dana.sees("It starts the clocks that run from awareness")
    dana.press("Record awareness")
    expect(dana.page.locator("#case-line .time-left")).to_contain_text("left")

    alex = Person(browser, site, "Alex Stone", viewport={"width": 390, "height": 800})
    for question in ("notify_authority", "inform_data_subjects"):
        dana.go(f"{case}/advice/{question}/")
        dana.tick("Yes, do it")
        dana.write("Why?", WHY)
        dana.press("Give this advice")
        dana.press("Give this advice")
        alex.go(f"{case}/decisions/{question}/")
        alex.sees(WHY)
        alex.tick("Yes, it is done")
        alex.write("Why?", WHY)
        alex.press("Record decision")
        alex.press("Record decision")

    robin.go(f"{case}/telling/new/?starter=apology")
    robin.press("Save version 1")
    robin.press("Ask for approval")
    robin.press("Ask for approval")
    robin.sees("Waiting for approval")
    alex.go("/")
    alex.page.get_by_role("link", name=re.compile("Approve “Apology")).first.click()
    alex.page.get_by_text("Send back with comments").click()
    alex.write("What should change?", "Say that a recall cannot work outside.")
    alex.press("Send back")
    alex.sees("Sent back")

    robin.go(f"{case}/telling/")
    robin.page.get_by_role("link", name="Apology to everybody on the list").first.click()
    robin.sees("Say that a recall cannot work outside.")
    robin.press("Change the text")
    robin.write("Subject line", "Your address was shown to other people")
    robin.press("Save version 2")
    robin.press("Ask for approval")
    robin.press("Ask for approval")
    alex.go("/")
    alex.page.get_by_role("link", name=re.compile("Approve “Apology")).first.click()
    alex.sees("Changed since version 1")
    alex.tick("I have read this letter to its end")
    alex.press("Approve and lock")
    alex.press("Approve and lock")
    alex.sees("Approved")

    robin.go(f"{case}/telling/")
    robin.page.get_by_role("link", name="Apology to everybody on the list").first.click()
    robin.press("Prepare to send")
    robin.press("Prepare the messages")
    robin.press("Start sending")
    robin.press("Send now")
    robin.press("Send now")
    dispatch = Dispatch.objects.get()
    robin.press("Pause")
    robin.press("Pause")
    robin.sees("Paused")
    robin.press("Resume sending")
    robin.press("Send now")
    robin.press("Send now")
    send_all_due(dispatch.pk)
    robin.page.reload()
    robin.sees("Finished")
    assert len(list(outbox.glob("*.eml"))) == PEOPLE

    robin.go(f"{case}/report/")
    robin.page.get_by_label(re.compile("ICO")).check()
    robin.tick("Initial")
    robin.press("Take a snapshot")
    with robin.page.expect_download() as draft:
        robin.page.get_by_role("link", name="Download the PDF").click()
    assert draft.value.suggested_filename.endswith("-draft.pdf")
    report = robin.page.url.removeprefix(site)
    dana.go(report)
    dana.press("Sign off")
    dana.page.get_by_label(re.compile("I have read the report")).check()
    dana.press("Sign off")
    dana.press("Sign off")
    dana.sees("Signed off, not filed")
    robin.go(report)
    robin.press("Record the filing")
    robin.write("When was it filed?", robin.page.evaluate("new Date(Date.now()).toISOString().slice(0, 16)"))
    robin.page.get_by_label("Time zone").select_option("UTC")
    robin.write("How?", "Online form")
    robin.write("The authority's reference", "IC-1")
    robin.press("Record the filing")
    robin.sees("IC-1")

    robin.go(f"{case}/measures/")
    robin.page.get_by_role("link", name=re.compile(r"Take this up\s*: Freeze")).click()
    robin.page.get_by_label("Who does it?").select_option(label="Robin Mills")
    robin.press("Add the measure")
    alex.go(f"{case}/close/")
    alex.sees("Still open, and keeping the case open")
    robin.go(f"{case}/measures/")
    robin.page.get_by_role("link", name=re.compile("Mark as done")).click()
    robin.write("What shows that it is done?", "The mailbox is on hold, see the ticket.")
    robin.press("Mark as done")
    for title in ("Document the breach", "Tell the data subjects"):
        robin.go(f"{case}/clock/")
        card = robin.page.locator("section.card", has=robin.page.get_by_role("heading", name=title, exact=True))
        card.get_by_role("link", name="Record as done").click()
        robin.write("When was it done?", robin.page.evaluate("new Date(Date.now()).toISOString().slice(0, 16)"))
        robin.page.get_by_label("Time zone").select_option("UTC")
        robin.write("How?", "It stands in this case.")
        robin.press("Record as done")
    alex.go(f"{case}/close/")
    alex.write("Why can the case be closed?", WHY)
    alex.press("Close the case")
    alex.press("Close the case")
    incident.refresh_from_db()
    assert incident.state == Incident.State.CLOSED

    dana.go(f"{case}/history/?action=approve_wording")
    dana.sees("approved version 2 of a wording")
    for person in (dana, robin, alex, victor):
        assert person.complaints == []
