"""A regime file is read strictly, and a slip is said in one sentence; the library's own files are right."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import yaml

from incidents.law.calendars import Calendar
from incidents.law.library import library
from incidents.law.reading import BadRegime, read_jurisdiction, read_sources
from incidents.law.schema import Confidence, Counting, InForce, Regime, Standing, Unit

SOURCES = read_sources(
    "LAW: {address: https://example.org/law, kind: page}\nMEM: {address: nobody, kind: memory}", "s"
)
GOOD = """
jurisdiction: {code: XX, name: Nowhere, countries: [XX], calendar: NONE}
authorities: {XX: {name: The authority of Nowhere}}
regimes:
  - id: xx-law
    title: Law of Nowhere
    rules:
      - id: xx-tell
        title: Tell the authority
        instrument: Law of Nowhere
        article: s. 1
        owed_by: {who: the controller, role: controller}
        recipient: {kind: authority, name: The authority}
        trigger: {threshold: any, words: Any breach}
        period:
          {amount: 72, unit: hours, counting: ELAPSED_HOURS, words: Soon, starts_with: awareness, start_words: Aware}
        in_force: {status: in_force, since: 2020-01-01}
        sources: [LAW]
        date_verified: 2026-11-23
        confidence: high
"""


def read(change: Callable[[dict[str, Any]], object] = lambda rule: rule) -> tuple[Regime, ...]:
    raw = yaml.safe_load(GOOD)
    change(raw["regimes"][0]["rules"][0])
    return read_jurisdiction(yaml.safe_dump(raw), "xx.yaml", SOURCES)


def test_a_good_file_is_read() -> None:
    ((rule,), regime) = read()[0].rules, read()[0]
    assert (rule.id, rule.regime, rule.jurisdiction, rule.source) == (
        "xx-tell",
        "xx-law",
        "XX",
        "https://example.org/law",
    )
    assert (rule.period.hours, rule.period.amounts("anyone")) == (72, (72,))
    assert regime.authorities["XX"].from_memory


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda rule: rule.pop("article"), "xx.yaml: xx-tell: article is missing."),
        (lambda rule: rule.update(artcle="s. 2"), "xx.yaml: xx-tell: artcle is not known here."),
        (lambda rule: rule.update(title=" "), "xx.yaml: xx-tell: title: this must be words, not ' '."),
        (lambda rule: rule["period"].update(amount=0), "amount must be a whole number above zero, or null, not 0."),
        (
            lambda rule: rule["period"].update(amount=True),
            "amount must be a whole number above zero, or null, not True.",
        ),
        (lambda rule: rule["period"].update(amount="72"), "above zero, or null, not '72'."),
        (lambda rule: rule["period"].update(amount=None), "an amount needs a unit and a unit an amount"),
        (
            lambda rule: rule["period"].update(amount=None, unit="none"),
            "ELAPSED_HOURS counts an amount, and none is given.",
        ),
        (
            lambda rule: rule["period"].update(counting="BY_EAR"),
            "period: counting: 'BY_EAR' is not one of ELAPSED_HOURS",
        ),
        (lambda rule: rule["period"].update(amount_by_class={"bank": -1}), "amount_by_class must name whole numbers"),
        (
            lambda rule: rule["recipient"].update(kind="neighbour"),
            "recipient: kind: 'neighbour' is not one of authority",
        ),
        (lambda rule: rule["owed_by"].update(role="butler"), "owed_by: role: 'butler' is not one of controller"),
        (lambda rule: rule["in_force"].update(since="soon"), "since must be a day such as 2018-05-25, not 'soon'."),
        (
            lambda rule: rule.update(date_verified="today"),
            "date_verified must be a day such as 2026-11-23, not 'today'.",
        ),
        (lambda rule: rule.update(confidence="sure"), "confidence: 'sure' is not one of high, medium, low."),
        (lambda rule: rule.update(sources=[]), "sources: name at least one; MEM where it is from memory."),
        (lambda rule: rule.update(sources=["HEARSAY"]), "sources: HEARSAY is not in the list of sources."),
        (lambda rule: rule.update(content="facts"), "content: this must be a list."),
        (lambda rule: rule.update(phases=[{"name": "x"}]), "phases 1: runs_from, amount, unit is missing."),
        (
            lambda rule: rule.update(thresholds=[{"operator": "~", "value": 1, "of": "people", "effect": "due"}]),
            "thresholds 1: operator must be one of >, >=, <, =, not '~'.",
        ),
    ],
)
def test_a_slip_is_refused_in_one_sentence(change: Callable[[dict[str, Any]], object], sentence: str) -> None:
    with pytest.raises(BadRegime) as refused:
        read(change)
    said = str(refused.value)
    assert said.startswith("xx.yaml: xx-tell")
    assert sentence in said
    assert said.endswith(".")


def test_what_is_no_yaml_or_stands_twice_is_refused() -> None:
    with pytest.raises(BadRegime, match="this is not YAML"):
        read_jurisdiction("regimes: [", "xx.yaml", SOURCES)
    with pytest.raises(BadRegime, match="must be a list of names with a value each"):
        read_jurisdiction("- 1", "xx.yaml", SOURCES)
    raw = yaml.safe_load(GOOD)
    raw["regimes"][0]["rules"] *= 2
    with pytest.raises(BadRegime, match="xx-tell stands there twice"):
        read_jurisdiction(yaml.dump(raw), "xx.yaml", SOURCES)


def test_the_library_holds_every_rule_and_each_counting_rule_is_used() -> None:
    rules = library().rules
    assert (len(rules), len(library().regimes)) == (120, 56)
    assert {rule.period.counting for rule in rules} == set(Counting)
    assert all(Calendar(code) for regime in library().regimes for code in [regime.calendar])


def test_every_country_of_the_union_has_an_authority_and_days_off() -> None:
    (regime,) = library().only("eu-gdpr").regimes
    assert len(regime.countries) == 30
    assert set(regime.countries) <= set(regime.authorities)
    assert all(Calendar(code).holiday(date(2026, 12, 25)) for code in regime.countries)
    assert [code for code, one in regime.authorities.items() if not one.from_memory] == ["IE"]


def test_what_is_from_memory_or_doubtful_keeps_its_mark() -> None:
    marked = {rule.id for rule in library().rules if rule.from_memory}
    assert len(marked) == 36
    assert {"eu-led-30", "us-sec-8k"} <= marked
    assert library().rule("us-circia").confidence is Confidence.LOW
    assert sum(rule.confidence is Confidence.MEDIUM for rule in library().rules) == 10


def test_what_a_case_stores_of_a_rule_fits() -> None:
    for rule in library().rules:
        assert len(rule.id) <= 80
        assert len(f"{rule.title}: {rule.recipient_name}") <= 200
        assert len(f"{rule.article}, {rule.source}") <= 300


def test_rules_that_are_shown_together_exist_and_units_fit_the_counting() -> None:
    hours = {Counting.ELAPSED_HOURS, Counting.EU_1182_71_HOURS, Counting.UK_4A_1182_71_HOURS, Counting.DORA_INITIAL}
    for rule in library().rules:
        assert all(library().rule(other) for other in rule.shown_with)
        if rule.period.counting in hours:
            assert rule.period.unit is Unit.HOURS


@pytest.mark.parametrize(
    ("law", "day", "holds"),
    [
        (InForce(Standing.IN_FORCE), date(1990, 1, 1), True),
        (InForce(Standing.IN_FORCE, since=date(2026, 6, 19)), date(2026, 6, 18), False),
        (InForce(Standing.IN_FORCE, since=date(2026, 6, 19)), date(2026, 6, 19), True),
        (InForce(Standing.SUPERSEDED, until=date(2025, 8, 19)), date(2025, 8, 19), True),
        (InForce(Standing.SUPERSEDED, until=date(2025, 8, 19)), date(2025, 8, 20), False),
        (InForce(Standing.ENACTED_NOT_YET_IN_FORCE), date(2030, 1, 1), False),
        (InForce(Standing.PROPOSED_NOT_LAW, since=date(2020, 1, 1)), date(2030, 1, 1), False),
    ],
)
def test_a_rule_counts_only_while_it_is_law(law: InForce, day: date, holds: bool) -> None:
    assert law.is_law_on(day) is holds


def test_an_unknown_rule_is_named() -> None:
    with pytest.raises(KeyError, match="There is no rule nope in the library"):
        library().rule("nope")
