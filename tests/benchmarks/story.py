"""The reference story's people and case, made through the services, as far as a figure needs it."""

from datetime import timedelta
from io import BytesIO

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.utils import timezone

from incidents.demonstration.offending_message import offending_message
from incidents.models import Incident, Involvement
from incidents.services.decisions import record_awareness
from incidents.services.incidents import log_breach
from incidents.services.involvement import record_involvement
from incidents.services.members import admit_member
from incidents.services.staging import forget_staged, message_for_case, read_staged, stage
from notifications.story.people import ZONE, Cast


def case_with(cast: Cast, *, people: int) -> Incident:
    """Log the story's message with this many distinct people; the director is kept out, the clock runs."""
    dpo = cast.actor("dpo")
    raw = offending_message(people=people)
    upload = InMemoryUploadedFile(BytesIO(raw), "file", "newsletter.eml", "message/rfc822", len(raw), None)
    staged = read_staged(dpo, stage(dpo, upload).pk, own_domains=cast.organisation.own_domains)
    incident = log_breach(
        dpo,
        cast.organisation.pk,
        title=f"Newsletter to {people} people in plain sight",
        noticed_at=timezone.now() - timedelta(hours=3),
        found=message_for_case(staged),
    )
    forget_staged(staged.file)
    for part in ("handler", "approver", "counsel", "auditor", "director"):
        admit_member(dpo, incident.pk, person_id=cast.people[part].pk)
    record_involvement(
        dpo,
        incident.pk,
        person_id=cast.people["director"].pk,
        kind=Involvement.Kind.CAUSE,
        reasons="The headers point to the director's device; until it is settled he takes no part.",
    )
    record_awareness(
        dpo,
        incident.pk,
        aware_at=timezone.now() - timedelta(hours=2),
        time_zone=ZONE,
        reasons="The DPO had the message in hand and saw that every address was visible.",
    )
    return incident
