"""An approval outside the demonstration: nothing is approved before a fresh proof of who one is."""

from django.test import Client
from django.urls import reverse
import pytest

from notifications.models import Approval, WordingVersion
from notifications.queries.wordings import findings_of
from notifications.services.wordings import ask_for_approval, revise_wording, write_wording
from notifications.wording.starters import STARTERS
from tests import given

PASSWORD = "correct horse battery staple"  # noqa: S105 - a test's own


@pytest.fixture
def case(db: None, settings) -> given.Case:
    """Have an approver with a password and a second factor, who signed in a while ago."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    settings.DEMONSTRATION = False
    case = given.Case(with_message=True)
    case.approver.set_password(PASSWORD)
    case.approver.save(update_fields=["password"])
    TOTP.activate(case.approver, generate_totp_secret())
    return case


def _asked(case: given.Case) -> WordingVersion:
    handler, text = given.actor(case.handler), STARTERS["apology"].text
    version = write_wording(handler, case.incident.pk, title="Apology", text=text)
    if answers := {one.code: "Read by two people." for one in findings_of(version)}:
        version = revise_wording(
            handler, case.incident.pk, wording_id=version.wording_id, based_on=1, text=text, answers=answers
        )
    ask_for_approval(handler, case.incident.pk, version_id=version.pk)
    return version


def _approved(version: WordingVersion) -> bool:
    return Approval.objects.filter(version=version).exists()


def test_an_approval_waits_for_the_proof_and_goes_on_after_it(case: given.Case) -> None:
    version, client = _asked(case), Client()
    client.force_login(case.approver)
    url = reverse("notifications:approve", args=[case.incident.pk, version.pk])
    answer = client.post(url, {"sha256": version.sha256, "read": "on", "confirmed": "yes"})
    to_proof = answer.headers["Location"]
    assert to_proof.startswith("/accounts/reauthenticate/")
    client.post(to_proof, {"password": "not the password"})
    assert not _approved(version)
    client.post(to_proof, {"password": PASSWORD, "next": url})
    assert _approved(version)


def test_a_proof_does_not_let_an_older_text_through(case: given.Case) -> None:
    version, client = _asked(case), Client()
    client.force_login(case.approver)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    url = reverse("notifications:approve", args=[case.incident.pk, version.pk])
    answer = client.post(url, {"sha256": "0" * 64, "read": "on", "confirmed": "yes"})
    assert answer.status_code in {409, 422}
    assert not _approved(version)
    client.post(url, {"sha256": version.sha256, "read": "on", "confirmed": "yes"})
    assert _approved(version)
