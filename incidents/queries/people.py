"""Reading who was touched: opened row by row, page by page, and never more than was asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
import json
from uuid import UUID

from django.db.models import QuerySet

from breachcase.vault.keys import Key, case_key
from incidents.intake.addresses import BadAddress, read_address
from incidents.models import DataSubject, Incident

PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A data subject in the clear, for the length of a page or a message."""

    id: UUID
    number: int
    name: str
    email: str
    internal: bool


def opened(incident_id: UUID, rows: QuerySet[DataSubject]) -> Iterator[PersonLine]:
    """Yield ``rows`` of one incident in the clear; whoever calls has recorded the reading before."""
    key = case_key(incident_id)
    for row in rows.iterator(chunk_size=500):
        yield open_one(key, row)


def open_one(key: Key, row: DataSubject) -> PersonLine:
    """Return one data subject in the clear."""
    identity = json.loads(key.unseal(row.sealed, f"data-subject:{row.id}"))
    return PersonLine(row.id, row.number, identity["name"], identity["email"], row.internal)


def page_of_people(incident: Incident, *, after: int = 0) -> tuple[list[DataSubject], int | None]:
    """Return up to a page of sealed rows from number ``after`` on, and the number the next page starts after."""
    rows = list(incident.data_subjects.filter(number__gt=after).order_by("number")[: PAGE_ROWS + 1])
    return rows[:PAGE_ROWS], rows[PAGE_ROWS - 1].number if len(rows) > PAGE_ROWS else None


def opened_page(incident_id: UUID, rows: list[DataSubject]) -> list[PersonLine]:
    """Return a page's rows in the clear."""
    key = case_key(incident_id)
    return [open_one(key, row) for row in rows]


def find_by_email(incident: Incident, email: str) -> DataSubject | None:
    """Return the data subject with this address, found by its keyed hash; no other row is opened."""
    try:
        normalised = read_address(email.strip()).normalised
    except BadAddress:
        return None
    hashed = case_key(incident.pk).lookup("email", normalised)
    return incident.data_subjects.filter(email_hash=hashed).first()


def unreadable_lines(incident: Incident) -> list[tuple[str, str]]:
    """Return up to a page of the addresses that could not be read, as they stood there, with the reason."""
    key = case_key(incident.pk)
    rows = incident.unreadables.order_by("id")[:PAGE_ROWS]
    return [
        (key.unseal(row.sealed, f"unreadable:{row.evidence_id}").decode(errors="replace"), row.reason) for row in rows
    ]
