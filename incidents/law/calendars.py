"""Which days are no working days, where: Saturdays, Sundays and the public holidays of a place."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays

SATURDAY = 5
SEARCH_LIMIT_DAYS = 400
NONE = "NONE"

# Codes that are not simply a country, or a country and its sub-division, in the holidays library.
_PLACES = {
    "GB-EAW": ("GB", "ENG"),
    "GB-SCT": ("GB", "SCT"),
    "GB-NIR": ("GB", "NIR"),
    "UK": ("GB", "ENG"),
    "GB": ("GB", "ENG"),
    "EL": ("GR", None),
}

# Whose holidays count where nothing but the zone of the clock is known.
_OF_ZONE = {
    "Europe/Vienna": "AT", "Europe/Brussels": "BE", "Europe/Sofia": "BG", "Europe/Zagreb": "HR", "Asia/Nicosia": "CY",
    "Europe/Prague": "CZ", "Europe/Copenhagen": "DK", "Europe/Tallinn": "EE", "Europe/Helsinki": "FI",
    "Europe/Paris": "FR", "Europe/Berlin": "DE", "Europe/Athens": "GR", "Europe/Budapest": "HU",
    "Atlantic/Reykjavik": "IS", "Europe/Dublin": "IE", "Europe/Rome": "IT", "Europe/Riga": "LV", "Europe/Vaduz": "LI",
    "Europe/Vilnius": "LT", "Europe/Luxembourg": "LU", "Europe/Malta": "MT", "Europe/Amsterdam": "NL",
    "Europe/Oslo": "NO", "Europe/Warsaw": "PL", "Europe/Lisbon": "PT", "Europe/Bucharest": "RO",
    "Europe/Bratislava": "SK", "Europe/Ljubljana": "SI", "Europe/Madrid": "ES", "Europe/Stockholm": "SE",
    "Europe/London": "GB-EAW", "Europe/Zurich": "CH", "Europe/Istanbul": "TR",
    "America/New_York": "US", "America/Chicago": "US", "America/Denver": "US", "America/Los_Angeles": "US",
    "America/Sao_Paulo": "BR", "America/Toronto": "CA", "America/Montreal": "CA-QC",
    "Australia/Sydney": "AU-NSW", "Australia/Melbourne": "AU-VIC", "Australia/Brisbane": "AU-QLD",
    "Australia/Perth": "AU-WA", "Australia/Adelaide": "AU-SA", "Australia/Hobart": "AU-TAS",
    "Pacific/Auckland": "NZ", "Asia/Tokyo": "JP", "Asia/Singapore": "SG", "Asia/Seoul": "KR", "Asia/Manila": "PH",
}  # fmt: skip


class UnknownCalendar(ValueError):
    """There is no calendar of that name; the message says how names are made."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """
    A place's working days.

    ``code``: country, or country and sub-division ("FR", "US-CA", "GB-EAW"); NONE has weekends only.
    """

    code: str

    def __post_init__(self) -> None:
        """Refuse a code that the holidays library does not know, now and not in the middle of a count."""
        _holidays(self.code, 2026, "public")

    def holiday(self, day: date) -> str:
        """
        Return the name of the public holiday on this day, or nothing.

        >>> Calendar("FR").holiday(date(2026, 7, 14))
        'National Day'
        """
        return _holidays(self.code, day.year, "public").get(day, "")

    def is_working_day(self, day: date) -> bool:
        """
        Return whether this is neither a Saturday, a Sunday nor a public holiday.

        >>> Calendar("IE").is_working_day(date(2026, 4, 6))
        False
        """
        return day.weekday() < SATURDAY and not self.holiday(day)

    def working_day_from(self, day: date) -> date:
        """
        Return this day where it is a working day, else the next one.

        >>> Calendar("FR").working_day_from(date(2026, 12, 25))
        datetime.date(2026, 12, 28)
        """
        return next(one for one in _days(day, 1) if self.is_working_day(one))

    def working_day_until(self, day: date) -> date:
        """
        Return this day where it is a working day, else the last one before.

        >>> Calendar("GB-EAW").working_day_until(date(2026, 7, 18))
        datetime.date(2026, 7, 17)
        """
        return next(one for one in _days(day, -1) if self.is_working_day(one))

    def why_not_working(self, day: date) -> str:
        """
        Say why this is no working day: "a Saturday", or the holiday's name; empty where it is one.

        >>> Calendar("NONE").why_not_working(date(2026, 9, 5))
        'a Saturday'
        """
        if self.holiday(day):
            return f"a public holiday ({self.holiday(day)})"
        return f"a {day:%A}" if day.weekday() >= SATURDAY else ""


def calendar_of_zone(zone_key: str) -> Calendar:
    """
    Return the calendar of the country whose clock this zone is; weekends only where that is not known.

    >>> calendar_of_zone("Europe/Paris").code
    'FR'
    """
    return Calendar(_OF_ZONE.get(zone_key, NONE))


def brazilian_days_off(year: int) -> frozenset[date]:
    """
    Return Carnival Monday and Tuesday: optional days off, no statutory holidays.

    >>> sorted(brazilian_days_off(2026))
    [datetime.date(2026, 2, 16), datetime.date(2026, 2, 17)]
    """
    return frozenset(day for day, name in _holidays("BR", year, "optional").items() if name == "Carnival")


def is_japanese_new_year(day: date) -> bool:
    """
    Return whether offices are shut for the New Year: 29 December to 3 January.

    >>> is_japanese_new_year(date(2026, 12, 29)), is_japanese_new_year(date(2027, 1, 4))
    (True, False)
    """
    return (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)


def _days(first: date, step: int) -> list[date]:
    return [first + timedelta(days=step * number) for number in range(SEARCH_LIMIT_DAYS)]


@cache
def _holidays(code: str, year: int, category: str) -> dict[date, str]:
    if code == NONE:
        return {}
    country, _, rest = code.partition("-")
    country, part = _PLACES.get(code, (country, rest or None))
    try:
        found = holidays.country_holidays(
            country, subdiv=part, years=year, categories=(category,), language=_language(country), expand=False
        )
    except NotImplementedError as error:
        raise UnknownCalendar(
            f"There is no holiday calendar {code}. "
            "Name a country, or a country and its part: FR, US-CA, GB-EAW; or NONE."
        ) from error
    return dict(found)


def _language(country: str) -> str | None:
    spoken = holidays.list_localized_countries().get(country, [])
    return next((one for one in ("en_US", "en_GB", "en_IE", "en_AU", "en") if one in spoken), None)
