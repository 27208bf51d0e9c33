"""The sender's loop: claim, render, hand over, settle; one commit before and one after each message (I11)."""

from uuid import UUID

from django.utils import timezone

from breachcase.vault.keys import Key, case_key
from incidents.queries.people import open_one
from notifications.queries.wordings import letter_of
from notifications.services.deliveries import Claimed, claim_next, finish_if_done, settle
from notifications.transport import Outcome, Transport, open_transport
from notifications.wording.placeholders import BadPlaceholder
from notifications.wording.render import BadAddressee


def send_all_due(dispatch_id: UUID) -> int:
    """Send what is due until nothing is, or somebody pauses; return how many were handed over."""
    sent = 0
    key: Key | None = None
    with open_transport() as transport:
        while (claimed := claim_next(dispatch_id)) is not None:
            key = key or case_key(claimed.dispatch.incident_id)
            sent += _send(transport, key, claimed)
    finish_if_done(dispatch_id)
    return sent


def _send(transport: Transport, key: Key, claimed: Claimed) -> bool:
    person = open_one(key, claimed.delivery.data_subject)
    try:
        message = letter_of(claimed.dispatch, claimed.delivery, person, timezone.now())
    except (BadAddressee, BadPlaceholder):
        settle(claimed, Outcome(Outcome.Kind.PERMANENT, "the address cannot stand in a message"))
        return False
    outcome = transport.send(claimed.dispatch.sender, person.email, message)
    settle(claimed, outcome, message)
    return outcome.kind is Outcome.Kind.SENT
