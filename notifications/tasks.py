"""Bells. A task carries ids only, decides nothing, and may ring twice without harm."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from breachcase.web.bells import ring_now
from incidents.queries.people import open_one
from breachcase.vault.keys import case_key
from notifications.queries.wordings import letter_of
from notifications.services import deliveries
from notifications.transport import open_transport


@shared_task(name="notifications.send_due", acks_late=True, ignore_result=True)
def send_due(*, dispatch_id: str) -> None:
    """Send what is due for one dispatch, one message at a time, over one kept connection."""
    key = None
    with open_transport() as transport:
        while (claimed := deliveries.claim_next(UUID(dispatch_id))) is not None:
            key = key or case_key(claimed.dispatch.incident_id)
            person = open_one(key, claimed.delivery.data_subject)
            message = letter_of(claimed.dispatch, claimed.delivery, person, timezone.now())
            outcome = transport.send(claimed.dispatch.sender, person.email, message)
            deliveries.settle(claimed.delivery.id, outcome, message)
    deliveries.finish_if_done(UUID(dispatch_id))


@shared_task(name="notifications.ring_due", ignore_result=True)
def ring_due() -> None:
    """Ring again for every running dispatch, since a bell may have been lost; look for abandoned deliveries."""
    deliveries.doubt_abandoned()
    for dispatch_id in deliveries.running_dispatches():
        ring_now("notifications.send_due", dispatch_id=str(dispatch_id))
