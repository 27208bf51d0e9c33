"""How instants, days and amounts are said in the steps of a count."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from incidents.law.calendars import Calendar


def moved_said(nominal: date, due: date, working: Calendar, article: str) -> str:
    """Say that an end moves off a day off, and by which article; nothing where it does not."""
    if due == nominal:
        return ""
    return f"{off_said(nominal, working)}, so the end moves to the next working day ({article})."


def kept_said(nominal: date, rolled: date, kept: date, working: Calendar, who: str) -> str:
    """Say which day is kept where a relief that is not relied on would allow a later one."""
    if kept == nominal:
        return f"{day_said(kept)} is kept."
    return (
        f"{off_said(nominal, working)}. {who} would allow {day_said(rolled)}; that is not relied on. "
        f"The last working day before is kept: {day_said(kept)}."
    )


def amount_said(number: int, unit: str) -> str:
    """
    Say an amount with its unit.

    >>> amount_said(1, "month"), amount_said(3, "day")
    ('1 month', '3 days')
    """
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def said(instant: datetime, zone: ZoneInfo) -> str:
    """
    Say an instant on the clock of ``zone``.

    >>> from datetime import UTC
    >>> said(datetime(2026, 9, 4, 14, 30, tzinfo=UTC), ZoneInfo("Europe/Paris"))
    'Friday 4 September 2026, 16:30 CEST'
    """
    local = instant.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M %Z}"


def day_said(day: date) -> str:
    """
    Say a day.

    >>> day_said(date(2026, 9, 4))
    'Friday 4 September 2026'
    """
    return f"{day:%A} {day.day} {day:%B %Y}"


def off_said(day: date, working: Calendar) -> str:
    """
    Say why a day is no working day.

    >>> off_said(date(2026, 9, 5), Calendar("FR"))
    '5 September 2026 is a Saturday'
    """
    return f"{day.day} {day:%B %Y} is {working.why_not_working(day)}"
