"""Evidence: taken in once, kept as it came; and what a message says about whom it exposed."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import sha256
import json
from typing import IO
from uuid import UUID, uuid4

from django.db.models import Max
from django.utils import timezone

from breachcase.accounts.actor import Actor
from breachcase.errors import RuleBroken
from breachcase.vault import evidence_store
from breachcase.vault.evidence_store import Stored
from breachcase.vault.keys import Key, case_key
from incidents.access import Action
from incidents.models import DataSubject, EvidenceItem, Incident, Reading, Unreadable
from incidents.services.change import Change, change
from incidents.services.reading import record_reading

BATCH_ROWS = 500


@dataclass(frozen=True, slots=True)
class FileForCase:
    """A file that already lies encrypted in the store, waiting to become evidence."""

    filename: str
    description: str
    stored: Stored
    identity: str


@dataclass(frozen=True, slots=True)
class PersonFound:
    """A recipient as a message names them; ``normalised`` is what makes two addresses the same."""

    name: str
    email: str
    normalised: str
    internal: bool


@dataclass(frozen=True, slots=True)
class MessageForCase:
    """A message that was read and stored, ready to go into a case in one transaction."""

    file: FileForCase
    reading: Mapping[str, object]
    people: Sequence[PersonFound]
    unreadable: Sequence[tuple[str, str]]
    facts: Mapping[str, object]


def add_evidence(actor: Actor, incident_id: UUID, *, file: FileForCase) -> EvidenceItem:
    """
    Put a stored file into the case as an evidence item.

    Checks: a handler or DPO who is not implicated (I5); the same file is not on the case already; it says what it is.
    Records: ``add_evidence`` with SHA-256, size and number (I9, I13).

    :raises Refused: the actor may not.   :raises RuleBroken: same file twice, empty, or no description.
    """
    with change(actor, Action.ADD_EVIDENCE, incident_id) as under:
        return _keep(under, case_key(incident_id), file, kind=EvidenceItem.Kind.FILE)


def add_message(actor: Actor, incident_id: UUID, *, message: MessageForCase) -> EvidenceItem:
    """
    Put a message into a running case: the file as evidence, its recipients as data subjects.

    Checks and records: as ``add_evidence``; the recipients as one entry with a hash over their rows.

    :raises Refused: the actor may not.   :raises RuleBroken: same file twice.
    """
    with change(actor, Action.ADD_EVIDENCE, incident_id) as under:
        return _take_in_message(under, case_key(incident_id), message)


def take_in(under: Change, key: Key, found: MessageForCase | FileForCase) -> EvidenceItem:
    """Write what was handed in, a message or another file; shared with opening a case."""
    if isinstance(found, FileForCase):
        return _keep(under, key, found, kind=EvidenceItem.Kind.FILE)
    return _take_in_message(under, key, found)


def _take_in_message(under: Change, key: Key, message: MessageForCase) -> EvidenceItem:
    """Write a message's evidence item, data subjects and unreadable addresses."""
    item = _keep(under, key, message.file, kind=EvidenceItem.Kind.MESSAGE, reading=message.reading)
    known = set(under.incident.data_subjects.values_list("email_hash", flat=True))
    last = under.incident.data_subjects.aggregate(last=Max("number"))["last"] or 0
    rows: list[DataSubject] = []
    for found in message.people:
        row = _data_subject(under.incident, key, item, found, number=last + len(rows) + 1)
        if row.email_hash not in known:
            known.add(row.email_hash)
            rows.append(row)
    DataSubject.objects.bulk_create(rows, batch_size=BATCH_ROWS)
    Unreadable.objects.bulk_create(
        [_unreadable(under.incident, key, item, raw, reason) for raw, reason in message.unreadable],
        batch_size=BATCH_ROWS,
    )
    under.recorder.entry(
        item.id,
        {
            "new": len(rows),
            "known": len(message.people) - len(rows),
            "unreadable": len(message.unreadable),
            "rows_sha256": _hash_over(rows),
        },
        action="list_data_subjects",
    )
    return item


def open_evidence(actor: Actor, incident_id: UUID, item: EvidenceItem) -> AbstractContextManager[IO[bytes]]:
    """
    Open an evidence item in the clear, for reading.

    Checks: a reading role on the case. Records: a line of the read log.

    :raises Refused: the actor may not look.   :raises Shredded: the case key was destroyed.
    """
    record_reading(actor, incident_id, Action.READ_EVIDENCE, what=Reading.What.EVIDENCE, subject_id=item.id)
    identity = case_key(incident_id).unseal(item.identity, f"evidence-identity:{item.id}").decode()
    return evidence_store.opened(item.stored_as, identity)


def _keep(
    under: Change,
    key: Key,
    file: FileForCase,
    *,
    kind: EvidenceItem.Kind,
    reading: Mapping[str, object] | None = None,
) -> EvidenceItem:
    if not file.description.strip():
        raise RuleBroken("Say what this file is, so that others find it.", field="description")
    if file.stored.size_bytes == 0:
        raise RuleBroken("This file is empty: there is nothing in it to keep.", field="file")
    twin = under.incident.evidence_items.filter(sha256=file.stored.sha256).first()
    if twin is not None:
        raise RuleBroken(f"This file is on the case already, as E{twin.number}.", field="file")
    item_id = uuid4()
    last = under.incident.evidence_items.aggregate(last=Max("number"))["last"] or 0
    item = EvidenceItem.objects.create(
        id=item_id,
        incident=under.incident,
        number=last + 1,
        kind=kind,
        filename=key.seal(file.filename.encode(), f"evidence-filename:{item_id}"),
        description=file.description.strip(),
        sha256=file.stored.sha256,
        size_bytes=file.stored.size_bytes,
        stored_as=file.stored.stored_as,
        identity=key.seal(file.identity.encode(), f"evidence-identity:{item_id}"),
        reading=key.seal(json.dumps(reading).encode(), f"evidence-reading:{item_id}") if reading else None,
        acquired_at=timezone.now(),
        acquired_by_id=under.actor.person_id,
    )
    under.recorder.entry(
        item.id,
        {"sha256": item.sha256, "size_bytes": item.size_bytes, "number": item.number, "kind": kind},
        action=Action.ADD_EVIDENCE,
    )
    return item


def _data_subject(incident: Incident, key: Key, item: EvidenceItem, found: PersonFound, *, number: int) -> DataSubject:
    row_id = uuid4()
    identity = json.dumps({"name": found.name, "email": found.email}, ensure_ascii=False)
    return DataSubject(
        id=row_id,
        incident=incident,
        number=number,
        sealed=key.seal(identity.encode(), f"data-subject:{row_id}"),
        email_hash=key.lookup("email", found.normalised),
        internal=found.internal,
        evidence=item,
    )


def _unreadable(incident: Incident, key: Key, item: EvidenceItem, raw: str, reason: str) -> Unreadable:
    sealed = key.seal(raw.encode(errors="replace"), f"unreadable:{item.id}")
    return Unreadable(incident=incident, evidence=item, sealed=sealed, reason=reason)


def _hash_over(rows: Sequence[DataSubject]) -> str:
    """Return the SHA-256 [hex] over the rows' ids and keyed hashes, in order."""
    digest = sha256()
    for row in rows:
        digest.update(f"{row.id} {row.email_hash}\n".encode())
    return digest.hexdigest()
