"""Every worked example of the clock comes out exactly, on the library's own rules and days off."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from incidents.law.calendars import Calendar, brazilian_days_off
from incidents.law.counts import Circumstances
from incidents.law.deadline import Answer, deadline, default_calendar
from incidents.law.library import library
from incidents.law.starts import BadStart, read_start

FILE = yaml.safe_load((Path(__file__).parent / "clock_vectors.yaml").read_text(encoding="utf-8"))
VECTORS = {one["id"]: one for one in FILE["vectors"]}
# Two vectors count a later step of their rule, and one of these starts when that step before it was done.
PHASES = {"br-complement-20": "complement"}
LATER = {"full_report_due_if_notified_2026-04-03": ("full report", "2026-04-03")}


def _deadline(vector: Mapping[str, object], entity_class: str | None = None) -> Answer:
    inputs = vector["inputs"]
    assert isinstance(inputs, dict)
    zone = ZoneInfo(str(vector["time_zone"]))
    rule = str(vector["rule_id"])
    code = inputs.get("holiday_calendar")
    calendar = Calendar(str(code)) if code else default_calendar(library(), rule, zone)
    instants = {name: _instant(inputs.get(name)) for name in ("awareness", "classification")}
    about = Circumstances(zone, calendar, **instants, entity_class=entity_class or inputs.get("entity_class"))
    start = read_start(str(vector["start"]).partition(" (")[0], zone)
    return deadline(library(), rule, start, about, phase=PHASES.get(str(vector["id"]), ""))


def _instant(said: object) -> datetime | None:
    return datetime.fromisoformat(said) if isinstance(said, str) else None


def test_the_file_holds_the_vectors_it_says() -> None:
    assert len(VECTORS) == FILE["meta"]["vectors"] == 41


@pytest.mark.parametrize("name", sorted(VECTORS))
def test_i8_the_vector_comes_out_exactly(name: str) -> None:
    vector = VECTORS[name]
    expected = dict(vector["expected"])
    later = {key: expected.pop(key) for key in list(expected) if key in LATER}
    if "error" in expected:
        with pytest.raises(BadStart) as refused:
            _deadline(vector)
        assert refused.value.code == expected["error"]
        assert expected["binding_display"] is None
        return
    answer = _deadline(vector)
    # Where a vector speaks of a special kind of entity without an input for it, the safe answer is its answer.
    assert {key: answer.get(key, "missing") for key in expected} == expected
    assert answer["steps"]
    assert answer["counting_rule"] == vector["counting_rule"]
    for key, due in later.items():
        phase, start = LATER[key]
        about = Circumstances(ZoneInfo(vector["time_zone"]), Calendar("PH"))
        of_phase = deadline(library(), vector["rule_id"], date.fromisoformat(start), about, phase=phase)
        assert str(of_phase["due"])[:10] == due


def test_a_trust_service_provider_has_the_shorter_time_and_others_the_longer() -> None:
    vector = VECTORS["nis2-trust-service"]
    assert _deadline(vector, "trust_service_provider")["due"] == "2026-10-10T22:15:00+02:00"
    assert _deadline(vector, "essential_entity")["due"] == "2026-10-12T22:15:00+02:00"


@pytest.mark.parametrize("code", sorted(set(FILE["holiday_calendars"]["sets"]) - {"BR-OPTIONAL", "NONE"}))
def test_the_days_off_are_those_of_the_vectors(code: str) -> None:
    days = {date.fromisoformat(day) for day in FILE["holiday_calendars"]["sets"][code]}
    calendar = Calendar(code)
    assert all(calendar.holiday(day) for day in days)
    if code == "SG":
        return  # the vectors name one day of Singapore only
    year = [date.fromordinal(number) for number in range(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal())]
    found = {day for day in year if calendar.holiday(day) and day.weekday() < 5}
    assert found == {day for day in days if day.year == 2026 and day.weekday() < 5}


def test_carnival_is_an_optional_day_off() -> None:
    assert {str(day) for day in brazilian_days_off(2026)} == set(FILE["holiday_calendars"]["sets"]["BR-OPTIONAL"])
