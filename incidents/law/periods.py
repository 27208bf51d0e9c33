"""Counting the periods that the law gives, each step said aloud (I8)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to count a period: its name, and the instant [UTC] at which it ends."""

    name: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Count:
    """A period counted in every way the law allows; the earliest end binds, the others are named."""

    readings: tuple[Reading, ...]
    steps: tuple[str, ...]

    @property
    def ends_at(self) -> datetime:
        """Return the binding end [UTC]: the earliest of all readings."""
        return min(reading.ends_at for reading in self.readings)


def count_hours(start: datetime, hours: int, zone: ZoneInfo) -> Count:
    """
    Count a period of ``hours`` [h, > 0] from ``start`` [instant, zone-aware], as elapsed hours and by Regulation 1182/71.

    ``zone``: where the controller's clock hangs. Both readings count every hour, nights, weekends and holidays
    included (Art. 3(3)), so a change to summer time neither adds nor takes one. Under Art. 3(1) and 3(2)(a) of the
    Regulation the hour in which the event falls does not count; that gives up to an hour more, and the elapsed hours bind.

    >>> from datetime import UTC
    >>> count_hours(datetime(2026, 3, 27, 14, 20, tzinfo=UTC), 72, ZoneInfo("Europe/Paris")).ends_at
    datetime.datetime(2026, 3, 30, 14, 20, tzinfo=datetime.timezone.utc)

    :raises ValueError: ``start`` has no zone, or ``hours`` is not positive.
    """
    if start.tzinfo is None:
        raise ValueError("a start needs a time zone")
    if hours <= 0:
        raise ValueError(f"a period is at least one hour, not {hours}")
    begun = start.astimezone(UTC)
    elapsed = begun + timedelta(hours=hours)
    full_hour = _next_full_hour(begun, zone)
    rounded = full_hour + timedelta(hours=hours)
    return Count(
        (Reading("elapsed_hours", elapsed), Reading("reg_1182_71_hours", rounded)),
        (
            f"The period starts at {_said(begun, zone)}.",
            f"{hours} hours later, every hour counted, it is {_said(elapsed, zone)}. This deadline is kept.",
            "Regulation (EEC, Euratom) No 1182/71, Article 3(1), does not count the hour in which the event falls: "
            f"counted so, the first hour starts at {_said(full_hour, zone)} and the period ends at {_said(rounded, zone)}. "
            "This is the later reading and is not relied on.",
        ),
    )


def _next_full_hour(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return the next full hour on the local clock [UTC]; on a full hour, that hour counts as the event's own."""
    local = instant.astimezone(zone)
    into_hour = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return instant - into_hour + timedelta(hours=1)


def _said(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).strftime("%A %d %B %Y, %H:%M %Z")
