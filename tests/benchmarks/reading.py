"""Reading the message with 1,500 recipients, against Python's own parser."""

from collections.abc import Iterator
from email import policy
from email.message import Message
from email.parser import BytesParser

from incidents.demonstration.offending_message import OWN_DOMAIN, offending_message
from incidents.intake.eml import read_message
from tests.benchmarks.measure import Figure, in_turn

ROUNDS = 15


def figures() -> Iterator[Figure]:
    """Read everything, against parsing alone; and against the standard library asked for the addresses as well."""
    raw = offending_message()

    def ours() -> object:
        return read_message(raw, own_domains=[OWN_DOMAIN])

    for name, base, words in (
        ("reading", lambda: _parsed(raw), "email.parser alone: headers unfolded, nothing decoded"),
        ("reading, addresses", lambda: _addresses(raw), "email.parser with the addresses of To and Cc"),
    ):
        times = in_turn(ours, base, rounds=ROUNDS)
        yield Figure(
            name=name,
            ours="read_message, 1,500 recipients",
            ours_ms=times.ours_ms,
            base=words,
            base_ms=times.base_ms,
            ratio=times.ratio,
            rounds=ROUNDS,
        )


def _parsed(raw: bytes) -> Message:
    return BytesParser().parsebytes(raw)


def _addresses(raw: bytes) -> list[str]:
    message = BytesParser(policy=policy.default).parsebytes(raw)
    return [one.addr_spec for name in ("To", "Cc") for one in message[name].addresses]
