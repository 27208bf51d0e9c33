"""What templates print of moments, spans and signs."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from hypothesis import given, strategies as st
import pytest

from breachcase.web.templatetags.ui import clock_time, distance, duration, icon, moment, stamp

NOW = datetime(2026, 11, 25, 0, 40, tzinfo=UTC)


def test_a_near_moment_says_the_distance_then_the_clock_with_its_zone() -> None:
    with timezone.override(ZoneInfo("Europe/Paris")):
        shown = moment(datetime(2026, 11, 26, 8, 0, tzinfo=UTC), near=True, now=NOW)
    assert 'datetime="2026-11-26T08:00:00Z"' in shown
    assert ">in 31 h 20 min</span>, Thu 26 Nov 09:00 CET</time>" in shown


def test_a_moment_is_said_on_the_clock_of_the_person_who_reads() -> None:
    at = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
    with timezone.override(ZoneInfo("Europe/London")):
        assert clock_time(at, NOW) == "Thu 26 Nov 08:00 GMT"
    with timezone.override(ZoneInfo("Asia/Kathmandu")):
        assert clock_time(at, NOW) == "Thu 26 Nov 13:45 +0545"


def test_the_year_is_said_where_it_is_another_one() -> None:
    with timezone.override(UTC):
        assert clock_time(datetime(2027, 1, 2, 8, 0, tzinfo=UTC), NOW) == "Sat 2 Jan 2027 08:00 UTC"


def test_no_moment_prints_nothing() -> None:
    assert moment(None) == stamp(None) == ""


@given(minutes=st.integers(-200_000, 200_000))
def test_a_span_is_said_alike_forwards_and_backwards(minutes: int) -> None:
    span = timedelta(minutes=minutes)
    assert duration(span) == duration(-span)
    assert distance(NOW + span, NOW).startswith("in ") is (minutes >= 0)


@given(minutes=st.integers(60, 5_999))
def test_hours_and_minutes_add_up_to_the_span(minutes: int) -> None:
    hours, _, rest = duration(timedelta(minutes=minutes)).removesuffix(" min").partition(" h ")
    assert int(hours) * 60 + int(rest) == minutes


@pytest.mark.parametrize("name", ["check", "clock", "overdue", "open", "running", "current", "none", "lock", "note"])
def test_each_sign_is_in_the_sprite_and_silent_to_screen_readers(name: str) -> None:
    sprite = ET.parse(settings.ROOT / "static" / "img" / "icons.svg")  # noqa: S314 - our own file
    ids = {symbol.get("id") for symbol in sprite.getroot()}
    assert name in ids
    assert 'aria-hidden="true"' in icon(name)
