"""The pages of sign-in and of accounts: their headers, nothing inline, and what is not told."""

from pathlib import Path
import re

from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
import pytest

from breachcase.accounts import invitations
from breachcase.accounts.models import Person
from breachcase.accounts.roles import Role
from breachcase.ledger.models import Entry
from tests import given

PASSWORD = "correct horse battery staple"  # noqa: S105 - a test's own
OUTSIDE = ["/accounts/login/", "/accounts/password/reset/", "/accounts/signup/", "/demonstration/", "/join/none/"]
INSIDE = [
    "/people/", "/profile/", "/delegations/", "/sessions/", "/status/", "/accounts/2fa/", "/accounts/logout/",
    "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/", "/accounts/2fa/webauthn/", "/accounts/sessions/",
    "/accounts/password/change/", "/accounts/reauthenticate/",
]  # fmt: skip
CLOSED_WORDS = ("impersonat", "hijack", "sudo", "login-as", "admin/", "superuser")


@pytest.fixture
def house(db: None) -> given.Case:
    return given.Case()


@pytest.fixture
def client_inside(house: given.Case) -> Client:
    """Sign the administrator in as the sign-in page does, so that pages which ask for a fresh proof open."""
    house.administrator.set_password(PASSWORD)
    house.administrator.save(update_fields=["password"])
    client = Client()
    client.post("/accounts/login/", {"login": house.administrator.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def _is_safe(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in {200, 410}, (path, answer.headers.get("Location"))
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert (answer.headers["X-Frame-Options"], answer.headers["X-Content-Type-Options"]) == ("DENY", "nosniff")
    page = answer.content.decode()
    scripts = re.findall(r"<script\b([^>]*)>", page)
    assert all("src=" in one or 'type="application/json"' in one for one in scripts), f"{path}: an inline script"
    assert not re.search(r"<style\b|<[^>]+\s(style|on[a-z]+)=", page), f"{path}: something inline"
    assert page.count("<h1") == 1, f"{path}: one heading"
    assert "BreachCase</title>" in page


@pytest.mark.parametrize("path", OUTSIDE)
def test_pages_before_sign_in_have_headers_and_nothing_inline(house: given.Case, path: str) -> None:
    _is_safe(Client(), path)


@pytest.mark.parametrize("path", INSIDE)
def test_pages_after_sign_in_have_headers_and_nothing_inline(client_inside: Client, path: str) -> None:
    _is_safe(client_inside, path)


def _routes(patterns, prefix: str = "") -> list[str]:
    found: list[str] = []
    for one in patterns:
        if isinstance(one, URLResolver):
            found += _routes(one.url_patterns, f"{prefix}{one.pattern}")
        elif isinstance(one, URLPattern):
            found.append(f"{prefix}{one.pattern} {one.name} {one.callback.__module__}")
    return found


def test_no_route_and_no_command_acts_as_somebody_else_or_sets_their_password() -> None:
    routes = _routes(get_resolver().url_patterns)
    assert len(routes) > 50
    assert not [one for one in routes if any(word in one.lower() for word in CLOSED_WORDS)]
    with_password = {one.split()[0] for one in routes if "password" in one}
    assert all(one.replace("^", "").startswith("accounts/password/") for one in with_password)
    folders = settings.ROOT.glob("*/**/management/commands/*.py")
    ours = {path.stem for path in folders if path.relative_to(settings.ROOT).parts[0] in _APPS}
    assert {name for name in ours if "password" in name or "sign" in name or "login" in name} == set()
    setters = [
        path.name for app in _APPS for path in Path(settings.ROOT / app).rglob("*.py") if _sets(path.read_text())
    ]
    assert setters == ["invitations.py"]


_APPS = ("breachcase", "incidents", "notifications")


def _sets(source: str) -> bool:
    return ".set_password(" in source


def test_an_address_is_not_changed_behind_the_record(client_inside: Client, house: given.Case) -> None:
    assert client_inside.get("/accounts/email/").status_code == 404
    answer = client_inside.post("/accounts/email/", {"email": "other@x.example", "action_add": ""})
    assert answer.status_code == 404


def test_sign_in_says_the_same_of_an_unknown_address_and_a_wrong_password(house: given.Case) -> None:
    def said(address: str) -> tuple[int, str]:
        answer = Client().post("/accounts/login/", {"login": address, "password": "wrong wrong wrong"})
        page = given.without_tokens(answer.content.decode())
        return answer.status_code, page.replace(address, "ADDRESS")

    assert said(house.dpo.email) == said("nobody@meadowbank.example")


def test_whoever_has_no_account_is_not_told_to_sign_up(db: None) -> None:
    Client().post("/accounts/password/reset/", {"email": "nobody@meadowbank.example"})
    [message] = mail.outbox
    assert message.recipients() == ["nobody@meadowbank.example"]
    assert "signup" not in str(message.body)
    assert "invitation" in str(message.body)


def test_a_new_password_comes_by_mail_to_ones_own_address(house: given.Case) -> None:
    house.dpo.set_password(PASSWORD)
    house.dpo.save(update_fields=["password"])
    Client().post("/accounts/password/reset/", {"email": house.dpo.email})
    [message] = mail.outbox
    assert message.recipients() == [house.dpo.email]
    [link] = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", str(message.body))
    client = Client()
    form = client.get(link, follow=True)
    new = "quite another long secret"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    house.dpo.refresh_from_db()
    assert house.dpo.check_password(new)
    assert "_auth_user_id" not in client.session


def test_all_other_sessions_end_and_this_one_stays(house: given.Case) -> None:
    here, there, other = Client(), Client(), Client()
    for client, person in ((here, house.dpo), (there, house.dpo), (other, house.handler)):
        client.force_login(person)
        client.get("/profile/")
    here.post("/sessions/", {"session": "others"})
    assert [client.get("/profile/").status_code for client in (here, there, other)] == [200, 302, 200]


@pytest.mark.parametrize("chosen", ["", "²", "9" * 40, "-1", "x"])
def test_a_strange_session_number_is_answered_calmly(house: given.Case, chosen: str) -> None:
    client = Client()
    client.force_login(house.dpo)
    assert client.post("/sessions/", {"session": chosen}).status_code == 303


def test_the_status_page_verifies_the_ledger(house: given.Case) -> None:
    client = Client()
    client.force_login(house.administrator)
    assert "has not been verified yet" in client.get("/status/").content.decode()
    page = client.post("/status/", follow=True).content.decode()
    assert f"The ledger is verified: {Entry.objects.count()} entries hold." in page
    assert "Last verified" in page


@pytest.mark.parametrize("role", ["dpo", "handler", "approver", "counsel", "auditor", "reporter"])
def test_the_pages_of_administrators_are_theirs(house: given.Case, role: str) -> None:
    client = Client()
    client.force_login(getattr(house, role))
    assert [client.get(path).status_code for path in ("/people/", "/status/")] == [403, 403]
    assert client.post("/status/").status_code == 403


def test_a_profile_is_changed_with_an_entry(house: given.Case) -> None:
    client = Client()
    client.force_login(house.dpo)
    assert client.post("/profile/", {"name": "Dana New", "time_zone": "Europe/Dublin"}).status_code == 303
    house.dpo.refresh_from_db()
    assert (house.dpo.name, house.dpo.time_zone) == ("Dana New", "Europe/Dublin")
    assert Entry.objects.order_by("-id")[0].action == "change_profile"
    assert client.post("/profile/", {"name": "", "time_zone": "Europe/Dublin"}).status_code == 422


def test_sign_up_with_a_passkey_has_no_page() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("mfa_signup_webauthn", args=["x"])


def test_health_is_told_to_everybody(db: None) -> None:
    assert Client().get("/healthz").content == b"ok"


def test_the_role_of_whoever_joins_is_the_one_that_was_offered(house: given.Case) -> None:
    _, token = invitations.invite(
        given.actor(house.administrator), house.organisation.pk, email="n@x.example", name="N", roles=[Role.REPORTER]
    )
    said = {"password": PASSWORD, "time_zone": "UTC", "roles": ["administrator"], "email": house.dpo.email}
    Client().post(f"/join/{token}/", said)
    person = Person.objects.get(email="n@x.example")
    assert [grant.role for grant in person.role_grants.all()] == [Role.REPORTER]
