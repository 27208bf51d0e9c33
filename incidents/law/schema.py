"""What a jurisdiction's regimes and their rules are, once they are read from their file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto
from typing import Literal


class Recipient(StrEnum):
    """To whom a duty is owed."""

    AUTHORITY = auto()
    DATA_SUBJECTS = auto()
    CONTROLLER = auto()
    REGISTER = auto()
    CREDIT_AGENCIES = auto()
    CUSTOMERS = auto()
    MEDIA = auto()
    OTHERS = auto()
    INTERNAL = auto()


class Role(StrEnum):
    """Whose duty it is: of whoever decides about the data, of whoever handles it for another, or of either."""

    CONTROLLER = auto()
    PROCESSOR = auto()
    BOTH = auto()


class StartEvent(StrEnum):
    """What starts a period. Each is a fact with its own instant."""

    AWARENESS = auto()
    DISCOVERY = auto()
    OCCURRENCE = auto()
    DETERMINATION = auto()
    CLASSIFICATION = auto()
    FILING = auto()
    NOTICE = auto()
    PAYMENT = auto()
    COMPLAINT = auto()
    IDENTIFICATION = auto()


class Unit(StrEnum):
    """In what a period is counted."""

    HOURS = auto()
    CALENDAR_DAYS = auto()
    BUSINESS_DAYS = auto()
    MONTHS = auto()
    NONE = auto()


class Counting(StrEnum):
    """How a period is counted; ``incidents.law.periods`` has one function for each."""

    ELAPSED_HOURS = "ELAPSED_HOURS"
    EU_1182_71_HOURS = "EU_1182_71_HOURS"
    UK_4A_1182_71_HOURS = "UK_4A_1182_71_HOURS"
    EU_1182_71_MONTHS = "EU_1182_71_MONTHS"
    CALENDAR_DAYS_EXCL_FIRST = "CALENDAR_DAYS_EXCL_FIRST"
    CALENDAR_YEAR_END_PLUS_DAYS = "CALENDAR_YEAR_END_PLUS_DAYS"
    CALENDAR_MONTHS = "CALENDAR_MONTHS"
    BUSINESS_DAYS_US = "BUSINESS_DAYS_US"
    BUSINESS_DAYS_US_CA = "BUSINESS_DAYS_US_CA"
    SEC_BUSINESS_DAYS = "SEC_BUSINESS_DAYS"
    BR_BUSINESS_DAYS = "BR_BUSINESS_DAYS"
    AU_DAYS_36 = "AU_DAYS_36"
    UK_DAYS_30_BEGINNING = "UK_DAYS_30_BEGINNING"
    JP_DAYS_DAY1 = "JP_DAYS_DAY1"
    JP_PROMPT_3_5 = "JP_PROMPT_3_5"
    DORA_INITIAL = "DORA_INITIAL"
    DORA_WEEKEND_NOON = "DORA_WEEKEND_NOON"
    DORA_MONTH_WEEKEND_NOON = "DORA_MONTH_WEEKEND_NOON"
    NO_FIXED = "NO_FIXED"
    PROPOSED_NOT_LAW = "PROPOSED_NOT_LAW"


class Standing(StrEnum):
    """Where a rule stands as law."""

    IN_FORCE = auto()
    ENACTED_NOT_YET_IN_FORCE = auto()
    IN_FORCE_REGULATIONS_PENDING = auto()
    STATUTE_ENACTED_RULE_NOT_FINAL = auto()
    PROPOSED_NOT_LAW = auto()
    SUPERSEDED = auto()
    VOLUNTARY = auto()


class Confidence(StrEnum):
    """How sure the writer of a rule is of it."""

    HIGH = auto()
    MEDIUM = auto()
    LOW = auto()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule was read: what people can look up, what kind of text that is, and a note."""

    key: str
    address: str
    kind: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Authority:
    """Who takes notifications for one country, and where; ``from_memory`` means nobody looked it up."""

    country: str
    name: str
    file_at: str = ""
    from_memory: bool = True


@dataclass(frozen=True, slots=True)
class Period:
    """
    How long, from what, and how that is counted.

    ``amount`` is in ``unit``, None where the law fixes no number; ``amount_by_class`` says which kind of organisation
    has another amount; ``words`` is what the law adds ("without undue delay").
    """

    amount: int | None
    unit: Unit
    words: str
    starts_with: StartEvent
    start_words: str
    counting: Counting
    amount_by_class: tuple[tuple[str, int], ...] = ()

    @property
    def hours(self) -> int | None:
        """Return the period [h] where it is one of hours."""
        return self.amount if self.unit is Unit.HOURS else None

    def amounts(self, entity_class: str | None) -> tuple[int, ...]:
        """Return the amounts that may hold: one where the kind of organisation is known, else each, longest first."""
        special = dict(self.amount_by_class)
        if self.amount is None:
            return ()
        if entity_class is None:
            return tuple(sorted({self.amount, *special.values()}, reverse=True))
        return (special.get(entity_class, self.amount),)


@dataclass(frozen=True, slots=True)
class Phase:
    """One step of a duty that is done in steps: from what it runs, and for how long."""

    name: str
    runs_from: str
    amount: int | None
    unit: Unit
    words: str = ""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that matters, of what, and what follows; ``decides``: the duty exists only where it is met."""

    operator: Literal[">", ">=", "<", "="]
    value: int
    of: str
    effect: str
    decides: bool = False

    def is_met(self, number: int) -> bool:
        """
        Return whether ``number`` meets it.

        >>> Threshold(">", 500, "residents", "notice due").is_met(500)
        False
        """
        return {">": number > self.value, ">=": number >= self.value, "<": number < self.value}.get(
            self.operator, number == self.value
        )


@dataclass(frozen=True, slots=True)
class Exemption:
    """A case in which a duty that would be owed is not, in words."""

    words: str


@dataclass(frozen=True, slots=True)
class InForce:
    """When a rule is law: status, first and last day where known, and the words for what is less sharp."""

    status: Standing
    since: date | None = None
    until: date | None = None
    words: str = ""

    def is_law_on(self, day: date) -> bool:
        """
        Return whether a period that starts on ``day`` is counted under this rule.

        >>> InForce(Standing.IN_FORCE, since=date(2026, 6, 19)).is_law_on(date(2026, 6, 18))
        False
        """
        if self.status in (Standing.PROPOSED_NOT_LAW, Standing.STATUTE_ENACTED_RULE_NOT_FINAL):
            return False
        if self.status is Standing.ENACTED_NOT_YET_IN_FORCE and self.since is None:
            return False
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Rule:
    """
    One duty: whose, to whom, above which threshold, within which period, and where that stands.

    ``sectors``: kinds of organisation that owe it, empty for all. ``decided_by``: the question whose answer settles
    whether the threshold is met, empty where every breach meets it. ``reading``: the name under which the ``deadline``
    command also gives its end, and ``shown_with`` the rules whose ends it gives beside.
    """

    id: str
    regime: str
    jurisdiction: str
    title: str
    instrument: str
    article: str
    owed_by: str
    role: Role
    sectors: tuple[str, ...]
    recipient: Recipient
    recipient_name: str
    threshold: str
    trigger: str
    decided_by: str
    period: Period
    phases: tuple[Phase, ...]
    thresholds: tuple[Threshold, ...]
    exemptions: tuple[Exemption, ...]
    content: tuple[str, ...]
    if_late: str
    how_to_file: str
    in_force: InForce
    sources: tuple[Source, ...]
    date_verified: date
    confidence: Confidence
    notes: str
    reading: str = ""
    shown_with: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """Return where to read it: the first source's address."""
        return self.sources[0].address

    @property
    def from_memory(self) -> bool:
        """Return whether nobody has looked this rule up in a published text."""
        return all(source.kind == "memory" for source in self.sources)


@dataclass(frozen=True, slots=True)
class Regime:
    """
    One legal instrument's set of rules, and where it reaches.

    ``countries``: an establishment there brings an organisation under it, as may people there. ``by_people_only``:
    only the people count. ``authorities`` by country. ``calendar``: whose public holidays count.
    """

    id: str
    title: str
    jurisdiction: str
    countries: tuple[str, ...]
    by_people_only: bool
    authorities: Mapping[str, Authority]
    calendar: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """Every regime that was read."""

    regimes: tuple[Regime, ...]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Return every rule of every regime, in order."""
        return tuple(rule for regime in self.regimes for rule in regime.rules)

    def only(self, *regime_ids: str) -> "Library":
        """
        Return the library narrowed to these regimes.

        :raises KeyError: there is no such regime.
        """
        known = {regime.id: regime for regime in self.regimes}
        return Library(tuple(known[one] for one in regime_ids))

    def rule(self, rule_id: str) -> Rule:
        """
        Return one rule.

        :raises KeyError: there is no such rule.
        """
        return next((rule for rule in self.rules if rule.id == rule_id), None) or _missing(rule_id)

    def regime_of(self, rule: Rule) -> Regime:
        """Return the regime in which a rule stands."""
        return next(regime for regime in self.regimes if regime.id == rule.regime)


def _missing(rule_id: str) -> Rule:
    raise KeyError(f"There is no rule {rule_id} in the library.")
