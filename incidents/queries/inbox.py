"""What waits for one person: each app says what it has for them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from breachcase.accounts.actor import Actor


@dataclass(frozen=True, slots=True)
class InboxLine:
    """One thing that somebody waits for."""

    title: str
    url: str
    reference: str
    since: datetime


_SOURCES: list[Callable[[Actor], list[InboxLine]]] = []


def register_inbox(source: Callable[[Actor], list[InboxLine]]) -> None:
    """Let an app add what it has for a person; called once, when that app is ready."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def inbox_of(actor: Actor) -> list[InboxLine]:
    """Return everything that waits for ``actor``, the oldest first; each source asks the database once."""
    return sorted((line for source in _SOURCES for line in source(actor)), key=lambda line: line.since)
