"""Case keys: made, wrapped, used. What they seal is AES-256-GCM; what they look up by is HMAC-SHA-256."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
import hmac
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils import timezone

from breachcase.vault.models import CaseKey

KEY_BYTES = 32
NONCE_BYTES = 12


class Shredded(Exception):
    """The case key was destroyed: what it sealed is unreadable for good."""


class Unsealable(Exception):
    """A sealed value does not open: another key, another place, or altered bytes."""


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """A key in the clear, for the length of one piece of work; it has no readable form, so no log can hold it."""

    material: bytes

    def seal(self, plain: bytes, place: str) -> bytes:
        """Encrypt ``plain``; ``place`` (row and field) is bound in, so a value copied elsewhere does not open."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self._derived("seal")).encrypt(nonce, plain, place.encode())

    def unseal(self, sealed: bytes | memoryview, place: str) -> bytes:
        """
        Return what ``seal`` was given.

        :raises Unsealable: it was sealed by another key or for another place, or altered since.
        """
        raw = bytes(sealed)
        try:
            return AESGCM(self._derived("seal")).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError) as error:
            raise Unsealable(place) from error

    def lookup(self, purpose: str, text: str) -> str:
        """Return the keyed hash [hex] by which equal ``text`` is found again without opening anything."""
        return hmac.new(self._derived(f"lookup:{purpose}"), text.encode(), sha256).hexdigest()

    def _derived(self, purpose: str) -> bytes:
        return _derive(self.material, purpose)


def _derive(material: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"breachcase:{purpose}".encode()).derive(
        material
    )


@cache
def key_encryption_key() -> Key:
    """Return the key that wraps case keys, from the settings [32 bytes as 64 hex digits]."""
    return Key(bytes.fromhex(settings.KEY_ENCRYPTION_KEY))


def new_case_key() -> Key:
    """Return a fresh random key; it is nobody's until ``keep_case_key`` writes it down."""
    return Key(os.urandom(KEY_BYTES))


def keep_case_key(incident_id: UUID, key: Key) -> CaseKey:
    """Write the incident's key down, wrapped. Called once, in the change that opens the case."""
    wrapping = key_encryption_key()
    return CaseKey.objects.create(
        incident_id=incident_id,
        wrapped=wrapping.seal(key.material, f"case-key:{incident_id}"),
        wrapped_by=sha256(wrapping.material).hexdigest()[:16],
        made_at=timezone.now(),
    )


def case_key(incident_id: UUID) -> Key:
    """
    Return the incident's key in the clear.

    :raises Shredded: it was destroyed.
    """
    row = CaseKey.objects.get(pk=incident_id)
    if row.wrapped is None:
        raise Shredded(str(incident_id))
    return Key(key_encryption_key().unseal(row.wrapped, f"case-key:{incident_id}"))
