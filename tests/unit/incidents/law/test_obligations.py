"""What the engine says of a breach under the GDPR and the UK GDPR, and that it is never silent."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from incidents.law.facts import Facts, Starts
from incidents.law.library import library
from incidents.law.obligations import Obligation, Urgency, concerns, obligations, status, why_none
from incidents.law.schema import Role, StartEvent
from incidents.law.verdicts import Reach, State

PARIS, LONDON = ZoneInfo("Europe/Paris"), ZoneInfo("Europe/London")
AWARE_AT = datetime(2026, 9, 4, 14, 30, tzinfo=UTC)  # a Friday
AWARE = Starts.aware(AWARE_AT)
GDPR = library().only("eu-gdpr", "uk-gdpr")
FRENCH = Facts(("FR",), PARIS)
BRITISH = Facts(("GB",), LONDON)


def derived(facts: Facts, starts: Starts = AWARE) -> Mapping[tuple[str, str], Obligation]:
    found = [one for one in obligations(facts, starts, GDPR) if concerns(one, facts)]
    return {(one.rule.id, one.recipient): one for one in found}


def one_of(facts: Facts, rule: str, starts: Starts = AWARE) -> Obligation:
    (found,) = (one for one in derived(facts, starts).values() if one.rule.id == rule)
    return found


def test_a_french_controller_tells_the_cnil_its_people_and_its_register() -> None:
    assert list(derived(FRENCH)) == [
        ("eu-gdpr-33-1", "CNIL, France"),
        ("eu-gdpr-34", "The data subjects"),
        ("eu-gdpr-33-5", "Our own register of breaches"),
    ]


def test_i8_the_authority_is_told_within_72_hours_and_the_sentences_say_how_that_is_counted() -> None:
    telling = one_of(FRENCH, "eu-gdpr-33-1")
    assert telling.count is not None
    assert telling.count.ends_at == AWARE_AT + timedelta(hours=72)
    assert telling.count.steps == (
        "The period starts at Friday 4 September 2026, 16:30 CEST.",
        "72 hours later, every hour counted, it is Monday 7 September 2026, 16:30 CEST. This deadline is kept.",
        (
            "Regulation (EEC, Euratom) No 1182/71, Article 3(1), does not count the hour in which the event falls: "
            "counted so, the first hour starts at Friday 4 September 2026, 17:00 CEST and the period ends at "
            "Monday 7 September 2026, 17:00 CEST. This is the later reading and is not relied on."
        ),
        (
            "Article 3(5) of that Regulation asks for at least two working days in a period of two days or more. "
            "Whether it applies to hours is contested; if it did, the period would end at "
            "Tuesday 8 September 2026, 17:00 CEST. This is not relied on."
        ),
    )


def test_i8_the_clock_change_takes_no_hour_in_london() -> None:
    starts = Starts.aware(datetime(2026, 10, 23, 16, 0, tzinfo=UTC))
    telling = one_of(BRITISH, "uk-gdpr-33-1", starts)
    assert telling.recipient == "Information Commissioner's Office (ICO)"
    assert telling.count is not None
    assert telling.count.ends_at == datetime(2026, 10, 26, 16, 0, tzinfo=UTC)


def test_before_awareness_nothing_runs_and_it_says_so() -> None:
    telling = one_of(FRENCH, "eu-gdpr-33-1", Starts())
    assert (telling.starts_at, telling.count) == (None, None)
    assert telling.because.endswith(
        "Nothing runs yet: no awareness is recorded. Whoever records it starts this clock."
    )
    assert status(telling, AWARE_AT) is Urgency.NOT_RUNNING


def test_until_management_decides_the_duty_is_open_and_its_clock_runs() -> None:
    telling = one_of(FRENCH, "eu-gdpr-33-1")
    assert telling.state is State.OPEN
    assert telling.open_until == "what management decides (notify authority)"
    assert "until then it counts as due" in telling.because
    assert telling.count is not None


@pytest.mark.parametrize(
    ("question", "rule"), [("notify_authority", "eu-gdpr-33-1"), ("inform_data_subjects", "eu-gdpr-34")]
)
def test_a_decision_settles_the_duty_either_way(question: str, rule: str) -> None:
    owed = one_of(Facts(("FR",), PARIS, decisions=((question, True),)), rule)
    assert (owed.state, owed.starts_at) == (State.OWED, AWARE_AT)
    not_owed = one_of(Facts(("FR",), PARIS, decisions=((question, False),)), rule)
    assert (not_owed.state, not_owed.count) == (State.NOT_OWED, None)
    assert not_owed.because.endswith("Management has decided, with reasons, that it is not.")


def test_people_are_told_without_undue_delay_and_no_number_is_made_up() -> None:
    telling = one_of(FRENCH, "eu-gdpr-34")
    assert telling.count is None
    assert telling.time_words == "Without undue delay; the law fixes no number of hours"
    assert status(telling, AWARE_AT) is Urgency.NO_FIXED_TIME


def test_the_register_is_owed_even_before_awareness() -> None:
    assert one_of(FRENCH, "eu-gdpr-33-5", Starts()).state is State.OWED


def test_established_in_both_the_case_is_in_both_regimes() -> None:
    both = derived(Facts(("IE", "GB"), ZoneInfo("Europe/Dublin")))
    assert {recipient for rule, recipient in both if rule.endswith("33-1")} == {
        "Data Protection Commission, Ireland",
        "Information Commissioner's Office (ICO)",
    }


def test_several_countries_of_the_union_have_one_lead_authority() -> None:
    assert [recipient for rule, recipient in derived(Facts(("DE", "FR"), PARIS)) if rule == "eu-gdpr-33-1"] == [
        "BfDI or the authority of the Land, Germany"
    ]


def test_people_without_an_establishment_open_the_duty_towards_each_country() -> None:
    abroad = derived(Facts(("GB",), LONDON, people_in={"GB": 1200, "FR": 300, "DE": 4, "IT": 0}))
    told = [one for (rule, _), one in abroad.items() if rule == "eu-gdpr-33-1"]
    assert {one.recipient for one in told} == {"CNIL, France", "BfDI or the authority of the Land, Germany"}
    assert all(one.state is State.OPEN and one.reach is Reach.PEOPLE for one in told)
    assert "offers goods or services to people in the European Economic Area" in told[0].open_until


def test_whoever_serves_nobody_there_owes_nothing_there_and_is_told_why() -> None:
    facts = Facts(("GB",), LONDON, people_in={"FR": 3}, serves=())
    told = derived(facts)["eu-gdpr-33-1", "CNIL, France"]
    assert told.state is State.NOT_OWED
    assert "offers nothing to people there" in told.because


def test_a_processor_tells_its_controller_and_not_the_authority() -> None:
    processor = Facts(("FR",), PARIS, role=Role.PROCESSOR)
    assert list(derived(processor)) == [("eu-gdpr-33-2", "The controller")]
    all_of_it = {one.rule.id: one for one in obligations(processor, AWARE, GDPR)}
    assert all_of_it["eu-gdpr-33-1"].because == (
        "Art. 33(1): not owed. It is the duty of the controller, and here the organisation is a processor."
    )


def test_a_proposal_is_never_owed() -> None:
    (proposed,) = (one for one in obligations(FRENCH, AWARE, GDPR) if one.rule.id == "eu-digital-omnibus-33")
    assert (proposed.state, proposed.count) == (State.NOT_OWED, None)
    assert "a proposal and not law" in proposed.because


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (timedelta(0), Urgency.RUNNING),
        (timedelta(hours=47, minutes=59), Urgency.RUNNING),
        (timedelta(hours=48), Urgency.DUE_SOON),
        (timedelta(hours=72), Urgency.DUE_SOON),
        (timedelta(hours=72, microseconds=1), Urgency.OVERDUE),
    ],
)
def test_the_status_follows_the_moment(after: timedelta, expected: Urgency) -> None:
    assert status(one_of(FRENCH, "eu-gdpr-33-1"), AWARE_AT + after) is expected


def test_a_place_without_a_rule_is_said() -> None:
    assert why_none(FRENCH, GDPR) == ""
    assert why_none(Facts(("AQ",), PARIS), GDPR) == (
        "The organisation is established in: AQ. No rule in the library covers that; ask counsel."
    )


countries = st.lists(st.sampled_from(["GB", "FR", "DE", "US", "US-CA", "BR", "JP", "AQ"]), unique=True, max_size=4)
people = st.none() | st.dictionaries(
    st.sampled_from(["GB", "FR", "US-CA", "US-NY", "SG"]), st.integers(0, 2000) | st.none()
)
sectors = st.none() | st.lists(st.sampled_from(["finance", "telecom", "hipaa_covered_entity"]), unique=True)


@given(countries, people, sectors, st.booleans())
def test_every_rule_gets_an_answer_with_a_reason(
    where: list[str], whom: Mapping[str, int | None] | None, trades: list[str] | None, aware: bool
) -> None:
    facts = Facts(tuple(where), LONDON, people_in=whom, sectors=None if trades is None else tuple(trades))
    found = obligations(facts, AWARE if aware else Starts(), library())
    assert {one.rule.id for one in found} == {rule.id for rule in library().rules}
    assert len({(one.rule.id, one.recipient) for one in found}) == len(found)
    for one in found:
        assert one.because.strip().endswith(".")
        assert (one.state is State.OPEN) == bool(one.open_until)
        assert one.count is None or one.starts_at is not None
        assert (
            one.starts_at is None
            or one.count is None
            or one.count.ends_at is None
            or one.count.ends_at >= one.starts_at
        )
    assert found == obligations(facts, AWARE if aware else Starts(), library())


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_more_people_never_make_a_duty_vanish(few: int, more: int) -> None:
    few, more = sorted((few, more))

    def owed(number: int) -> set[str]:
        facts = Facts(("US",), LONDON, people_in={"US-CA": number, "SG": number, "FR": number})
        return {one.rule.id for one in obligations(facts, AWARE, library()) if one.state is not State.NOT_OWED}

    # From 500 people on, the yearly list of small breaches gives way to telling the Secretary at once.
    assert owed(few) - owed(more) <= {"us-hipaa-408-under500"}


def test_dora_counts_from_the_classification_and_says_what_it_waits_for() -> None:
    bank = Facts(("FR",), PARIS, sectors=("finance",), entity_class="credit_institution")
    dora = library().only("eu-dora")
    waiting = {one.rule.id: one for one in obligations(bank, AWARE, dora)}["eu-dora-initial"]
    assert waiting.count is None
    assert "classification as major" in waiting.because
    classified = Starts({StartEvent.AWARENESS: AWARE_AT, StartEvent.CLASSIFICATION: AWARE_AT + timedelta(hours=22)})
    counted = {one.rule.id: one for one in obligations(bank, classified, dora)}["eu-dora-initial"]
    assert counted.count is not None
    assert counted.count.ends_at == AWARE_AT + timedelta(hours=24)


def test_a_rule_not_in_force_at_the_start_gives_no_deadline() -> None:
    indian = Facts(("IN",), ZoneInfo("Asia/Kolkata"))
    told = {one.rule.id: one for one in obligations(indian, AWARE, library().only("in-dpdp"))}["in-dpdp-board"]
    assert (told.state, told.count) == (State.NOT_OWED, None)
    assert "in force only from Thursday 13 May 2027" in told.because


def test_a_duty_that_hangs_on_an_event_of_its_own_is_open_until_that_is_known() -> None:
    bank = Facts(("US",), ZoneInfo("America/New_York"), sectors=("dfs_licensee",), people_in={"US-NY": 5})

    def told(starts: Starts) -> Obligation:
        return {one.rule.id: one for one in obligations(bank, starts, library().only("us-nydfs"))}["us-nydfs-17c"]

    assert (told(AWARE).state, told(AWARE).count) == (State.OPEN, None)
    assert told(AWARE).open_until == "whether and when this happened: payment"
    paid = told(Starts({StartEvent.PAYMENT: AWARE_AT}))
    assert paid.state is State.OWED
    assert paid.count is not None
    assert paid.count.ends_at == AWARE_AT + timedelta(hours=24)


def test_a_fact_that_decides_is_named_in_words() -> None:
    (told,) = obligations(Facts(("PH",), LONDON), AWARE, library().only("ph-dpa"))[:1]
    assert told.state is State.OPEN
    assert told.open_until.startswith("whether this holds: sensitive or identity-fraud-enabling data")
    settled = Facts(("PH",), LONDON, decisions=(("harm", False),))
    assert obligations(settled, AWARE, library().only("ph-dpa"))[0].state is State.NOT_OWED


def hipaa(people_in: Mapping[str, int | None]) -> Mapping[str, Obligation]:
    facts = Facts(("US",), ZoneInfo("America/New_York"), sectors=("hipaa_covered_entity",), people_in=people_in)
    return {one.rule.id: one for one in obligations(facts, AWARE, library().only("us-hipaa"))}


def test_the_media_are_told_by_the_most_in_one_state_and_the_secretary_by_all() -> None:
    spread = hipaa({"US-CA": 400, "US-NY": 400})
    assert spread["us-hipaa-406"].state is State.NOT_OWED
    assert spread["us-hipaa-408-500"].state is State.OWED
    assert hipaa({"US-CA": 501})["us-hipaa-406"].state is State.OWED


def test_a_number_that_is_not_known_leaves_the_duty_open() -> None:
    told = hipaa({"US-CA": 400, "US-NY": None})["us-hipaa-406"]
    assert told.state is State.OPEN
    assert told.open_until == "how many residents of one State or jurisdiction are affected"


def test_an_unknown_kind_of_entity_keeps_the_shorter_time() -> None:
    def ends(kind: str | None) -> datetime | None:
        facts = Facts(("DE",), PARIS, sectors=("essential_entity",), entity_class=kind)
        found = {one.rule.id: one for one in obligations(facts, AWARE, library().only("eu-nis2"))}
        told = found["eu-nis2-23-notification"].count
        return told.ends_at if told else None

    assert ends(None) == ends("trust_service_provider") == AWARE_AT + timedelta(hours=24)
    assert ends("essential_entity") == AWARE_AT + timedelta(hours=72)


def test_in_the_union_the_holidays_are_those_of_the_country_of_establishment() -> None:
    # Thursday 30 April 2026; Friday is a holiday in France and none in Denmark.
    starts = Starts.aware(datetime(2026, 4, 30, 14, 30, tzinfo=UTC))
    longest = {
        country: count.readings[2].ends_at.astimezone(PARIS).date().isoformat()
        for country in ("FR", "DK")
        if (count := one_of(Facts((country,), PARIS), "eu-gdpr-33-1", starts).count)
    }
    assert longest == {"FR": "2026-05-05", "DK": "2026-05-04"}
