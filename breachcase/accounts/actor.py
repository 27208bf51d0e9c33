from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """
    Whoever stands behind a change: a person, or a person for whom a colleague acts.

    ``lenders`` are the people who have lent this person a role for a time; whether a lent role is used, and for
    whom, is decided change by change and then stands in ``on_behalf_of_id``.
    """

    person_id: UUID
    on_behalf_of_id: UUID | None = None
    lenders: tuple[UUID, ...] = ()


WORKER = Actor(person_id=UUID(int=1))
"""The workers themselves, where no person stands behind a step (a retry, a re-hash)."""


def acted(person: object, lender: object | None) -> str:
    """
    Say who acted, and for whom where a lent role was used.

    >>> acted("B", "A"), acted("B", None)
    ('B for A', 'B')
    """
    return f"{person} for {lender}" if lender else str(person)
