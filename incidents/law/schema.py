"""A regime as it is read from its file: strictly, so that a slip in a file stops the start and not a case."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

RECIPIENTS = ("authority", "data_subjects", "register")
RISKS = ("any", "risk", "high")


class BadRegime(ValueError):
    """A regime file says something that cannot be understood; the message names file and rule."""


@dataclass(frozen=True, slots=True)
class Period:
    """How long: a number of hours [h] from a start event, or no fixed time, in the law's words."""

    hours: int | None
    words: str
    starts_with: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One duty: to whom, above which risk, within which period, and where that stands."""

    id: str
    title: str
    recipient: str
    recipient_name: str
    threshold: str
    decided_by: str
    period: Period
    article: str
    source: str
    content: tuple[str, ...]
    if_late: str
    how_to_file: str
    date_verified: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Regime:
    """One legal instrument's set of rules, and where an establishment brings a controller under it."""

    id: str
    title: str
    instrument: str
    countries: tuple[str, ...]
    authorities: Mapping[str, str]
    rules: tuple[Rule, ...]


def read_regime(text: str, name: str) -> Regime:
    """
    Read one regime from the text of its YAML file; ``name`` is said in errors.

    :raises BadRegime: a key is missing, unknown, or holds what it may not.
    """
    raw = yaml.safe_load(text)
    _exact_keys(raw, {"id", "title", "instrument", "countries", "authorities", "rules"}, name)
    rules = tuple(_read_rule(rule, f"{name}: {rule.get('id', '?')}") for rule in raw["rules"])
    missing = set(raw["countries"]) - set(raw["authorities"])
    if missing:
        raise BadRegime(f"{name}: no authority is named for {', '.join(sorted(missing))}.")
    return Regime(
        raw["id"], raw["title"], raw["instrument"], tuple(raw["countries"]), dict(raw["authorities"]), rules
    )


def _read_rule(raw: Mapping[str, Any], where: str) -> Rule:
    keys = {"id", "title", "recipient", "recipient_name", "threshold", "decided_by", "period", "article", "source"}
    keys |= {"content", "if_late", "how_to_file", "date_verified", "confidence"}
    _exact_keys(raw, keys, where)
    _exact_keys(raw["period"], {"hours", "words", "starts_with"}, where)
    if raw["recipient"] not in RECIPIENTS:
        raise BadRegime(f"{where}: the recipient must be one of {', '.join(RECIPIENTS)}.")
    if raw["threshold"] not in RISKS:
        raise BadRegime(f"{where}: the threshold must be one of {', '.join(RISKS)}.")
    hours = raw["period"]["hours"]
    if hours is not None and (not isinstance(hours, int) or hours <= 0):
        raise BadRegime(f"{where}: hours must be a whole number above zero, or null.")
    period = Period(hours, raw["period"]["words"], raw["period"]["starts_with"])
    rest = {key: raw[key] for key in keys - {"period", "content", "date_verified"}}
    return Rule(period=period, content=tuple(raw["content"]), date_verified=str(raw["date_verified"]), **rest)


def _exact_keys(raw: Mapping[str, Any], keys: set[str], where: str) -> None:
    if not isinstance(raw, Mapping) or set(raw) != keys:
        found = set(raw) if isinstance(raw, Mapping) else set()
        raise BadRegime(f"{where}: missing {sorted(keys - found)}, unknown {sorted(found - keys)}.")
