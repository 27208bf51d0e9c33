"""Named people only: who joins, who lends, who proves, and what nobody can do."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import cast

from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
import pytest
import time_machine

from breachcase.accounts import invitations, services
from breachcase.accounts.delegations import lenders_of
from breachcase.accounts.lending import delegate, revoke_delegation
from breachcase.accounts.models import Person, RoleGrant
from breachcase.accounts.roles import NEEDS_SECOND_FACTOR, Role
from breachcase.errors import Refused, RuleBroken
from breachcase.ledger.models import Entry
from breachcase.web.requests import SignedInRequest
from incidents.access import Role as PolicyRole
from tests import given

PASSWORD = "correct horse battery staple"  # noqa: S105 - a test's own


@pytest.fixture
def house(db: None) -> given.Case:
    return given.Case()


def _invite(house: given.Case) -> str:
    administrator, organisation = given.actor(house.administrator), house.organisation.pk
    _, token = invitations.invite(
        administrator, organisation, email="new@meadowbank.example", name="New One", roles=[Role.HANDLER]
    )
    return token


def test_the_policy_knows_the_roles_that_are_stored() -> None:
    assert {role.value for role in PolicyRole} == set(Role.values)


def test_an_invitation_works_once(house: given.Case) -> None:
    token = _invite(house)
    person = invitations.accept_invitation(token=token, password=PASSWORD, time_zone="UTC")
    assert RoleGrant.objects.filter(person=person, role=Role.HANDLER, revoked_at=None).exists()
    with pytest.raises(RuleBroken, match="used"):
        invitations.accept_invitation(token=token, password=PASSWORD, time_zone="UTC")


def test_an_old_invitation_is_refused(house: given.Case) -> None:
    token = _invite(house)
    with time_machine.travel(timezone.now() + timedelta(days=8)), pytest.raises(RuleBroken, match="too old"):
        invitations.accept_invitation(token=token, password=PASSWORD, time_zone="UTC")


def test_a_weak_password_is_refused_and_nothing_is_written(house: given.Case) -> None:
    with pytest.raises(RuleBroken) as broken:
        invitations.accept_invitation(token=_invite(house), password=PASSWORD[:5], time_zone="UTC")
    assert broken.value.field == "password"
    assert not Person.objects.filter(email="new@meadowbank.example").exists()


def test_the_token_stands_nowhere_in_the_database(house: given.Case) -> None:
    token = _invite(house)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_invitation i WHERE i::text LIKE %s", [f"%{token}%"])
        assert cursor.fetchone()[0] == 0


def test_two_people_with_one_invitation_leave_one_account(fresh_database: str) -> None:
    token = _invite(given.Case())

    def join(_: int) -> bool:
        try:
            invitations.accept_invitation(token=token, password=PASSWORD, time_zone="UTC")
        except Exception:  # noqa: BLE001 - whichever way the second one is refused
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(join, range(2))) == [False, True]
    assert Person.objects.filter(email="new@meadowbank.example").count() == 1


@pytest.mark.parametrize("role", ["dpo", "handler", "approver", "counsel", "auditor", "reporter"])
def test_only_administrators_invite_grant_and_close(house: given.Case, role: str) -> None:
    actor = given.actor(getattr(house, role))
    organisation = house.organisation.pk
    with pytest.raises(Refused):
        invitations.invite(actor, organisation, email="x@y.example", name="X", roles=[Role.DPO])
    with pytest.raises(Refused):
        services.grant_role(actor, organisation, person_id=house.counsel.pk, role=Role.DPO)
    with pytest.raises(Refused):
        services.deactivate_person(actor, organisation, person_id=house.counsel.pk)


def test_i12_an_administrator_elsewhere_is_nobody_here(house: given.Case) -> None:
    elsewhere = given.a_person(given.an_organisation(), Role.ADMINISTRATOR)
    with pytest.raises(Refused):
        services.grant_role(given.actor(elsewhere), house.organisation.pk, person_id=house.counsel.pk, role=Role.DPO)


def test_nobody_gives_themselves_a_role(house: given.Case) -> None:
    with pytest.raises(RuleBroken, match="themselves"):
        services.grant_role(
            given.actor(house.administrator), house.organisation.pk, person_id=house.administrator.pk, role=Role.DPO
        )


def test_the_last_administrator_stays(house: given.Case) -> None:
    with pytest.raises(RuleBroken, match="last administrator"):
        services.revoke_role(
            given.actor(house.administrator),
            house.organisation.pk,
            person_id=house.administrator.pk,
            role=Role.ADMINISTRATOR,
        )


def test_a_delegation_ends_by_itself_by_hand_and_with_the_role(house: given.Case) -> None:
    now = timezone.now()
    lent = delegate(
        given.actor(house.approver),
        house.organisation.pk,
        borrower_id=house.counsel.pk,
        role=Role.APPROVER,
        starts_at=now - timedelta(minutes=1),
        ends_at=now + timedelta(days=2),
        reasons="On holiday",
    )
    assert lenders_of(house.counsel.pk) == (house.approver.pk,)
    with time_machine.travel(now + timedelta(days=3)):
        assert lenders_of(house.counsel.pk) == ()
    services.revoke_role(
        given.actor(house.administrator), house.organisation.pk, person_id=house.approver.pk, role=Role.APPROVER
    )
    assert lenders_of(house.counsel.pk) == ()
    revoke_delegation(given.actor(house.approver), delegation_id=lent.pk)
    assert Entry.objects.order_by("-id")[0].action == "revoke_delegation"


@pytest.mark.parametrize("days", [0, -1, 93])
def test_a_delegation_has_an_end_within_92_days(house: given.Case, days: int) -> None:
    now = timezone.now()
    with pytest.raises(RuleBroken):
        delegate(
            given.actor(house.approver),
            house.organisation.pk,
            borrower_id=house.counsel.pk,
            role=Role.APPROVER,
            starts_at=now,
            ends_at=now + timedelta(days=days),
            reasons="On holiday",
        )


def test_a_role_that_is_not_ones_own_cannot_be_lent(house: given.Case) -> None:
    with pytest.raises(RuleBroken, match="hold yourself"):
        given.a_delegation(house.organisation, house.handler, house.counsel, Role.APPROVER)


@pytest.mark.parametrize("role", ["dpo", "approver", "counsel", "administrator", "handler", "auditor", "reporter"])
def test_a_second_factor_is_set_up_before_anything_else(house: given.Case, settings, role: str) -> None:
    settings.DEMONSTRATION = False
    client = Client()
    client.force_login(getattr(house, role))
    led_away = client.get("/profile/").headers.get("Location") == "/accounts/2fa/"
    assert led_away == (role in {one.value for one in NEEDS_SECOND_FACTOR})


def test_an_approval_asks_for_a_fresh_proof_outside_the_demonstration(house: given.Case, settings) -> None:
    from breachcase.accounts.proof import require_fresh_proof

    settings.DEMONSTRATION = False
    house.handler.set_password(PASSWORD)
    house.handler.save(update_fields=["password"])
    client = Client()
    client.force_login(house.handler)
    request = cast("SignedInRequest", client.get("/profile/").wsgi_request)
    answer = require_fresh_proof(request)
    assert answer is not None
    assert "reauthenticate" in answer.headers["Location"]


def test_the_demonstration_door_exists_with_the_demonstration_only(house: given.Case, settings) -> None:
    assert Client().get("/demonstration/").status_code == 200
    settings.DEMONSTRATION = False
    assert Client().get("/demonstration/").status_code == 404
    assert Client().post("/demonstration/", {"person": str(house.dpo.pk)}).status_code == 404


def test_no_route_signs_in_as_somebody_else_or_sets_their_password() -> None:
    routes = str([pattern for pattern in get_resolver().reverse_dict if isinstance(pattern, str)])
    assert not any(word in routes for word in ("impersonate", "hijack", "admin/", "sudo"))


def test_there_is_no_sign_up(db: None) -> None:
    page = Client().post("/accounts/signup/", {"email": "me@x.example", "password1": PASSWORD})
    assert not Person.objects.filter(email="me@x.example").exists()
    assert page.status_code == 200


def test_whether_an_address_has_an_account_is_not_told(house: given.Case) -> None:
    client = Client()
    known = client.post("/accounts/password/reset/", {"email": house.dpo.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@meadowbank.example"})
    assert (known.status_code, known.headers.get("Location")) == (unknown.status_code, unknown.headers.get("Location"))
    assert all(len(message.recipients()) == 1 for message in mail.outbox)


def test_a_session_is_ended_from_elsewhere_and_only_ones_own(house: given.Case) -> None:
    here, there, other = Client(), Client(), Client()
    for client, person in ((here, house.dpo), (there, house.dpo), (other, house.handler)):
        client.force_login(person)
        client.get("/profile/")
    from allauth.usersessions.models import UserSession

    theirs = UserSession.objects.get(session_key=other.session.session_key)
    mine = UserSession.objects.get(session_key=there.session.session_key)
    here.post("/sessions/", {"session": theirs.pk})
    assert other.get("/profile/").status_code == 200
    here.post("/sessions/", {"session": mine.pk})
    assert there.get("/profile/").status_code == 302
    assert here.get("/profile/").status_code == 200


def test_a_closed_account_gets_in_nowhere(house: given.Case) -> None:
    client = Client()
    client.force_login(house.counsel)
    services.deactivate_person(given.actor(house.administrator), house.organisation.pk, person_id=house.counsel.pk)
    assert client.get("/").headers["Location"].startswith("/accounts/login/")
