"""The snapshot that a report is made from: checked against its schema, written in one way, hashed."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
import json
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
import rfc8785

Snapshot = Mapping[str, Any]


class BadSnapshot(ValueError):
    """A snapshot does not fit its schema; the message says where."""


def check(snapshot: Snapshot) -> tuple[str, ...]:
    """Return a sentence for each place where ``snapshot`` does not fit the schema."""
    return tuple(
        f"{'/'.join(map(str, error.absolute_path)) or 'snapshot'}: {error.message}"
        for error in sorted(
            _validator().iter_errors(dict(snapshot)), key=lambda one: list(map(str, one.absolute_path))
        )
    )


def canonical(snapshot: Snapshot) -> str:
    """
    Return the one way to write the snapshot down: RFC 8785 JSON.

    :raises BadSnapshot: it does not fit the schema.
    """
    found = check(snapshot)
    if found:
        raise BadSnapshot(" ".join(found))
    return rfc8785.dumps(dict(snapshot)).decode()


def fingerprint(text: str) -> str:
    """
    Return the SHA-256 [hex] over a canonical snapshot.

    >>> fingerprint("{}")[:8]
    '44136fa3'
    """
    return sha256(text.encode()).hexdigest()


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads((files("notifications.reports") / "snapshot.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=FormatChecker())
