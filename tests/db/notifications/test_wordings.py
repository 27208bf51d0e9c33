"""Who may approve what: two people, not implicated, exactly the text that was shown."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import uuid4

from django.db import DatabaseError, connection
import pytest

from breachcase.accounts.roles import Role
from breachcase.errors import Refused, RuleBroken, ServiceError, Stale
from breachcase.ledger.recording import declared
from incidents.queries.people import PersonLine
from notifications.models import Approval, Delivery, Dispatch, WordingVersion
from notifications.queries.wordings import findings_of, letter_of, read_version
from notifications.services.dispatches import prepare_dispatch
from notifications.services.wordings import (
    approve_wording,
    ask_for_approval,
    revise_wording,
    send_back_wording,
    write_wording,
)
from notifications.wording.sections import Wording as Text
from notifications.wording.starters import STARTERS
from tests import given

TEXT = STARTERS["apology"].text


@pytest.fixture
def case(db: None) -> given.Case:
    return given.Case()


def _asked(case: given.Case, *, writer=None, asker=None) -> WordingVersion:
    actor = given.actor(writer or case.handler)
    version = write_wording(actor, case.incident.pk, title="Apology", text=TEXT)
    answers = {one.code: "Read by two people." for one in findings_of(version) if not one.blocks}
    if answers:
        version = revise_wording(
            actor, case.incident.pk, wording_id=version.wording_id, based_on=1, text=TEXT, answers=answers
        )
    ask_for_approval(given.actor(asker or case.handler), case.incident.pk, version_id=version.pk)
    return version


def _approve(case: given.Case, person, version: WordingVersion, **kwargs) -> Approval:
    return approve_wording(
        given.actor(person, **kwargs), case.incident.pk, version_id=version.pk, sha256=version.sha256
    )


def test_i6_an_approver_who_neither_wrote_nor_asked_approves(case: given.Case) -> None:
    version = _asked(case)
    assert _approve(case, case.approver, version).version_sha256 == version.sha256


@pytest.mark.parametrize("hand", ["writer", "asker"])
def test_i6_author_and_asker_cannot_approve_even_as_approvers(case: given.Case, hand: str) -> None:
    both = given.a_person(case.organisation, Role.HANDLER, Role.APPROVER)
    given.admit(case, both)
    version = _asked(case, **{hand: both})
    with pytest.raises(Refused, match="neither wrote"):
        _approve(case, both, version)


def test_i6_the_author_cannot_approve_through_a_lent_role(case: given.Case) -> None:
    version = _asked(case)
    given.a_delegation(case.organisation, case.approver, case.handler, Role.APPROVER)
    with pytest.raises(Refused, match="neither wrote"):
        _approve(case, case.handler, version, lenders=(case.approver.pk,))


def test_i6_a_role_lent_by_the_author_does_not_approve(case: given.Case) -> None:
    both = given.a_person(case.organisation, Role.HANDLER, Role.APPROVER)
    given.admit(case, both)
    version = _asked(case, writer=both)
    given.a_delegation(case.organisation, both, case.auditor, Role.APPROVER)
    with pytest.raises(Refused, match="neither wrote"):
        _approve(case, case.auditor, version, lenders=(both.pk,))


def test_i5_the_implicated_director_cannot_approve_or_send_back(case: given.Case) -> None:
    version = _asked(case)
    case.keep_out(case.director)
    with pytest.raises(Refused, match="involved"):
        _approve(case, case.director, version)
    with pytest.raises(Refused, match="involved"):
        send_back_wording(
            given.actor(case.director), case.incident.pk, version_id=version.pk, sha256=version.sha256,
            comments="Let us rather wait and see what happens.",
        )  # fmt: skip


def test_i5_his_role_lent_to_a_colleague_approves_nothing(case: given.Case) -> None:
    version = _asked(case)
    case.keep_out(case.director)
    given.a_delegation(case.organisation, case.director, case.auditor, Role.APPROVER)
    with pytest.raises(Refused):
        _approve(case, case.auditor, version, lenders=(case.director.pk,))


def test_i4_what_was_not_shown_cannot_be_approved(case: given.Case) -> None:
    version = _asked(case)
    with pytest.raises(Stale, match="not the text"):
        approve_wording(given.actor(case.approver), case.incident.pk, version_id=version.pk, sha256="0" * 64)


def test_i4_an_older_version_cannot_be_approved(case: given.Case) -> None:
    version = _asked(case)
    text = Text(f"{TEXT.subject}, again", TEXT.opening, TEXT.sections, TEXT.closing)
    revise_wording(
        given.actor(case.handler), case.incident.pk, wording_id=version.wording_id, based_on=version.number, text=text
    )
    with pytest.raises(Stale, match="newer"):
        _approve(case, case.approver, version)


def test_i4_only_an_approved_version_is_prepared(case: given.Case) -> None:
    version = _asked(case)
    with pytest.raises(RuleBroken, match="not approved"):
        prepare_dispatch(given.actor(case.handler), case.incident.pk, version_id=version.pk)


def test_i4_a_version_changed_behind_our_back_is_not_sent(case: given.Case) -> None:
    version = _asked(case)
    changed = WordingVersion(
        wording=version.wording, number=9, canonical=version.canonical.replace("sorry", "glad"), sha256=version.sha256
    )
    dispatch = Dispatch(incident=case.incident, version=changed, version_sha256=version.sha256, sender="a@b.example")
    with pytest.raises(ValueError, match="approved"):
        letter_of(dispatch, Delivery(), PersonLine(uuid4(), 1, "", "a@b.example", internal=False), given.an_hour_ago())


def test_i4_the_database_refuses_to_edit_a_version_or_an_approval(case: given.Case) -> None:
    version = _asked(case)
    _approve(case, case.approver, version)
    with pytest.raises(DatabaseError), declared(given.actor(case.dpo)):
        WordingVersion.objects.update(canonical="{}")
    with pytest.raises(DatabaseError), declared(given.actor(case.dpo)):
        Approval.objects.update(version_sha256="x")


def test_a_finding_that_blocks_keeps_approval_away(case: given.Case) -> None:
    empty = Text(TEXT.subject, TEXT.opening, {**TEXT.sections, "what_happened": ""}, TEXT.closing)
    version = write_wording(given.actor(case.handler), case.incident.pk, title="Apology", text=empty)
    with pytest.raises(RuleBroken, match="What happened"):
        ask_for_approval(given.actor(case.handler), case.incident.pk, version_id=version.pk)


def test_a_version_based_on_an_older_one_is_stale_and_nothing_is_written(case: given.Case) -> None:
    version = _asked(case)
    with pytest.raises(Stale):
        revise_wording(
            given.actor(case.handler), case.incident.pk, wording_id=version.wording_id, based_on=0, text=TEXT
        )
    assert read_version(version.wording.versions.order_by("-number")[0]) == read_version(version)


def test_i6_two_approvers_at_once_leave_one_answer(fresh_database: str) -> None:
    case = given.Case()
    version = _asked(case)

    def answer(person) -> None:
        try:
            with suppress(ServiceError):
                _approve(case, person, version)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(answer, [case.approver, case.director]))
    assert Approval.objects.count() == 1
