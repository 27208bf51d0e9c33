"""What a report says: the case as it is known at one moment, without a word about any data subject."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from breachcase.accounts.models import Person, RoleGrant
from breachcase.accounts.roles import Role
from breachcase.ledger.models import Entry
from incidents.models import Incident, Obligation
from notifications.models import Delivery, RegulatorReport
from notifications.reports.pdf import SignOff

SPECIAL = frozenset(
    ["health", "genetic", "biometric", "religion", "politics", "ethnicity", "sex_life", "trade_union", "criminal"]
)


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One report in the list of a case."""

    id: UUID
    title: str
    prepared_by: str
    prepared_at: datetime
    sha256: str
    signed_off: bool
    filed_at: datetime | None


def report_lines(incident: Incident) -> list[ReportLine]:
    """Return the case's reports, the newest first; one query."""
    rows = incident.reports.select_related("prepared_by", "filing").order_by("-prepared_at")[:100]
    return [
        ReportLine(
            id=row.pk,
            title=str(row),
            prepared_by=str(row.prepared_by),
            prepared_at=row.prepared_at,
            sha256=row.sha256,
            signed_off=row.signed_off_at is not None,
            filed_at=row.filing.filed_at if hasattr(row, "filing") else None,
        )
        for row in rows
    ]


def sign_off_of(report: RegulatorReport) -> SignOff | None:
    """Return who signed a report off and when, or None for a draft."""
    if report.signed_off_at is None or report.signed_off_by is None:
        return None
    name = report.signed_off_by.name
    if report.signed_off_for is not None:
        name = f"{name} for {report.signed_off_for.name}"
    return SignOff(name, report.signed_off_at)


def snapshot_of(report: RegulatorReport, earlier: RegulatorReport | None) -> dict[str, Any]:
    """Return the snapshot for a report that is being prepared; a constant number of queries."""
    incident, now = report.incident, timezone.now()
    facts = incident.facts
    found: dict[str, Any] = {
        "format": "breachcase-report-1",
        "report": _report(report, earlier, now),
        "controller": _controller(incident),
        "contact": _contact(incident),
        "timeline": _timeline(incident),
        "nature": {
            "types": facts.get("breach", {}).get("types", []),
            "cause": facts.get("breach", {}).get("cause", ""),
            "title": incident.title,
            "narrative": incident.narrative,
        },
        "people": _people(incident),
        "data": _data(incident),
        "consequences": facts.get("effects", {}).get("consequences", ""),
        "measures": _measures(incident),
        "telling": _telling(incident),
        "decisions": _decisions(incident),
        "delay_reasons": report.obligation.delay_reasons,
        "record": _record(incident),
    }
    found["missing"] = _missing(found)
    return found


def _report(report: RegulatorReport, earlier: RegulatorReport | None, now: datetime) -> dict[str, Any]:
    return {
        "id": str(report.pk),
        "reference": report.incident.reference,
        "authority": report.authority,
        "phase": str(report.phase),
        "number": report.number,
        "law": report.obligation.source,
        "as_of": now.isoformat(),
        "zone": report.incident.organisation.time_zone,
        "due_at": _moment(report.obligation.due_at),
        "previous_sha256": earlier.sha256 if earlier else None,
    }


def _controller(incident: Incident) -> dict[str, Any]:
    organisation = incident.organisation
    return {
        "name": organisation.name,
        "address": organisation.address,
        "established_in": list(organisation.established_in),
    }


def _contact(incident: Incident) -> dict[str, Any]:
    organisation = incident.organisation
    grants = RoleGrant.objects.filter(
        organisation=organisation, role=Role.DPO, revoked_at=None, person__is_active=True
    )
    people = Person.objects.filter(pk__in=grants.values("person_id")).order_by("name")
    officers = [f"{person.name}, {person.email}" for person in people]
    return {"officers": officers, "email": organisation.contact_email, "phone": organisation.contact_phone}


def _timeline(incident: Incident) -> dict[str, Any]:
    awareness = incident.awarenesses.filter(superseded_by=None).first()
    return {
        "noticed_at": _moment(incident.noticed_at),
        "aware_at": _moment(awareness.aware_at if awareness else None),
        "aware_reasons": awareness.reasons if awareness else "",
        "opened_at": _moment(incident.opened_at),
    }


def _people(incident: Incident) -> dict[str, Any]:
    people = incident.facts.get("people", {})
    listed = incident.data_subjects.count()
    return {
        "count": listed or people.get("count"),
        "approximate": bool(people.get("approximate")) and not listed,
        "kinds": people.get("kinds", []),
        "unreadable_addresses": incident.unreadables.count(),
    }


def _data(incident: Incident) -> dict[str, Any]:
    data = incident.facts.get("data", {})
    categories, implied = data.get("categories", []), data.get("implied", [])
    special = sorted(SPECIAL & {*categories, *implied})
    return {"categories": categories, "implied": implied, "special": special}


def _measures(incident: Incident) -> list[dict[str, Any]]:
    return [
        {
            "kind": row.get_kind_display(),
            "title": row.title,
            "state": row.get_state_display(),
            "due_on": row.due_on.isoformat(),
            "ended_at": _moment(row.ended_at),
            "proof": row.proof,
        }
        for row in incident.measures.order_by("due_on", "id")[:500]
    ]


def _telling(incident: Incident) -> dict[str, Any]:
    decision = incident.decisions.filter(question="inform_data_subjects", superseded_by=None).first()
    dispatches = [
        {
            "started_at": _moment(row.started_at),
            "state": row.get_state_display(),
            "sent": row.deliveries.filter(state=Delivery.State.SENT).count(),
            "of": row.deliveries.count(),
            "wording_sha256": row.version_sha256,
        }
        for row in incident.dispatches.order_by("prepared_at")[:20]
    ]
    return {"decided": decision.affirmative if decision else None, "dispatches": dispatches}


def _decisions(incident: Incident) -> list[dict[str, Any]]:
    rows = incident.decisions.filter(superseded_by=None).select_related("advice").order_by("decided_at")
    return [
        {
            "question": row.get_question_display(),
            "affirmative": row.affirmative,
            "reasons": row.reasons,
            "decided_at": _moment(row.decided_at),
            "advice": row.advice.affirmative if row.advice else None,
            "advice_reasons": row.advice.reasons if row.advice else "",
            "departure_reasons": row.departure_reasons,
        }
        for row in rows
    ]


def _record(incident: Incident) -> dict[str, Any]:
    last = Entry.objects.filter(chain_id=incident.pk).order_by("-sequence").first()
    return {"entries": last.sequence if last else 0, "sha256": last.sha256 if last else ""}


def _missing(found: dict[str, Any]) -> list[dict[str, str]]:
    """Return what Article 33(3) asks for and nobody has written down yet."""
    asked = [
        ("Moment of awareness", found["timeline"]["aware_at"], "Awareness has not been recorded."),
        ("Nature of the breach", found["nature"]["types"], "It is still being established."),
        ("Cause", found["nature"]["cause"], "It is still being established."),
        ("Number of data subjects", found["people"]["count"], "They are still being counted."),
        ("Categories of data subjects", found["people"]["kinds"], "They are still being established."),
        ("Categories of data", found["data"]["categories"], "They are still being established."),
        ("Likely consequences", found["consequences"], "They are still being assessed."),
        ("Measures taken or proposed", found["measures"], "None has been recorded yet."),
        ("Whether the people are told", found["telling"]["decided"] is not None, "Management has not decided yet."),
    ]
    return [{"field": field, "why": why} for field, value, why in asked if value in (None, "", [], False)]


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def open_authority_duties(incident: Incident) -> list[Obligation]:
    """Return the duties towards authorities, each of which a report can be prepared for."""
    return list(incident.obligations.filter(rule__endswith="-33-1").order_by("recipient"))
