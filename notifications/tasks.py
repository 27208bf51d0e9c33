"""Bells. A task carries ids only, decides nothing, and may ring twice without harm."""

from uuid import UUID

from celery import shared_task

from breachcase.web.bells import ring_now
from notifications.services import deliveries, mails
from notifications.services.sending import send_all_due


@shared_task(name="notifications.send_due", acks_late=True, ignore_result=True)
def send_due(*, dispatch_id: str) -> None:
    """Send what is due for one dispatch, one message at a time, over one kept connection."""
    send_all_due(UUID(dispatch_id))


@shared_task(name="notifications.ring_due", ignore_result=True)
def ring_due() -> None:
    """Ring again for every running dispatch, since a bell may have been lost; look for abandoned deliveries."""
    deliveries.doubt_abandoned()
    for dispatch_id in deliveries.running_dispatches():
        ring_now("notifications.send_due", dispatch_id=str(dispatch_id))


@shared_task(name="notifications.tell_approvers", ignore_result=True)
def tell_approvers(*, request_id: str) -> None:
    """Tell the approvers that a version waits for them."""
    mails.tell_approvers(UUID(request_id))
