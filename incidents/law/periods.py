"""
Counting the periods that the law gives, each step said aloud (I8).

One function for each counting rule, all reached through ``count_period``. A count keeps every reading that the law
allows; the earliest is kept. A relief that the library knows only from memory, or that is contested, is a reading of
its own and never the one that is relied on; one that the rule itself gives is part of the count.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from incidents.law import days, dora
from incidents.law.calendars import Calendar
from incidents.law.counts import Circumstances, Count, Reading, count_of
from incidents.law.said import said
from incidents.law.schema import Counting
from incidents.law.starts import Start, instant_of

HOUR = timedelta(hours=1)
WORKING_DAYS_AT_LEAST = 2
HOURS_OF_TWO_DAYS = 48


def count_period(counting: Counting, amount: int | None, start: Start, about: Circumstances) -> Count:
    """
    Count ``amount``, in the unit that ``counting`` implies, from ``start`` [instant, or local day].

    >>> from datetime import date
    >>> paris = Circumstances(ZoneInfo("Europe/Paris"), Calendar("FR"))
    >>> count_period(Counting.CALENDAR_DAYS_EXCL_FIRST, 30, date(2026, 1, 31), paris).ends_at
    datetime.datetime(2026, 3, 2, 22, 59, 59, tzinfo=datetime.timezone.utc)

    :raises BadStart: hours are counted from a time, and only a day is given.
    """
    if counting is Counting.NO_FIXED:
        return Count((), ("The law fixes no number of hours or days. Any date set for it is our own target.",))
    if counting is Counting.PROPOSED_NOT_LAW:
        return Count((), ("This is a proposal and not law: no deadline follows from it.",))
    return _COUNTED_BY[counting](start, amount or 0, about)


def count_hours(start: datetime, hours: int, zone: ZoneInfo, calendar: Calendar | None = None) -> Count:
    """
    Count ``hours`` [h, > 0] from ``start`` [instant, zone-aware], as elapsed hours and by Regulation 1182/71.

    ``zone``: where the controller's clock hangs. Every hour counts, nights, weekends and holidays too (Art. 3(3)), so
    a change to summer time neither adds nor takes one. Under Art. 3(1) and 3(2)(a) of the Regulation the hour in which
    the event falls does not count; under a contested reading of Art. 3(5) a period of two days or more holds at
    least two working days. Both end later, and the elapsed hours bind.

    >>> count_hours(datetime(2026, 3, 27, 14, 20, tzinfo=UTC), 72, ZoneInfo("Europe/Paris")).ends_at
    datetime.datetime(2026, 3, 30, 14, 20, tzinfo=datetime.timezone.utc)

    :raises ValueError: ``start`` has no zone, or ``hours`` is not positive.
    """
    working = calendar or Calendar("NONE")
    begun = instant_of(start, hours)
    elapsed = begun + timedelta(hours=hours)
    full_hour = _next_full_hour(begun, zone)
    rounded = full_hour + timedelta(hours=hours)
    stretched = two_working_days(begun, rounded, hours, zone, working)
    steps = [
        f"The period starts at {said(begun, zone)}.",
        f"{hours} hours later, every hour counted, it is {said(elapsed, zone)}. This deadline is kept.",
        (
            "Regulation (EEC, Euratom) No 1182/71, Article 3(1), does not count the hour in which the event falls: "
            f"counted so, the first hour starts at {said(full_hour, zone)} and the period ends at "
            f"{said(rounded, zone)}. This is the later reading and is not relied on."
        ),
    ]
    if stretched != rounded:
        steps.append(
            "Article 3(5) of that Regulation asks for at least two working days in a period of two days or more. "
            f"Whether it applies to hours is contested; if it did, the period would end at {said(stretched, zone)}. "
            "This is not relied on."
        )
    readings = {
        "due_elapsed_hours": elapsed,
        "due_1182_71_hours": rounded,
        "due_1182_71_hours_with_two_working_days": stretched,
    }
    return Count(tuple(Reading(name, at) for name, at in readings.items()), tuple(steps), ("due_elapsed_hours",))


def two_working_days(begun: datetime, end: datetime, hours: int, zone: ZoneInfo, working: Calendar) -> datetime:
    """
    Return ``end`` [UTC] moved on until it has two working days before it, Regulation 1182/71 Art. 3(5).

    It moves day by day, at the same local time; the day of the event does not count, the last day does. A period
    shorter than two days is left alone.

    >>> friday = datetime(2026, 9, 4, 14, 30, tzinfo=UTC)
    >>> paris = ZoneInfo("Europe/Paris")
    >>> two_working_days(friday, friday + timedelta(hours=72), 72, paris, Calendar("FR"))
    datetime.datetime(2026, 9, 8, 14, 30, tzinfo=datetime.timezone.utc)
    """
    if hours < HOURS_OF_TWO_DAYS:
        return end
    first = begun.astimezone(zone).date()
    local = end.astimezone(zone)
    while _working_days_between(first, local, working) < WORKING_DAYS_AT_LEAST:
        local = datetime.combine(local.date() + timedelta(days=1), local.time(), zone)
    return local.astimezone(UTC)


def _elapsed_hours(start: Start, hours: int, about: Circumstances) -> Count:
    begun = instant_of(start, hours)
    due = begun + timedelta(hours=hours)
    return count_of(
        {"due": due},
        f"The period starts at {said(begun, about.zone)}.",
        f"{hours} hours later, nights, weekends and holidays counted, it is {said(due, about.zone)}.",
    )


def _hours_both_ways(start: Start, hours: int, about: Circumstances) -> Count:
    return count_hours(instant_of(start, hours), hours, about.zone, about.calendar)


def _next_full_hour(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return the next full hour on the local clock [UTC]; on a full hour, that hour counts as the event's own."""
    local = instant.astimezone(zone)
    into_hour = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return instant - into_hour + HOUR


def _working_days_between(first: date, end: datetime, working: Calendar) -> int:
    """Count the working days after ``first`` of which at least a moment lies before ``end``."""
    last = end.date() if end.time() > time.min else end.date() - timedelta(days=1)
    days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    return sum(working.is_working_day(day) for day in days)


_COUNTED_BY: Mapping[Counting, Callable[[Start, int, Circumstances], Count]] = {
    Counting.ELAPSED_HOURS: _elapsed_hours,
    Counting.EU_1182_71_HOURS: _hours_both_ways,
    Counting.UK_4A_1182_71_HOURS: _hours_both_ways,
    Counting.EU_1182_71_MONTHS: days.months_1182_71,
    Counting.CALENDAR_DAYS_EXCL_FIRST: days.calendar_days,
    Counting.CALENDAR_YEAR_END_PLUS_DAYS: days.year_end_plus_days,
    Counting.CALENDAR_MONTHS: days.calendar_months,
    Counting.BUSINESS_DAYS_US: days.us_business_days,
    Counting.BUSINESS_DAYS_US_CA: days.californian_business_days,
    Counting.SEC_BUSINESS_DAYS: days.sec_business_days,
    Counting.BR_BUSINESS_DAYS: days.brazilian_business_days,
    Counting.AU_DAYS_36: days.australian_days,
    Counting.UK_DAYS_30_BEGINNING: days.days_beginning_with_receipt,
    Counting.JP_DAYS_DAY1: days.japanese_days,
    Counting.JP_PROMPT_3_5: days.japanese_prompt,
    Counting.DORA_INITIAL: dora.dora_initial,
    Counting.DORA_WEEKEND_NOON: dora.dora_hours,
    Counting.DORA_MONTH_WEEKEND_NOON: dora.dora_months,
}
