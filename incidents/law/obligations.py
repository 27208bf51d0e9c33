"""Which obligations arise, from when, until when and why: facts in, obligations out, never silently missing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from incidents.law.calendars import Calendar
from incidents.law.counts import Circumstances, Count
from incidents.law.facts import Facts, Starts
from incidents.law.periods import count_period
from incidents.law.schema import Counting, Library, Phase, Recipient, Regime, Role, Rule, StartEvent, Unit
from incidents.law.starts import BadStart
from incidents.law.verdicts import (
    GENERAL,
    Reach,
    State,
    Verdict,
    by_standing,
    lower_first,
    reach_of,
    standing_said,
    verdict_on,
)

SOON = timedelta(hours=24)

NOT_AWARE = "Nothing runs yet: no awareness is recorded. Whoever records it starts this clock."

_FOLLOWS: Mapping[str, tuple[str, ...]] = {
    "eu-nis2-23-final": ("eu-nis2-23-notification",),
    "eu-dora-intermediate": ("eu-dora-initial",),
    "eu-dora-final": ("eu-dora-intermediate",),
    "us-ny-hipaa-ag": ("us-hipaa-408-500", "us-hipaa-408-under500"),
    "sg-pdpa-people": ("sg-pdpa-authority",),
    "au-ndb-people": ("au-ndb-authority",),
}


class Urgency(StrEnum):
    """How a duty stands at a moment; never stored, since it changes by itself."""

    NOT_OWED = auto()
    NOT_RUNNING = auto()
    NO_FIXED_TIME = auto()
    RUNNING = auto()
    DUE_SOON = auto()
    OVERDUE = auto()


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


def obligations(facts: Facts, starts: Starts, library: Library) -> tuple[Obligation, ...]:
    """
    Return every obligation of every regime in the library, owed or not, each with its reason.

    A controller stands under a regime through the countries where it is established (GDPR Art. 3(1)); established in
    several countries of one regime, it tells one authority, the lead one: that of the country named first (Art. 56).
    Without an establishment there, people there may bring it under the regime (Art. 3(2)), and then each country's
    authority is told. An open duty counts down as if it were owed: the clock does not wait for an assessment.

    >>> from zoneinfo import ZoneInfo
    >>> from incidents.law.library import library
    >>> paris = Facts(("FR",), ZoneInfo("Europe/Paris"))
    >>> [one.recipient for one in obligations(paris, Starts(), library().only("eu-gdpr"))][0]
    'CNIL, France'
    """
    return tuple(one for regime in library.regimes for one in _of_regime(facts, starts, regime))


def concerns(obligation: Obligation, facts: Facts) -> bool:
    """
    Return whether a duty is one for this organisation's own list: in reach, law, and of its role.

    What it leaves out is not owed for a reason that no fact can change, or lies beyond the regimes reached.
    """
    ours = Role.BOTH in (facts.role, obligation.rule.role) or facts.role is obligation.rule.role
    return obligation.in_reach and ours and by_standing(obligation.rule) is None


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

    >>> from zoneinfo import ZoneInfo
    >>> from incidents.law.library import library
    >>> why_none(Facts((), ZoneInfo("UTC")), library())
    'The organisation is established in: nowhere yet. No rule in the library covers that; ask counsel.'
    """
    if any(reach_of(facts, regime)[0] in (Reach.ESTABLISHED, Reach.PEOPLE) for regime in library.regimes):
        return ""
    where = ", ".join(facts.established_in) or "nowhere yet"
    return f"The organisation is established in: {where}. No rule in the library covers that; ask counsel."


def _of_regime(facts: Facts, starts: Starts, regime: Regime) -> Iterator[Obligation]:
    reach, countries = reach_of(facts, regime)
    for rule in regime.rules:
        for recipient in _recipients(regime, rule, countries):
            yield _one(facts, starts, regime, rule, reach, recipient)


def _recipients(regime: Regime, rule: Rule, countries: tuple[str, ...]) -> tuple[str, ...]:
    """Return who is told: under the GDPR each country's own authority, else whom the rule names."""
    named = tuple(regime.authorities[code].name for code in countries if code in regime.authorities)
    general = regime.id in GENERAL and rule.period.counting is not Counting.PROPOSED_NOT_LAW
    return named if named and general and rule.recipient is Recipient.AUTHORITY else (rule.recipient_name,)


def _one(facts: Facts, starts: Starts, regime: Regime, rule: Rule, reach: Reach, recipient: str) -> Obligation:
    verdict = _unless_it_waits(verdict_on(facts, regime, rule, reach), rule, starts)
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
        because = f"{rule.article}: {standing_said(rule)} No deadline follows from it for this case."
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


def _unless_it_waits(verdict: Verdict, rule: Rule, starts: Starts) -> Verdict:
    """Return the verdict; a duty that hangs on an event of its own is open until that event is recorded."""
    own_event = rule.period.starts_with not in (StartEvent.AWARENESS, StartEvent.DISCOVERY, StartEvent.OCCURRENCE)
    if verdict.state is not State.OWED or not own_event or _start_of(rule, starts)[0] is not None:
        return verdict
    return Verdict(
        State.OPEN, verdict.because, f"whether and when this happened: {lower_first(rule.period.start_words)}"
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
    return (
        None,
        f"Nothing runs yet: it starts with this, which is not recorded: {lower_first(rule.period.start_words)}.",
    )


def _filed_before(rule: Rule, starts: Starts) -> datetime | None:
    """Return when the report on which this rule follows was filed: the latest of them."""
    return max((at for rule_id, at in starts.filed.items() if rule_id in _FOLLOWS.get(rule.id, ())), default=None)
