"""Writing a wording, asking for its approval, and answering: what was approved is what will go out (I4, I6)."""

from collections.abc import Mapping
from uuid import UUID

from django.utils import timezone

from breachcase.accounts.actor import Actor
from breachcase.errors import RuleBroken, Stale
from breachcase.web.bells import ring
from incidents.access import Action
from incidents.services.change import Change, change, require_reasons
from notifications.models import Approval, ApprovalRequest, Wording, WordingVersion
from notifications.queries.wordings import barred_from_approving, facts_for_checks, read_version
from notifications.wording.lint import check
from notifications.wording.sections import Wording as Text, canonical, fingerprint


def write_wording(actor: Actor, incident_id: UUID, *, title: str, text: Text) -> WordingVersion:
    """
    Start a wording; this is its version 1.

    Checks: a handler, DPO or counsel who is not implicated (I5). Records: ``write_wording`` with version and hash.

    :raises Refused: the actor may not.   :raises RuleBroken: it has no title.
    """
    with change(actor, Action.WRITE_WORDING, incident_id) as under:
        if not title.strip():
            raise RuleBroken("Give the wording a name, for instance: apology to everybody on the list.", field="title")
        wording = Wording.objects.create(
            incident=under.incident, title=title.strip(), started_by_id=actor.person_id, started_at=timezone.now()
        )
        return _write_version(under, wording, text, number=1, answers={})


def revise_wording(
    actor: Actor,
    incident_id: UUID,
    *,
    wording_id: UUID,
    based_on: int,
    text: Text,
    answers: Mapping[str, str] | None = None,
) -> WordingVersion:
    """
    Write the next version of a wording; earlier ones stay as they are.

    ``based_on``: the number of the version that the writer saw; ``answers``: warning code → why it is right.
    Checks: a handler, DPO or counsel who is not implicated; nobody wrote a version meanwhile; something changed.
    Records: ``write_wording`` with version and hash.

    :raises Refused: the actor may not.   :raises RuleBroken: nothing changed.   :raises Stale: there is a newer one.
    """
    with change(actor, Action.WRITE_WORDING, incident_id) as under:
        wording = _wording_of(under, wording_id)
        latest = wording.versions.order_by("-number")[0]
        if latest.number != based_on:
            raise Stale(f"Version {latest.number} was written while you were typing. Both are shown below.")
        if latest.sha256 == fingerprint(text) and latest.answers == dict(answers or {}):
            raise RuleBroken("Nothing was changed.")
        return _write_version(under, wording, text, number=latest.number + 1, answers=dict(answers or {}))


def ask_for_approval(actor: Actor, incident_id: UUID, *, version_id: UUID) -> ApprovalRequest:
    """
    Ask the approvers to read and approve a version.

    Checks: a handler, DPO or counsel who is not implicated; it is the newest version; no check blocks it and each
    warning has an answer. Records: ``ask_for_approval`` with the version's hash. Tells the approvers by e-mail.

    :raises Refused: the actor may not.   :raises RuleBroken: a check is in the way, or it was asked already.
    """
    with change(actor, Action.ASK_FOR_APPROVAL, incident_id) as under:
        version = _newest(under, version_id)
        if version.requests.exists():
            raise RuleBroken("Approval of this version was asked already.")
        open_findings = [
            finding
            for finding in check(read_version(version), facts_for_checks(under.incident))
            if finding.blocks or not version.answers.get(finding.code, "").strip()
        ]
        if open_findings:
            raise RuleBroken(f"Not ready yet: {' '.join(finding.sentence for finding in open_findings)}")
        request = ApprovalRequest.objects.create(
            version=version,
            asked_by_id=actor.person_id,
            on_behalf_of_id=under.actor.on_behalf_of_id,
            asked_at=timezone.now(),
        )
        under.recorder.entry(version.id, {"sha256": version.sha256, "version": version.number})
        ring("notifications.tell_approvers", request_id=str(request.id))
        return request


def approve_wording(actor: Actor, incident_id: UUID, *, version_id: UUID, sha256: str) -> Approval:
    """
    Approve a version exactly as it stands; its hash is what may go out (I4).

    ``sha256``: the hash of what the approver was shown. Checks: an approver who is not implicated (I5) and neither
    wrote any version of this wording nor asked for the approval, themselves or through a lender (I6); it is what was
    shown. Records: ``approve_wording`` with the hash.

    :raises Refused: the actor may not.   :raises Stale: it is not what they were shown, or was answered already.
    """
    with change(actor, Action.APPROVE_WORDING, incident_id, barred=lambda: barred_from_approving(version_id)) as under:
        return _answer(under, version_id, sha256, Approval.Verdict.APPROVED, comments="")


def send_back_wording(actor: Actor, incident_id: UUID, *, version_id: UUID, sha256: str, comments: str) -> Approval:
    """
    Send a version back with comments; the writers make a new version.

    Checks: as ``approve_wording``; comments that say what to change. Records: ``send_back_wording`` with the hash.

    :raises Refused: the actor may not.   :raises RuleBroken: no comments.
    :raises Stale: it is not what they were shown, or was answered already.
    """
    with change(
        actor, Action.SEND_BACK_WORDING, incident_id, barred=lambda: barred_from_approving(version_id)
    ) as under:
        said = require_reasons(comments, field="comments")
        return _answer(under, version_id, sha256, Approval.Verdict.SENT_BACK, comments=said)


def _write_version(
    under: Change, wording: Wording, text: Text, *, number: int, answers: dict[str, str]
) -> WordingVersion:
    version = WordingVersion.objects.create(
        wording=wording,
        number=number,
        canonical=canonical(text).decode(),
        sha256=fingerprint(text),
        answers=answers,
        written_by_id=under.actor.person_id,
        on_behalf_of_id=under.actor.on_behalf_of_id,
        written_at=timezone.now(),
    )
    under.recorder.entry(wording.id, {"version": number, "sha256": version.sha256, "answers": sorted(answers)})
    return version


def _answer(under: Change, version_id: UUID, sha256: str, verdict: Approval.Verdict, *, comments: str) -> Approval:
    version = _newest(under, version_id)
    if not version.requests.exists():
        raise RuleBroken("Nobody has asked for the approval of this version yet.")
    if version.sha256 != sha256:
        raise Stale("This is not the text that you were shown. Read it again, then answer.")
    if Approval.objects.filter(version=version).exists():
        raise Stale("Somebody has answered meanwhile. Look at it as it is now.")
    approval = Approval.objects.create(
        version=version,
        verdict=verdict,
        version_sha256=version.sha256,
        comments=comments,
        answered_by_id=under.actor.person_id,
        on_behalf_of_id=under.actor.on_behalf_of_id,
        answered_at=timezone.now(),
    )
    under.recorder.entry(approval.id, {"version": version.number, "sha256": version.sha256, "verdict": str(verdict)})
    return approval


def _wording_of(under: Change, wording_id: UUID) -> Wording:
    wording = Wording.objects.filter(pk=wording_id, incident=under.incident).first()
    if wording is None:
        raise RuleBroken("This case has no such wording.")
    return wording


def _newest(under: Change, version_id: UUID) -> WordingVersion:
    version = WordingVersion.objects.filter(pk=version_id, wording__incident=under.incident).first()
    if version is None:
        raise RuleBroken("This case has no such wording.")
    if version.wording.versions.filter(number__gt=version.number).exists():
        raise Stale("There is a newer version of this wording. Look at that one.")
    return version
