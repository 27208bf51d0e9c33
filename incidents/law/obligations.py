"""Which obligations arise, from when, until when and why: facts in, obligations out, never silently missing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from zoneinfo import ZoneInfo

from incidents.law.periods import Count, count_hours
from incidents.law.schema import Regime, Rule


class State(StrEnum):
    """What the law says of a duty as far as the facts go."""

    OWED = auto()
    OPEN = auto()
    NOT_OWED = auto()


@dataclass(frozen=True, slots=True)
class Facts:
    """What the engine needs to know; None is unknown, which is not "no"."""

    established_in: tuple[str, ...]
    zone: ZoneInfo
    aware_at: datetime | None
    decisions: tuple[tuple[str, bool], ...] = ()
    """What management has decided: question → yes or no."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """One duty towards one recipient, with its reason in words and, where it runs, its count."""

    rule: Rule
    recipient: str
    state: State
    because: str
    starts_at: datetime | None
    count: Count | None


def obligations(facts: Facts, regimes: Iterable[Regime]) -> tuple[Obligation, ...]:
    """
    Return every obligation of every regime under which the controller stands, owed or not, each with its reason.

    A controller stands under a regime through the countries where it is established (GDPR Art. 3(1)); established in
    several countries of one regime, it tells one authority, the lead one: that of the country named first (Art. 56).
    """
    return tuple(_all(facts, regimes))


def why_none(facts: Facts, regimes: Iterable[Regime]) -> str:
    """Say why no obligation arises at all; empty where one does."""
    if any(set(facts.established_in) & set(regime.countries) for regime in regimes):
        return ""
    where = ", ".join(facts.established_in) or "nowhere yet"
    return f"The organisation is established in: {where}. No rule in the library covers that; ask counsel."


def _all(facts: Facts, regimes: Iterable[Regime]) -> Iterator[Obligation]:
    for regime in regimes:
        country = next((code for code in facts.established_in if code in regime.countries), None)
        if country is not None:
            for rule in regime.rules:
                yield _one(facts, regime, rule, country)


def _one(facts: Facts, regime: Regime, rule: Rule, country: str) -> Obligation:
    recipient = regime.authorities[country] if rule.recipient == "authority" else rule.recipient_name
    state, because = _owed(facts, rule)
    if rule.period.starts_with == "awareness" and facts.aware_at is None:
        waiting = "Nothing runs yet: no awareness is recorded. Whoever records it starts this clock."
        return Obligation(rule, recipient, state, f"{because} {waiting}", None, None)
    counted = facts.aware_at is not None and rule.period.hours is not None
    count = count_hours(facts.aware_at, rule.period.hours, facts.zone) if counted else None  # type: ignore[arg-type]  # counted says so
    return Obligation(rule, recipient, state, because, facts.aware_at, count)


def _owed(facts: Facts, rule: Rule) -> tuple[State, str]:
    """Return the state and its reason; an open one counts down as if it were owed, since the clock does not wait."""
    if rule.threshold == "any":
        return State.OWED, f"{rule.article}: owed for every personal data breach."
    decided = dict(facts.decisions).get(rule.decided_by)
    risk = (
        "unless the breach is unlikely to result in a risk"
        if rule.threshold == "risk"
        else "where the breach is likely to result in a high risk"
    )
    if decided is None:
        return State.OPEN, f"{rule.article}: owed {risk}. Management has not decided yet; until then it counts as due."
    if decided:
        return State.OWED, f"{rule.article}: owed {risk}. Management has decided that it is done."
    return State.NOT_OWED, f"{rule.article}: owed {risk}. Management has decided, with reasons, that it is not."
