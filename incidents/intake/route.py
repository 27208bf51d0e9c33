"""The way a message took: Received headers and dates."""

from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
import re

from incidents.intake.encoded import shown
from incidents.intake.headers import Header, cut
from incidents.intake.message import Hop, Moment

HOP_LIMIT = 300
"""How many Received headers are read; servers stop at about 100."""
_RECEIVED_LIMIT_CHARS = 3_000
_DATE_LIMIT_CHARS = 200
_RAW_LIMIT_CHARS = 1_000

_PIECE = re.compile(r"\((?:[^()]|\([^()]{0,300}\)){0,900}\)|[^\s()]+|[()]")
_KEYWORDS = {"from", "by", "via", "with", "id", "for"}
_IP = re.compile(
    r"(?<![0-9A-Za-z.:])(?:IPv6:)?([0-9a-fA-F:]{2,39}(?:\.[0-9]{1,3}){3}|[0-9a-fA-F:.]{3,45})(?![0-9A-Za-z])"
)


def read_moment(text: str) -> Moment:
    """
    Read a header's date (RFC 5322 3.3, and the old ways); never fails.

    >>> read_moment("Mon, 23 Nov 2026 09:30:00 +0100").at.isoformat()
    '2026-11-23T09:30:00+01:00'
    """
    raw = cut(shown(text[: 2 * _DATE_LIMIT_CHARS]), _DATE_LIMIT_CHARS)
    if not raw:
        return Moment("", None, "There is no date.")
    at = _instant(raw)
    if at is None:
        return Moment(raw, None, "The date cannot be read.")
    if at.tzinfo is None:
        return Moment(raw, at.replace(tzinfo=UTC), "The date gives no time zone; it was read as UTC.")
    return Moment(raw, at)


def _instant(raw: str) -> datetime | None:
    for reader in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = reader(raw)
            found.utctimetuple()
        except (TypeError, ValueError, IndexError, OverflowError):
            continue
        return found
    return None


def read_hops(received: Iterable[Header]) -> tuple[Hop, ...]:
    """Return the hops in order of travel: servers put their Received on top, so the last header is the first hop."""
    values = [header.value for header in received][-HOP_LIMIT:]
    hops: list[Hop] = []
    last_at: datetime | None = None
    for number, value in enumerate(reversed(values), start=1):
        hop = _hop(number, value, last_at)
        last_at = hop.time.at or last_at
        hops.append(hop)
    return tuple(hops)


def first_ip(text: str) -> str:
    """
    Return the first network address in ``text``, "" where there is none.

    >>> first_ip("mail.example (unknown [192.0.2.7])")
    '192.0.2.7'
    """
    for found in _IP.finditer(text):
        try:
            return str(ip_address(found[1]))
        except ValueError:
            continue
    return ""


def _hop(number: int, value: str, last_at: datetime | None) -> Hop:
    value = shown(value[:_RECEIVED_LIMIT_CHARS])
    body, _, date = value.rpartition(";")
    time = read_moment(date) if body else Moment("", None, "There is no date.")
    parts = _parts(body or value)
    delay = (time.at - last_at).total_seconds() if time.at and last_at else None
    return Hop(
        number=number,
        from_host=_first_word(parts["from"]),
        from_ip=first_ip(" ".join(parts["from"][1:])) or first_ip(" ".join(parts["from"][:1])),
        by_host=_first_word(parts["by"]),
        protocol=cut(" ".join(word for word in parts["with"] if not word.startswith("(")), _DATE_LIMIT_CHARS),
        id=_first_word(parts["id"]),
        for_address=_first_word(parts["for"]).strip("<>;"),
        time=time,
        delay_seconds=delay,
        raw=cut(value, _RAW_LIMIT_CHARS),
    )


def _parts(body: str) -> dict[str, list[str]]:
    """Return the words behind each keyword (RFC 5321 4.4), comments included; the first of each keyword counts."""
    parts: dict[str, list[str]] = {keyword: [] for keyword in _KEYWORDS}
    current: list[str] = []
    for piece in _PIECE.findall(body):
        keyword = piece.lower()
        if keyword in _KEYWORDS and not parts[keyword]:
            current = parts[keyword]
        else:
            current.append(piece)
    return parts


def _first_word(words: list[str]) -> str:
    named = (word for word in words if not word.startswith("(") and any(char.isalnum() for char in word))
    return cut(next(named, ""), _DATE_LIMIT_CHARS)
