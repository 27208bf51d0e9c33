"""
Counting the periods that the law gives, each step said aloud (I8).

One function for each counting rule, all reached through ``count_period``. A count keeps every reading that the law
allows; the earliest is kept. A relief that the library knows only from memory, or that is contested, is a reading of
its own and never the one that is relied on; one that the rule itself gives is part of the count.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
import re
from zoneinfo import ZoneInfo

from incidents.law.calendars import Calendar, brazilian_days_off, is_japanese_new_year
from incidents.law.schema import Counting

END_OF_DAY = time(23, 59, 59)
"""By convention the expiry of a day's last hour."""
NOON = time(12)
HOUR = timedelta(hours=1)
WORKING_DAYS_AT_LEAST = 2
HOURS_OF_TWO_DAYS = 48
DORA_OUTER_HOURS = 24
JP_LONG_DAYS = 60
JP_TARGET_DAYS, JP_MARKER_DAYS = 3, 5

# RTS (EU) 2025/301 Art. 5(5): for these the weekend does not move the initial and the intermediate report.
DORA_NO_RELIEF = frozenset({
    "credit_institution", "central_counterparty", "trading_venue", "essential_entity", "important_entity",
})  # fmt: skip
DORA_WITH_RELIEF = frozenset({
    "other", "payment_institution", "account_information_service_provider", "electronic_money_institution",
    "investment_firm", "crypto_asset_service_provider", "central_securities_depository", "trade_repository",
    "alternative_investment_fund_manager", "management_company", "data_reporting_service_provider",
    "insurance_undertaking", "reinsurance_undertaking", "insurance_intermediary", "occupational_pension_institution",
    "credit_rating_agency", "critical_benchmark_administrator", "crowdfunding_service_provider",
    "securitisation_repository",
})  # fmt: skip
_ALSO_CALLED = {
    "bank": "credit_institution", "ccp": "central_counterparty", "trading_venue_operator": "trading_venue",
    "nis2_essential": "essential_entity", "nis2_important": "important_entity", "essential": "essential_entity",
    "important": "important_entity", "nis2_essential_entity": "essential_entity",
    "nis2_important_entity": "important_entity", "trust_service": "trust_service_provider",
}  # fmt: skip


class BadStart(ValueError):
    """A period cannot be counted from this start; ``code`` names the reason for a machine."""

    code = "BAD_START"


class NonexistentLocalTime(BadStart):
    """The clock was put forward over this local time: it never was."""

    code = "NONEXISTENT_LOCAL_TIME"


class AmbiguousLocalTime(BadStart):
    """The clock was put back over this local time: it was twice, and no offset says which is meant."""

    code = "AMBIGUOUS_LOCAL_TIME"


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
    """One way to count a period: its name and the instant [UTC] at which it ends; ``on`` where the law names only a day."""

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


Start = datetime | date


def read_start(text: str, zone: ZoneInfo) -> Start:
    """
    Read an instant or a day from ISO 8601; a local time without an offset is taken in ``zone``, if it was there once.

    >>> read_start("2026-11-17T09:00", ZoneInfo("Europe/Paris"))
    datetime.datetime(2026, 11, 17, 8, 0, tzinfo=datetime.timezone.utc)
    >>> read_start("2026-11-17", ZoneInfo("Europe/Paris"))
    datetime.date(2026, 11, 17)

    :raises NonexistentLocalTime: the clock was put forward over it.   :raises AmbiguousLocalTime: it was there twice.
    :raises BadStart: this is neither a day nor a time.
    """
    said = text.strip()
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", said):
            return date.fromisoformat(said)
        moment = datetime.fromisoformat(said)
    except ValueError as error:
        raise BadStart(
            f"{said!r} is not a time. Write a day as 2026-11-17, or a time as 2026-11-17T09:00:00+01:00."
        ) from error
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
            f"{local:%H:%M} on {_day_said(local.date())} does not exist in {zone.key}: the clocks were put forward over it. "
            "Give the time with its offset from UTC."
        )
    raise AmbiguousLocalTime(
        f"{local:%H:%M} on {_day_said(local.date())} was there twice in {zone.key}: the clocks were put back. "
        f"Say which: {first.isoformat()} is the first, {second.isoformat()} the second."
    )


def count_hours(start: datetime, hours: int, zone: ZoneInfo, calendar: Calendar | None = None) -> Count:
    """
    Count a period of ``hours`` [h, > 0] from ``start`` [instant, zone-aware], as elapsed hours and by Regulation 1182/71.

    ``zone``: where the controller's clock hangs. Every hour counts, nights, weekends and holidays included (Art. 3(3)),
    so a change to summer time neither adds nor takes one. Under Art. 3(1) and 3(2)(a) of the Regulation the hour in
    which the event falls does not count; under a contested reading of Art. 3(5) a period of two days or more holds at
    least two working days. Both end later, and the elapsed hours bind.

    >>> count_hours(datetime(2026, 3, 27, 14, 20, tzinfo=UTC), 72, ZoneInfo("Europe/Paris")).ends_at
    datetime.datetime(2026, 3, 30, 14, 20, tzinfo=datetime.timezone.utc)

    :raises ValueError: ``start`` has no zone, or ``hours`` is not positive.
    """
    working = calendar or Calendar("NONE")
    begun = _instant(start, hours)
    elapsed = begun + timedelta(hours=hours)
    full_hour = _next_full_hour(begun, zone)
    rounded = full_hour + timedelta(hours=hours)
    stretched = two_working_days(begun, rounded, hours, zone, working)
    steps = [
        f"The period starts at {_said(begun, zone)}.",
        f"{hours} hours later, every hour counted, it is {_said(elapsed, zone)}. This deadline is kept.",
        "Regulation (EEC, Euratom) No 1182/71, Article 3(1), does not count the hour in which the event falls: "
        f"counted so, the first hour starts at {_said(full_hour, zone)} and the period ends at {_said(rounded, zone)}. "
        "This is the later reading and is not relied on.",
    ]
    if stretched != rounded:
        steps.append(
            "Article 3(5) of that Regulation asks for at least two working days in a period of two days or more. Whether it "
            f"applies to hours is contested; if it did, the period would end at {_said(stretched, zone)}. "
            "This is not relied on."
        )
    readings = {
        "due_elapsed_hours": elapsed,
        "due_1182_71_hours": rounded,
        "due_1182_71_hours_with_two_working_days": stretched,
    }
    return Count(tuple(Reading(name, at) for name, at in readings.items()), tuple(steps), ("due_elapsed_hours",))


def count_period(counting: Counting, amount: int | None, start: Start, about: Circumstances) -> Count:
    """
    Count a period of ``amount`` (in the unit its rule implies) from ``start`` [instant, or local day] as ``counting`` says.

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


def _elapsed_hours(start: Start, hours: int, about: Circumstances) -> Count:
    begun = _instant(start, hours)
    due = begun + timedelta(hours=hours)
    return _count(
        {"due": due},
        f"The period starts at {_said(begun, about.zone)}.",
        f"{hours} hours later, nights, weekends and holidays counted, it is {_said(due, about.zone)}.",
    )


def _hours_both_ways(start: Start, hours: int, about: Circumstances) -> Count:
    return count_hours(_instant(start, hours), hours, about.zone, about.calendar)


def _months_1182_71(start: Start, months: int, about: Circumstances) -> Count:
    first = _day(start, about.zone)
    nominal = _months_later(first, months)
    due = about.calendar.working_day_from(nominal)
    return _count(
        {"nominal": _end_of(nominal, about.zone), "due": _end_of(due, about.zone)},
        _start_said(start, about.zone),
        f"{_amount(months, 'month')} later is {_day_said(nominal)}: the same date, or the month's last day where it has no "
        "such date (Regulation 1182/71, Article 3(2)(c)).",
        _moved_said(nominal, due, about.calendar, "Article 3(4)"),
        f"The period ends with the last hour of {_day_said(due)}.",
        relied_on=("due",),
    )


def _calendar_days(start: Start, days: int, about: Circumstances) -> Count:
    due = _day(start, about.zone) + timedelta(days=days)
    return _count(
        {"due": _end_of(due, about.zone)},
        _start_said(start, about.zone),
        f"That day does not count; {_amount(days, 'calendar day')} later is {_day_said(due)}.",
        "Weekends and holidays count, and the last day does not move.",
        f"The period ends with {_day_said(due)} on the local clock.",
    )


def _year_end_plus_days(start: Start, days: int, about: Circumstances) -> Count:
    year_end = date(_day(start, about.zone).year, 12, 31)
    due = year_end + timedelta(days=days)
    return _count(
        {"due": _end_of(due, about.zone)},
        _start_said(start, about.zone),
        f"That calendar year ends on {_day_said(year_end)}.",
        f"{_amount(days, 'day')} later, and at the end of that day, it is {_day_said(due)}.",
    )


def _calendar_months(start: Start, months: int, about: Circumstances) -> Count:
    due = _months_later(_day(start, about.zone), months)
    return _count(
        {"due": _end_of(due, about.zone)},
        _start_said(start, about.zone),
        f"{_amount(months, 'month')} later, on the same date or the month's last day, is {_day_said(due)}.",
    )


def _us_business_days(start: Start, days: int, about: Circumstances) -> Count:
    due = _working_days_later(_day(start, about.zone), days, Calendar("US"))
    return _count(
        {"due": _end_of(due, about.zone)},
        _start_said(start, about.zone),
        "That day does not count, nor do Saturdays, Sundays and United States federal holidays.",
        f"Business day {days} is {_day_said(due)}.",
    )


def _californian_business_days(start: Start, days: int, about: Circumstances) -> Count:
    first = _day(start, about.zone)
    federal = _working_days_later(first, days, Calendar("US"))
    due = _working_days_later(first, days, Calendar("US-CA"))
    return _count(
        {"due": _end_of(due, about.zone), "due_federal_holidays_only": _end_of(federal, about.zone)},
        _start_said(start, about.zone),
        "That day does not count, nor do Saturdays, Sundays, United States federal and California State holidays.",
        f"Business day {days} is {_day_said(due)}; with federal holidays alone it is {_day_said(federal)}.",
        relied_on=("due",),
    )


def _sec_business_days(start: Start, days: int, about: Circumstances) -> Count:
    first, working = _day(start, about.zone), Calendar("US")
    if working.is_working_day(first):
        due, how = _working_days_later(first, days, working), "It is a business day, so the next one is day 1."
    else:
        day_one = working.working_day_from(first)
        due = _working_days_later(day_one, days - 1, working)
        how = f"It is {working.why_not_working(first)}, so {_day_said(day_one)} is day 1 (Form 8-K, General Instruction B.1)."
    return _count_days(
        {"due_date": due}, about.zone, _start_said(start, about.zone), how, f"Business day {days} is {_day_said(due)}."
    )


def _brazilian_business_days(start: Start, days: int, about: Circumstances) -> Count:
    first, working = _day(start, about.zone), Calendar("BR")
    due = _working_days_later(first, days, working)
    open_days = lambda day: working.is_working_day(day) and day not in brazilian_days_off(day.year)  # noqa: E731
    rolled = due if open_days(due) else _next_day(due, open_days)
    lenient = _days_later(first, days, open_days)
    readings = {"due": due, "if_no_office_hours_roll": rolled, "lenient_due": lenient}
    steps = [
        _start_said(start, about.zone),
        "That day does not count, nor do Saturdays, Sundays and Brazilian national holidays.",
        f"Business day {days} is {_day_said(due)}. This deadline is kept.",
    ]
    if {rolled, lenient} != {due}:
        steps.append(
            "Carnival Monday and Tuesday are optional days off and no statutory holidays. If offices that are shut moved the "
            f"last day, it would be {_day_said(rolled)}; if both days were left out, {_day_said(lenient)}. "
            "Neither is relied on."
        )
    ends = {name: _end_of(day, about.zone) for name, day in readings.items()}
    return _count(ends, *steps, relied_on=("due",))


def _australian_days(start: Start, days: int, about: Circumstances) -> Count:
    nominal = _day(start, about.zone) + timedelta(days=days)
    rolled = about.calendar.working_day_from(nominal)
    kept = about.calendar.working_day_until(nominal)
    return _count_days(
        {"nominal": nominal, "rolled": rolled, "last_working_day": kept},
        about.zone,
        _start_said(start, about.zone),
        f"That day does not count; day {days} is {_day_said(nominal)}.",
        _kept_said(
            nominal, rolled, kept, about.calendar, "Section 36(2) of the Acts Interpretation Act 1901, from memory,"
        ),
    )


def _days_beginning_with_receipt(start: Start, days: int, about: Circumstances) -> Count:
    received = _day(start, about.zone)
    included, excluded = received + timedelta(days=days - 1), received + timedelta(days=days)
    rolled = about.calendar.working_day_from(excluded)
    kept = about.calendar.working_day_until(included)
    return _count_days(
        {
            "last_day_if_day_of_receipt_is_day_1": included,
            "last_day_if_day_of_receipt_excluded": excluded,
            "rolled_art_3_4": rolled,
            "last_working_day": kept,
        },
        about.zone,
        _start_said(start, about.zone),
        f"If the day of receipt is day 1, day {days} is {_day_said(included)}; if it does not count, {_day_said(excluded)}.",
        _kept_said(included, rolled, kept, about.calendar, "Article 3(4) of Regulation 1182/71, arguably,"),
    )


def _japanese_days(start: Start, days: int, about: Circumstances) -> Count:
    first = _day(start, about.zone)
    ends: dict[str, date] = {}
    steps = [_start_said(start, about.zone), "The day of knowledge is day 1; weekends and holidays count."]
    for number in sorted({days, JP_LONG_DAYS}):
        nominal = first + timedelta(days=number - 1)
        ends[f"day_{number}"] = due = nominal if _is_japanese_open(nominal) else _next_day(nominal, _is_japanese_open)
        moved = "" if due == nominal else f"; offices are shut then, so it moves to {_day_said(due)}"
        steps.append(f"Day {number} is {_day_said(nominal)}{moved}.")
    steps.append(f"{JP_LONG_DAYS} days hold only where an improper purpose is suspected; the earlier day is kept.")
    return _count_days(ends, about.zone, *steps)


def _japanese_prompt(start: Start, _amount_unused: int, about: Circumstances) -> Count:
    first = _day(start, about.zone)
    target, marker = (first + timedelta(days=days) for days in (JP_TARGET_DAYS, JP_MARKER_DAYS))
    shown = {"target_3_days": target, "marker_5_days": marker}
    return replace(
        _count_days(
            shown,
            about.zone,
            _start_said(start, about.zone),
            "The law says promptly and fixes no number; the authority's guideline speaks of roughly three to five days.",
            f"{_day_said(target)} is a target and {_day_said(marker)} an outer marker, not a legal deadline.",
        ),
        relied_on=(),
    )


def _dora_initial(start: Start, hours: int, about: Circumstances) -> Count:
    classified = _instant(about.classification or start, hours)
    nominal = classified + timedelta(hours=hours)
    steps = [
        f"The incident was classified as major at {_said(classified, about.zone)}.",
        f"{hours} hours later it is {_said(nominal, about.zone)}.",
    ]
    if about.awareness is None:
        steps.append(
            f"When the entity became aware is not known, so the limit of {DORA_OUTER_HOURS} hours is not counted."
        )
    else:
        outer = about.awareness.astimezone(UTC) + timedelta(hours=DORA_OUTER_HOURS)
        if about.awareness > classified:
            raise BadStart("An incident cannot be classified before the entity became aware of it. Check both times.")
        steps.append(f"{DORA_OUTER_HOURS} hours after awareness it is {_said(outer, about.zone)}.")
        if classified <= outer:
            nominal = min(nominal, outer)
            steps.append(f"The earlier of both binds: {_said(nominal, about.zone)}.")
        else:
            steps.append(f"It was classified later than that, so the {hours} hours alone count (Article 5(2)).")
    return _dora_relief(nominal, about, steps, open_to_all=False)


def _dora_hours(start: Start, hours: int, about: Circumstances) -> Count:
    begun = _instant(start, hours)
    nominal = begun + timedelta(hours=hours)
    steps = [
        f"The period starts at {_said(begun, about.zone)}.",
        f"{hours} hours later it is {_said(nominal, about.zone)}.",
    ]
    return _dora_relief(nominal, about, steps, open_to_all=False)


def _dora_months(start: Start, months: int, about: Circumstances) -> Count:
    first = _day(start, about.zone)
    last = _months_later(first, months)
    steps = [
        _start_said(start, about.zone),
        f"{_amount(months, 'month')} later is {_day_said(last)}, until its last hour (Regulation 1182/71, Article 3(2)(c)).",
    ]
    full = _dora_relief(_end_of(last, about.zone), about, steps, open_to_all=True)
    if not isinstance(start, datetime):
        return full
    same_time = datetime.combine(last, start.astimezone(about.zone).time(), about.zone).astimezone(UTC)
    safe = _dora_relief(same_time, about, [], open_to_all=True).readings[-1].ends_at
    kept = f"Kept is the same time of day, since some count so: {_said(safe, about.zone)}."
    return Count((*full.readings, Reading("safe_display", safe)), (*full.steps, kept), ("due", "safe_display"))


def _dora_relief(nominal: datetime, about: Circumstances, steps: Sequence[str], *, open_to_all: bool) -> Count:
    """Give the relief of RTS (EU) 2025/301 Art. 5(4): from a day off to noon of the next working day, if open to this entity."""
    day = nominal.astimezone(about.zone).date()
    if about.calendar.is_working_day(day):
        return _count({"nominal": nominal, "due": nominal}, *steps, relied_on=("due",))
    off = f"{_day_said(day)} is {about.calendar.why_not_working(day)}."
    noon = datetime.combine(about.calendar.working_day_from(day), NOON, about.zone).astimezone(UTC)
    kind = entity_class(about.entity_class) if about.entity_class else None
    if open_to_all or kind in DORA_WITH_RELIEF:
        said = (
            f"{off} The report may follow by noon of the next working day: {_said(noon, about.zone)} (Article 5(4))."
        )
        return _count({"nominal": nominal, "due": noon}, *steps, said, relied_on=("due",))
    if kind is None:
        said = (
            f"{off} Some kinds of entity may report by {_said(noon, about.zone)} (Article 5(4)); which kind this one is, is "
            "not known, so that is not relied on."
        )
        ends = {"nominal": nominal, "due_with_relief": noon, "due": nominal}
        return _count(ends, *steps, said, relied_on=("due",))
    said = f"{off} The relief for days off is not open to this kind of entity (Article 5(5)), so the time stays."
    return _count({"nominal": nominal, "due": nominal}, *steps, said, relied_on=("due",))


def entity_class(name: str) -> str:
    """
    Return the name the law library uses for a kind of entity.

    >>> entity_class("CCP")
    'central_counterparty'

    :raises BadStart: no such kind is known; a guess could give a deadline that is too late.
    """
    code = name.strip().lower().replace("-", "_").replace(" ", "_")
    code = _ALSO_CALLED.get(code, code)
    if code in DORA_NO_RELIEF | DORA_WITH_RELIEF | {"trust_service_provider"}:
        return code
    known = ", ".join(sorted(DORA_NO_RELIEF | DORA_WITH_RELIEF | {"trust_service_provider"}))
    raise BadStart(f"{name!r} is not a kind of entity that is known here. Known are: {known}.")


_COUNTED_BY: Mapping[Counting, Callable[[Start, int, Circumstances], Count]] = {
    Counting.ELAPSED_HOURS: _elapsed_hours,
    Counting.EU_1182_71_HOURS: _hours_both_ways,
    Counting.UK_4A_1182_71_HOURS: _hours_both_ways,
    Counting.EU_1182_71_MONTHS: _months_1182_71,
    Counting.CALENDAR_DAYS_EXCL_FIRST: _calendar_days,
    Counting.CALENDAR_YEAR_END_PLUS_DAYS: _year_end_plus_days,
    Counting.CALENDAR_MONTHS: _calendar_months,
    Counting.BUSINESS_DAYS_US: _us_business_days,
    Counting.BUSINESS_DAYS_US_CA: _californian_business_days,
    Counting.SEC_BUSINESS_DAYS: _sec_business_days,
    Counting.BR_BUSINESS_DAYS: _brazilian_business_days,
    Counting.AU_DAYS_36: _australian_days,
    Counting.UK_DAYS_30_BEGINNING: _days_beginning_with_receipt,
    Counting.JP_DAYS_DAY1: _japanese_days,
    Counting.JP_PROMPT_3_5: _japanese_prompt,
    Counting.DORA_INITIAL: _dora_initial,
    Counting.DORA_WEEKEND_NOON: _dora_hours,
    Counting.DORA_MONTH_WEEKEND_NOON: _dora_months,
}


def _count(ends: Mapping[str, datetime], *steps: str, relied_on: tuple[str, ...] = ()) -> Count:
    readings = tuple(Reading(name, at.astimezone(UTC)) for name, at in ends.items())
    return Count(readings, tuple(step for step in steps if step), relied_on or tuple(ends))


def _count_days(ends: Mapping[str, date], zone: ZoneInfo, *steps: str) -> Count:
    readings = tuple(Reading(name, _end_of(day, zone), day) for name, day in ends.items())
    return Count(readings, tuple(step for step in steps if step), tuple(ends))


def _instant(start: Start, hours: int) -> datetime:
    if not isinstance(start, datetime):
        raise BadStart("Hours are counted from a time of day; give one, as in 2026-11-17T09:00:00+01:00.")
    if start.tzinfo is None:
        raise ValueError("a start needs a time zone")
    if hours <= 0:
        raise ValueError(f"a period is at least one hour, not {hours}")
    return start.astimezone(UTC)


def _day(start: Start, zone: ZoneInfo) -> date:
    return start.astimezone(zone).date() if isinstance(start, datetime) else start


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, END_OF_DAY, zone).astimezone(UTC)


def _next_full_hour(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return the next full hour on the local clock [UTC]; on a full hour, that hour counts as the event's own."""
    local = instant.astimezone(zone)
    into_hour = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return instant - into_hour + HOUR


def two_working_days(begun: datetime, end: datetime, hours: int, zone: ZoneInfo, working: Calendar) -> datetime:
    """
    Return ``end`` [UTC] moved on until two working days lie between the event's day and it, Regulation 1182/71 Art. 3(5).

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


def _working_days_between(first: date, end: datetime, working: Calendar) -> int:
    """Count the working days after ``first`` of which at least a moment lies before ``end``."""
    last = end.date() if end.time() > time.min else end.date() - timedelta(days=1)
    days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    return sum(working.is_working_day(day) for day in days)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _working_days_later(day: date, days: int, working: Calendar) -> date:
    return _days_later(day, days, working.is_working_day)


def _days_later(day: date, days: int, counts: Callable[[date], bool]) -> date:
    for _ in range(days):
        day = _next_day(day, counts)
    return day


def _next_day(day: date, counts: Callable[[date], bool]) -> date:
    day += timedelta(days=1)
    while not counts(day):
        day += timedelta(days=1)
    return day


def _is_japanese_open(day: date) -> bool:
    return Calendar("JP").is_working_day(day) and not is_japanese_new_year(day)


def _start_said(start: Start, zone: ZoneInfo) -> str:
    if isinstance(start, datetime):
        return f"The period starts with {_said(start, zone)}, that is on {_day_said(_day(start, zone))} local time."
    return f"The period starts with {_day_said(start)}."


def _moved_said(nominal: date, due: date, working: Calendar, article: str) -> str:
    if due == nominal:
        return ""
    return f"{_day_said(nominal)} is {working.why_not_working(nominal)}, so the end moves to the next working day ({article})."


def _kept_said(nominal: date, rolled: date, kept: date, working: Calendar, who: str) -> str:
    if kept == nominal:
        return f"{_day_said(kept)} is kept."
    return (
        f"{_day_said(nominal)} is {working.why_not_working(nominal)}. {who} would allow {_day_said(rolled)}; that is not "
        f"relied on. The last working day before is kept: {_day_said(kept)}."
    )


def _amount(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _said(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).strftime("%A %d %B %Y, %H:%M %Z")


def _day_said(day: date) -> str:
    return day.strftime("%A %d %B %Y")
