"""Joining, a passkey, a second factor and signing in again, in a browser under the pages' own policy."""

from collections.abc import Iterator
from io import StringIO
import re

from django.core.management import call_command
from playwright.sync_api import BrowserContext, Page, expect
import pytest

from tests.browser.people import faults_of, overflows

PASSWORD = "correct horse battery staple"  # noqa: S105 - a test's own
EMAIL = "first@hill.example"
KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def link(site: str, settings) -> str:
    """Return the first administrator's join link, on the host name for which browsers make passkeys."""
    settings.DEMONSTRATION = False
    out = StringIO()
    call_command("make_administrator", "--organisation", "Hill", "--email", EMAIL, "--name", "First", stdout=out)
    [path] = re.findall(r"https?://[^/]+(/join/\S+/)", out.getvalue())
    return site.replace("127.0.0.1", "localhost") + str(path)


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """Open a page whose browser holds a security key; whatever the policy blocks fails the test."""
    page = context.new_page()
    page.set_default_timeout(8_000)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    yield page
    assert not [one for one in complaints if "status of 4" not in one]


def _join(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Join and sign in").click()
    expect(page).to_have_url(re.compile("/accounts/2fa/$"))


def _is_sound(page: Page) -> None:
    assert faults_of(page) == [], page.url
    assert not overflows(page), page.url


def test_an_administrator_joins_makes_a_passkey_and_signs_in_with_it(page: Page, link: str) -> None:
    _join(page, link)
    _is_sound(page)
    start = link.partition("/join/")[0]
    page.goto(f"{start}/accounts/2fa/webauthn/add/")
    _is_sound(page)
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(lambda url: not url.endswith("/add/"))
    _is_sound(page)
    page.goto(f"{start}/status/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Status")
    page.context.clear_cookies()
    page.goto(f"{start}/accounts/login/")
    _is_sound(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(re.compile(r"localhost:\d+/$"))
    page.goto(f"{start}/people/")
    expect(page.get_by_role("heading", level=1)).to_have_text("People")
    _is_sound(page)


def test_a_password_alone_does_not_sign_a_holder_of_a_passkey_in(page: Page, link: str) -> None:
    _join(page, link)
    start = link.partition("/join/")[0]
    page.goto(f"{start}/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(lambda url: not url.endswith("/add/"))
    page.context.clear_cookies()
    page.goto(f"{start}/accounts/login/")
    page.get_by_label("E-mail").or_(page.get_by_label("Email")).first.fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile("/accounts/2fa/authenticate/"))
    _is_sound(page)
    page.goto(f"{start}/people/")
    expect(page).to_have_url(re.compile("/accounts/2fa/authenticate/"))
