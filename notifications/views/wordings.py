from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from breachcase.accounts.proof import require_fresh_proof
from breachcase.web.acts import Act, LastLook, Row, perform
from breachcase.web.requests import SignedInRequest
from incidents.access import Action, may
from incidents.models import Question
from incidents.views.door import Case, enter
from notifications.forms.wordings import AnswersForm, ApproveForm, NothingForm, SendBackForm, WordingForm
from notifications.models import WordingVersion
from notifications.queries.dispatches import dispatch_lines
from notifications.queries.wordings import (
    barred_from_approving,
    changed_since_seen,
    findings_of,
    preview,
    read_version,
    version_line,
    version_lines,
    versions_of,
    wording_lines,
)
from notifications.services.wordings import (
    approve_wording,
    ask_for_approval,
    revise_wording,
    send_back_wording,
    write_wording,
)
from notifications.wording.render import Addressee
from notifications.wording.starters import STARTERS

SAMPLE = Addressee("Amira Haddad", "amira.haddad@example.org")


@require_GET
def telling(request: SignedInRequest, incident_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "telling")
    context = {
        **case.context,
        "wordings": wording_lines(case.incident),
        "dispatches": dispatch_lines(case.incident),
        "starters": STARTERS.values(),
        "write_refusal": case.refusal(Action.WRITE_WORDING),
    }
    return render(request, "notifications/telling/list.html", context)


@require_http_methods(["GET", "POST"])
def wording_create(request: SignedInRequest, incident_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "telling")
    starter = STARTERS.get(request.GET.get("starter", ""))

    def write(said: dict[str, Any]) -> str:
        version = write_wording(request.actor, incident_id, title=said["title"], text=WordingForm.text_of(said))
        return reverse("notifications:wording", args=[incident_id, version.wording_id])

    def make(**kwargs: Any) -> WordingForm:
        first = {"title": starter.title, **_fields(starter.text)} if starter else {}
        kwargs["initial"] = {**first, **kwargs.get("initial", {})}
        return WordingForm(first=True, **kwargs)

    act = Act("Write to the people concerned", "Save version 1", write, refusal=case.refusal(Action.WRITE_WORDING),
              template="notifications/telling/edit.html")  # fmt: skip
    return perform(request, act, make, case.context)


@require_http_methods(["GET", "POST"])
def wording_edit(request: SignedInRequest, incident_id: UUID, wording_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "telling")
    newest = _newest(case, wording_id)

    def write(said: dict[str, Any]) -> str:
        revise_wording(
            request.actor,
            incident_id,
            wording_id=wording_id,
            based_on=said["based_on"] or 0,
            text=WordingForm.text_of(said),
            answers=newest.answers,
        )
        return reverse("notifications:wording", args=[incident_id, wording_id])

    def make(**kwargs: Any) -> WordingForm:
        now = {"based_on": newest.number, **_fields(read_version(newest))}
        kwargs["initial"] = {**now, **kwargs.get("initial", {})}
        return WordingForm(first=False, **kwargs)

    act = Act(f"Change “{newest.wording.title}”", f"Save version {newest.number + 1}", write,
              refusal=case.refusal(Action.WRITE_WORDING), template="notifications/telling/edit.html")  # fmt: skip
    return perform(request, act, make, {**case.context, "newest": newest, "letter": preview(newest, SAMPLE)})


@require_http_methods(["GET", "POST"])
def wording_detail(request: SignedInRequest, incident_id: UUID, wording_id: UUID) -> HttpResponse:
    """The newest version as it will be read, its checks with their answers, and what can be done next."""
    case = enter(request, incident_id, "telling")
    newest = _newest(case, wording_id)
    findings = findings_of(newest)
    warnings = [(one.code, one.sentence, newest.answers.get(one.code, "")) for one in findings if not one.blocks]

    def answer(said: dict[str, str]) -> str:
        given = {code: text.strip() for code, text in said.items() if text.strip()}
        revise_wording(
            request.actor, incident_id, wording_id=wording_id, based_on=newest.number,
            text=read_version(newest), answers=given,
        )  # fmt: skip
        return request.path

    since, changed = changed_since_seen(newest)
    context = {
        **case.context,
        "wording": newest.wording,
        "version": version_line(newest),
        "versions": version_lines(newest.wording),
        "letter": preview(newest, SAMPLE),
        "to": SAMPLE,
        "blocking": [one for one in findings if one.blocks],
        "since": since,
        "changed": changed,
        "changes": sum(place.changes for place in changed),
        "write_refusal": case.refusal(Action.WRITE_WORDING),
        "ask_refusal": case.refusal(Action.ASK_FOR_APPROVAL),
        "dispatch_refusal": case.refusal(Action.PREPARE_DISPATCH),
    }
    act = Act(newest.wording.title, "Save the answers", answer, refusal=case.refusal(Action.WRITE_WORDING),
              template="notifications/telling/detail.html")  # fmt: skip
    return perform(request, act, lambda **kwargs: AnswersForm(findings=warnings, **kwargs), context)


@require_http_methods(["GET", "POST"])
def approval_ask(request: SignedInRequest, incident_id: UUID, version_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "telling")
    version = _version(case, version_id)

    def ask(_said: dict[str, Any]) -> str:
        ask_for_approval(request.actor, incident_id, version_id=version_id)
        return reverse("notifications:wording", args=[incident_id, version.wording_id])

    act = Act(
        f"Ask for approval of version {version.number}?",
        "Ask for approval",
        ask,
        lead="The approvers on this case are told. Whoever wrote it or asks cannot approve it.",
        refusal=case.refusal(Action.ASK_FOR_APPROVAL),
    )
    return perform(request, act, NothingForm, case.context)


@require_http_methods(["GET", "POST"])
def approval_answer(request: SignedInRequest, incident_id: UUID, version_id: UUID) -> HttpResponse:
    """Read the exact letter, and approve it; made for a phone."""
    case = enter(request, incident_id, "telling")
    version = _version(case, version_id)
    refusal = may(Action.APPROVE_WORDING, case.standing, barred=barred_from_approving(version_id)).refusal
    proof = require_fresh_proof(request) if not refusal else None
    if proof is not None:
        return proof

    def approve(said: dict[str, Any]) -> str:
        approve_wording(request.actor, incident_id, version_id=version_id, sha256=said["sha256"])
        return reverse("notifications:wording", args=[incident_id, version.wording_id])

    def last_look(_said: dict[str, Any]) -> LastLook:
        return LastLook(
            [Row("Letter", f"{version.wording.title}, version {version.number}"), Row("SHA-256", version.sha256)],
            ["From then on not a letter can change. It can be sent to the people on this case."],
        )

    act = Act("Approve this letter?", "Approve and lock", approve, check=last_look, refusal=refusal,
              template="notifications/approval/detail.html")  # fmt: skip

    def make(**kwargs: Any) -> ApproveForm:
        kwargs["initial"] = {"sha256": version.sha256}
        return ApproveForm(**kwargs)

    return perform(request, act, make, {**case.context, **_approval(case, version, refusal)})


@require_http_methods(["POST"])
def approval_send_back(request: SignedInRequest, incident_id: UUID, version_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "telling")
    version = _version(case, version_id)

    def send_back(said: dict[str, Any]) -> str:
        send_back_wording(
            request.actor, incident_id, version_id=version_id, sha256=said["sha256"], comments=said["comments"]
        )
        return reverse("notifications:wording", args=[incident_id, version.wording_id])

    refusal = may(Action.SEND_BACK_WORDING, case.standing, barred=barred_from_approving(version_id)).refusal
    act = Act("Send this letter back?", "Send back", send_back, refusal=refusal)
    return perform(request, act, SendBackForm, case.context)


def _approval(case: Case, version: WordingVersion, refusal: str) -> dict[str, Any]:
    since, changed = changed_since_seen(version)
    advice = case.incident.advices.filter(question=Question.INFORM_DATA_SUBJECTS, superseded_by=None).first()
    return {
        "version": version_line(version),
        "letter": preview(version, SAMPLE),
        "to": SAMPLE,
        "recipients": case.incident.data_subjects.count(),
        "since": since,
        "changed": changed,
        "changes": sum(place.changes for place in changed),
        "advice": f"{'Tell them' if advice.affirmative else 'Do not tell them'}: {advice.reasons}" if advice else "",
        "findings": [
            {"sentence": one.sentence, "answer": version.answers.get(one.code, "")} for one in findings_of(version)
        ],
        "refusal": refusal,
        "why_may": "You are an approver on this case, you are not involved in the breach, "
        "and you neither wrote this nor asked for its approval.",
        "send_back_form": SendBackForm(initial={"sha256": version.sha256}),
        "send_back_url": reverse("notifications:send_back", args=[case.incident.pk, version.pk]),
    }


def _newest(case: Case, wording_id: UUID) -> WordingVersion:
    newest = versions_of(case.incident).filter(wording_id=wording_id).order_by("-number").first()
    if newest is None:
        raise Http404("This case has no such wording.")
    return newest


def _version(case: Case, version_id: UUID) -> WordingVersion:
    return get_object_or_404(versions_of(case.incident), pk=version_id)


def _fields(text: Any) -> dict[str, str]:
    return {"subject": text.subject, "opening": text.opening, **text.sections, "closing": text.closing}
