"""Periods of days, business days and months, as each law counts them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from incidents.law.calendars import Calendar, brazilian_days_off, is_japanese_new_year
from incidents.law.counts import Circumstances, Count, count_of, count_of_days, end_of_day, months_later
from incidents.law.said import amount_said, day_said, kept_said, moved_said
from incidents.law.starts import Start, day_of, start_said

JP_LONG_DAYS = 60
JP_TARGET_DAYS, JP_MARKER_DAYS = 3, 5


def months_1182_71(start: Start, months: int, about: Circumstances) -> Count:
    """Count months by Regulation 1182/71 Art. 3(2)(c), the last day moved off days off (Art. 3(4))."""
    first = day_of(start, about.zone)
    nominal = months_later(first, months)
    due = about.calendar.working_day_from(nominal)
    return count_of(
        {"nominal": end_of_day(nominal, about.zone), "due": end_of_day(due, about.zone)},
        start_said(start, about.zone),
        f"{amount_said(months, 'month')} later is {day_said(nominal)}: the same date, or the month's last day where "
        "it has no such date (Regulation 1182/71, Article 3(2)(c)).",
        moved_said(nominal, due, about.calendar, "Article 3(4)"),
        f"The period ends with the last hour of {day_said(due)}.",
        relied_on=("due",),
    )


def calendar_days(start: Start, days: int, about: Circumstances) -> Count:
    """Count calendar days; the day of the start does not count and the last day does not move."""
    due = day_of(start, about.zone) + timedelta(days=days)
    return count_of(
        {"due": end_of_day(due, about.zone)},
        start_said(start, about.zone),
        f"That day does not count; {amount_said(days, 'calendar day')} later is {day_said(due)}.",
        "Weekends and holidays count, and the last day does not move.",
        f"The period ends with {day_said(due)} on the local clock.",
    )


def year_end_plus_days(start: Start, days: int, about: Circumstances) -> Count:
    """Count days from the end of the start's calendar year, 45 CFR 164.408(c)."""
    year_end = date(day_of(start, about.zone).year, 12, 31)
    due = year_end + timedelta(days=days)
    return count_of(
        {"due": end_of_day(due, about.zone)},
        start_said(start, about.zone),
        f"That calendar year ends on {day_said(year_end)}.",
        f"{amount_said(days, 'day')} later, and at the end of that day, it is {day_said(due)}.",
    )


def calendar_months(start: Start, months: int, about: Circumstances) -> Count:
    """Count months to the same date, or the month's last day."""
    due = months_later(day_of(start, about.zone), months)
    return count_of(
        {"due": end_of_day(due, about.zone)},
        start_said(start, about.zone),
        f"{amount_said(months, 'month')} later, on the same date or the month's last day, is {day_said(due)}.",
    )


def us_business_days(start: Start, days: int, about: Circumstances) -> Count:
    """Count days that are neither weekends nor United States federal holidays."""
    due = _working_days_later(day_of(start, about.zone), days, Calendar("US"))
    return count_of(
        {"due": end_of_day(due, about.zone)},
        start_said(start, about.zone),
        "That day does not count, nor do Saturdays, Sundays and United States federal holidays.",
        f"Business day {days} is {day_said(due)}.",
    )


def californian_business_days(start: Start, days: int, about: Circumstances) -> Count:
    """Count business days with federal and California State holidays."""
    first = day_of(start, about.zone)
    federal = _working_days_later(first, days, Calendar("US"))
    due = _working_days_later(first, days, Calendar("US-CA"))
    return count_of(
        {"due": end_of_day(due, about.zone), "due_federal_holidays_only": end_of_day(federal, about.zone)},
        start_said(start, about.zone),
        "That day does not count, nor do Saturdays, Sundays, United States federal and California State holidays.",
        f"Business day {days} is {day_said(due)}; with federal holidays alone it is {day_said(federal)}.",
        relied_on=("due",),
    )


def sec_business_days(start: Start, days: int, about: Circumstances) -> Count:
    """Count business days by Form 8-K, General Instruction B.1: from a day off, the next business day is day 1."""
    first, working = day_of(start, about.zone), Calendar("US")
    if working.is_working_day(first):
        due, how = _working_days_later(first, days, working), "It is a business day, so the next one is day 1."
    else:
        day_one = working.working_day_from(first)
        due = _working_days_later(day_one, days - 1, working)
        off = working.why_not_working(first)
        how = f"It is {off}, so {day_said(day_one)} is day 1 (Form 8-K, General Instruction B.1)."
    return count_of_days(
        {"due_date": due}, about.zone, start_said(start, about.zone), how, f"Business day {days} is {day_said(due)}."
    )


def brazilian_business_days(start: Start, days: int, about: Circumstances) -> Count:
    """Count Brazilian business days, Resolução CD/ANPD 15/2024 Art. 6; Carnival counts in the binding reading."""
    first, working = day_of(start, about.zone), Calendar("BR")
    due = _working_days_later(first, days, working)
    rolled = due if _is_brazilian_open(due) else _next_day(due, _is_brazilian_open)
    lenient = _days_later(first, days, _is_brazilian_open)
    readings = {"due": due, "if_no_office_hours_roll": rolled, "lenient_due": lenient}
    steps = [
        start_said(start, about.zone),
        "That day does not count, nor do Saturdays, Sundays and Brazilian national holidays.",
        f"Business day {days} is {day_said(due)}. This deadline is kept.",
    ]
    if {rolled, lenient} != {due}:
        steps.append(
            "Carnival Monday and Tuesday are optional days off and no statutory holidays. If offices that are shut "
            f"moved the last day, it would be {day_said(rolled)}; if both days were left out, {day_said(lenient)}. "
            "Neither is relied on."
        )
    ends = {name: end_of_day(day, about.zone) for name, day in readings.items()}
    return count_of(ends, *steps, relied_on=("due",))


def australian_days(start: Start, days: int, about: Circumstances) -> Count:
    """Count days by the Acts Interpretation Act 1901 s. 36 (from memory); a day off moves the kept end back."""
    nominal = day_of(start, about.zone) + timedelta(days=days)
    rolled = about.calendar.working_day_from(nominal)
    kept = about.calendar.working_day_until(nominal)
    return count_of_days(
        {"nominal": nominal, "rolled": rolled, "last_working_day": kept},
        about.zone,
        start_said(start, about.zone),
        f"That day does not count; day {days} is {day_said(nominal)}.",
        kept_said(
            nominal, rolled, kept, about.calendar, "Section 36(2) of the Acts Interpretation Act 1901, from memory,"
        ),
    )


def days_beginning_with_receipt(start: Start, days: int, about: Circumstances) -> Count:
    """Count a period of days "beginning with" receipt, DPA 2018 s. 164A (words from memory), in both ways."""
    received = day_of(start, about.zone)
    included, excluded = received + timedelta(days=days - 1), received + timedelta(days=days)
    rolled = about.calendar.working_day_from(excluded)
    kept = about.calendar.working_day_until(included)
    return count_of_days(
        {
            "last_day_if_day_of_receipt_is_day_1": included,
            "last_day_if_day_of_receipt_excluded": excluded,
            "rolled_art_3_4": rolled,
            "last_working_day": kept,
        },
        about.zone,
        start_said(start, about.zone),
        f"If the day of receipt is day 1, day {days} is {day_said(included)}; "
        f"if it does not count, {day_said(excluded)}.",
        kept_said(included, rolled, kept, about.calendar, "Article 3(4) of Regulation 1182/71, arguably,"),
    )


def japanese_days(start: Start, days: int, about: Circumstances) -> Count:
    """Count days with the day of knowledge as day 1, PPC guideline (from memory); the end moves off days off."""
    first = day_of(start, about.zone)
    ends: dict[str, date] = {}
    steps = [start_said(start, about.zone), "The day of knowledge is day 1; weekends and holidays count."]
    for number in sorted({days, JP_LONG_DAYS}):
        nominal = first + timedelta(days=number - 1)
        ends[f"day_{number}"] = due = nominal if _is_japanese_open(nominal) else _next_day(nominal, _is_japanese_open)
        moved = "" if due == nominal else f"; offices are shut then, so it moves to {day_said(due)}"
        steps.append(f"Day {number} is {day_said(nominal)}{moved}.")
    steps.append(f"{JP_LONG_DAYS} days hold only where an improper purpose is suspected; the earlier day is kept.")
    return count_of_days(ends, about.zone, *steps)


def japanese_prompt(start: Start, _amount_unused: int, about: Circumstances) -> Count:
    """Show the target and the outer marker of the PPC guideline for "promptly"; neither binds."""
    first = day_of(start, about.zone)
    target, marker = (first + timedelta(days=days) for days in (JP_TARGET_DAYS, JP_MARKER_DAYS))
    shown = {"target_3_days": target, "marker_5_days": marker}
    return replace(
        count_of_days(
            shown,
            about.zone,
            start_said(start, about.zone),
            "The law says promptly and fixes no number; a guideline speaks of roughly three to five days.",
            f"{day_said(target)} is a target and {day_said(marker)} an outer marker, not a legal deadline.",
        ),
        relied_on=(),
    )


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


def _is_brazilian_open(day: date) -> bool:
    return Calendar("BR").is_working_day(day) and day not in brazilian_days_off(day.year)
