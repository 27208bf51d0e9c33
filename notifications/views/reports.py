import json
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from breachcase.accounts.proof import require_fresh_proof
from breachcase.web.acts import Act, LastLook, Row, perform
from breachcase.web.requests import SignedInRequest
from incidents.access import Action
from incidents.models import Reading
from incidents.services.reading import record_reading
from incidents.views.door import Case, enter
from notifications.forms.reports import FilingForm, PrepareReportForm, SignOffForm
from notifications.models import RegulatorReport
from notifications.queries.reports import open_authority_duties, report_lines
from notifications.reports.layout import sections
from notifications.services.reports import prepare_report, record_filing, render_report, sign_off_report


@require_http_methods(["GET", "POST"])
def report_list(request: SignedInRequest, incident_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "report")
    duties = [(str(row.pk), row.recipient) for row in open_authority_duties(case.incident)]

    def prepare(said: dict[str, Any]) -> str:
        report = prepare_report(
            request.actor, incident_id, obligation_id=said["obligation"], phase=RegulatorReport.Phase(said["phase"])
        )
        return reverse("notifications:report", args=[incident_id, report.pk])

    act = Act(
        "Reports to the authority",
        "Take a snapshot",
        prepare,
        refusal=case.refusal(Action.PREPARE_REPORT),
        template="notifications/report/list.html",
    )
    context = {**case.context, "reports": report_lines(case.incident)}
    return perform(request, act, lambda **kwargs: PrepareReportForm(duties=duties, **kwargs), context)


@require_GET
def report_detail(request: SignedInRequest, incident_id: UUID, report_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "report")
    report = _report(case, report_id)
    record_reading(request.actor, incident_id, Action.READ_REPORT, what=Reading.What.REPORT, subject_id=report.pk)
    snapshot = json.loads(report.snapshot)
    context = {
        **case.context,
        "report": report,
        "filing": getattr(report, "filing", None),
        "sections": sections(snapshot),
        "missing": snapshot["missing"],
        "sign_off_refusal": case.refusal(Action.SIGN_OFF_REPORT),
        "filing_refusal": case.refusal(Action.RECORD_FILING),
    }
    return render(request, "notifications/report/detail.html", context)


@require_GET
def report_pdf(request: SignedInRequest, incident_id: UUID, report_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "report")
    _report(case, report_id)
    report, content = render_report(request.actor, incident_id, report_id=report_id)
    response = HttpResponse(content, content_type="application/pdf")
    draft = "" if report.signed_off_at else "-draft"
    name = f"{case.incident.reference}-report-{report.number}{draft}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "POST"])
def report_sign_off(request: SignedInRequest, incident_id: UUID, report_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "report")
    report = _report(case, report_id)
    refusal = case.refusal(Action.SIGN_OFF_REPORT)
    proof = require_fresh_proof(request) if not refusal else None
    if proof is not None:
        return proof

    def sign_off(said: dict[str, Any]) -> str:
        sign_off_report(request.actor, incident_id, report_id=report_id, sha256_shown=said["sha256"])
        return reverse("notifications:report", args=[incident_id, report_id])

    missing = json.loads(report.snapshot)["missing"]
    open_points = "; ".join(one["field"] for one in missing) or "nothing"
    act = Act(
        f"Sign off {report}?",
        "Sign off",
        sign_off,
        check=lambda _said: LastLook(
            [Row("Report", str(report)), Row("SHA-256", report.sha256), Row("Not yet known", open_points)],
            [
                "It is no draft from then on, and can be filed.",
                "It cannot be changed; later facts go into a supplementary report.",
            ],
        ),
        known=[Row("Not yet known", open_points)],
        refusal=refusal,
    )

    def make(**kwargs: Any) -> SignOffForm:
        kwargs["initial"] = {"sha256": report.sha256}
        return SignOffForm(**kwargs)

    return perform(request, act, make, case.context)


@require_http_methods(["GET", "POST"])
def report_file(request: SignedInRequest, incident_id: UUID, report_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "report")
    report = _report(case, report_id)

    def file(said: dict[str, Any]) -> str:
        record_filing(
            request.actor,
            incident_id,
            report_id=report_id,
            filed_at=said["moment"],
            how=said["how"],
            authority_reference=said["authority_reference"],
            receipt_id=said["receipt"],
            delay_reasons=said["delay_reasons"],
        )
        return reverse("notifications:report", args=[incident_id, report_id])

    act = Act(f"{report}: when and how was it filed?", "Record the filing", file,
              refusal=case.refusal(Action.RECORD_FILING))  # fmt: skip

    def make(**kwargs: Any) -> FilingForm:
        kwargs["initial"] = {"zone": case.zones[0], **kwargs.get("initial", {})}
        return FilingForm(zones=case.zones, evidence=case.evidence, **kwargs)

    return perform(request, act, make, case.context)


def _report(case: Case, report_id: UUID) -> RegulatorReport:
    rows = case.incident.reports.select_related("prepared_by", "signed_off_by", "signed_off_for", "filing")
    return get_object_or_404(rows, pk=report_id)
