"""From what a period runs: an instant or a day, read strictly, since a local time may never have been or was twice."""

from datetime import UTC, date, datetime
import re
from zoneinfo import ZoneInfo

from incidents.law.said import day_said, said

YEARS = range(1950, 2200)
"""The years from which a period may start; beyond them somebody has mistyped, and no holidays are known."""


class BadStart(ValueError):
    """A period cannot be counted from this start; ``code`` names the reason for a machine."""

    code = "BAD_START"


class NonexistentLocalTime(BadStart):
    """The clock was put forward over this local time: it never was."""

    code = "NONEXISTENT_LOCAL_TIME"


class AmbiguousLocalTime(BadStart):
    """The clock was put back over this local time: it was twice, and no offset says which is meant."""

    code = "AMBIGUOUS_LOCAL_TIME"


Start = datetime | date


def read_start(text: str, zone: ZoneInfo) -> Start:
    """
    Read an instant or a day from ISO 8601; a local time without an offset is taken in ``zone``, if it was there once.

    >>> read_start("2026-11-17T09:00", ZoneInfo("Europe/Paris"))
    datetime.datetime(2026, 11, 17, 8, 0, tzinfo=datetime.timezone.utc)
    >>> read_start("2026-11-17", ZoneInfo("Europe/Paris"))
    datetime.date(2026, 11, 17)

    :raises NonexistentLocalTime: the clock was put forward over it.   :raises AmbiguousLocalTime: it was there twice.
    :raises BadStart: this is neither a day nor a time, or one of another age.
    """
    written = text.strip()
    try:
        whole_day = re.fullmatch(r"\d{4}-\d{2}-\d{2}", written)
        moment = date.fromisoformat(written) if whole_day else datetime.fromisoformat(written)
    except ValueError as error:
        raise BadStart(
            f"{written!r} is not a time. Write a day as 2026-11-17, or a time as 2026-11-17T09:00:00+01:00."
        ) from error
    if moment.year not in YEARS:
        raise BadStart(f"{written!r} is too long ago or too far ahead to be counted from. Check the year.")
    if not isinstance(moment, datetime):
        return moment
    return (moment if moment.tzinfo else local_instant(moment, zone)).astimezone(UTC)


def local_instant(local: datetime, zone: ZoneInfo) -> datetime:
    """
    Return the instant [UTC] of a local time without offset, refusing one that never was or was twice.

    >>> local_instant(datetime(2026, 10, 25, 4, 0), ZoneInfo("Europe/Paris"))
    datetime.datetime(2026, 10, 25, 3, 0, tzinfo=datetime.timezone.utc)

    :raises NonexistentLocalTime: the clock was put forward over it.   :raises AmbiguousLocalTime: it was there twice.
    """
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
        raise NonexistentLocalTime(
            f"{local:%H:%M} on {day_said(local.date())} does not exist in {zone.key}: the clocks were put forward "
            "over it. Give the time with its offset from UTC."
        )
    raise AmbiguousLocalTime(
        f"{local:%H:%M} on {day_said(local.date())} was there twice in {zone.key}: the clocks were put back. "
        f"Say which: {first.isoformat()} is the first, {second.isoformat()} the second."
    )


def instant_of(start: Start, hours: int) -> datetime:
    """
    Return the instant [UTC] from which ``hours`` [h, > 0] are counted.

    :raises BadStart: only a day is given.   :raises ValueError: it has no zone, or ``hours`` is not positive.
    """
    if not isinstance(start, datetime):
        raise BadStart("Hours are counted from a time of day; give one, as in 2026-11-17T09:00:00+01:00.")
    if start.tzinfo is None:
        raise ValueError("a start needs a time zone")
    if hours <= 0:
        raise ValueError(f"a period is at least one hour, not {hours}")
    return start.astimezone(UTC)


def day_of(start: Start, zone: ZoneInfo) -> date:
    """
    Return the local day of a start.

    >>> day_of(datetime(2026, 9, 4, 23, tzinfo=UTC), ZoneInfo("Europe/Paris"))
    datetime.date(2026, 9, 5)
    """
    return start.astimezone(zone).date() if isinstance(start, datetime) else start


def start_said(start: Start, zone: ZoneInfo) -> str:
    """Say from what a period of days runs."""
    if isinstance(start, datetime):
        return f"The period starts with {said(start, zone)}, that is on {day_said(day_of(start, zone))} local time."
    return f"The period starts with {day_said(start)}."
