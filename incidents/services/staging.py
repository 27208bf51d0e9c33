"""Files on their way in: kept encrypted while somebody checks what was read from them, then put into a case."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
import json
from typing import IO, TYPE_CHECKING, Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404
from django.utils import timezone

from breachcase.accounts.actor import Actor
from breachcase.errors import RuleBroken
from breachcase.vault import evidence_store
from breachcase.vault.keys import key_encryption_key
from breachcase.vault.models import StagedFile
from incidents.intake.eml import read_message
from incidents.intake.message import ReadMessage, UnreadableMessage
from incidents.services.evidence import FileForCase, MessageForCase, PersonFound

if TYPE_CHECKING:
    Upload = UploadedFile[bytes]
else:
    Upload = UploadedFile

KEPT_FOR = timedelta(days=1)
FILE_MAX_BYTES = 100 * 1024 * 1024
SHOWN_ROWS = 200
"""So many recipients are shown in the check; all of them are taken in."""


@dataclass(frozen=True, slots=True)
class StagedMessage:
    """A staged file and what was read from it, or why nothing could be."""

    file: StagedFile
    filename: str
    message: ReadMessage | None
    unreadable_because: str = ""


def stage(actor: Actor, upload: Upload) -> StagedFile:
    """
    Keep an uploaded file, encrypted, for this person alone and for a day.

    :raises RuleBroken: it is empty or larger than 100 MB.
    """
    _require_size(upload)
    identity = evidence_store.new_identity()
    stored = evidence_store.put(_opened(upload), identity)
    row = StagedFile(
        person_id=actor.person_id, stored_as=stored.stored_as, sha256=stored.sha256, size_bytes=stored.size_bytes
    )
    key = key_encryption_key()
    row.filename = key.seal((upload.name or "file").encode(), f"staged-filename:{row.id}")
    row.identity = key.seal(identity.encode(), f"staged-identity:{row.id}")
    row.save(force_insert=True)
    return row


def read_staged(actor: Actor, staged_id: UUID, *, own_domains: Sequence[str]) -> StagedMessage:
    """
    Read a staged file as a message.

    :raises Http404: there is none, or it is somebody else's.
    """
    row = StagedFile.objects.filter(pk=staged_id, person_id=actor.person_id).first()
    if row is None:
        raise Http404("This file was not handed in by you, or was cleared away after a day. Choose it again.")
    key = key_encryption_key()
    filename = key.unseal(row.filename, f"staged-filename:{row.id}").decode()
    with evidence_store.opened(row.stored_as, _identity(row)) as plain:
        try:
            return StagedMessage(row, filename, read_message(plain, own_domains=own_domains))
        except UnreadableMessage as error:
            return StagedMessage(row, filename, None, error.sentence)


def message_for_case(staged: StagedMessage) -> MessageForCase | FileForCase:
    """Return what goes into the case: the message with its recipients, or the file alone where it is no message."""
    file = FileForCase(
        filename=staged.filename,
        description="The message that caused the breach"
        if staged.message
        else "File handed in when the breach was logged",
        stored=evidence_store.Stored(staged.file.stored_as, staged.file.sha256, staged.file.size_bytes),
        identity=_identity(staged.file),
    )
    return for_case(file, staged.message) if staged.message else file


def for_case(file: FileForCase, message: ReadMessage) -> MessageForCase:
    """Return a read message as the case keeps it: each address once, the reading without the recipients."""
    first = [one for one in message.recipients if one.duplicate_of is None]
    return MessageForCase(
        file=file,
        reading=_reading(message),
        people=tuple(PersonFound(one.name, one.address.shown, one.address.normalised, one.internal) for one in first),
        unreadable=tuple((one.raw, one.reason) for one in message.unreadable),
        facts={
            "breach": {"types": ["confidentiality"], "cause": "open_distribution_list"},
            "data": {"categories": ["name", "e_mail"]},
            "people": {"count": len(first)},
            "exposure": {"recipient_count": len(first)},
        }
        if message.exposure.visible > 1
        else {},
    )


def forget_staged(staged: StagedFile) -> None:
    """Forget that the file was staged; it is evidence now, and the case keeps it."""
    staged.delete()


def clear_staged_files() -> int:
    """Remove what was staged and never put into a case within a day; return how many."""
    rows = list(StagedFile.objects.filter(staged_at__lt=timezone.now() - KEPT_FOR)[:500])
    for row in rows:
        evidence_store.remove(row.stored_as)
        row.delete()
    return len(rows)


@contextmanager
def file_for_case(upload: Upload, description: str) -> Iterator[FileForCase]:
    """
    Put an uploaded file into the store for a case; if the case does not take it, it is removed again.

    :raises RuleBroken: it is empty or larger than 100 MB.
    """
    _require_size(upload)
    identity = evidence_store.new_identity()
    stored = evidence_store.put(_opened(upload), identity)
    try:
        yield FileForCase(upload.name or "file", description, stored, identity)
    except BaseException:
        evidence_store.remove(stored.stored_as)
        raise


def _require_size(upload: Upload) -> None:
    if not upload.size:
        raise RuleBroken("This file is empty: there is nothing in it to keep.", field="file")
    if upload.size > FILE_MAX_BYTES:
        raise RuleBroken(
            f"This file has {upload.size // 1024**2} MB; at most {FILE_MAX_BYTES // 1024**2} MB can be taken in here.",
            field="file",
        )


def _opened(upload: Upload) -> IO[bytes]:
    if upload.file is None:
        raise RuleBroken("The file did not arrive whole. Choose it again.", field="file")
    return upload.file


def _identity(row: StagedFile) -> str:
    return key_encryption_key().unseal(row.identity, f"staged-identity:{row.id}").decode()


def _reading(message: ReadMessage) -> dict[str, Any]:
    """Return what was read as JSON, without the recipients, who are data subjects and have rows of their own."""
    whole = asdict(message)
    for name in ("recipients", "unreadable", "headers"):
        whole.pop(name)
    read: dict[str, Any] = json.loads(json.dumps(whole, default=_as_text))
    return read


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
