"""
A jurisdiction's regimes, read from the text of their file.

Read strictly: a slip in a file stops the start and not a case. Each refusal is one sentence that names the file, the
rule and what was expected there.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeVar, cast

import yaml

from incidents.law.schema import (
    Authority,
    Confidence,
    Counting,
    Exemption,
    InForce,
    Period,
    Phase,
    Recipient,
    Regime,
    Role,
    Rule,
    Source,
    Standing,
    StartEvent,
    Threshold,
    Unit,
)

Raw = Mapping[str, object]


Kind = TypeVar("Kind", bound=StrEnum)


Value = TypeVar("Value")


class BadRegime(ValueError):
    """A regime file says something that cannot be understood; the message names file and rule."""


def read_sources(text: str, name: str) -> Mapping[str, Source]:
    """
    Read the list of sources, by key.

    >>> read_sources("MEM: {address: nobody looked it up, kind: memory}", "sources.yaml")["MEM"].kind
    'memory'

    :raises BadRegime: an entry cannot be understood.
    """
    entries = _mapping(yaml.load(text, Loader=yaml.CSafeLoader), name)
    return {key: _read_source(key, entry, f"{name}: {key}") for key, entry in entries.items()}


def read_jurisdiction(text: str, name: str, sources: Mapping[str, Source]) -> tuple[Regime, ...]:
    """
    Read one jurisdiction's regimes from the text of its YAML file; ``name`` is said in refusals.

    :raises BadRegime: a key is missing or unknown, or holds what it may not.
    """
    try:
        raw = _keys(yaml.load(text, Loader=yaml.CSafeLoader), "jurisdiction authorities regimes", "", name)
    except yaml.YAMLError as error:
        raise BadRegime(f"{name}: this is not YAML: {error}.") from error
    place = _keys(raw["jurisdiction"], "code name countries calendar", "by_people_only", f"{name}: jurisdiction")
    countries = _texts(place["countries"], f"{name}: jurisdiction: countries")
    named = _mapping(raw["authorities"], f"{name}: authorities")
    authorities = {code: _read_authority(code, one, f"{name}: authorities: {code}") for code, one in named.items()}
    shared = (str(place["code"]), countries, bool(place.get("by_people_only")), authorities, str(place["calendar"]))
    regimes = tuple(_read_regime(one, name, shared, sources) for one in _list(raw["regimes"], f"{name}: regimes"))
    _unique([rule.id for regime in regimes for rule in regime.rules], name)
    return regimes


def _read_regime(
    item: object,
    name: str,
    shared: tuple[str, tuple[str, ...], bool, Mapping[str, Authority], str],
    sources: Mapping[str, Source],
) -> Regime:
    raw = _keys(item, "id title rules", "", f"{name}: regimes")
    regime_id, code = _text(raw["id"], f"{name}: regimes: id"), shared[0]
    rules = tuple(
        _read_rule(one, name, (regime_id, code), sources) for one in _list(raw["rules"], f"{name}: {regime_id}: rules")
    )
    return Regime(regime_id, _text(raw["title"], f"{name}: {regime_id}: title"), *shared, rules)


def _read_rule(item: object, name: str, home: tuple[str, str], sources: Mapping[str, Source]) -> Rule:
    required = "id title instrument article owed_by recipient trigger period in_force sources date_verified confidence"
    optional = "phases thresholds exemptions content if_late how_to_file notes reading shown_with"
    where = f"{name}: {item.get('id', 'a rule without id') if isinstance(item, Mapping) else 'a rule'}"
    raw = _keys(item, required, optional, where)
    owed_by = _keys(raw["owed_by"], "who role", "sectors", f"{where}: owed_by")
    recipient = _keys(raw["recipient"], "kind name", "", f"{where}: recipient")
    trigger = _keys(raw["trigger"], "threshold words", "decided_by", f"{where}: trigger")
    verified = raw["date_verified"]
    if not isinstance(verified, date):
        raise BadRegime(f"{where}: date_verified must be a day such as 2026-11-23, not {verified!r}.")
    return Rule(
        id=_text(raw["id"], f"{where}: id"),
        regime=home[0],
        jurisdiction=home[1],
        title=_text(raw["title"], f"{where}: title"),
        instrument=_text(raw["instrument"], f"{where}: instrument"),
        article=_text(raw["article"], f"{where}: article"),
        owed_by=_text(owed_by["who"], f"{where}: owed_by: who"),
        role=_enum(Role, owed_by["role"], f"{where}: owed_by: role"),
        sectors=_texts(owed_by.get("sectors", []), f"{where}: owed_by: sectors"),
        recipient=_enum(Recipient, recipient["kind"], f"{where}: recipient: kind"),
        recipient_name=_text(recipient["name"], f"{where}: recipient: name"),
        threshold=_text(trigger["threshold"], f"{where}: trigger: threshold"),
        trigger=_text(trigger["words"], f"{where}: trigger: words"),
        decided_by=str(trigger.get("decided_by", "")),
        period=_read_period(raw["period"], f"{where}: period"),
        phases=_each(_read_phase, raw.get("phases", []), f"{where}: phases"),
        thresholds=_each(_read_threshold, raw.get("thresholds", []), f"{where}: thresholds"),
        exemptions=tuple(Exemption(words) for words in _texts(raw.get("exemptions", []), f"{where}: exemptions")),
        content=_texts(raw.get("content", []), f"{where}: content"),
        if_late=str(raw.get("if_late", "")),
        how_to_file=str(raw.get("how_to_file", "")),
        in_force=_read_in_force(raw["in_force"], f"{where}: in_force"),
        sources=_named(raw["sources"], sources, f"{where}: sources"),
        date_verified=verified,
        confidence=_enum(Confidence, raw["confidence"], f"{where}: confidence"),
        notes=str(raw.get("notes", "")),
        reading=str(raw.get("reading", "")),
        shown_with=_texts(raw.get("shown_with", []), f"{where}: shown_with"),
    )


def _read_period(item: object, where: str) -> Period:
    raw = _keys(item, "amount unit words starts_with start_words counting", "amount_by_class", where)
    amount, unit = raw["amount"], _enum(Unit, raw["unit"], f"{where}: unit")
    if amount is not None and not _is_count(amount):
        raise BadRegime(f"{where}: amount must be a whole number above zero, or null, not {amount!r}.")
    counting = _enum(Counting, raw["counting"], f"{where}: counting")
    if (amount is None) is not (unit is Unit.NONE):
        raise BadRegime(f"{where}: an amount needs a unit and a unit an amount; without either, say null and none.")
    if amount is None and counting not in (Counting.NO_FIXED, Counting.JP_PROMPT_3_5):
        raise BadRegime(f"{where}: {counting} counts an amount, and none is given.")
    by_class = _mapping(raw.get("amount_by_class", {}), f"{where}: amount_by_class")
    if not all(_is_count(value) for value in by_class.values()):
        raise BadRegime(f"{where}: amount_by_class must name whole numbers above zero.")
    return Period(
        cast("int | None", amount),
        unit,
        str(raw["words"]),
        _enum(StartEvent, raw["starts_with"], f"{where}: starts_with"),
        _text(raw["start_words"], f"{where}: start_words"),
        counting,
        tuple((key, cast("int", value)) for key, value in by_class.items()),
    )


def _read_phase(item: object, where: str) -> Phase:
    raw = _keys(item, "name runs_from amount unit", "words", where)
    amount = raw["amount"]
    if amount is not None and not _is_count(amount):
        raise BadRegime(f"{where}: amount must be a whole number above zero, or null, not {amount!r}.")
    unit = _enum(Unit, raw["unit"], f"{where}: unit")
    name, runs_from = _text(raw["name"], f"{where}: name"), _text(raw["runs_from"], f"{where}: runs_from")
    return Phase(name, runs_from, cast("int | None", amount), unit, str(raw.get("words", "")))


def _read_threshold(item: object, where: str) -> Threshold:
    raw = _keys(item, "operator value of effect", "decides", where)
    if raw["operator"] not in (">", ">=", "<", "="):
        raise BadRegime(f"{where}: operator must be one of >, >=, <, =, not {raw['operator']!r}.")
    if not _is_count(raw["value"]):
        raise BadRegime(f"{where}: value must be a whole number above zero, not {raw['value']!r}.")
    of, effect = _text(raw["of"], f"{where}: of"), _text(raw["effect"], f"{where}: effect")
    return Threshold(raw["operator"], cast("int", raw["value"]), of, effect, bool(raw.get("decides")))


def _read_in_force(item: object, where: str) -> InForce:
    raw = _keys(item, "status", "since until words", where)
    since, until = raw.get("since"), raw.get("until")
    for key, day in (("since", since), ("until", until)):
        if day is not None and not isinstance(day, date):
            raise BadRegime(f"{where}: {key} must be a day such as 2018-05-25, not {day!r}.")
    status = _enum(Standing, raw["status"], f"{where}: status")
    return InForce(status, cast("date | None", since), cast("date | None", until), str(raw.get("words", "")))


def _read_authority(country: str, item: object, where: str) -> Authority:
    raw = _keys(item, "name", "file_at from_memory", where)
    return Authority(
        country, _text(raw["name"], f"{where}: name"), str(raw.get("file_at", "")), bool(raw.get("from_memory", True))
    )


def _read_source(key: str, item: object, where: str) -> Source:
    raw = _keys(item, "address kind", "note", where)
    return Source(key, _text(raw["address"], where), _text(raw["kind"], where), str(raw.get("note", "")))


def _named(value: object, sources: Mapping[str, Source], where: str) -> tuple[Source, ...]:
    keys = _texts(value, where)
    if not keys:
        raise BadRegime(f"{where}: name at least one; MEM where it is from memory.")
    unknown = [key for key in keys if key not in sources]
    if unknown:
        raise BadRegime(f"{where}: {', '.join(unknown)} is not in the list of sources.")
    return tuple(sources[key] for key in keys)


def _keys(value: object, required: str, optional: str, where: str) -> Raw:
    raw = _mapping(value, where)
    missing = [key for key in required.split() if key not in raw]
    unknown = [key for key in raw if key not in required.split() + optional.split()]
    if missing:
        raise BadRegime(f"{where}: {', '.join(missing)} is missing.")
    if unknown:
        raise BadRegime(f"{where}: {', '.join(unknown)} is not known here.")
    return raw


def _mapping(value: object, where: str) -> Raw:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise BadRegime(f"{where}: this must be a list of names with a value each.")
    return value


def _list(value: object, where: str) -> Sequence[object]:
    if not isinstance(value, list):
        raise BadRegime(f"{where}: this must be a list.")
    return value


def _each(read: Callable[[object, str], Value], value: object, where: str) -> tuple[Value, ...]:
    return tuple(read(item, f"{where} {number}") for number, item in enumerate(_list(value, where), 1))


def _texts(value: object, where: str) -> tuple[str, ...]:
    return tuple(_text(item, where) for item in _list(value, where))


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadRegime(f"{where}: this must be words, not {value!r}.")
    return value


def _enum(kind: type[Kind], value: object, where: str) -> Kind:
    try:
        return kind(str(value))
    except ValueError as error:
        raise BadRegime(f"{where}: {value!r} is not one of {', '.join(kind)}.") from error


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _unique(ids: Sequence[str], name: str) -> None:
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise BadRegime(f"{name}: {', '.join(twice)} stands there twice.")
