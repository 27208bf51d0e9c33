"""Invitations, the first administrator, and the wall before a second factor is set up."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
import re

from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
import pytest

from breachcase.accounts import invitations, services
from breachcase.accounts.adapter import lacks_second_factor
from breachcase.accounts.lending import delegate
from breachcase.accounts.models import Organisation, Person, RoleGrant
from breachcase.accounts.people import colleagues
from breachcase.accounts.roles import Role
from breachcase.errors import Refused, RuleBroken
from breachcase.ledger.models import Entry
from tests import given

PASSWORD = "correct horse battery staple"  # noqa: S105 - a test's own
JOINING = {"password": PASSWORD, "time_zone": "UTC"}


@pytest.fixture
def house(db: None) -> given.Case:
    return given.Case()


def _signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def _link_to(person: Person) -> str:
    """Let another organisation invite an address that has an account; return where the link leads."""
    elsewhere = given.an_organisation()
    administrator = given.a_person(elsewhere, Role.ADMINISTRATOR)
    _, token = invitations.invite(
        given.actor(administrator), elsewhere.pk, email=person.email, name="Anybody", roles=[Role.HANDLER]
    )
    return f"/join/{token}/"


def test_a_link_to_an_address_with_an_account_signs_nobody_in(house: given.Case) -> None:
    link, client = _link_to(house.dpo), Client()
    for answer in (client.get(link), client.post(link, JOINING)):
        assert answer.headers["Location"].startswith("/accounts/login/")
    assert "_auth_user_id" not in client.session
    assert house.dpo.role_grants.count() == 1


def test_a_link_is_of_no_use_to_somebody_elses_account(house: given.Case) -> None:
    link = _link_to(house.dpo)
    answer = _signed_in(house.handler).post(link, {})
    assert answer.status_code == 422
    assert b"another address" in answer.content
    assert house.handler.role_grants.count() == 1


def test_whoever_has_an_account_joins_a_second_organisation_with_it(house: given.Case) -> None:
    link = _link_to(house.dpo)
    before = Person.objects.get(pk=house.dpo.pk).password
    assert _signed_in(house.dpo).post(link, JOINING).status_code == 303
    assert house.dpo.role_grants.filter(role=Role.HANDLER).exists()
    assert Person.objects.get(pk=house.dpo.pk).password == before
    assert _signed_in(house.dpo).get(link).status_code == 410


def test_the_service_refuses_a_first_password_for_an_account_that_exists(house: given.Case) -> None:
    token = _link_to(house.dpo).split("/")[2]
    with pytest.raises(RuleBroken, match="has an account"):
        invitations.accept_invitation(token=token, **JOINING)


def test_an_invitation_goes_to_one_address_and_its_link_is_shown_once(house: given.Case) -> None:
    client = _signed_in(house.administrator)
    said = {"name": "New One", "email": "new@meadowbank.example", "roles": ["dpo"]}
    page = client.post("/people/", said, follow=True).content.decode()
    [message] = mail.outbox
    assert message.recipients() == ["new@meadowbank.example"]
    [link] = re.findall(r"http://testserver(/join/\S+/)", str(message.body))
    assert link in page
    assert link not in client.get("/people/").content.decode()
    assert Client().post(link, JOINING).headers["Location"] == "/"
    assert Client().get(link).status_code == 410


def test_a_withdrawn_invitation_opens_nothing(house: given.Case) -> None:
    client = _signed_in(house.administrator)
    _, token = invitations.invite(
        given.actor(house.administrator), house.organisation.pk, email="n@x.example", name="N", roles=[Role.DPO]
    )
    invitation = invitations.running_invitation(token)
    assert invitation is not None
    assert client.post(f"/people/invitations/{invitation.pk}/withdraw/").status_code == 303
    assert Client().post(f"/join/{token}/", JOINING).status_code == 410
    with pytest.raises(RuleBroken):
        invitations.accept_invitation(token=token, **JOINING)


def test_i12_an_administrator_elsewhere_withdraws_and_closes_nothing_here(house: given.Case) -> None:
    invitation, _ = invitations.invite(
        given.actor(house.administrator), house.organisation.pk, email="n@x.example", name="N", roles=[Role.DPO]
    )
    elsewhere = given.an_organisation()
    stranger = given.a_person(elsewhere, Role.ADMINISTRATOR)
    client = _signed_in(stranger)
    assert client.post(f"/people/invitations/{invitation.pk}/withdraw/").status_code == 422
    assert client.post(f"/people/{house.dpo.pk}/close/").status_code == 404
    assert house.dpo.email not in client.get("/people/").content.decode()
    with pytest.raises(Refused):
        invitations.withdraw_invitation(given.actor(stranger), house.organisation.pk, invitation_id=invitation.pk)


def test_an_account_that_another_organisation_needs_is_not_closed(house: given.Case) -> None:
    link = _link_to(house.dpo)
    _signed_in(house.dpo).post(link)
    with pytest.raises(RuleBroken, match="another organisation"):
        services.deactivate_person(given.actor(house.administrator), house.organisation.pk, person_id=house.dpo.pk)


def test_a_closed_administrator_does_not_count_as_the_one_who_stays(house: given.Case) -> None:
    first, organisation = given.actor(house.administrator), house.organisation.pk
    second = given.a_person(house.organisation, Role.ADMINISTRATOR)
    services.deactivate_person(first, organisation, person_id=second.pk)
    with pytest.raises(RuleBroken, match="last administrator"):
        services.revoke_role(first, organisation, person_id=house.administrator.pk, role=Role.ADMINISTRATOR)


def test_two_administrators_who_remove_each_other_at_once_leave_one(fresh_database: str) -> None:
    case = given.Case()
    second = given.a_person(case.organisation, Role.ADMINISTRATOR)
    pairs = [(case.administrator, second), (second, case.administrator)]

    def remove(pair: tuple[Person, Person]) -> bool:
        by, whom = pair
        try:
            services.deactivate_person(given.actor(by), case.organisation.pk, person_id=whom.pk)
        except Refused:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(remove, pairs)) == [False, True]


def test_people_of_one_name_are_all_on_the_pages(house: given.Case) -> None:
    for _ in range(60):
        given.a_person(house.organisation, Role.REPORTER, name="Alex Same")
    seen: list[object] = []
    after = "no id at all"
    while after:
        lines, after = colleagues(house.organisation, after=after)
        seen += [line.id for line in lines]
    assert len(seen) == len(set(seen)) == Person.objects.filter(role_grants__organisation=house.organisation).count()


def test_an_administrator_gives_a_role_from_the_page(house: given.Case) -> None:
    client = _signed_in(house.administrator)
    url = f"/people/{house.handler.pk}/grant/auditor/"
    assert url in client.get("/people/").content.decode()
    assert client.post(url).status_code == 303
    assert house.handler.role_grants.filter(role=Role.AUDITOR, revoked_at=None).exists()


def test_a_borrowed_role_needs_the_second_factor_too(house: given.Case, settings) -> None:
    settings.DEMONSTRATION = False
    assert not lacks_second_factor(house.handler)
    now = timezone.now()
    delegate(
        given.actor(house.approver), house.organisation.pk, borrower_id=house.handler.pk, role=Role.APPROVER,
        starts_at=now - timedelta(minutes=1), ends_at=now + timedelta(days=1), reasons="On holiday",
    )  # fmt: skip
    assert lacks_second_factor(house.handler)


@pytest.mark.parametrize("path", ["/", "/people/", "/accounts/password/change/", "/accounts/sessions/", "/sessions/"])
def test_without_the_second_factor_only_its_set_up_is_open(house: given.Case, settings, path: str) -> None:
    settings.DEMONSTRATION = False
    client = _signed_in(house.administrator)
    assert client.get(path).headers["Location"] == "/accounts/2fa/"
    assert client.get("/accounts/2fa/").status_code == 200


def test_a_new_dpo_joins_sets_up_the_second_factor_and_then_needs_it(db: None, settings) -> None:
    settings.DEMONSTRATION = False
    organisation = given.an_organisation()
    administrator = given.a_person(organisation, Role.ADMINISTRATOR)
    _, token = invitations.invite(
        given.actor(administrator), organisation.pk, email="new@x.example", name="New", roles=[Role.DPO]
    )
    client = Client()
    client.post(f"/join/{token}/", JOINING)
    assert client.get("/").headers["Location"] == "/accounts/2fa/"
    _set_up(client)
    assert client.get("/").status_code == 200
    later = Client()
    later.post("/accounts/login/", {"login": "new@x.example", "password": PASSWORD})
    assert later.get("/").headers["Location"].startswith("/accounts/login/")


def _set_up(client: Client) -> None:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    assert client.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302


def _make_administrator(name: str = "Hill Clinic", email: str = "first@hill.example") -> str:
    out = StringIO()
    call_command("make_administrator", "--organisation", name, "--email", email, "--name", "First", stdout=out)
    [link] = re.findall(r"https?://[^/]+(/join/\S+/)", out.getvalue())
    return str(link)


def test_the_first_administrator_joins_with_the_link_that_the_command_prints(db: None) -> None:
    assert Client().post(_make_administrator(), JOINING).headers["Location"] == "/"
    organisation = Organisation.objects.get(name="Hill Clinic")
    grant = RoleGrant.objects.get(organisation=organisation)
    assert (grant.role, grant.person.email) == (Role.ADMINISTRATOR, "first@hill.example")
    actions = Entry.objects.filter(chain_id=organisation.pk).order_by("sequence").values_list("action", flat=True)
    assert list(actions) == ["found_organisation", "invite", "accept_invitation", "grant_role"]
    with pytest.raises(CommandError, match="has an administrator"):
        _make_administrator(email="second@hill.example")


def test_the_command_again_makes_the_link_that_was_lost_useless(db: None) -> None:
    lost = _make_administrator()
    assert _make_administrator() != lost
    assert Client().get(lost).status_code == 410
    assert Organisation.objects.filter(name="Hill Clinic").count() == 1


def test_the_command_refuses_what_is_no_address(db: None) -> None:
    with pytest.raises(CommandError, match="no e-mail address"):
        _make_administrator(email="first")
