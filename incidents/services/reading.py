"""Writing down who looked at what (the read log), and raising the alarm over unusual amounts."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone

from breachcase.accounts.actor import Actor
from breachcase.errors import Refused
from breachcase.ledger.recording import declared
from breachcase.web.bells import ring
from incidents.access import Action, may
from incidents.models import Reading
from incidents.queries.standing import standing_of

UNUSUAL_ROWS = 500
"""So many data subjects looked at or exported by one person on one case within an hour alarm the DPO."""
WINDOW = timedelta(hours=1)


def record_reading(
    actor: Actor, incident_id: UUID, action: Action, *, what: Reading.What, subject_id: UUID, rows: int = 1
) -> Reading:
    """
    Let ``actor`` look, and write down that they did: at which data subject, evidence item or report.

    ``rows``: how many data subjects were shown. Checks: ``may(action)``. Records: a line of the read log (not of the
    ledger: reading changes nothing); where it is unusually much, a mail to the DPO.

    :raises Refused: the actor may not look.
    """
    standing = standing_of(actor, incident_id)
    verdict = may(action, standing)
    if not verdict.allowed:
        raise Refused(verdict.refusal, admitted=standing.admitted)
    with declared(actor):
        before = _rows_within_the_hour(actor, incident_id)
        reading = Reading.objects.create(
            incident_id=incident_id, what=what, subject_id=subject_id, rows=rows, read_by_id=actor.person_id
        )
        if before < UNUSUAL_ROWS <= before + rows:
            ring("incidents.alarm_unusual_reading", reading_id=str(reading.pk))
    return reading


def _rows_within_the_hour(actor: Actor, incident_id: UUID) -> int:
    looked = Reading.objects.filter(
        incident_id=incident_id, read_by_id=actor.person_id, read_at__gte=timezone.now() - WINDOW
    )
    return looked.aggregate(total=Sum("rows"))["total"] or 0
