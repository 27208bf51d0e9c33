"""Measures to propose for an exposed recipient list, in the order in which they should be taken. PURE data."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proposal:
    """A measure worth taking: what, why, and within how many days [d] at best."""

    code: str
    kind: str
    title: str
    why: str
    days: int


_FOR_AN_EXPOSED_LIST = (
    Proposal(
        "secure_mailbox",
        "containment",
        "Freeze the sender's mailbox and keep the original message with full headers",
        "The sent item shows who could see whom. It is gone once somebody deletes it.",
        0,
    ),
    Proposal(
        "secure_audit_log",
        "containment",
        "Export the mail server's audit log and message trace, before any recall",
        "A recall destroys the proof of who had not yet read the message. Audit logs expire, often after 90 or 180 "
        "days; a message trace after about ten.",
        0,
    ),
    Proposal(
        "ask_to_delete",
        "containment",
        "Ask each recipient, singly, to delete the message and to confirm it",
        "Never by answering to the same list: that would expose the addresses again.",
        1,
    ),
    Proposal(
        "no_recall_as_proof",
        "containment",
        "Record the result of any recall, recipient by recipient",
        "Outside the organisation a recall cannot work, and often only draws attention. It counts only with its "
        "report.",
        1,
    ),
    Proposal(
        "visible_recipient_limit",
        "remediation",
        "Set a limit on visible recipients at the mail server",
        "A rule that holds back mail with many outside addresses in To or Cc stops the next one.",
        14,
    ),
    Proposal(
        "bulk_mail_tool",
        "remediation",
        "Send to groups with a tool that writes to each person alone",
        "Blind copies depend on nobody slipping; authorities have called them a high-risk method for sensitive lists.",
        30,
    ),
    Proposal(
        "end_shared_passwords",
        "remediation",
        "End shared passwords: named accounts with the right to send on behalf",
        "Who sent it can then be seen in the log instead of being argued about.",
        30,
    ),
    Proposal(
        "second_pair_of_eyes",
        "remediation",
        "Have a second person check messages to sensitive lists before they leave",
        "It is the remedy that authorities have asked for after such breaches.",
        30,
    ),
)

PROPOSALS: Mapping[str, Proposal] = {proposal.code: proposal for proposal in _FOR_AN_EXPOSED_LIST}
EXPOSED_LIST_CAUSES = frozenset({"open_distribution_list", "misdirected_email"})


def proposals_for(cause: str | None) -> tuple[Proposal, ...]:
    """
    Return what is worth proposing for this cause, in order; nothing where no set is known.

    >>> [one.code for one in proposals_for("open_distribution_list")][:2]
    ['secure_mailbox', 'secure_audit_log']
    """
    return _FOR_AN_EXPOSED_LIST if cause in EXPOSED_LIST_CAUSES else ()
