"""Whether a duty is owed, not owed, or open until a fact is known, and why: one check after the other."""

from dataclasses import dataclass
from enum import StrEnum, auto

from incidents.law.facts import Facts
from incidents.law.said import day_said
from incidents.law.schema import Counting, Regime, Role, Rule, Standing

GENERAL = ("eu-gdpr", "uk-gdpr")
"""The regimes under which every organisation may stand, and which name the authorities of their countries."""

DECIDED_BY_MANAGEMENT = ("notify_authority", "inform_data_subjects")
"""The questions on which management takes its decision on the case; the others are facts to be settled."""


class State(StrEnum):
    """What the law says of a duty as far as the facts go."""

    OWED = auto()
    OPEN = auto()
    NOT_OWED = auto()


class Reach(StrEnum):
    """Whether the facts put the organisation under a regime."""

    ESTABLISHED = auto()
    PEOPLE = auto()
    UNKNOWN = auto()
    NONE = auto()


@dataclass(frozen=True, slots=True)
class Verdict:
    state: State
    because: str
    open_until: str = ""


def reach_of(facts: Facts, regime: Regime) -> tuple[Reach, tuple[str, ...]]:
    """Return whether the regime reaches the organisation, and through which countries."""
    established = [code for code in facts.established_in if is_within(code, regime.countries)]
    if established and not regime.by_people_only:
        return Reach.ESTABLISHED, (established[0],)
    if facts.people_in is None:
        return Reach.UNKNOWN, ()
    people = tuple(
        sorted(code for code, number in facts.people_in.items() if number != 0 and is_within(code, regime.countries))
    )
    return (Reach.PEOPLE, people) if people else (Reach.NONE, ())


def verdict_on(facts: Facts, regime: Regime, rule: Rule, reach: Reach) -> Verdict:
    """Return the state and its reason; the first question that settles the matter is the one that is named."""
    checks = (
        by_standing(rule),
        _by_reach(facts, regime, rule, reach),
        _by_role(facts, rule),
        _by_sector(facts, rule),
        _by_number(facts, regime, rule),
        _by_threshold(facts, rule),
    )
    settled = [one for one in checks if one is not None]
    refused = next((one for one in settled if one.state is State.NOT_OWED), None)
    if refused:
        return refused
    waiting = [one for one in settled if one.state is State.OPEN]
    if waiting:
        because = " ".join(dict.fromkeys(one.because for one in waiting))
        return Verdict(State.OPEN, because, "; ".join(dict.fromkeys(one.open_until for one in waiting)))
    return settled[-1]


def by_standing(rule: Rule) -> Verdict | None:
    gone = rule.in_force.status in (Standing.SUPERSEDED, Standing.VOLUNTARY)
    never = rule.period.counting is Counting.PROPOSED_NOT_LAW or rule.in_force.status is Standing.PROPOSED_NOT_LAW
    return Verdict(State.NOT_OWED, f"{rule.article}: {standing_said(rule)}") if gone or never else None


def _by_reach(facts: Facts, regime: Regime, rule: Rule, reach: Reach) -> Verdict | None:
    if reach is Reach.ESTABLISHED:
        return None
    if reach is Reach.UNKNOWN:
        fact = f"whether people in {_place(regime)} are affected"
        return Verdict(State.OPEN, f"{rule.article}: open until it is known {fact}.", fact)
    if reach is Reach.NONE:
        no_people = f"{rule.article}: not owed. There is no establishment and nobody affected in {_place(regime)}."
        return Verdict(State.NOT_OWED, no_people)
    if regime.id not in GENERAL:
        return None
    served = None if facts.serves is None else any(is_within(code, regime.countries) for code in facts.serves)
    if served is False:
        return Verdict(
            State.NOT_OWED,
            f"{rule.article}: not owed. People there are affected, but the organisation has no establishment there, "
            "offers nothing to people there and does not monitor them (Art. 3(2)).",
        )
    fact = f"whether the organisation offers goods or services to people in {_place(regime)}, or monitors them"
    return (
        None
        if served
        else Verdict(
            State.OPEN, f"{rule.article}: people there are affected. Open until it is known {fact} (Art. 3(2)).", fact
        )
    )


def _by_role(facts: Facts, rule: Rule) -> Verdict | None:
    if Role.BOTH in (facts.role, rule.role) or facts.role is rule.role:
        return None
    ours = "the controller" if facts.role is Role.CONTROLLER else "a processor"
    return Verdict(
        State.NOT_OWED,
        f"{rule.article}: not owed. It is the duty of {rule.owed_by}, and here the organisation is {ours}.",
    )


def _by_sector(facts: Facts, rule: Rule) -> Verdict | None:
    if not rule.sectors:
        return None
    if facts.sectors is None:
        fact = f"whether the organisation is: {rule.owed_by}"
        return Verdict(State.OPEN, f"{rule.article}: open until it is known {fact}.", fact)
    if set(facts.sectors).isdisjoint(rule.sectors):
        return Verdict(State.NOT_OWED, f"{rule.article}: not owed. It is the duty of: {rule.owed_by}.")
    return None


def _by_number(facts: Facts, regime: Regime, rule: Rule) -> Verdict | None:
    deciding = [one for one in rule.thresholds if one.decides]
    if not deciding:
        return None
    said = " or ".join(f"{one.operator} {one.value} {one.of}" for one in deciding)
    number = _people(facts, regime, one_place="one State" in said)
    if number is None:
        fact = f"how many {deciding[0].of} are affected"
        return Verdict(State.OPEN, f"{rule.article}: owed for {said}. Open until it is known {fact}.", fact)
    if any(one.is_met(number) for one in deciding):
        return None
    return Verdict(State.NOT_OWED, f"{rule.article}: not owed. It is owed for {said}, and {number} are affected.")


def _people(facts: Facts, regime: Regime, *, one_place: bool) -> int | None:
    """Return how many people a threshold looks at: all within the regime's countries, or the most in one of them."""
    if facts.people_in is None:
        return None
    numbers = [number for code, number in facts.people_in.items() if is_within(code, regime.countries)]
    known = [number for number in numbers if number is not None]
    if len(known) < len(numbers):
        return None
    return max(known, default=0) if one_place else sum(known)


def _by_threshold(facts: Facts, rule: Rule) -> Verdict:
    """Return what a decision says; until there is one, the duty counts as due, since the clock does not wait."""
    if not rule.decided_by:
        every = (
            "for every personal data breach"
            if rule.threshold == "any" and "gdpr" in rule.id
            else f"for this: {lower_first(rule.trigger)}"
        )
        return Verdict(State.OWED, f"{rule.article}: owed {every}.")
    owed = {
        "risk": "unless the breach is unlikely to result in a risk",
        "high": "where the breach is likely to result in a high risk",
    }.get(rule.threshold, f"for this: {lower_first(rule.trigger)}")
    decided = dict(facts.decisions).get(rule.decided_by)
    ours = rule.decided_by in DECIDED_BY_MANAGEMENT
    if decided is None:
        waiting = "Management has not decided yet" if ours else "Whether that holds is not decided yet"
        fact = (
            f"what management decides ({rule.decided_by.replace('_', ' ')})"
            if ours
            else f"whether this holds: {lower_first(rule.trigger)}"
        )
        return Verdict(State.OPEN, f"{rule.article}: owed {owed}. {waiting}; until then it counts as due.", fact)
    if decided:
        said = "Management has decided that it is done." if ours else "It is decided that this holds."
        return Verdict(State.OWED, f"{rule.article}: owed {owed}. {said}")
    said = (
        "Management has decided, with reasons, that it is not." if ours else "It is decided that this does not hold."
    )
    return Verdict(State.NOT_OWED, f"{rule.article}: owed {owed}. {said}")


def standing_said(rule: Rule) -> str:
    law = rule.in_force
    until = f" and held until {day_said(law.until)}" if law.until else ""
    said = {
        Standing.PROPOSED_NOT_LAW: "not owed. This is a proposal and not law.",
        Standing.STATUTE_ENACTED_RULE_NOT_FINAL: (
            "not owed. The statute is enacted, but the rule that would set the duty is not final as far as known."
        ),
        Standing.SUPERSEDED: f"not owed. It was replaced{until}.",
        Standing.VOLUNTARY: "not owed. A notice is recommended and not required.",
    }.get(law.status)
    if said:
        return said
    return (
        f"not owed. It is in force only from {day_said(law.since)}."
        if law.since
        else "not owed. It is not in force yet."
    )


def is_within(code: str, countries: tuple[str, ...]) -> bool:
    return code in countries or code.partition("-")[0] in countries


def _place(regime: Regime) -> str:
    return {"EU": "the European Economic Area", "GB": "the United Kingdom"}.get(
        regime.jurisdiction, regime.jurisdiction
    )


def lower_first(words: str) -> str:
    return words[:1].lower() + words[1:] if words[1:2].islower() else words
