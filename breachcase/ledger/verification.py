"""Reading chains back and checking them, entry by entry, without trusting the trigger that wrote them."""

from collections.abc import Iterator
from uuid import UUID

from breachcase.ledger.chain import Fault, Link, faults
from breachcase.ledger.models import Entry


def verify_chain(chain_id: UUID) -> tuple[int, list[Fault]]:
    """Return how many entries the chain has and what is wrong with it; streams, so any length will do."""
    seen = 0
    strays: list[Fault] = []

    def counted() -> Iterator[Link]:
        nonlocal seen
        for entry in Entry.objects.filter(chain_id=chain_id).order_by("sequence").iterator(chunk_size=1000):
            seen += 1
            if entry.incident_id not in (None, entry.chain_id):
                strays.append(Fault(entry.sequence, f"Entry {entry.sequence} claims to be about another incident."))
            yield _link(entry)

    found = list(faults(counted()))
    return seen, found + strays


def chains() -> Iterator[UUID]:
    """Yield every chain there is."""
    yield from Entry.objects.order_by("chain_id").values_list("chain_id", flat=True).distinct().iterator()


def _link(entry: Entry) -> Link:
    return Link(
        chain_id=entry.chain_id,
        sequence=entry.sequence,
        recorded_at=entry.recorded_at,
        actor_id=entry.actor_id,
        on_behalf_of_id=entry.on_behalf_of_id,
        action=entry.action,
        subject_id=entry.subject_id,
        payload=entry.payload,
        previous_sha256=entry.previous_sha256,
        sha256=entry.sha256,
    )
