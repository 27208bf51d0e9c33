"""When the parts that work in the background last ran."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from breachcase.web.models import Heartbeat

LATE_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Pulse:
    """One part's last sign of life."""

    name: str
    beat_at: datetime | None
    alive: bool


def beat_now(name: str) -> None:
    """Write down that ``name`` runs."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": timezone.now()})


def pulse_of(name: str) -> Pulse:
    """Return when ``name`` last ran, and whether that is recent enough to be alive."""
    row = Heartbeat.objects.filter(name=name).first()
    beat_at = row.beat_at if row else None
    return Pulse(name, beat_at, beat_at is not None and timezone.now() - beat_at < LATE_AFTER)
