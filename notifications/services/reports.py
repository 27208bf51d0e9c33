"""The regulator's report: a snapshot of what is known, signed off by a person, rendered, and filed."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

from django.utils import timezone

from breachcase.accounts.actor import Actor
from breachcase.errors import RuleBroken, Stale
from incidents.access import Action
from incidents.models import Reading
from incidents.services.change import Change, change
from incidents.services.involvement import evidence_of
from incidents.services.obligations import fulfil
from incidents.services.reading import record_reading
from notifications.models import Filing, RegulatorReport
from notifications.queries.reports import sign_off_of, snapshot_of
from notifications.reports import pdf
from notifications.reports.snapshot import canonical, fingerprint


def prepare_report(
    actor: Actor, incident_id: UUID, *, obligation_id: UUID, phase: RegulatorReport.Phase
) -> RegulatorReport:
    """
    Take a snapshot of what is known now, for the authority of one obligation.

    Checks: a handler or DPO who is not implicated; the obligation is towards an authority; the first report is the
    initial one and only the first. Records: ``prepare_report`` with number, phase and the snapshot's hash (I13).

    :raises Refused: the actor may not.   :raises RuleBroken: no such obligation, or the phase does not fit.
    """
    with change(actor, Action.PREPARE_REPORT, incident_id) as under:
        obligation = under.incident.obligations.filter(pk=obligation_id, rule__endswith="-33-1").first()
        if obligation is None:
            raise RuleBroken("This case has no such duty towards an authority.", field="obligation")
        earlier = under.incident.reports.filter(authority=obligation.recipient).order_by("-number").first()
        if (phase == RegulatorReport.Phase.INITIAL) != (earlier is None):
            raise RuleBroken(
                "The first report to an authority is the initial one; later ones are supplementary or final.",
                field="phase",
            )
        report = RegulatorReport(
            id=uuid4(),
            incident=under.incident,
            obligation=obligation,
            authority=obligation.recipient,
            phase=phase,
            number=earlier.number + 1 if earlier else 1,
            prepared_by_id=actor.person_id,
            prepared_at=timezone.now(),
        )
        report.snapshot = canonical(snapshot_of(report, earlier))
        report.sha256 = fingerprint(report.snapshot)
        report.save(force_insert=True)
        under.recorder.entry(
            report.id,
            {"sha256": report.sha256, "phase": str(phase), "number": report.number, "authority": report.authority},
        )
        return report


def sign_off_report(actor: Actor, incident_id: UUID, *, report_id: UUID, sha256_shown: str) -> RegulatorReport:
    """
    Sign a report off: from now on it is no draft.

    ``sha256_shown``: the hash of the snapshot that the signer was shown. Checks: a DPO or approver who is not
    implicated (I5); it is the newest to this authority, and what was shown. Records: ``sign_off_report``.

    :raises Refused: the actor may not.   :raises Stale: signed off already, not what was shown, or not the newest.
    """
    with change(actor, Action.SIGN_OFF_REPORT, incident_id) as under:
        report = _locked(under, report_id)
        if report.signed_off_at is not None:
            raise Stale("This report is signed off already.")
        if report.sha256 != sha256_shown:
            raise Stale("This is not the report that you were shown. Read it again, then sign off.")
        if under.incident.reports.filter(authority=report.authority, number__gt=report.number).exists():
            raise Stale("There is a newer report to this authority. Look at that one.")
        report.signed_off_by_id = actor.person_id
        report.signed_off_for_id = under.actor.on_behalf_of_id
        report.signed_off_at = timezone.now()
        report.save(update_fields=["signed_off_by", "signed_off_for", "signed_off_at"])
        under.recorder.entry(report.id, {"sha256": report.sha256, "number": report.number})
        return report


def render_report(actor: Actor, incident_id: UUID, *, report_id: UUID) -> tuple[RegulatorReport, bytes]:
    """
    Return a report and its PDF, putting on record that it left and with which hash (I13).

    Checks: a reading role on the case. Records: ``render_report`` with the PDF's SHA-256, and a line of the read log.
    The rendering happens before the change is opened; it depends on the snapshot and the sign-off alone.

    :raises Refused: the actor may not.   :raises RuleBroken: there is no such report.
    """
    record_reading(actor, incident_id, Action.READ_REPORT, what=Reading.What.REPORT, subject_id=report_id)
    report = RegulatorReport.objects.filter(pk=report_id, incident_id=incident_id).first()
    if report is None:
        raise RuleBroken("This case has no such report.")
    content = pdf.render(report.snapshot, sign_off_of(report))
    with change(actor, Action.READ_REPORT, incident_id) as under:
        under.recorder.entry(
            report.id,
            {
                "pdf_sha256": sha256(content).hexdigest(),
                "sha256": report.sha256,
                "draft": report.signed_off_at is None,
            },
            action="render_report",
        )
    return report, content


def record_filing(
    actor: Actor,
    incident_id: UUID,
    *,
    report_id: UUID,
    filed_at: datetime,
    how: str,
    authority_reference: str = "",
    receipt_id: UUID | None = None,
    delay_reasons: str = "",
) -> Filing:
    """
    Record that a signed-off report was handed to the authority; an initial one fulfils its obligation.

    Checks: a handler or DPO who is not implicated; signed off, filed once, not in the future and not before it was
    signed off; reasons if late (Art. 33(1)). Records: ``record_filing`` with the PDF's hash (I13), and the fulfilment.

    :raises Refused: the actor may not.   :raises RuleBroken: not signed off, or time, way or reasons do not hold.
    :raises Stale: it is filed already.
    """
    content_sha256 = _pdf_sha256(incident_id, report_id)
    with change(actor, Action.RECORD_FILING, incident_id) as under:
        report = _locked(under, report_id)
        _require_fileable(report, filed_at, how)
        filing = Filing.objects.create(
            report=report,
            filed_at=filed_at,
            how=how.strip(),
            authority_reference=authority_reference.strip(),
            receipt=evidence_of(under, receipt_id),
            pdf_sha256=content_sha256,
            recorded_by_id=actor.person_id,
            recorded_at=timezone.now(),
        )
        under.recorder.entry(
            filing.id,
            {
                "report": str(report.id),
                "filed_at": filed_at.isoformat(),
                "pdf_sha256": content_sha256,
                "receipt": str(receipt_id) if receipt_id else None,
            },
        )
        if report.phase == RegulatorReport.Phase.INITIAL and report.obligation.fulfilled_at is None:
            said = f"Report number {report.number} filed: {how.strip()}"
            fulfil(under, report.obligation_id, fulfilled_at=filed_at, how=said, delay_reasons=delay_reasons)
        return filing


def _pdf_sha256(incident_id: UUID, report_id: UUID) -> str:
    """Render outside of any transaction; a report that is not there or not signed off is refused under the lock."""
    report = RegulatorReport.objects.filter(pk=report_id, incident_id=incident_id).first()
    return sha256(pdf.render(report.snapshot, sign_off_of(report))).hexdigest() if report else ""


def _require_fileable(report: RegulatorReport, filed_at: datetime, how: str) -> None:
    if report.signed_off_at is None:
        raise RuleBroken("This report is a draft. It must be signed off before it is filed.")
    if Filing.objects.filter(report=report).exists():
        raise Stale("The filing of this report is recorded already.")
    if filed_at > timezone.now():
        raise RuleBroken("This moment has not come yet.", field="filed_at")
    if filed_at < report.signed_off_at.replace(second=0, microsecond=0):
        raise RuleBroken("This is before the report was signed off. Check the time.", field="filed_at")
    if not how.strip():
        raise RuleBroken("Say how it was filed: web form, e-mail, post.", field="how")


def _locked(under: Change, report_id: UUID) -> RegulatorReport:
    report = (
        under.incident.reports.select_for_update(no_key=True, of=("self",))
        .select_related("obligation")
        .filter(pk=report_id)
        .first()
    )
    if report is None:
        raise RuleBroken("This case has no such report.")
    return report
