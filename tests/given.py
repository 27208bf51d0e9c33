"""The words for set-up: typed builders, through the services where one exists."""

from datetime import datetime, timedelta
from io import BytesIO
from itertools import count
import re
from uuid import UUID

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.utils import timezone

from breachcase.accounts.actor import Actor
from breachcase.accounts.lending import delegate
from breachcase.accounts.models import Organisation, Person
from breachcase.accounts.roles import Role
from breachcase.accounts.services import found_organisation, found_person
from incidents.demonstration.offending_message import offending_message
from incidents.models import Incident, Involvement, Measure
from incidents.services.evidence import FileForCase, MessageForCase
from incidents.services.incidents import log_breach
from incidents.services.involvement import record_involvement
from incidents.services.measures import add_measure
from incidents.services.members import admit_member
from incidents.services.staging import message_for_case, read_staged, stage
from notifications.models import WordingVersion
from notifications.queries.wordings import findings_of
from notifications.services.wordings import approve_wording, ask_for_approval, revise_wording, write_wording
from notifications.wording.starters import STARTERS

_number = count(1)
REASONS = "Addresses of 1,500 people were shown to each other."


def an_organisation(*, established_in: tuple[str, ...] = ("GB",)) -> Organisation:
    number = next(_number)
    return found_organisation(
        name=f"Meadowbank {number}",
        address="1 Mill Lane, Hexham",
        time_zone="Europe/London",
        established_in=established_in,
        own_domains=["meadowbank.example"],
        contact_email="privacy@meadowbank.example",
    )


def a_person(organisation: Organisation, *roles: Role, name: str = "") -> Person:
    number = next(_number)
    return found_person(
        organisation,
        email=f"person{number}@meadowbank.example",
        name=name or f"Person {number}",
        roles=roles,
        time_zone="Europe/London",
    )


def actor(person: Person, *, lenders: tuple[UUID, ...] = ()) -> Actor:
    return Actor(person.pk, lenders=lenders)


class Case:
    """A case just logged, with one person for each role let into it."""

    def __init__(
        self, *, established_in: tuple[str, ...] = ("GB",), with_message: bool = False, people: int = 12
    ) -> None:
        self.organisation = an_organisation(established_in=established_in)
        self.dpo = a_person(self.organisation, Role.DPO, name="Dana Okafor")
        self.handler = a_person(self.organisation, Role.HANDLER, name="Robin Mills")
        self.approver = a_person(self.organisation, Role.APPROVER, name="Alex Stone")
        self.director = a_person(self.organisation, Role.APPROVER, name="Victor Hale")
        self.counsel = a_person(self.organisation, Role.COUNSEL, name="Noor Aziz")
        self.auditor = a_person(self.organisation, Role.AUDITOR, name="Ines Ferro")
        self.administrator = a_person(self.organisation, Role.ADMINISTRATOR, name="Sam Field")
        self.reporter = a_person(self.organisation, Role.REPORTER, name="Jane Carr")
        self.incident: Incident = log_breach(
            actor(self.dpo),
            self.organisation.pk,
            title="Visible recipients, client list",
            noticed_at=an_hour_ago(),
            found=a_message(actor(self.dpo), people=people) if with_message else None,
        )
        for person in (self.handler, self.approver, self.director, self.counsel, self.auditor):
            admit_member(actor(self.dpo), self.incident.pk, person_id=person.pk)

    def keep_out(self, person: Person) -> Involvement:
        return record_involvement(
            actor(self.dpo), self.incident.pk, person_id=person.pk, kind=Involvement.Kind.CAUSE, reasons=REASONS
        )


def an_hour_ago() -> datetime:
    return timezone.now() - timedelta(hours=1)


def a_delegation(organisation: Organisation, lender: Person, borrower: Person, role: Role) -> None:
    now = timezone.now()
    delegate(
        actor(lender),
        organisation.pk,
        borrower_id=borrower.pk,
        role=role,
        starts_at=now - timedelta(minutes=1),
        ends_at=now + timedelta(days=3),
        reasons="On holiday",
    )


def admit(case: Case, person: Person) -> None:
    admit_member(actor(case.dpo), case.incident.pk, person_id=person.pk)


def a_message(by: Actor, *, people: int) -> MessageForCase | FileForCase:
    """The story's message, handed in and read."""
    raw = offending_message(people=people)
    upload = InMemoryUploadedFile(BytesIO(raw), "file", "newsletter.eml", "message/rfc822", len(raw), None)
    return message_for_case(read_staged(by, stage(by, upload).pk, own_domains=["meadowbank.example"]))


def a_measure(case: Case) -> Measure:
    return add_measure(
        actor(case.handler),
        case.incident.pk,
        kind=Measure.Kind.CONTAINMENT,
        title="Freeze the mailbox",
        owner_id=case.handler.pk,
        due_on=timezone.localdate(),
    )


def an_approved_version(case: Case) -> WordingVersion:
    """The story's apology, asked for by the handler and approved by the approver."""
    handler, text = actor(case.handler), STARTERS["apology"].text
    version = write_wording(handler, case.incident.pk, title="Apology", text=text)
    if answers := {one.code: "Read by two people." for one in findings_of(version)}:
        version = revise_wording(
            handler, case.incident.pk, wording_id=version.wording_id, based_on=1, text=text, answers=answers
        )
    ask_for_approval(handler, case.incident.pk, version_id=version.pk)
    approve_wording(actor(case.approver), case.incident.pk, version_id=version.pk, sha256=version.sha256)
    return version


def a_case_of(case: Case, *, title: str) -> Incident:
    """Another case of the same organisation."""
    return log_breach(actor(case.dpo), case.organisation.pk, title=title)


def without_tokens(page: str) -> str:
    """A page without what differs from request to request."""
    return re.sub(r"\b[A-Za-z0-9]{64}\b|[0-9a-f]{8}-[0-9a-f-]{27}", "", page)
