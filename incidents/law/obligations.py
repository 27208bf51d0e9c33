"""Which obligations arise, from when, until when and why: facts in, obligations out, never silently missing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum, auto
from zoneinfo import ZoneInfo

from incidents.law.calendars import Calendar
from incidents.law.periods import BadStart, Circumstances, Count, count_period
from incidents.law.schema import Counting, Library, Phase, Recipient, Regime, Role, Rule, Standing, StartEvent, Unit

SOON = timedelta(hours=24)
GENERAL = ("eu-gdpr", "uk-gdpr")
"""The regimes under which every organisation may stand, and which name the authorities of their countries."""
NOT_AWARE = "Nothing runs yet: no awareness is recorded. Whoever records it starts this clock."


class State(StrEnum):
    """What the law says of a duty as far as the facts go."""

    OWED = auto()
    OPEN = auto()
    NOT_OWED = auto()


class Urgency(StrEnum):
    """How a duty stands at a moment; never stored, since it changes by itself."""

    NOT_OWED = auto()
    NOT_RUNNING = auto()
    NO_FIXED_TIME = auto()
    RUNNING = auto()
    DUE_SOON = auto()
    OVERDUE = auto()


class Reach(StrEnum):
    """Whether the facts put the organisation under a regime."""

    ESTABLISHED = auto()
    PEOPLE = auto()
    UNKNOWN = auto()
    NONE = auto()


@dataclass(frozen=True, slots=True)
class Facts:
    """
    What the engine needs to know of an organisation and its case; None is unknown, which is not "no".

    ``established_in``: countries ("GB", "FR", "US-CA"), the main one first. ``people_in``: how many people by country,
    with None for a country whose number is not known. ``serves``: countries to whose people it offers goods or services,
    or whom it monitors (GDPR Art. 3(2)). ``decisions``: what management has decided, question → yes or no.
    """

    established_in: tuple[str, ...]
    zone: ZoneInfo
    decisions: tuple[tuple[str, bool], ...] = ()
    role: Role = Role.CONTROLLER
    sectors: tuple[str, ...] | None = None
    people_in: Mapping[str, int | None] | None = None
    serves: tuple[str, ...] | None = None
    entity_class: str | None = None
    calendar: Calendar | None = None


@dataclass(frozen=True, slots=True)
class Starts:
    """
    The recorded instants from which periods run: by event, and for what follows on a report by the rule that was filed.

    ``at``: start event → instant. ``filed``: rule id → when that report went out.
    """

    at: Mapping[StartEvent, datetime] = field(default_factory=dict)
    filed: Mapping[str, datetime] = field(default_factory=dict)

    @classmethod
    def aware(cls, aware_at: datetime | None) -> "Starts":
        """
        Return the starts of a case of which only the awareness is recorded, or not even that.

        >>> Starts.aware(None).at
        {}
        """
        return cls({StartEvent.AWARENESS: aware_at} if aware_at else {})


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """One step of an obligation: its name, its words and, where it runs already, its count."""

    name: str
    words: str
    count: Count | None


@dataclass(frozen=True, slots=True)
class Obligation:
    """
    One duty towards one recipient, with its reason in words and, where it runs, its count.

    ``open_until``: the fact that would settle it, where it is open. ``time_words``: what the law says of the time, for
    where it fixes none. A count of None means that nothing runs: ``because`` then says why.
    """

    rule: Rule
    recipient: str
    state: State
    because: str
    starts_at: datetime | None
    count: Count | None
    reach: Reach = Reach.ESTABLISHED
    open_until: str = ""
    time_words: str = ""
    phases: tuple[PhaseLine, ...] = ()

    @property
    def in_reach(self) -> bool:
        """Return whether the facts put the organisation under this regime: by an establishment, or by people there."""
        return self.reach in (Reach.ESTABLISHED, Reach.PEOPLE)


@dataclass(frozen=True, slots=True)
class _Verdict:
    state: State
    because: str
    open_until: str = ""


def obligations(facts: Facts, starts: Starts, library: Library) -> tuple[Obligation, ...]:
    """
    Return every obligation of every regime in the library, owed or not, each with its reason.

    A controller stands under a regime through the countries where it is established (GDPR Art. 3(1)); established in
    several countries of one regime, it tells one authority, the lead one: that of the country named first (Art. 56).
    Without an establishment there, people there may bring it under the regime (Art. 3(2)), and then each country's
    authority is told. An open duty counts down as if it were owed: the clock does not wait for an assessment.

    >>> from incidents.law.library import library
    >>> paris = Facts(("FR",), ZoneInfo("Europe/Paris"))
    >>> [one.recipient for one in obligations(paris, Starts(), library().only("eu-gdpr"))][0]
    'CNIL, France'
    """
    return tuple(one for regime in library.regimes for one in _of_regime(facts, starts, regime))


def concerns(obligation: Obligation, facts: Facts) -> bool:
    """
    Return whether a duty is one for this organisation's own list: in reach, law, and of its role.

    What it leaves out is not owed for a reason that no fact of the case can change, or lies beyond the regimes reached.
    """
    ours = Role.BOTH in (facts.role, obligation.rule.role) or facts.role is obligation.rule.role
    return obligation.in_reach and ours and _by_standing(obligation.rule) is None


def status(obligation: Obligation, now: datetime, soon: timedelta = SOON) -> Urgency:
    """
    Return how an obligation stands at ``now`` [instant]; due soon is what ends within ``soon``.

    At the instant of its deadline a duty is not overdue yet.
    """
    if obligation.state is State.NOT_OWED:
        return Urgency.NOT_OWED
    if obligation.starts_at is None:
        always = obligation.rule.period.starts_with is StartEvent.OCCURRENCE and obligation.rule.period.amount is None
        return Urgency.NO_FIXED_TIME if always else Urgency.NOT_RUNNING
    ends_at = obligation.count.ends_at if obligation.count else None
    if ends_at is None:
        return Urgency.NO_FIXED_TIME
    if now > ends_at:
        return Urgency.OVERDUE
    return Urgency.DUE_SOON if ends_at - now <= soon else Urgency.RUNNING


def why_none(facts: Facts, library: Library) -> str:
    """
    Say why no obligation arises at all; empty where one does.

    >>> from incidents.law.library import library
    >>> why_none(Facts((), ZoneInfo("UTC")), library())
    'The organisation is established in: nowhere yet. No rule in the library covers that; ask counsel.'
    """
    if any(_reach(facts, regime)[0] in (Reach.ESTABLISHED, Reach.PEOPLE) for regime in library.regimes):
        return ""
    where = ", ".join(facts.established_in) or "nowhere yet"
    return f"The organisation is established in: {where}. No rule in the library covers that; ask counsel."


def _of_regime(facts: Facts, starts: Starts, regime: Regime) -> Iterator[Obligation]:
    reach, countries = _reach(facts, regime)
    for rule in regime.rules:
        for recipient in _recipients(regime, rule, countries):
            yield _one(facts, starts, regime, rule, reach, recipient)


def _recipients(regime: Regime, rule: Rule, countries: tuple[str, ...]) -> tuple[str, ...]:
    """Return who is told: under the GDPR each country's own authority, else whom the rule names."""
    named = tuple(regime.authorities[code].name for code in countries if code in regime.authorities)
    general = regime.id in GENERAL and rule.period.counting is not Counting.PROPOSED_NOT_LAW
    return named if named and general and rule.recipient is Recipient.AUTHORITY else (rule.recipient_name,)


def _reach(facts: Facts, regime: Regime) -> tuple[Reach, tuple[str, ...]]:
    """Return whether the regime reaches the organisation, and through which countries."""
    established = [code for code in facts.established_in if _is_within(code, regime.countries)]
    if established and not regime.by_people_only:
        return Reach.ESTABLISHED, (established[0],)
    if facts.people_in is None:
        return Reach.UNKNOWN, ()
    people = tuple(
        sorted(code for code, number in facts.people_in.items() if number != 0 and _is_within(code, regime.countries))
    )
    return (Reach.PEOPLE, people) if people else (Reach.NONE, ())


def _is_within(code: str, countries: tuple[str, ...]) -> bool:
    return code in countries or code.partition("-")[0] in countries


def _one(facts: Facts, starts: Starts, regime: Regime, rule: Rule, reach: Reach, recipient: str) -> Obligation:
    verdict = _verdict(facts, regime, rule, reach)
    if verdict.state is State.NOT_OWED:
        return Obligation(rule, recipient, verdict.state, verdict.because, None, None, reach)
    starts_at, note = _start_of(rule, starts)
    because = f"{verdict.because} {note}".strip()
    about = Circumstances(
        facts.zone,
        facts.calendar or Calendar(_calendar_code(facts, regime)),
        starts.at.get(StartEvent.AWARENESS),
        starts.at.get(StartEvent.CLASSIFICATION),
        facts.entity_class,
    )
    count, refused = _counted(rule, starts_at, about)
    if starts_at is not None and not rule.in_force.is_law_on(starts_at.astimezone(facts.zone).date()):
        because = f"{rule.article}: {_standing_said(rule)} No deadline follows from it for this case."
        return Obligation(rule, recipient, State.NOT_OWED, because, None, None, reach)
    return Obligation(
        rule=rule,
        recipient=recipient,
        state=verdict.state,
        because=f"{because} {refused}".strip(),
        starts_at=starts_at if not refused else None,
        count=count,
        reach=reach,
        open_until=verdict.open_until,
        time_words=rule.period.words,
        phases=tuple(_phase(phase, rule, starts, about) for phase in rule.phases),
    )


def _calendar_code(facts: Facts, regime: Regime) -> str:
    """Return whose holidays count: in the Union those of the country of establishment, else the regime's own."""
    own = next((code for code in facts.established_in if code in regime.countries), None)
    return own if own and len(regime.countries) > 1 else regime.calendar


def _counted(rule: Rule, starts_at: datetime | None, about: Circumstances) -> tuple[Count | None, str]:
    """Return the count, or why these instants allow none; no count where the law fixes no time."""
    if starts_at is None or rule.period.amount is None:
        return None, ""
    amount = min(rule.period.amounts(about.entity_class))
    try:
        return count_period(rule.period.counting, amount, starts_at, about), ""
    except BadStart as error:
        return None, str(error)


def _phase(phase: Phase, rule: Rule, starts: Starts, about: Circumstances) -> PhaseLine:
    """Return a phase; only one that runs from the rule's own start in hours or days has a count so far."""
    amount = f"{phase.amount} {phase.unit.replace('_', ' ')} from: {phase.runs_from}." if phase.amount else ""
    words = " ".join(part for part in (amount, phase.words) if part)
    event = {
        "awareness": StartEvent.AWARENESS,
        "aware": StartEvent.AWARENESS,
        "classification": StartEvent.CLASSIFICATION,
        "payment": StartEvent.PAYMENT,
    }.get(phase.runs_from)
    begun = starts.at.get(event) if event else None
    if begun is None or phase.amount is None or phase.unit not in (Unit.HOURS, Unit.CALENDAR_DAYS):
        return PhaseLine(phase.name, words, None)
    same = phase.amount == rule.period.amount and phase.unit is rule.period.unit
    plain = Counting.ELAPSED_HOURS if phase.unit is Unit.HOURS else Counting.CALENDAR_DAYS_EXCL_FIRST
    return PhaseLine(
        phase.name, words, count_period(rule.period.counting if same else plain, phase.amount, begun, about)
    )


def _start_of(rule: Rule, starts: Starts) -> tuple[datetime | None, str]:
    """Return from when the rule's period runs, and what has to be said about that."""
    event = rule.period.starts_with
    if event in starts.at:
        return starts.at[event], ""
    if event is StartEvent.OCCURRENCE and rule.period.amount is None:
        return None, ""
    aware = starts.at.get(StartEvent.AWARENESS)
    if event in (StartEvent.DISCOVERY, StartEvent.OCCURRENCE) and aware is not None:
        return aware, "No other moment is recorded, so the awareness counts as the start."
    if event in (StartEvent.AWARENESS, StartEvent.DISCOVERY, StartEvent.OCCURRENCE):
        return None, NOT_AWARE
    if event is StartEvent.FILING and (filed := _filed_before(rule, starts)) is not None:
        return filed, ""
    return None, f"Nothing runs yet: it starts with this, which is not recorded: {_low(rule.period.start_words)}."


def _filed_before(rule: Rule, starts: Starts) -> datetime | None:
    """Return when the report on which this rule follows was filed: the latest one of its regime, other than its own."""
    return max((at for rule_id, at in starts.filed.items() if rule_id in _FOLLOWS.get(rule.id, ())), default=None)


_FOLLOWS: Mapping[str, tuple[str, ...]] = {
    "eu-nis2-23-final": ("eu-nis2-23-notification",),
    "eu-dora-intermediate": ("eu-dora-initial",),
    "eu-dora-final": ("eu-dora-intermediate",),
    "us-ny-hipaa-ag": ("us-hipaa-408-500", "us-hipaa-408-under500"),
    "sg-pdpa-people": ("sg-pdpa-authority",),
    "au-ndb-people": ("au-ndb-authority",),
}


def _verdict(facts: Facts, regime: Regime, rule: Rule, reach: Reach) -> _Verdict:
    """Return the state and its reason; the first question that settles the matter is the one that is named."""
    checks = (
        _by_standing(rule),
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
        return _Verdict(State.OPEN, because, "; ".join(dict.fromkeys(one.open_until for one in waiting)))
    return settled[-1]


def _by_standing(rule: Rule) -> _Verdict | None:
    gone = rule.in_force.status in (Standing.SUPERSEDED, Standing.VOLUNTARY)
    never = rule.period.counting is Counting.PROPOSED_NOT_LAW or rule.in_force.status is Standing.PROPOSED_NOT_LAW
    return _Verdict(State.NOT_OWED, f"{rule.article}: {_standing_said(rule)}") if gone or never else None


def _by_reach(facts: Facts, regime: Regime, rule: Rule, reach: Reach) -> _Verdict | None:
    if reach is Reach.ESTABLISHED:
        return None
    if reach is Reach.UNKNOWN:
        fact = f"whether people in {_place(regime)} are affected"
        return _Verdict(State.OPEN, f"{rule.article}: open until it is known {fact}.", fact)
    if reach is Reach.NONE:
        no_people = f"{rule.article}: not owed. There is no establishment and nobody affected in {_place(regime)}."
        return _Verdict(State.NOT_OWED, no_people)
    if regime.id not in GENERAL:
        return None
    served = None if facts.serves is None else any(_is_within(code, regime.countries) for code in facts.serves)
    if served is False:
        return _Verdict(
            State.NOT_OWED,
            f"{rule.article}: not owed. People there are affected, but the organisation has no establishment there, offers "
            "nothing to people there and does not monitor them (Art. 3(2)).",
        )
    fact = f"whether the organisation offers goods or services to people in {_place(regime)}, or monitors them"
    return (
        None
        if served
        else _Verdict(
            State.OPEN, f"{rule.article}: people there are affected. Open until it is known {fact} (Art. 3(2)).", fact
        )
    )


def _by_role(facts: Facts, rule: Rule) -> _Verdict | None:
    if Role.BOTH in (facts.role, rule.role) or facts.role is rule.role:
        return None
    ours = "the controller" if facts.role is Role.CONTROLLER else "a processor"
    return _Verdict(
        State.NOT_OWED,
        f"{rule.article}: not owed. It is the duty of {rule.owed_by}, and here the organisation is {ours}.",
    )


def _by_sector(facts: Facts, rule: Rule) -> _Verdict | None:
    if not rule.sectors:
        return None
    if facts.sectors is None:
        fact = f"whether the organisation is: {rule.owed_by}"
        return _Verdict(State.OPEN, f"{rule.article}: open until it is known {fact}.", fact)
    if set(facts.sectors).isdisjoint(rule.sectors):
        return _Verdict(State.NOT_OWED, f"{rule.article}: not owed. It is the duty of: {rule.owed_by}.")
    return None


def _by_number(facts: Facts, regime: Regime, rule: Rule) -> _Verdict | None:
    deciding = [one for one in rule.thresholds if one.decides]
    if not deciding:
        return None
    said = " or ".join(f"{one.operator} {one.value} {one.of}" for one in deciding)
    number = _people(facts, regime, one_place="one State" in said)
    if number is None:
        fact = f"how many {deciding[0].of} are affected"
        return _Verdict(State.OPEN, f"{rule.article}: owed for {said}. Open until it is known {fact}.", fact)
    if any(one.is_met(number) for one in deciding):
        return None
    return _Verdict(State.NOT_OWED, f"{rule.article}: not owed. It is owed for {said}, and {number} are affected.")


def _people(facts: Facts, regime: Regime, *, one_place: bool) -> int | None:
    """Return how many people a threshold looks at: all within the regime's countries, or the most in one of them."""
    if facts.people_in is None:
        return None
    numbers = [number for code, number in facts.people_in.items() if _is_within(code, regime.countries)]
    known = [number for number in numbers if number is not None]
    if len(known) < len(numbers):
        return None
    return max(known, default=0) if one_place else sum(known)


def _by_threshold(facts: Facts, rule: Rule) -> _Verdict:
    """Return what a decision says; until there is one, the duty counts as due, since the clock does not wait."""
    if not rule.decided_by:
        every = (
            "for every personal data breach"
            if rule.threshold == "any" and "gdpr" in rule.id
            else f"for this: {_low(rule.trigger)}"
        )
        return _Verdict(State.OWED, f"{rule.article}: owed {every}.")
    owed = {
        "risk": "unless the breach is unlikely to result in a risk",
        "high": "where the breach is likely to result in a high risk",
    }.get(rule.threshold, f"for this: {_low(rule.trigger)}")
    decided = dict(facts.decisions).get(rule.decided_by)
    if decided is None:
        return _Verdict(
            State.OPEN,
            f"{rule.article}: owed {owed}. Management has not decided yet; until then it counts as due.",
            f"what management decides ({rule.decided_by.replace('_', ' ')})",
        )
    if decided:
        return _Verdict(State.OWED, f"{rule.article}: owed {owed}. Management has decided that it is done.")
    return _Verdict(
        State.NOT_OWED, f"{rule.article}: owed {owed}. Management has decided, with reasons, that it is not."
    )


def _standing_said(rule: Rule) -> str:
    law = rule.in_force
    said = {
        Standing.PROPOSED_NOT_LAW: "not owed. This is a proposal and not law.",
        Standing.STATUTE_ENACTED_RULE_NOT_FINAL: "not owed. The statute is enacted, but the rule that would set the duty is not final as far as known.",
        Standing.SUPERSEDED: f"not owed. It was replaced{f' and held until {law.until:%d %B %Y}' if law.until else ''}.",
        Standing.VOLUNTARY: "not owed. A notice is recommended and not required.",
    }.get(law.status)
    if said:
        return said
    return (
        f"not owed. It is in force only from {law.since:%d %B %Y}."
        if law.since
        else "not owed. It is not in force yet."
    )


def _place(regime: Regime) -> str:
    return {"EU": "the European Economic Area", "GB": "the United Kingdom"}.get(
        regime.jurisdiction, regime.jurisdiction
    )


def _low(words: str) -> str:
    return words[:1].lower() + words[1:] if words[1:2].islower() else words
