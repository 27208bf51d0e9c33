"""One deadline with everything that explains it, as plain data: what the ``deadline`` command prints."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from incidents.law.calendars import NONE, Calendar, calendar_of_zone
from incidents.law.counts import Circumstances, Count, Reading
from incidents.law.dora import entity_class
from incidents.law.periods import count_period, two_working_days
from incidents.law.said import day_said
from incidents.law.schema import Counting, Library, Phase, Rule, Unit
from incidents.law.starts import BadStart, Start

Answer = dict[str, object]
BOTH_WAYS = (Counting.EU_1182_71_HOURS, Counting.UK_4A_1182_71_HOURS)
ARTICLE_33_HOURS = 72


def deadline(library: Library, rule_id: str, start: Start, about: Circumstances, *, phase: str = "") -> Answer:
    """
    Return a rule's deadline from ``start`` [instant, or local day], each reading by its name, and the steps in words.

    Instants are ISO 8601 in the zone of whoever owes the duty, days are days. ``phase`` counts that step of the rule
    instead of its first. ``due`` is null where the law fixes no time, or is not law yet; ``status`` says which.

    >>> from datetime import UTC
    >>> from incidents.law.library import library
    >>> paris = Circumstances(ZoneInfo("Europe/Paris"), Calendar("FR"))
    >>> deadline(library(), "eu-gdpr-33-1", datetime(2026, 11, 17, 8, tzinfo=UTC), paris)["binding_display"]
    '2026-11-20T09:00:00+01:00'

    :raises BadStart: the start does not fit the rule, or there is no such rule or phase.
    """
    rule = next((one for one in library.rules if one.id == rule_id), None)
    if rule is None:
        raise BadStart(f"There is no rule {rule_id!r} in the law library.")
    day = start.astimezone(about.zone).date() if isinstance(start, datetime) else start
    if not rule.in_force.is_law_on(day):
        proposed = rule.period.counting is Counting.PROPOSED_NOT_LAW
        said = "This is a proposal and not law." if proposed else f"This rule is not in force on {day_said(day)}."
        status = "proposed_not_law" if proposed else "not_in_force"
        return _frame(rule, rule.period.counting, start, about, None) | {"steps": [said], "status": status}
    if phase:
        step = _phase_named(rule, phase)
        return _answer(rule, _phase_counting(rule, step), step.amount, start, about) | {"phase": step.name}
    return _with_classes(library, rule, start, about)


def default_calendar(library: Library, rule_id: str, zone: ZoneInfo) -> Calendar:
    """
    Return whose holidays count where nobody says so: those of the zone's country, else of the rule's jurisdiction.

    >>> from incidents.law.library import library
    >>> default_calendar(library(), "au-ndb-assess", ZoneInfo("Australia/Melbourne")).code
    'AU-VIC'
    """
    of_zone = calendar_of_zone(zone.key)
    regime = next((one for one in library.regimes if any(rule.id == rule_id for rule in one.rules)), None)
    return of_zone if of_zone.code != NONE or regime is None else Calendar(regime.calendar)


def _with_classes(library: Library, rule: Rule, start: Start, about: Circumstances) -> Answer:
    """Count for the kind of entity named; where none is named and kinds differ, for each, and keep the earliest."""
    kind = entity_class(about.entity_class) if about.entity_class else None
    amounts = rule.period.amounts(kind) or (None,)
    answer = _answer(rule, rule.period.counting, amounts[0], start, about)
    if len(amounts) > 1:
        _add_kinds(answer, rule, start, about)
    if rule.reading:
        answer[rule.reading] = answer["binding_display"]
    for other in (library.rule(one) for one in rule.shown_with):
        ordinary = (other.period.amounts(kind) or (None,))[0]
        beside = _answer(other, other.period.counting, ordinary, start, about)
        answer[other.reading or other.id] = beside["binding_display"]
    return answer | _published(rule, start, about) | _boundaries(library, rule)


def _add_kinds(answer: Answer, rule: Rule, start: Start, about: Circumstances) -> None:
    steps = [str(step) for step in _list(answer["steps"])]
    for name, amount in rule.period.amount_by_class:
        count = count_period(rule.period.counting, amount, start, about)
        if count.binding is None:
            continue
        answer[f"due_{name}"] = shown = _shown(count.binding, about.zone)
        steps.append(f"For this kind of entity it is {amount} {rule.period.unit.replace('_', ' ')}: {_words(name)}.")
        if count.binding.ends_at < datetime.fromisoformat(str(answer["binding_display"])):
            answer["binding_display"] = shown
            steps.append("Which kind this entity is, is not known, so the earlier time is kept.")
    answer["steps"] = steps


def _answer(rule: Rule, counting: Counting, amount: int | None, start: Start, about: Circumstances) -> Answer:
    count = count_period(counting, amount, start, about)
    shown = {one.name: _shown(one, about.zone) for one in count.readings}
    answer = _frame(rule, counting, start, about, count) | shown
    if count.ends_at is not None and "due" not in shown:
        answer["due"] = count.ends_at.astimezone(about.zone).isoformat()
    return answer


def _frame(rule: Rule, counting: Counting, start: Start, about: Circumstances, count: Count | None) -> Answer:
    local = start.astimezone(about.zone) if isinstance(start, datetime) else start
    return {
        "rule": rule.id,
        "title": rule.title,
        "article": rule.article,
        "counting_rule": str(counting),
        "start": local.isoformat(),
        "time_zone": about.zone.key,
        "calendar": about.calendar.code,
        "status": "in_force" if count and count.readings else str(rule.in_force.status),
        "due": None,
        "binding_display": _shown(count.binding, about.zone) if count and count.binding else None,
        "steps": list(count.steps) if count else [],
        "source": rule.source,
        "confidence": str(rule.confidence),
        "from_memory": rule.from_memory,
    }


def _published(rule: Rule, start: Start, about: Circumstances) -> Answer:
    """Return the two readings of Article 33's hours that are argued in print, both counted from the event itself."""
    hours = rule.period.hours
    if rule.period.counting not in BOTH_WAYS or hours != ARTICLE_33_HOURS or not isinstance(start, datetime):
        return {}
    elapsed = start + timedelta(hours=hours)
    longer = two_working_days(start, elapsed, hours, about.zone, about.calendar)
    return {
        "published_reading_72h": elapsed.astimezone(about.zone).isoformat(),
        "published_reading_two_working_days": longer.astimezone(about.zone).isoformat(),
    }


def _boundaries(library: Library, rule: Rule) -> Answer:
    """Return what holds at and beside each number that decides whether the duty exists."""
    deciding = [one for one in rule.thresholds if one.decides]
    if rule.regime == "us-hipaa" and deciding:
        value = deciding[0].value
        tracks: Answer = {f"affected_{number}_one_state": _hipaa(library, number) for number in (value, value + 1)}
        return tracks | {f"affected_{value - 1}": _hipaa(library, value - 1)}
    return {
        f"{'residents' if 'residents' in one.of else 'affected'}_{number}": "due" if one.is_met(number) else "not_due"
        for one in deciding
        for number in (one.value - 1, one.value, one.value + 1)
    }


def _hipaa(library: Library, affected: int) -> Answer:
    """Return by which track the Secretary is told, and whether the media are, of so many people in one State."""
    large, media = (_decides(library.rule(one), affected) for one in ("us-hipaa-408-500", "us-hipaa-406"))
    return {"secretary_track": "500_or_more" if large else "annual", "media": media}


def _decides(rule: Rule, number: int) -> bool:
    return any(one.is_met(number) for one in rule.thresholds if one.decides)


def _phase_named(rule: Rule, name: str) -> Phase:
    found = next((one for one in rule.phases if one.name == name), None)
    if found is None or found.amount is None:
        known = ", ".join(one.name for one in rule.phases if one.amount) or "none"
        raise BadStart(f"{rule.id} has no phase {name!r} with a period of its own. It has: {known}.")
    return found


def _phase_counting(rule: Rule, phase: Phase) -> Counting:
    """Return how a phase is counted: as its rule where it is of the same kind, else plainly."""
    if phase.unit is rule.period.unit:
        return rule.period.counting
    return {
        Unit.HOURS: Counting.ELAPSED_HOURS,
        Unit.CALENDAR_DAYS: Counting.CALENDAR_DAYS_EXCL_FIRST,
        Unit.MONTHS: Counting.EU_1182_71_MONTHS if rule.jurisdiction == "EU" else Counting.CALENDAR_MONTHS,
    }.get(phase.unit, rule.period.counting)


def _shown(reading: Reading, zone: ZoneInfo) -> str:
    return reading.on.isoformat() if reading.on else reading.ends_at.astimezone(zone).isoformat()


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _words(name: str) -> str:
    return name.replace("_", " ")
