"""Reading wordings: versions, findings, differences, who may approve, and the finished bytes of one message."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from breachcase.accounts.actor import acted
from incidents.models import Incident
from incidents.queries.people import PersonLine
from notifications.models import Approval, ApprovalRequest, Delivery, Dispatch, Wording, WordingVersion
from notifications.wording import lint, render
from notifications.wording.diff import PlaceDiff, diff
from notifications.wording.sections import Wording as Text, fingerprint, from_canonical


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version, where it stands, and who had a hand in it."""

    id: UUID
    number: int
    written_by: str
    written_at: datetime
    state: str
    state_kind: str
    sha256: str
    comments: str
    answered_by: str


@dataclass(frozen=True, slots=True)
class WordingLine:
    """One wording in the list of a case."""

    id: UUID
    title: str
    newest: VersionLine


def wording_lines(incident: Incident) -> list[WordingLine]:
    """Return the case's wordings with their newest version; three queries."""
    rows = incident.wordings.prefetch_related(
        "versions__approval__answered_by",
        "versions__approval__on_behalf_of",
        "versions__requests",
        "versions__written_by",
        "versions__on_behalf_of",
    ).order_by("started_at")[:100]
    return [
        WordingLine(row.pk, row.title, version_line(max(row.versions.all(), key=lambda one: one.number)))
        for row in rows
    ]


def version_lines(wording: Wording) -> list[VersionLine]:
    """Return every version of a wording, the newest first."""
    rows = wording.versions.select_related(
        "written_by", "on_behalf_of", "approval__answered_by", "approval__on_behalf_of"
    ).prefetch_related("requests")
    return [version_line(row) for row in rows.order_by("-number")]


def versions_of(incident: Incident) -> QuerySet[WordingVersion]:
    """Return every version of every wording of a case."""
    rows = WordingVersion.objects.filter(wording__incident=incident)
    return rows.select_related("wording__incident__organisation", "written_by")


def version_line(row: WordingVersion) -> VersionLine:
    """Return one version with its state in words."""
    approval: Approval | None = getattr(row, "approval", None)
    asked = bool(row.requests.all())
    state, kind = "Draft", "open"
    if approval is not None:
        approved = approval.verdict == Approval.Verdict.APPROVED
        state, kind = ("Approved", "done") if approved else ("Sent back", "care")
    elif asked:
        state, kind = "Waiting for approval", "running"
    return VersionLine(
        id=row.pk,
        number=row.number,
        written_by=acted(row.written_by, row.on_behalf_of),
        written_at=row.written_at,
        state=state,
        state_kind=kind,
        sha256=row.sha256,
        comments=approval.comments if approval else "",
        answered_by=acted(approval.answered_by, approval.on_behalf_of) if approval else "",
    )


def read_version(version: WordingVersion) -> Text:
    """Return what a version says."""
    return from_canonical(version.canonical)


def facts_for_checks(incident: Incident) -> lint.Facts:
    """Return what the checks need to know of the organisation."""
    organisation = incident.organisation
    contacts = {organisation.contact_email, organisation.contact_phone} - {""}
    return lint.Facts(frozenset(contacts), frozenset(organisation.own_domains))


def findings_of(version: WordingVersion) -> tuple[lint.Finding, ...]:
    """Return what the checks say about a version."""
    return lint.check(read_version(version), facts_for_checks(version.wording.incident))


def changed_since_seen(version: WordingVersion) -> tuple[int, tuple[PlaceDiff, ...]]:
    """Return the version that an approver last answered, or the one before, and what changed since; 0 for none."""
    earlier = version.wording.versions.filter(number__lt=version.number).order_by("-number")
    seen = earlier.filter(approval__isnull=False).first() or earlier.first()
    if seen is None:
        return 0, ()
    return seen.number, tuple(place for place in diff(read_version(seen), read_version(version)) if place.changes)


def barred_from_approving(version_id: UUID) -> frozenset[UUID]:
    """
    Return who cannot answer this version (I6): whoever wrote any version of the wording, whoever asked, and the
    people on whose behalf either was done.
    """
    versions = WordingVersion.objects.filter(wording__versions__pk=version_id)
    hands = set(versions.values_list("written_by_id", flat=True)) | set(
        versions.values_list("on_behalf_of_id", flat=True)
    )
    asked = ApprovalRequest.objects.filter(version__in=versions)
    hands |= set(asked.values_list("asked_by_id", flat=True)) | set(asked.values_list("on_behalf_of_id", flat=True))
    return frozenset(hands - {None})


def values_of(incident: Incident, person: render.Addressee) -> dict[str, str]:
    """Return what the placeholders stand for in one person's letter."""
    organisation = incident.organisation
    return render.values_for(
        person, reference=incident.reference, organisation=organisation.name, contact=organisation.contact_email
    )


def preview(version: WordingVersion, person: render.Addressee) -> render.Letter:
    """Return the letter as this addressee will read it."""
    return render.letter(read_version(version), values_of(version.wording.incident, person))


def letter_of(dispatch: Dispatch, delivery: Delivery, person: PersonLine, now: datetime) -> bytes:
    """
    Return the finished bytes of one message of a running dispatch.

    :raises ValueError: the version's text is not the one that was approved; nothing is sent (I4).
    """
    text = read_version(dispatch.version)
    if (
        dispatch.version_sha256 != dispatch.version.sha256
        or fingerprint_of(dispatch.version) != dispatch.version_sha256
    ):
        raise ValueError("the version is not what was approved")
    addressee = render.Addressee(person.name, person.email)
    return render.message_bytes(
        text,
        values_of(dispatch.incident, addressee),
        addressee,
        render.Envelope(
            sender=dispatch.sender,
            reply_to=dispatch.incident.organisation.contact_email,
            message_id=delivery.message_id,
            date=now,
        ),
    )


def fingerprint_of(version: WordingVersion) -> str:
    """Return the hash of what the version's row says now, computed anew."""
    return fingerprint(from_canonical(version.canonical))
