"""Asking for pages as somebody who has signed in: time and number of queries."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from breachcase.accounts.models import Person

OK = 200


def visitor(person: Person) -> Client:
    """Return a client that is signed in as ``person``."""
    client = Client(raise_request_exception=True)
    client.force_login(person)
    return client


def asking(client: Client, path: str) -> Callable[[], bytes]:
    """Return a call that asks for ``path`` and insists on a page."""

    def ask() -> bytes:
        answer = client.get(path)
        if answer.status_code != OK:
            raise AssertionError(f"{path} answered {answer.status_code}")
        content: bytes = answer.content
        return content

    return ask


def queries_of(ask: Callable[[], object]) -> int:
    """Return how many queries one call asks, after a first one that warms up."""
    ask()
    with CaptureQueriesContext(connection) as seen:
        ask()
    return len(seen)
