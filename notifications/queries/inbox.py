"""What the telling holds for people: approvals that wait for them, and what keeps a case open."""

from django.db.models import Q
from django.urls import reverse

from breachcase.accounts.actor import Actor
from incidents.access import Action, may
from incidents.models import Incident
from incidents.queries.closing import OpenLine
from incidents.queries.inbox import InboxLine
from incidents.queries.standing import standing_of, visible_to
from notifications.models import ApprovalRequest, Dispatch
from notifications.queries.dispatches import open_deliveries

ROWS = 20


def approvals_for(actor: Actor) -> list[InboxLine]:
    """Return the approvals that wait and that this person may give."""
    waiting = (
        ApprovalRequest.objects.filter(
            Q(version__approval=None),
            version__wording__incident__in=visible_to(actor),
            version__wording__incident__state=Incident.State.OPEN,
        )
        .exclude(asked_by_id=actor.person_id)
        .exclude(version__written_by_id=actor.person_id)
        .select_related("version__wording__incident")
        .order_by("asked_at")[:ROWS]
    )
    return [
        InboxLine(
            title=f"Approve “{row.version.wording.title}”, version {row.version.number}",
            url=reverse("notifications:approve", args=[row.version.wording.incident_id, row.version_id]),
            reference=row.version.wording.incident.reference,
            since=row.asked_at,
        )
        for row in waiting
        if may(Action.APPROVE_WORDING, standing_of(actor, row.version.wording.incident_id)).allowed
    ]


def open_ends(incident: Incident) -> list[OpenLine]:
    """Return what of the telling keeps the case open."""
    running = incident.dispatches.exclude(state__in=[Dispatch.State.FINISHED, Dispatch.State.STOPPED]).count()
    waiting = open_deliveries(incident)
    lines = [OpenLine(f"dispatch: {running} not ended", "telling")] if running else []
    return lines + ([OpenLine(f"deliveries: {waiting} waiting or in doubt", "telling")] if waiting else [])
