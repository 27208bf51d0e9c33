"""The only door to a write: a transaction that has an actor and leaves an entry."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection, transaction
import rfc8785

from breachcase.accounts.actor import Actor
from breachcase.ledger.history import declared_actor
from breachcase.ledger.models import Entry

Fact = str | int | bool | None
Payload = Mapping[str, Fact | list[str] | Mapping[str, Fact]]


class NothingRecorded(AssertionError):
    """A service changed, or meant to change, something and left no entry."""


@dataclass(slots=True)
class Recorder:
    """Writes the entries of one change; ``action`` is the same string as the service's name."""

    actor: Actor
    chain_id: UUID
    incident_id: UUID | None
    action: str
    entries: list[Entry] = field(default_factory=list)

    def entry(self, subject_id: UUID, payload: Payload, *, action: str = "") -> Entry:
        """
        Append one entry; ``payload`` holds ids, codes and hashes, never a data subject's words (I10).

        ``action`` names a part of the change that is an act of its own (letting somebody in while opening a case).
        """
        row = Entry(
            chain_id=self.chain_id,
            incident_id=self.incident_id,
            actor_id=self.actor.person_id,
            on_behalf_of_id=self.actor.on_behalf_of_id,
            action=action or self.action,
            subject_id=subject_id,
            payload=rfc8785.dumps(dict(payload)).decode(),
        )
        _append(row)
        self.entries.append(row)
        return row


def _append(row: Entry) -> None:
    """Insert ``row`` and read back what the trigger set, in one round trip."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_entry (chain_id, incident_id, actor_id, on_behalf_of_id, action, subject_id, payload)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id, sequence, recorded_at, previous_sha256, sha256",
            [
                row.chain_id,
                row.incident_id,
                row.actor_id,
                row.on_behalf_of_id,
                row.action,
                row.subject_id,
                row.payload,
            ],
        )
        row.id, row.sequence, row.recorded_at, row.previous_sha256, row.sha256 = cursor.fetchone()


def _tell_database(actor: Actor | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('breachcase.actor', %s, true)", [str(actor.person_id) if actor else ""])


@contextmanager
def declared(actor: Actor) -> Iterator[None]:
    """
    Open a transaction in which the database knows ``actor`` (I1); without it a protected table refuses.

    Durable: a service does not run inside another; steps they share are functions that take the open change.
    """
    with transaction.atomic(durable=True):
        _tell_database(actor)
        token = declared_actor.set(actor)
        try:
            yield
            _tell_database(None)
        finally:
            declared_actor.reset(token)


@contextmanager
def recording(actor: Actor, action: str, *, chain_id: UUID, incident_id: UUID | None = None) -> Iterator[Recorder]:
    """Open a declared transaction that must leave an entry, or nothing of it stays."""
    recorder = Recorder(actor, chain_id, incident_id, action)
    with declared(actor):
        yield recorder
        if not recorder.entries:
            raise NothingRecorded(action)
