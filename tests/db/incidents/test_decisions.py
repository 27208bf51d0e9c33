from django.db import DatabaseError, transaction
import pytest

from breachcase.errors import Refused, RuleBroken
from breachcase.ledger.models import Entry
from breachcase.ledger.recording import NothingRecorded, declared
from incidents.access import Action
from incidents.models import Decision, Question
from incidents.services.change import change
from incidents.services.decisions import give_advice, record_decision
from tests import given

pytestmark = pytest.mark.django_db

TELL = Question.NOTIFY_AUTHORITY


@pytest.fixture
def case() -> given.Case:
    return given.Case()


def test_i7_a_decision_supersedes_and_never_edits(case: given.Case) -> None:
    actor = given.actor(case.approver)
    first = record_decision(actor, case.incident.pk, question=TELL, affirmative=False, reasons=given.REASONS)
    second = record_decision(actor, case.incident.pk, question=TELL, affirmative=True, reasons=given.REASONS)

    first.refresh_from_db()
    assert (first.affirmative, second.supersedes) == (False, first)


def test_i7_the_database_refuses_to_edit_a_decision(case: given.Case) -> None:
    actor = given.actor(case.approver)
    record_decision(actor, case.incident.pk, question=TELL, affirmative=False, reasons=given.REASONS)
    with pytest.raises(DatabaseError, match=r"permission denied|append-only"), declared(actor):
        Decision.objects.update(affirmative=True)


def test_i5_an_implicated_approver_is_refused_and_only_the_refusal_is_written(case: given.Case) -> None:
    case.keep_out(case.director)
    with pytest.raises(Refused, match="involved"):
        record_decision(
            given.actor(case.director), case.incident.pk, question=TELL, affirmative=False, reasons=given.REASONS
        )
    assert not Decision.objects.exists()
    newest = Entry.objects.order_by("-id")[0]
    assert (newest.action, newest.actor_id) == ("refuse_attempt", case.director.pk)


def test_i5_a_role_lent_by_somebody_implicated_opens_nothing(case: given.Case) -> None:
    case.keep_out(case.director)
    given.a_delegation(case.organisation, case.director, case.auditor, given.Role.APPROVER)
    borrowed = given.actor(case.auditor, lenders=(case.director.pk,))
    with pytest.raises(Refused, match="approvers"):
        record_decision(borrowed, case.incident.pk, question=TELL, affirmative=False, reasons=given.REASONS)


def test_a_lent_role_is_used_and_shown(case: given.Case) -> None:
    given.a_delegation(case.organisation, case.approver, case.auditor, given.Role.APPROVER)
    borrowed = given.actor(case.auditor, lenders=(case.approver.pk,))
    decision = record_decision(borrowed, case.incident.pk, question=TELL, affirmative=True, reasons=given.REASONS)
    assert (decision.decided_by_id, decision.on_behalf_of_id) == (case.auditor.pk, case.approver.pk)
    assert Entry.objects.order_by("-id")[0].on_behalf_of_id == case.approver.pk


def test_i7_no_decision_without_reasons(case: given.Case) -> None:
    with pytest.raises(RuleBroken, match="Say why"):
        record_decision(given.actor(case.approver), case.incident.pk, question=TELL, affirmative=True, reasons="  ")


def test_a_departure_from_the_advice_needs_reasons_of_its_own(case: given.Case) -> None:
    give_advice(given.actor(case.dpo), case.incident.pk, question=TELL, affirmative=True, reasons=given.REASONS)
    with pytest.raises(RuleBroken) as broken:
        record_decision(
            given.actor(case.approver), case.incident.pk, question=TELL, affirmative=False, reasons=given.REASONS
        )
    assert broken.value.field == "departure_reasons"


def test_i1_the_database_refuses_a_nameless_change(case: given.Case) -> None:
    with pytest.raises(DatabaseError, match="no actor"), transaction.atomic():
        type(case.incident).objects.update(title="nobody did this")


def test_a_change_that_records_nothing_fails(case: given.Case) -> None:
    with pytest.raises(NothingRecorded), change(given.actor(case.dpo), Action.EDIT_FACTS, case.incident.pk):
        pass
