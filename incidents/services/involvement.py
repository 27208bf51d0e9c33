"""Who did it and who had a part in it: two things, each with what shows it."""

from uuid import UUID

from django.utils import timezone

from breachcase.accounts.actor import Actor
from breachcase.accounts.models import Person, RoleGrant
from breachcase.errors import RuleBroken
from incidents.access import Action
from incidents.models import Attribution, EvidenceItem, Involvement
from incidents.services.change import Change, change, require_reasons
from incidents.services.members import require_someone_left


def record_attribution(
    actor: Actor,
    incident_id: UUID,
    *,
    kind: Attribution.Kind,
    certainty: Attribution.Certainty,
    reasons: str,
    account: str = "",
    person_id: UUID | None = None,
    evidence_id: UUID | None = None,
) -> Attribution:
    """
    Record which account acted, or which person was behind it; the two are separate facts.

    Checks: a handler or DPO who is not implicated (I5); reasons; "corroborated" and "established" name evidence of
    this case. Records: ``record_attribution`` with kind, certainty and evidence.

    :raises Refused: the actor may not.   :raises RuleBroken: reasons, evidence or the name is missing.
    """
    with change(actor, Action.RECORD_ATTRIBUTION, incident_id) as under:
        said = require_reasons(reasons)
        if kind == Attribution.Kind.ACCOUNT and not account.strip():
            raise RuleBroken("Name the account: its address or its login.", field="account")
        if kind == Attribution.Kind.PERSON and person_id is None:
            raise RuleBroken("Choose the person.", field="person")
        shown_by = evidence_of(under, evidence_id)
        proven = (Attribution.Certainty.CORROBORATED, Attribution.Certainty.ESTABLISHED)
        if certainty in proven and shown_by is None:
            raise RuleBroken("Name the evidence that shows it, or record it as asserted.", field="evidence")
        earlier = under.incident.attributions.filter(kind=kind, superseded_by=None).first()
        attribution = Attribution.objects.create(
            incident=under.incident,
            kind=kind,
            account=account.strip() if kind == Attribution.Kind.ACCOUNT else "",
            person=colleague(under, person_id) if person_id and kind == Attribution.Kind.PERSON else None,
            certainty=certainty,
            reasons=said,
            evidence=shown_by,
            recorded_by_id=actor.person_id,
            recorded_at=timezone.now(),
            supersedes=earlier,
        )
        under.recorder.entry(
            attribution.id,
            {
                "kind": kind,
                "certainty": certainty,
                "person": str(person_id) if person_id else None,
                "evidence": str(evidence_id) if evidence_id else None,
                "supersedes": str(earlier.id) if earlier else None,
            },
        )
        return attribution


def record_involvement(
    actor: Actor,
    incident_id: UUID,
    *,
    person_id: UUID,
    kind: Involvement.Kind,
    reasons: str,
    evidence_id: UUID | None = None,
) -> Involvement:
    """
    Record a colleague's part in the breach; as cause or subject of blame they are kept out from this moment (I5).

    Checks: a handler or DPO who is not implicated; reasons; somebody stays who can run the case.
    Records: ``record_involvement`` with person, kind and what it supersedes.

    :raises Refused: the actor may not.   :raises RuleBroken: no reasons, or nobody would be left.
    """
    if kind == Involvement.Kind.WITHDRAWN:
        raise RuleBroken("Taking an involvement back is an act of its own, by a second person.", field="kind")
    with change(actor, Action.RECORD_INVOLVEMENT, incident_id) as under:
        person = colleague(under, person_id)
        earlier = _current(under, person_id)
        if earlier is not None and earlier.kind in Involvement.KEEPS_OUT and kind not in Involvement.KEEPS_OUT:
            raise RuleBroken("Letting this person back in is an act of its own, by a second person.", field="kind")
        if kind in Involvement.KEEPS_OUT:
            require_someone_left(under, without=person_id)
        return _write(under, person, kind, reasons, evidence_of(under, evidence_id), earlier)


def withdraw_involvement(actor: Actor, incident_id: UUID, *, person_id: UUID, reasons: str) -> Involvement:
    """
    Take an involvement back, so that the person is no longer kept out; the old record stays.

    Checks: a handler or DPO who neither is implicated nor recorded the involvement (four eyes); reasons.
    Records: ``withdraw_involvement`` with the person and what it supersedes.

    :raises Refused: the actor may not.   :raises RuleBroken: nothing to take back, same person, or no reasons.
    """
    with change(actor, Action.WITHDRAW_INVOLVEMENT, incident_id) as under:
        earlier = _current(under, person_id)
        if earlier is None or earlier.kind == Involvement.Kind.WITHDRAWN:
            raise RuleBroken("No involvement of this person is on record.", field="person")
        if earlier.recorded_by_id == actor.person_id:
            raise RuleBroken("You recorded it: taking it back needs a second person.", field="person")
        return _write(under, earlier.person, Involvement.Kind.WITHDRAWN, reasons, None, earlier)


def evidence_of(under: Change, evidence_id: UUID | None) -> EvidenceItem | None:
    """
    Return the evidence item of this case.

    :raises RuleBroken: this case has no such item.
    """
    if evidence_id is None:
        return None
    item = under.incident.evidence_items.filter(pk=evidence_id).first()
    if item is None:
        raise RuleBroken("This case has no such evidence item.", field="evidence")
    return item


def colleague(under: Change, person_id: UUID) -> Person:
    """
    Return a person of the incident's organisation.

    :raises RuleBroken: nobody of the organisation has this id.
    """
    grant = (
        RoleGrant.objects.filter(organisation_id=under.incident.organisation_id, person_id=person_id)
        .select_related("person")
        .first()
    )
    if grant is None:
        raise RuleBroken("Choose somebody of your organisation.", field="person")
    return grant.person


def _current(under: Change, person_id: UUID) -> Involvement | None:
    return under.incident.involvements.filter(person_id=person_id, superseded_by=None).first()


def _write(
    under: Change,
    person: Person,
    kind: Involvement.Kind,
    reasons: str,
    evidence: EvidenceItem | None,
    earlier: Involvement | None,
) -> Involvement:
    involvement = Involvement.objects.create(
        incident=under.incident,
        person=person,
        kind=kind,
        reasons=require_reasons(reasons),
        evidence=evidence,
        recorded_by_id=under.actor.person_id,
        recorded_at=timezone.now(),
        supersedes=earlier,
    )
    under.recorder.entry(
        involvement.id,
        {"person": str(person.pk), "kind": kind, "supersedes": str(earlier.id) if earlier else None},
    )
    return involvement
