"""Laws of counting that hold whatever the start."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from incidents.law.calendars import Calendar, UnknownCalendar, calendar_of_zone
from incidents.law.counts import Circumstances
from incidents.law.dora import DORA_NO_RELIEF, DORA_WITH_RELIEF, entity_class
from incidents.law.periods import count_hours, count_period
from incidents.law.schema import Counting
from incidents.law.starts import AmbiguousLocalTime, BadStart, NonexistentLocalTime, read_start

PARIS, KATHMANDU = ZoneInfo("Europe/Paris"), ZoneInfo("Asia/Kathmandu")
# The relief for days off, as the regulation has it, lets Sunday's report follow on Monday noon and Monday's not.
RELIEF = {Counting.DORA_INITIAL, Counting.DORA_WEEKEND_NOON, Counting.DORA_MONTH_WEEKEND_NOON}
COUNTED = sorted(set(Counting) - {Counting.NO_FIXED, Counting.PROPOSED_NOT_LAW, Counting.JP_PROMPT_3_5})
ZONES = ["Europe/Paris", "Europe/London", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"]
instants = st.datetimes(datetime(2020, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.sampled_from([ZoneInfo(name) for name in ZONES])
amounts = st.integers(1, 100)


def about(zone: ZoneInfo, kind: str | None = None) -> Circumstances:
    return Circumstances(zone, Calendar("FR"), entity_class=kind)


@pytest.mark.parametrize("counting", COUNTED)
@given(start=instants, amount=amounts, zone=zones)
def test_a_deadline_is_never_before_its_start(
    counting: Counting, start: datetime, amount: int, zone: ZoneInfo
) -> None:
    count = count_period(counting, amount, start, about(zone))
    floor = start - timedelta(days=11) if counting in BACK else start - timedelta(seconds=1)
    assert count.ends_at is not None
    assert count.ends_at >= floor
    assert all(one.ends_at.tzinfo is UTC for one in count.readings)


# These keep the working day before a day off, so a count of a single day can end on the day before its start.
BACK = {Counting.AU_DAYS_36, Counting.UK_DAYS_30_BEGINNING}


@pytest.mark.parametrize("counting", sorted(set(COUNTED) - RELIEF))
@given(start=instants, later=st.timedeltas(timedelta(0), timedelta(days=40)), amount=amounts, zone=zones)
def test_a_later_start_never_gives_an_earlier_deadline(
    counting: Counting, start: datetime, later: timedelta, amount: int, zone: ZoneInfo
) -> None:
    first, second = (count_period(counting, amount, one, about(zone)) for one in (start, start + later))
    assert first.ends_at is not None
    assert second.ends_at is not None
    assert first.ends_at <= second.ends_at


@pytest.mark.parametrize("counting", COUNTED)
@given(start=instants, amount=amounts, zone=zones)
def test_i8_recomputing_gives_the_same_and_each_count_explains_itself(
    counting: Counting, start: datetime, amount: int, zone: ZoneInfo
) -> None:
    count = count_period(counting, amount, start, about(zone))
    assert count == count_period(counting, amount, start, about(zone))
    assert len(count.steps) >= 2
    assert all(step.endswith(".") for step in count.steps)
    assert count.binding in count.readings


@given(start=instants, hours=st.integers(1, 960), zone=zones)
def test_i8_elapsed_hours_bind_and_the_regulation_gives_at_most_one_more(
    start: datetime, hours: int, zone: ZoneInfo
) -> None:
    count = count_hours(start, hours, zone, Calendar("FR"))
    elapsed, rounded, longer = (one.ends_at for one in count.readings)
    assert count.ends_at == elapsed == start + timedelta(hours=hours)
    assert timedelta(0) < rounded - elapsed <= timedelta(hours=1)
    assert longer >= rounded


@pytest.mark.parametrize(
    ("night", "hours_of_the_day"),
    [(datetime(2026, 3, 29, tzinfo=PARIS), 23), (datetime(2026, 10, 25, tzinfo=PARIS), 25)],
)
def test_both_clock_changes_are_counted_as_hours_that_passed(night: datetime, hours_of_the_day: int) -> None:
    next_midnight = (night + timedelta(days=1)).astimezone(UTC)
    count = count_period(Counting.ELAPSED_HOURS, hours_of_the_day, night, about(PARIS))
    assert count.ends_at == next_midnight


def test_the_next_hour_is_that_of_the_local_clock() -> None:
    count = count_hours(datetime(2026, 1, 1, 0, 30, tzinfo=UTC), 72, KATHMANDU)  # 06:15 there
    assert count.readings[1].ends_at == datetime(2026, 1, 4, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize("said", ["2026-03-29T02:00", "2026-03-29T02:59:59.999999", "2026-03-29 02:30"])
def test_a_time_that_never_was_is_refused(said: str) -> None:
    with pytest.raises(NonexistentLocalTime, match="does not exist in Europe/Paris: the clocks were put forward"):
        read_start(said, PARIS)


@pytest.mark.parametrize("said", ["2026-10-25T02:00", "2026-10-25T02:59:59"])
def test_a_time_that_was_twice_is_refused_and_both_are_named(said: str) -> None:
    with pytest.raises(AmbiguousLocalTime, match=r"\+02:00 is the first, .*\+01:00 the second"):
        read_start(said, PARIS)
    assert read_start("2026-10-25T02:30:00+01:00", PARIS) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@given(local=st.datetimes(datetime(2020, 1, 1), datetime(2032, 1, 1)), zone=zones)  # noqa: DTZ001
def test_a_local_time_is_read_as_what_the_clock_showed_or_not_at_all(local: datetime, zone: ZoneInfo) -> None:
    try:
        read = read_start(local.isoformat(), zone)
    except BadStart:
        return
    assert isinstance(read, datetime)
    assert read.astimezone(zone).replace(tzinfo=None) == local


@pytest.mark.parametrize("said", ["", "yesterday", "2026-02-30", "2026-11-17T25:00", "17/11/2026"])
def test_what_is_no_time_is_refused(said: str) -> None:
    with pytest.raises(BadStart, match="is not a time"):
        read_start(said, PARIS)


@pytest.mark.parametrize("said", ["0001-01-01T00:00:00Z", "9999-12-31", "1949-12-31"])
def test_a_year_that_must_be_mistyped_is_refused(said: str) -> None:
    with pytest.raises(BadStart, match="too long ago or too far ahead"):
        read_start(said, PARIS)


def test_hours_are_not_counted_from_a_day() -> None:
    with pytest.raises(BadStart, match="Hours are counted from a time of day"):
        count_period(Counting.ELAPSED_HOURS, 24, date(2026, 1, 1), about(PARIS))


@pytest.mark.parametrize("hours", [0, -1])
def test_a_period_is_at_least_one_hour(hours: int) -> None:
    with pytest.raises(ValueError, match=rf"^a period is at least one hour, not {hours}$"):
        count_hours(datetime(2026, 1, 1, tzinfo=UTC), hours, PARIS)


def test_a_start_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^a start needs a time zone$"):
        count_hours(datetime(2026, 1, 1), 72, PARIS)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("start", "months", "day"),
    [("2027-01-31", 1, "2027-03-01"), ("2028-01-31", 1, "2028-02-29"), ("2026-08-31", 1, "2026-09-30")],
)
def test_a_month_is_cut_to_its_last_day_and_a_sunday_moves_on(start: str, months: int, day: str) -> None:
    # 28 February 2027 is a Sunday.
    count = count_period(Counting.EU_1182_71_MONTHS, months, date.fromisoformat(start), about(PARIS))
    assert count.ends_at == datetime.combine(date.fromisoformat(day), time(23, 59, 59), PARIS)


@pytest.mark.parametrize(
    ("start", "day"), [("2026-11-27", "2026-12-03"), ("2026-11-28", "2026-12-03"), ("2026-11-26", "2026-12-02")]
)
def test_the_sec_counts_from_the_next_business_day_when_the_event_falls_on_none(start: str, day: str) -> None:
    # 26 November 2026 is Thanksgiving, 28 November a Saturday.
    count = count_period(Counting.SEC_BUSINESS_DAYS, 4, date.fromisoformat(start), about(PARIS))
    assert count.binding is not None
    assert str(count.binding.on) == day


def test_japan_moves_the_last_day_over_the_new_year() -> None:
    count = count_period(Counting.JP_DAYS_DAY1, 30, date(2026, 12, 1), about(ZoneInfo("Asia/Tokyo")))
    assert [str(one.on) for one in count.readings] == ["2027-01-04", "2027-01-29"]


def test_japanese_offices_are_shut_until_the_third_of_january() -> None:
    # Day 30 is 3 January 2029, a Wednesday.
    count = count_period(Counting.JP_DAYS_DAY1, 30, date(2028, 12, 5), about(ZoneInfo("Asia/Tokyo")))
    assert str(count.readings[0].on) == "2029-01-04"


def test_a_day_that_ends_the_period_at_its_very_start_is_no_working_day_in_it() -> None:
    # Known on Thursday at 23:30: the hours run from Friday 00:00 to Monday 00:00, and Monday has no moment in it.
    count = count_hours(datetime(2026, 9, 3, 21, 30, tzinfo=UTC), 72, PARIS, Calendar("FR"))
    assert [one.ends_at.astimezone(PARIS).isoformat() for one in count.readings[1:]] == [
        "2026-09-07T00:00:00+02:00",
        "2026-09-08T00:00:00+02:00",
    ]


def test_promptly_gives_marks_and_no_deadline() -> None:
    count = count_period(Counting.JP_PROMPT_3_5, None, date(2026, 6, 1), about(ZoneInfo("Asia/Tokyo")))
    assert count.ends_at is None
    assert [str(one.on) for one in count.readings] == ["2026-06-04", "2026-06-06"]


@pytest.mark.parametrize("kind", [None, *sorted(DORA_NO_RELIEF)])
def test_dora_gives_no_relief_to_whom_it_is_not_open_or_not_known(kind: str | None) -> None:
    start = datetime(2026, 8, 6, 9, tzinfo=UTC)  # 72 hours later is a Sunday
    count = count_period(Counting.DORA_WEEKEND_NOON, 72, start, about(PARIS, kind))
    assert count.ends_at == start + timedelta(hours=72)


@pytest.mark.parametrize("kind", sorted(DORA_WITH_RELIEF))
def test_dora_lets_others_report_by_noon_of_the_next_working_day(kind: str) -> None:
    start = datetime(2026, 8, 6, 9, tzinfo=UTC)
    count = count_period(Counting.DORA_WEEKEND_NOON, 72, start, about(PARIS, kind))
    assert count.ends_at == datetime(2026, 8, 10, 10, tzinfo=UTC)


def test_dora_classified_a_day_after_awareness_has_its_four_hours() -> None:
    aware = datetime(2026, 8, 4, 8, tzinfo=UTC)

    def due(after: timedelta) -> datetime | None:
        known = Circumstances(PARIS, Calendar("FR"), aware, aware + after)
        return count_period(Counting.DORA_INITIAL, 4, aware + after, known).ends_at

    assert due(timedelta(0)) == aware + timedelta(hours=4)
    assert due(timedelta(hours=23)) == due(timedelta(hours=24)) == aware + timedelta(hours=24)
    assert due(timedelta(hours=24, seconds=1)) == aware + timedelta(hours=28, seconds=1)
    with pytest.raises(BadStart, match="cannot be classified before"):
        due(timedelta(seconds=-1))


def test_an_unknown_kind_of_entity_is_refused_and_not_guessed() -> None:
    with pytest.raises(BadStart, match="'credit_instituton' is not a kind of entity"):
        entity_class("credit_instituton")


def test_an_unknown_calendar_is_refused_and_an_unknown_zone_has_weekends_only() -> None:
    with pytest.raises(UnknownCalendar, match="no holiday calendar XX"):
        Calendar("XX")
    assert calendar_of_zone("Antarctica/Troll") == Calendar("NONE")
