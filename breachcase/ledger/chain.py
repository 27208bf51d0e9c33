"""The hash of an entry, PURE: what the database's trigger computes, computed again by whoever does not trust it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

GENESIS = "0" * 64
"""What stands as the previous hash in the first entry of a chain."""


@dataclass(frozen=True, slots=True)
class Link:
    """One entry as it is hashed."""

    chain_id: UUID
    sequence: int
    recorded_at: datetime
    actor_id: UUID
    on_behalf_of_id: UUID | None
    action: str
    subject_id: UUID
    payload: str
    previous_sha256: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a chain does not hold, in a sentence."""

    sequence: int
    sentence: str


def hash_of(link: Link) -> str:
    """
    Return the SHA-256 [hex] that ``link`` must carry: over the previous hash, the header line by line, the payload.

    The header's lines are: format, chain, sequence, time [UTC, microseconds], actor, on whose behalf or "-", action,
    subject.
    No field can hold a line break, so no two entries share a header.
    """
    header = (
        link.previous_sha256,
        "breachcase-entry-1",
        str(link.chain_id),
        str(link.sequence),
        link.recorded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        str(link.actor_id),
        str(link.on_behalf_of_id or "-"),
        link.action,
        str(link.subject_id),
        link.payload,
    )
    return sha256("\n".join(header).encode()).hexdigest()


def faults(links: Iterable[Link]) -> Iterator[Fault]:
    """
    Yield what is wrong with one chain, given in its order: gaps, broken links, altered entries.

    A chain cut off at its end looks whole from inside; that takes a checkpoint kept elsewhere.
    """
    previous, expected = GENESIS, 1
    for link in links:
        if link.sequence != expected:
            yield Fault(link.sequence, f"Entry {expected} is missing: entry {link.sequence} follows {expected - 1}.")
        elif link.previous_sha256 != previous:
            yield Fault(link.sequence, f"Entry {link.sequence} does not follow from entry {link.sequence - 1}.")
        if hash_of(link) != link.sha256:
            yield Fault(link.sequence, f"Entry {link.sequence} was altered: its hash does not fit what it says.")
        previous, expected = link.sha256, link.sequence + 1
