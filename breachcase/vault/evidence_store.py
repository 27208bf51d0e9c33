"""Files kept encrypted (age), written once, hashed as they come in; nothing is ever held whole in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
import hashlib
from pathlib import Path
import tempfile
from typing import IO
from uuid import uuid4

from django.conf import settings
from pyrage import decrypt_io, encrypt_io, x25519

SPOOL_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that was put away: the SHA-256 is over what came in, not over what lies encrypted on disk."""

    stored_as: str
    sha256: str
    size_bytes: int


class _HashingReader:
    """Hands a stream on and hashes what passes."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()
        self.size_bytes = 0

    def read(self, size: int = -1) -> bytes:
        block = self._stream.read(size)
        self.digest.update(block)
        self.size_bytes += len(block)
        return block


def new_identity() -> str:
    """Return a fresh age identity ("AGE-SECRET-KEY-…"): whoever has it can read what ``put`` wrote for it."""
    return str(x25519.Identity.generate())


def put(stream: IO[bytes], identity: str) -> Stored:
    """Encrypt ``stream`` for ``identity`` into a new file, written once; the half of a failure is removed."""
    reader = _HashingReader(stream)
    stored_as = f"{uuid4()}.age"
    path = _path(stored_as)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    recipient = x25519.Identity.from_str(identity).to_public()
    try:
        with path.open("xb") as target:
            encrypt_io(reader, target, [recipient])
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    path.chmod(0o400)
    return Stored(stored_as, reader.digest.hexdigest(), reader.size_bytes)


@contextmanager
def opened(stored_as: str, identity: str) -> Iterator[IO[bytes]]:
    """Give the file in the clear, spooled to an unnamed temporary file beyond 4 MiB, gone when the block ends."""
    with tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES) as plain:
        with _path(stored_as).open("rb") as sealed:
            decrypt_io(sealed, plain, [x25519.Identity.from_str(identity)])
        plain.seek(0)
        yield plain


def remove(stored_as: str) -> None:
    """Remove a file that never became evidence (a staged upload); evidence itself is shredded, not removed."""
    _path(stored_as).unlink(missing_ok=True)


def _path(stored_as: str) -> Path:
    return Path(settings.EVIDENCE_FOLDER) / stored_as[:2] / stored_as
