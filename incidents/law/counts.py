"""What a count is: every reading of a period, the one that binds, and the steps in words (I8)."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from incidents.law.calendars import Calendar

END_OF_DAY = time(23, 59, 59)
"""By convention the expiry of a day's last hour."""

READING_WORDS = {
    "due": "As the rule counts",
    "due_elapsed_hours": "Every hour counted from the start",
    "due_1182_71_hours": "Regulation 1182/71: the hour of the event not counted",
    "due_1182_71_hours_with_two_working_days": "Regulation 1182/71 with at least two working days (contested)",
    "nominal": "Before weekends and holidays are looked at",
    "rolled": "Moved to the next working day",
    "last_working_day": "The last working day before",
    "due_date": "The day the rule names",
    "due_with_relief": "With the relief for days off, if it is open to this entity",
    "safe_display": "The same time of day",
    "due_federal_holidays_only": "With federal holidays alone",
    "if_no_office_hours_roll": "If a day without office hours moves it",
    "lenient_due": "With both Carnival days left out",
    "last_day_if_day_of_receipt_is_day_1": "The day of receipt is day 1",
    "last_day_if_day_of_receipt_excluded": "The day of receipt does not count",
    "rolled_art_3_4": "Moved to the next working day",
    "day_30": "30 days",
    "day_60": "60 days, where an improper purpose is suspected",
    "target_3_days": "A target, not a deadline: three days",
    "marker_5_days": "An outer marker, not a deadline: five days",
}
"""What each reading is called where people see it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to count a period: its name, the instant [UTC] of its end, and ``on`` where the law names a day."""

    name: str
    ends_at: datetime
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """
    A period counted in every way the law allows.

    ``relied_on``: the names of the readings among which the earliest binds; the others are shown and not kept to.
    """

    readings: tuple[Reading, ...]
    steps: tuple[str, ...]
    relied_on: tuple[str, ...] = ()

    @property
    def binding(self) -> Reading | None:
        """Return the reading that is kept: the earliest of those relied on; none where the law fixes no time."""
        candidates = [one for one in self.readings if one.name in self.relied_on]
        return min(candidates, key=lambda one: one.ends_at, default=None)

    @property
    def ends_at(self) -> datetime | None:
        """Return the binding end [UTC]; None where the law fixes no time."""
        return self.binding.ends_at if self.binding else None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """
    What a count depends on beside its start.

    ``zone``: where the clock of whoever owes the duty hangs. ``calendar``: whose holidays count. ``awareness`` and
    ``classification`` [instants] and ``entity_class`` matter to DORA alone; None is unknown.
    """

    zone: ZoneInfo
    calendar: Calendar
    awareness: datetime | None = None
    classification: datetime | None = None
    entity_class: str | None = None


def count_of(ends: Mapping[str, datetime], *steps: str, relied_on: tuple[str, ...] = ()) -> Count:
    """Return a count of these ends, relying on all of them unless some are named; empty steps fall away."""
    readings = tuple(Reading(name, at.astimezone(UTC)) for name, at in ends.items())
    return Count(readings, tuple(step for step in steps if step), relied_on or tuple(ends))


def count_of_days(ends: Mapping[str, date], zone: ZoneInfo, *steps: str) -> Count:
    """Return a count whose readings are days, each ending with its last second on the local clock."""
    readings = tuple(Reading(name, end_of_day(day, zone), day) for name, day in ends.items())
    return Count(readings, tuple(step for step in steps if step), tuple(ends))


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """
    Return the expiry of a day's last hour [UTC] on the local clock.

    >>> end_of_day(date(2026, 7, 1), ZoneInfo("Asia/Tokyo"))
    datetime.datetime(2026, 7, 1, 14, 59, 59, tzinfo=datetime.timezone.utc)
    """
    return datetime.combine(day, END_OF_DAY, zone).astimezone(UTC)


def months_later(day: date, months: int) -> date:
    """
    Return the same date so many months later, or that month's last day.

    >>> months_later(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
