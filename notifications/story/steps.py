"""The reference story, act by act, through the same services that the pages call."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
import time

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.utils import timezone

from breachcase.errors import Refused
from incidents.demonstration.offending_message import ORIGINATING_IP, offending_message
from incidents.law.measures import PROPOSALS
from incidents.models import Attribution, Incident, Involvement, Measure, Obligation, Question
from incidents.services.closing import close_incident
from incidents.services.decisions import give_advice, record_awareness, record_decision
from incidents.services.facts import edit_facts
from incidents.services.incidents import log_breach
from incidents.services.involvement import record_attribution, record_involvement
from incidents.services.measures import add_measure, complete_measure
from incidents.services.members import admit_member
from incidents.services.obligations import fulfil_obligation
from incidents.services.staging import forget_staged, message_for_case, read_staged, stage
from notifications.models import Delivery, Dispatch, RegulatorReport, WordingVersion
from notifications.queries.wordings import findings_of, read_version
from notifications.services.dispatches import pause_dispatch, prepare_dispatch, start_dispatch
from notifications.services.reports import prepare_report, record_filing, render_report, sign_off_report
from notifications.services.wordings import (
    approve_wording,
    ask_for_approval,
    revise_wording,
    send_back_wording,
    write_wording,
)
from notifications.story.people import ZONE, Cast
from notifications.wording.sections import Wording as Text
from notifications.wording.starters import STARTERS

Say = Callable[[str], None]
TITLE = "Newsletter sent with every address in plain sight"
NARRATIVE = (
    "A newsletter was sent from an employee's mailbox while she was on leave. All addresses stood in To and Cc. "
    "A recall went out an hour later; outside the organisation it could not work. Complaints arrived the next morning."
)
WAIT_SECONDS = 180


def log_from_message(cast: Cast) -> Incident:
    """The DPO drops the message, checks what was read, and opens the case; everybody who works on it is let in."""
    dpo = cast.actor("dpo")
    raw = offending_message()
    upload = InMemoryUploadedFile(BytesIO(raw), "file", "newsletter.eml", "message/rfc822", len(raw), None)
    staged = read_staged(dpo, stage(dpo, upload).pk, own_domains=cast.organisation.own_domains)
    incident = log_breach(
        dpo,
        cast.organisation.pk,
        title=TITLE,
        narrative=NARRATIVE,
        noticed_at=timezone.now() - timedelta(hours=3),
        found=message_for_case(staged),
    )
    forget_staged(staged.file)
    for part in ("handler", "approver", "director", "counsel", "auditor"):
        admit_member(dpo, incident.pk, person_id=cast.people[part].pk)
    return incident


def establish(cast: Cast, incident: Incident) -> None:
    """The account and the person behind it, apart; the director is kept out; what the list gives away."""
    handler = cast.actor("handler")
    item = incident.evidence_items.get(number=1)
    record_attribution(
        handler, incident.pk, kind=Attribution.Kind.ACCOUNT, certainty=Attribution.Certainty.ESTABLISHED,
        account=cast.people["reporter"].email, reasons="The message's From header and envelope name this mailbox.",
        evidence_id=item.pk,
    )  # fmt: skip
    record_attribution(
        handler, incident.pk, kind=Attribution.Kind.PERSON, certainty=Attribution.Certainty.CORROBORATED,
        person_id=cast.people["director"].pk, evidence_id=item.pk,
        reasons=f"It came from {ORIGINATING_IP} and a device that the director uses; the account's owner was away.",
    )  # fmt: skip
    record_involvement(
        cast.actor("dpo"), incident.pk, person_id=cast.people["director"].pk, kind=Involvement.Kind.CAUSE,
        reasons="The headers point to the director's device; until it is settled he takes no part.",
        evidence_id=item.pk,
    )  # fmt: skip
    record_involvement(
        cast.actor("dpo"), incident.pk, person_id=cast.people["reporter"].pk, kind=Involvement.Kind.SUBJECT_OF_BLAME,
        reasons="She is being blamed in the house, although she was on leave; she must not have to judge it.",
    )  # fmt: skip
    incident.refresh_from_db()
    edit_facts(
        handler, incident.pk, version=incident.version, title=incident.title, narrative=incident.narrative,
        noticed_at=incident.noticed_at,
        facts={
            **incident.facts,
            "data": {"categories": ["name", "e_mail"], "implied": ["health"]},
            "people": {"count": incident.data_subjects.count(), "kinds": ["patients"]},
            "effects": {"consequences": "Others can tell who is in touch with a clinic; unwanted and false messages."},
        },
    )  # fmt: skip


def kept_out(cast: Cast, incident: Incident) -> str:
    """The director tries to decide, and is refused; the attempt stands in the record."""
    try:
        record_decision(
            cast.actor("director"), incident.pk, question=Question.NOTIFY_AUTHORITY, affirmative=False,
            reasons="Let us wait and see whether anybody complains.",
        )  # fmt: skip
    except Refused as refusal:
        return str(refusal)
    raise AssertionError("the director was not kept out")


def assess_and_decide(cast: Cast, incident: Incident) -> None:
    """Awareness, advice, decisions: three things."""
    record_awareness(
        cast.actor("dpo"), incident.pk, aware_at=timezone.now() - timedelta(hours=2), time_zone=ZONE,
        reasons="The DPO had the message in hand and saw that every address was visible.",
    )  # fmt: skip
    for question, why in (
        (Question.NOTIFY_AUTHORITY, "The list gives away contact with a clinic; a risk cannot be ruled out."),
        (Question.INFORM_DATA_SUBJECTS, "Health can be inferred: a high risk to people who did not want that known."),
    ):
        give_advice(cast.actor("dpo"), incident.pk, question=question, affirmative=True, reasons=why)
        record_decision(
            cast.actor("approver"), incident.pk, question=question, affirmative=True, reasons=f"As advised. {why}"
        )


def write_and_approve(cast: Cast, incident: Incident) -> WordingVersion:
    """Version 1 is sent back, version 2 is approved by somebody who neither wrote it nor asked."""
    handler, approver = cast.actor("handler"), cast.actor("approver")
    first = write_wording(handler, incident.pk, title=STARTERS["apology"].title, text=STARTERS["apology"].text)
    first = _with_answers(cast, incident, first)
    ask_for_approval(handler, incident.pk, version_id=first.pk)
    send_back_wording(
        approver, incident.pk, version_id=first.pk, sha256=first.sha256,
        comments="Say plainly that a recall does not work outside our own house.",
    )  # fmt: skip
    text = read_version(first)
    better = text.sections["what_happened"].replace(
        "For most people that did not work.", "Outside our own house that cannot work."
    )
    second = revise_wording(
        handler, incident.pk, wording_id=first.wording_id, based_on=first.number,
        text=Text(text.subject, text.opening, {**text.sections, "what_happened": better}, text.closing),
        answers=first.answers,
    )  # fmt: skip
    second = _with_answers(cast, incident, second)
    ask_for_approval(handler, incident.pk, version_id=second.pk)
    approve_wording(approver, incident.pk, version_id=second.pk, sha256=second.sha256)
    return second


def send(cast: Cast, incident: Incident, version: WordingVersion, say: Say) -> Dispatch:
    """Prepare, start, pause for a look, resume, and wait until every message is dealt with."""
    handler = cast.actor("handler")
    dispatch = prepare_dispatch(handler, incident.pk, version_id=version.pk)
    say(f"prepared {dispatch.deliveries.count():,} messages, one for each person")
    start_dispatch(handler, incident.pk, dispatch_id=dispatch.pk)
    _wait(lambda: _sent(dispatch) > 0, "a worker to send the first message")
    dispatch.refresh_from_db()
    if dispatch.state == Dispatch.State.RUNNING:
        pause_dispatch(cast.actor("approver"), incident.pk, dispatch_id=dispatch.pk)
        say(f"paused for a look after {_sent(dispatch):,} messages")
        start_dispatch(handler, incident.pk, dispatch_id=dispatch.pk)
    _wait(lambda: _state(dispatch) == Dispatch.State.FINISHED, "all messages to be dealt with")
    say(f"sent {_sent(dispatch):,} messages; every one is accounted for")
    return dispatch


def report(cast: Cast, incident: Incident) -> tuple[RegulatorReport, bytes]:
    """Snapshot, sign-off by the DPO, PDF, filing."""
    handler = cast.actor("handler")
    duty = incident.obligations.get(rule="uk-gdpr-33-1")
    prepared = prepare_report(handler, incident.pk, obligation_id=duty.pk, phase=RegulatorReport.Phase.INITIAL)
    sign_off_report(cast.actor("dpo"), incident.pk, report_id=prepared.pk, sha256_shown=prepared.sha256)
    prepared, content = render_report(handler, incident.pk, report_id=prepared.pk)
    record_filing(
        handler, incident.pk, report_id=prepared.pk, filed_at=timezone.now(), how="Online form of the authority",
        authority_reference="IC-000000-DEMO",
    )  # fmt: skip
    return prepared, content


def measures(cast: Cast, incident: Incident, *, done: bool) -> None:
    """Take up every proposal; with ``done``, carry each out with what shows it."""
    handler = cast.actor("handler")
    for proposal in PROPOSALS.values():
        measure = add_measure(
            handler, incident.pk, kind=Measure.Kind(proposal.kind), title=proposal.title, why=proposal.why,
            owner_id=cast.people["handler"].pk, due_on=timezone.localdate() + timedelta(days=proposal.days),
            proposal=proposal.code,
        )  # fmt: skip
        if done:
            complete_measure(
                handler, incident.pk, measure_id=measure.pk, version=measure.version,
                proof="Carried out and checked by a second person; the ticket and the export are on file.",
            )  # fmt: skip


def close(cast: Cast, incident: Incident, *, how: str = "All messages of the dispatch were sent.") -> None:
    """Fulfil what is still owed and close: a decision with reasons."""
    open_states = [Obligation.State.OWED, Obligation.State.OPEN]
    for duty in incident.obligations.filter(state__in=open_states).order_by("rule"):
        said = "Facts, effects and measures stand in this case." if duty.rule.endswith("33-5") else how
        fulfil_obligation(cast.actor("dpo"), incident.pk, obligation_id=duty.pk, fulfilled_at=timezone.now(), how=said)
    close_incident(
        cast.actor("approver"), incident.pk, reasons="Everybody was told, the report is filed, all measures are done."
    )


def an_older_case(cast: Cast) -> Incident:
    """A small one that is closed: a message to one wrong colleague outside, deleted and confirmed."""
    dpo = cast.actor("dpo")
    incident = log_breach(
        dpo, cast.organisation.pk, title="Rota sent to one wrong address, deleted and confirmed",
        narrative="A rota went to one wrong address at a partner organisation, which deleted it and confirmed that.",
        noticed_at=timezone.now() - timedelta(hours=5),
    )  # fmt: skip
    for part in ("handler", "approver", "auditor"):
        admit_member(dpo, incident.pk, person_id=cast.people[part].pk)
    incident.refresh_from_db()
    edit_facts(
        cast.actor("handler"), incident.pk, version=incident.version, title=incident.title,
        narrative=incident.narrative, noticed_at=incident.noticed_at,
        facts={
            "breach": {"types": ["confidentiality"], "cause": "misdirected_email"},
            "data": {"categories": ["name", "employment"]},
            "people": {"count": 11, "kinds": ["employees"]},
            "effects": {"consequences": "None are likely: a trusted partner deleted it within the hour."},
        },
    )  # fmt: skip
    record_awareness(
        dpo, incident.pk, aware_at=timezone.now() - timedelta(hours=4), time_zone=ZONE,
        reasons="The sender told the DPO at once, with the message in hand.",
    )  # fmt: skip
    why = "One trusted recipient, deleted and confirmed: a risk to the people is unlikely."
    for question in (Question.NOTIFY_AUTHORITY, Question.INFORM_DATA_SUBJECTS):
        give_advice(dpo, incident.pk, question=question, affirmative=False, reasons=why)
        record_decision(cast.actor("approver"), incident.pk, question=question, affirmative=False, reasons=why)
    close(cast, incident)
    return incident


def _with_answers(cast: Cast, incident: Incident, version: WordingVersion) -> WordingVersion:
    """Answer each warning with a reason, which makes the next version; none, and it stays as it is."""
    warnings = [one for one in findings_of(version) if not one.blocks and one.code not in version.answers]
    if not warnings:
        return version
    return revise_wording(
        cast.actor("handler"), incident.pk, wording_id=version.wording_id, based_on=version.number,
        text=read_version(version),
        answers={**version.answers, **{one.code: "Two colleagues read it and understood it." for one in warnings}},
    )  # fmt: skip


def _sent(dispatch: Dispatch) -> int:
    return dispatch.deliveries.filter(state=Delivery.State.SENT).count()


def _state(dispatch: Dispatch) -> str:
    dispatch.refresh_from_db(fields=["state"])
    return dispatch.state


def _wait(done: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while not done():
        if time.monotonic() > until:
            raise TimeoutError(f"waited {WAIT_SECONDS} s for {what}; is a Celery worker running?")
        time.sleep(0.2)
