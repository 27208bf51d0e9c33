"""Who may do what on an incident, and why not: facts in, verdict out (I5, I6, I12)."""

from dataclasses import dataclass, field
from enum import StrEnum, auto
from uuid import UUID


class Role(StrEnum):
    """The roles of DESIGN §1; the values are those that ``accounts.roles`` stores."""

    REPORTER = auto()
    HANDLER = auto()
    DPO = auto()
    APPROVER = auto()
    COUNSEL = auto()
    AUDITOR = auto()
    ADMINISTRATOR = auto()


class Action(StrEnum):
    """Everything that one may do to an incident; a value is also the entry's action in the ledger."""

    EDIT_FACTS = auto()
    ADMIT_MEMBER = auto()
    REMOVE_MEMBER = auto()
    ADD_STATEMENT = auto()
    ADD_EVIDENCE = auto()
    READ_EVIDENCE = auto()
    READ_PEOPLE = auto()
    EXPORT_PEOPLE = auto()
    RECORD_ATTRIBUTION = auto()
    RECORD_INVOLVEMENT = auto()
    WITHDRAW_INVOLVEMENT = auto()
    RECORD_AWARENESS = auto()
    GIVE_ADVICE = auto()
    RECORD_DECISION = auto()
    FULFIL_OBLIGATION = auto()
    ADD_MEASURE = auto()
    COMPLETE_MEASURE = auto()
    DROP_MEASURE = auto()
    CLOSE_INCIDENT = auto()
    REOPEN_INCIDENT = auto()
    WRITE_WORDING = auto()
    ASK_FOR_APPROVAL = auto()
    APPROVE_WORDING = auto()
    SEND_BACK_WORDING = auto()
    PREPARE_DISPATCH = auto()
    RUN_DISPATCH = auto()
    STOP_DISPATCH = auto()
    RESOLVE_DOUBT = auto()
    PREPARE_REPORT = auto()
    READ_REPORT = auto()
    SIGN_OFF_REPORT = auto()
    RECORD_FILING = auto()


@dataclass(frozen=True, slots=True)
class Standing:
    """What one person is to one incident at this moment."""

    person_id: UUID
    roles: frozenset[Role]
    """Roles of their own; empty unless they have been let into the incident."""
    borrowed: frozenset[tuple[Role, UUID]] = field(default_factory=frozenset)
    """Roles lent to them, each with the lender; none from a lender who is not let in or is implicated."""
    implicated: bool = False
    closed: bool = False

    @property
    def admitted(self) -> bool:
        return bool(self.roles or self.borrowed)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Yes, perhaps through a lender's role, or no with the reason: a no without one cannot be built."""

    refusal: str = ""
    on_behalf_of: UUID | None = None

    @property
    def allowed(self) -> bool:
        return not self.refusal


NO_SUCH_INCIDENT = "There is no such incident."
KEPT_OUT = (
    "You are recorded as involved in this breach. "
    "People involved do not take part in deciding it, whatever their role."
)
AUTHOR_BARRED = "A wording is approved by someone who neither wrote it nor asked for the approval."
CLOSED = "This case is closed. Reopen it first; that is a decision with reasons."

_TITLES: dict[Role, str] = {
    Role.REPORTER: "the reporter",
    Role.HANDLER: "handlers",
    Role.DPO: "the data protection officer",
    Role.APPROVER: "approvers (management)",
    Role.COUNSEL: "counsel",
    Role.AUDITOR: "auditors",
    Role.ADMINISTRATOR: "administrators",
}

_HANDLING = frozenset({Role.HANDLER, Role.DPO})
_READING = frozenset({Role.HANDLER, Role.DPO, Role.APPROVER, Role.COUNSEL, Role.AUDITOR})
_MANAGEMENT = frozenset({Role.APPROVER})
_DPO = frozenset({Role.DPO})

_ROLES: dict[Action, frozenset[Role]] = {
    Action.EDIT_FACTS: _HANDLING,
    Action.ADMIT_MEMBER: _HANDLING,
    Action.REMOVE_MEMBER: _DPO,
    Action.ADD_STATEMENT: frozenset(Role) - {Role.ADMINISTRATOR},
    Action.ADD_EVIDENCE: _HANDLING,
    Action.READ_EVIDENCE: _READING,
    Action.READ_PEOPLE: _READING - {Role.APPROVER},
    Action.EXPORT_PEOPLE: _DPO,
    Action.RECORD_ATTRIBUTION: _HANDLING,
    Action.RECORD_INVOLVEMENT: _HANDLING,
    Action.WITHDRAW_INVOLVEMENT: _HANDLING,
    Action.RECORD_AWARENESS: _DPO | _MANAGEMENT,
    Action.GIVE_ADVICE: _DPO,
    Action.RECORD_DECISION: _MANAGEMENT,
    Action.FULFIL_OBLIGATION: _HANDLING,
    Action.ADD_MEASURE: _HANDLING,
    Action.COMPLETE_MEASURE: _HANDLING,
    Action.DROP_MEASURE: _HANDLING,
    Action.CLOSE_INCIDENT: _MANAGEMENT,
    Action.REOPEN_INCIDENT: _DPO | _MANAGEMENT,
    Action.WRITE_WORDING: _HANDLING | {Role.COUNSEL},
    Action.ASK_FOR_APPROVAL: _HANDLING | {Role.COUNSEL},
    Action.APPROVE_WORDING: _MANAGEMENT,
    Action.SEND_BACK_WORDING: _MANAGEMENT,
    Action.PREPARE_DISPATCH: _HANDLING,
    Action.RUN_DISPATCH: _HANDLING,
    Action.STOP_DISPATCH: _HANDLING | _MANAGEMENT,
    Action.RESOLVE_DOUBT: _HANDLING,
    Action.PREPARE_REPORT: _HANDLING,
    Action.READ_REPORT: _READING,
    Action.SIGN_OFF_REPORT: _DPO | _MANAGEMENT,
    Action.RECORD_FILING: _HANDLING,
}

_OPEN_TO_THE_IMPLICATED = frozenset({Action.ADD_STATEMENT})
_OPEN_WHEN_CLOSED = frozenset(
    {
        Action.ADD_STATEMENT,
        Action.READ_EVIDENCE,
        Action.READ_PEOPLE,
        Action.READ_REPORT,
        Action.EXPORT_PEOPLE,
        Action.ADMIT_MEMBER,
        Action.REMOVE_MEMBER,
        Action.REOPEN_INCIDENT,
    }
)


def may(action: Action, standing: Standing, *, barred: frozenset[UUID] = frozenset()) -> Verdict:
    """
    Return whether ``action`` is open to someone of this ``standing``; the refusal is fit to show them.

    ``barred``: who may not do this one thing although their role would let them (I6: author and asker of a wording);
    a lender in it bars their borrower from using what they lent.

    >>> from uuid import UUID
    >>> may(Action.GIVE_ADVICE, Standing(UUID(int=7), frozenset({Role.HANDLER}))).refusal
    'This is open to: the data protection officer.'
    """
    if not standing.admitted:
        return Verdict(NO_SUCH_INCIDENT)
    if standing.implicated and action not in _OPEN_TO_THE_IMPLICATED:
        return Verdict(KEPT_OUT)
    if standing.closed and action not in _OPEN_WHEN_CLOSED:
        return Verdict(CLOSED)
    if standing.person_id in barred:
        return Verdict(AUTHOR_BARRED)
    return _by_role(_ROLES[action], standing, barred)


def roles_for(action: Action) -> frozenset[Role]:
    """Return the roles to which ``action`` is open; the reference page is checked against it."""
    return _ROLES[action]


def _by_role(needed: frozenset[Role], standing: Standing, barred: frozenset[UUID]) -> Verdict:
    if not standing.roles.isdisjoint(needed):
        return Verdict()
    lenders = sorted(lender for role, lender in standing.borrowed if role in needed)
    usable = [lender for lender in lenders if lender not in barred]
    if usable:
        return Verdict(on_behalf_of=usable[0])
    if lenders:
        return Verdict(AUTHOR_BARRED)
    return Verdict(f"This is open to: {', '.join(sorted(_TITLES[role] for role in needed))}.")
