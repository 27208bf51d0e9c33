"""Regulation (EU) 2022/2554 (DORA): the reports' periods, and the relief for days off, RTS (EU) 2025/301 Art. 5."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from incidents.law.counts import Circumstances, Count, Reading, count_of, end_of_day, months_later
from incidents.law.said import amount_said, day_said, off_said, said
from incidents.law.starts import BadStart, Start, day_of, instant_of, start_said

NOON = time(12)

DORA_OUTER_HOURS = 24


# RTS (EU) 2025/301 Art. 5(5): for these the weekend does not move the initial and the intermediate report.
DORA_NO_RELIEF = frozenset({
    "credit_institution", "central_counterparty", "trading_venue", "essential_entity", "important_entity",
})  # fmt: skip

DORA_WITH_RELIEF = frozenset({
    "other", "payment_institution", "account_information_service_provider", "electronic_money_institution",
    "investment_firm", "crypto_asset_service_provider", "central_securities_depository", "trade_repository",
    "alternative_investment_fund_manager", "management_company", "data_reporting_service_provider",
    "insurance_undertaking", "reinsurance_undertaking", "insurance_intermediary", "occupational_pension_institution",
    "credit_rating_agency", "critical_benchmark_administrator", "crowdfunding_service_provider",
    "securitisation_repository",
})  # fmt: skip

_ALSO_CALLED = {
    "bank": "credit_institution", "ccp": "central_counterparty", "trading_venue_operator": "trading_venue",
    "nis2_essential": "essential_entity", "nis2_important": "important_entity", "essential": "essential_entity",
    "important": "important_entity", "nis2_essential_entity": "essential_entity",
    "nis2_important_entity": "important_entity", "trust_service": "trust_service_provider",
}  # fmt: skip


def dora_initial(start: Start, hours: int, about: Circumstances) -> Count:
    """
    Count the initial notification, Art. 5(1)(a) and (2): ``hours`` [h] from classification, at most 24 from awareness.

    :raises BadStart: the classification lies before the awareness.
    """
    classified = instant_of(about.classification or start, hours)
    nominal = classified + timedelta(hours=hours)
    steps = [
        f"The incident was classified as major at {said(classified, about.zone)}.",
        f"{hours} hours later it is {said(nominal, about.zone)}.",
    ]
    if about.awareness is None:
        steps.append(
            f"When the entity became aware is not known, so the limit of {DORA_OUTER_HOURS} hours is not counted."
        )
    else:
        outer = about.awareness.astimezone(UTC) + timedelta(hours=DORA_OUTER_HOURS)
        if about.awareness > classified:
            raise BadStart("An incident cannot be classified before the entity became aware of it. Check both times.")
        steps.append(f"{DORA_OUTER_HOURS} hours after awareness it is {said(outer, about.zone)}.")
        if classified <= outer:
            nominal = min(nominal, outer)
            steps.append(f"The earlier of both binds: {said(nominal, about.zone)}.")
        else:
            steps.append(f"It was classified later than that, so the {hours} hours alone count (Article 5(2)).")
    return _dora_relief(nominal, about, steps, open_to_all=False)


def dora_hours(start: Start, hours: int, about: Circumstances) -> Count:
    """Count the intermediate report, Art. 5(1)(b): ``hours`` [h] from the initial notification."""
    begun = instant_of(start, hours)
    nominal = begun + timedelta(hours=hours)
    steps = [
        f"The period starts at {said(begun, about.zone)}.",
        f"{hours} hours later it is {said(nominal, about.zone)}.",
    ]
    return _dora_relief(nominal, about, steps, open_to_all=False)


def dora_months(start: Start, months: int, about: Circumstances) -> Count:
    """Count the final report, Art. 5(1)(c), to the last hour of the day; kept is the same time of day."""
    first = day_of(start, about.zone)
    last = months_later(first, months)
    steps = [
        start_said(start, about.zone),
        f"{amount_said(months, 'month')} later is {day_said(last)}, until its last hour (Reg. 1182/71, Art. 3(2)(c)).",
    ]
    full = _dora_relief(end_of_day(last, about.zone), about, steps, open_to_all=True)
    if not isinstance(start, datetime):
        return full
    same_time = datetime.combine(last, start.astimezone(about.zone).time(), about.zone).astimezone(UTC)
    safe = _dora_relief(same_time, about, [], open_to_all=True).readings[-1].ends_at
    kept = f"Kept is the same time of day, since some count so: {said(safe, about.zone)}."
    return Count((*full.readings, Reading("safe_display", safe)), (*full.steps, kept), ("due", "safe_display"))


def _dora_relief(nominal: datetime, about: Circumstances, steps: Sequence[str], *, open_to_all: bool) -> Count:
    """Give the relief of Art. 5(4): from a day off to noon of the next working day, if it is open to this entity."""
    day = nominal.astimezone(about.zone).date()
    if about.calendar.is_working_day(day):
        return count_of({"nominal": nominal, "due": nominal}, *steps, relied_on=("due",))
    off = f"{off_said(day, about.calendar)}."
    noon = datetime.combine(about.calendar.working_day_from(day), NOON, about.zone).astimezone(UTC)
    kind = entity_class(about.entity_class) if about.entity_class else None
    if open_to_all or kind in DORA_WITH_RELIEF:
        step = f"{off} The report may follow by noon of the next working day: {said(noon, about.zone)} (Article 5(4))."
        return count_of({"nominal": nominal, "due": noon}, *steps, step, relied_on=("due",))
    if kind is None:
        step = (
            f"{off} Some kinds of entity may report by {said(noon, about.zone)} (Article 5(4)); which kind this one "
            "is, is not known, so that is not relied on."
        )
        ends = {"nominal": nominal, "due_with_relief": noon, "due": nominal}
        return count_of(ends, *steps, step, relied_on=("due",))
    step = f"{off} The relief for days off is not open to this kind of entity (Article 5(5)), so the time stays."
    return count_of({"nominal": nominal, "due": nominal}, *steps, step, relied_on=("due",))


def entity_class(name: str) -> str:
    """
    Return the name the law library uses for a kind of entity.

    >>> entity_class("CCP")
    'central_counterparty'

    :raises BadStart: no such kind is known; a guess could give a deadline that is too late.
    """
    code = name.strip().lower().replace("-", "_").replace(" ", "_")
    code = _ALSO_CALLED.get(code, code)
    if code in DORA_NO_RELIEF | DORA_WITH_RELIEF | {"trust_service_provider"}:
        return code
    known = ", ".join(sorted(DORA_NO_RELIEF | DORA_WITH_RELIEF | {"trust_service_provider"}))
    raise BadStart(f"{name!r} is not a kind of entity that is known here. Known are: {known}.")
