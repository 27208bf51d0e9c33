"""The whole policy, case by case (I5, I6, I12): written down a second time, by hand, and compared exactly."""

from itertools import chain, combinations, product
from uuid import UUID

import pytest

from incidents.access import AUTHOR_BARRED, CLOSED, KEPT_OUT, NO_SUCH_INCIDENT, Action, Role, Standing, may, roles_for

ME, LENDER, OTHER_LENDER = UUID(int=10), UUID(int=20), UUID(int=30)
H, D, M, C, A, R = Role.HANDLER, Role.DPO, Role.APPROVER, Role.COUNSEL, Role.AUDITOR, Role.REPORTER

POLICY: dict[Action, set[Role]] = {
    Action.EDIT_FACTS: {H, D},
    Action.ADMIT_MEMBER: {H, D},
    Action.REMOVE_MEMBER: {D},
    Action.ADD_STATEMENT: {H, D, M, C, A, R},
    Action.ADD_EVIDENCE: {H, D},
    Action.READ_EVIDENCE: {H, D, M, C, A},
    Action.READ_PEOPLE: {H, D, C, A},
    Action.EXPORT_PEOPLE: {D},
    Action.RECORD_ATTRIBUTION: {H, D},
    Action.RECORD_INVOLVEMENT: {H, D},
    Action.WITHDRAW_INVOLVEMENT: {H, D},
    Action.RECORD_AWARENESS: {D, M},
    Action.GIVE_ADVICE: {D},
    Action.RECORD_DECISION: {M},
    Action.FULFIL_OBLIGATION: {H, D},
    Action.ADD_MEASURE: {H, D},
    Action.COMPLETE_MEASURE: {H, D},
    Action.DROP_MEASURE: {H, D},
    Action.CLOSE_INCIDENT: {M},
    Action.REOPEN_INCIDENT: {D, M},
    Action.WRITE_WORDING: {H, D, C},
    Action.ASK_FOR_APPROVAL: {H, D, C},
    Action.APPROVE_WORDING: {M},
    Action.SEND_BACK_WORDING: {M},
    Action.PREPARE_DISPATCH: {H, D},
    Action.RUN_DISPATCH: {H, D},
    Action.STOP_DISPATCH: {H, D, M},
    Action.RESOLVE_DOUBT: {H, D},
    Action.PREPARE_REPORT: {H, D},
    Action.READ_REPORT: {H, D, M, C, A},
    Action.SIGN_OFF_REPORT: {D, M},
    Action.RECORD_FILING: {H, D},
}
ON_A_CLOSED_CASE = {
    Action.ADD_STATEMENT,
    Action.READ_EVIDENCE,
    Action.READ_PEOPLE,
    Action.READ_REPORT,
    Action.EXPORT_PEOPLE,
    Action.ADMIT_MEMBER,
    Action.REMOVE_MEMBER,
    Action.REOPEN_INCIDENT,
}
FOR_THE_IMPLICATED = {Action.ADD_STATEMENT}
WORDS = {
    R: "the reporter",
    H: "handlers",
    D: "the data protection officer",
    M: "approvers (management)",
    C: "counsel",
    A: "auditors",
}


def test_i12_the_policy_is_the_one_written_here() -> None:
    assert {action: set(roles_for(action)) for action in Action} == POLICY


def test_i12_an_administrator_as_such_may_do_nothing_on_a_case() -> None:
    allowed = [action for action in Action if may(action, Standing(ME, frozenset({Role.ADMINISTRATOR}))).allowed]
    assert allowed == []


def _expected(
    action: Action, own: frozenset[Role], lent: frozenset[tuple[Role, UUID]], barred: frozenset[UUID], **facts: bool
) -> tuple[str, UUID | None]:
    """What should come out, said in the order in which a person would ask."""
    lenders = {lender for role, lender in lent if role in POLICY[action]}
    usable = min(lenders - barred, default=None)
    openings = ", ".join(sorted(WORDS[role] for role in POLICY[action]))
    in_order: list[tuple[object, str, UUID | None]] = [
        (not own and not lent, NO_SUCH_INCIDENT, None),
        (facts["implicated"] and action not in FOR_THE_IMPLICATED, KEPT_OUT, None),
        (facts["closed"] and action not in ON_A_CLOSED_CASE, CLOSED, None),
        (ME in barred, AUTHOR_BARRED, None),
        (own & POLICY[action], "", None),
        (usable, "", usable),
        (lenders, AUTHOR_BARRED, None),
        (True, f"This is open to: {openings}.", None),
    ]
    return next((refusal, lender) for applies, refusal, lender in in_order if applies)


ALONE = [frozenset[Role](), *(frozenset({role}) for role in Role)]
LENT = [
    frozenset(),
    *(frozenset({(role, LENDER)}) for role in Role),
    frozenset({(M, LENDER), (M, OTHER_LENDER)}),
    frozenset({(M, LENDER), (D, OTHER_LENDER)}),
]
BARRED = [
    frozenset(group) for group in chain.from_iterable(combinations((ME, LENDER, OTHER_LENDER), n) for n in range(4))
]


@pytest.mark.parametrize("action", Action)
def test_i5_i6_each_standing_gets_exactly_its_answer(action: Action) -> None:
    wrong = []
    for own, lent, barred, implicated, closed in product(ALONE, LENT, BARRED, (False, True), (False, True)):
        verdict = may(action, Standing(ME, own, lent, implicated=implicated, closed=closed), barred=barred)
        expected = _expected(action, own, lent, barred, implicated=implicated, closed=closed)
        if (verdict.refusal, verdict.on_behalf_of) != expected:
            wrong.append((own, lent, barred, implicated, closed, verdict, expected))
    assert wrong == []


@pytest.mark.parametrize("action", sorted(set(Action) - FOR_THE_IMPLICATED))
def test_i5_no_heap_of_roles_outweighs_an_involvement(action: Action) -> None:
    everything = Standing(
        ME, frozenset(Role), frozenset((role, LENDER) for role in Role), implicated=True, closed=False
    )
    assert may(action, everything).refusal == KEPT_OUT


@pytest.mark.parametrize("sentence", [NO_SUCH_INCIDENT, KEPT_OUT, AUTHOR_BARRED, CLOSED])
def test_a_refusal_is_a_sentence(sentence: str) -> None:
    assert sentence.endswith(".")
    assert sentence[0].isupper()
    assert "!" not in sentence


def test_i12_somebody_not_let_in_learns_nothing_from_the_other_facts() -> None:
    answers = {
        may(action, Standing(ME, frozenset(), implicated=implicated, closed=closed), barred=barred).refusal
        for action, implicated, closed, barred in product(Action, (False, True), (False, True), BARRED)
    }
    assert answers == {NO_SUCH_INCIDENT}
