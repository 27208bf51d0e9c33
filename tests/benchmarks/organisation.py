"""Lists, search and one case in an organisation with 100,000 cases, against one with 100."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.urls import reverse

from notifications.story.people import cast
from tests.benchmarks.growing import grown
from tests.benchmarks.measure import Figure, Queries, in_turn
from tests.benchmarks.pages import asking, queries_of, visitor
from tests.benchmarks.scratch import current, migrated, use
from tests.benchmarks.story import case_with

LARGE, SMALL = 100_000, 100
ROUNDS = 25
HANDLED = 50
"""So many cases the handler has been let into, on both sides; the DPO has been let into all."""
PARTS = ("dpo", "handler", "director")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two organisations: its database, and the people who ask, signed in."""

    database: BaseDatabaseWrapper
    clients: dict[str, Client]

    def asking(self, part: str, path: str) -> Callable[[], bytes]:
        """Return a call that asks this side for a page."""
        ask = asking(self.clients[part], path)

        def here() -> bytes:
            use(self.database)
            return ask()

        return here


def figures() -> Iterator[Figure]:
    """Ask for every page on both sides in turn; aim: the same queries, under 1.3 times the time, under 100 ms."""
    with ExitStack() as stack:
        stack.enter_context(migrated("bench_one_case"))
        template, people = current(), cast()
        first = case_with(people, people=15)
        connection.close()

        def side(name: str, cases: int) -> Side:
            handler = people.people["handler"].pk
            database = grown(name, template, first, handler, cases=cases, handled=HANDLED)
            return Side(stack.enter_context(database), {part: visitor(people.people[part]) for part in PARTS})

        small, large = side("bench_small", SMALL), side("bench_large", LARGE)
        for name, part, path in _pages(str(first.pk)):
            yield _figure(name, large.asking(part, path), small.asking(part, path))


def _figure(name: str, ours: Callable[[], bytes], base: Callable[[], bytes]) -> Figure:
    times = in_turn(ours, base, rounds=ROUNDS)
    return Figure(
        name=name,
        ours=f"{LARGE:,} cases",
        ours_ms=times.ours_ms,
        base=f"{SMALL} cases",
        base_ms=times.base_ms,
        ratio=times.ratio,
        rounds=ROUNDS,
        ratio_aim=1.3,
        ms_aim=100.0,
        queries=Queries(queries_of(ours), queries_of(base)),
    )


def _pages(case: str) -> list[tuple[str, str, str]]:
    """Return name, who asks, and path of every page that is measured."""
    cases = reverse("incidents:list")

    def search(words: str) -> str:
        return f"{cases}?{urlencode({'q': words})}"

    return [
        ("case list, let into all", "dpo", cases),
        (f"case list, let into {HANDLED}", "handler", cases),
        ("open cases, let into all", "dpo", f"{cases}?state=open"),
        ("search, one case fits", "dpo", search("unrepeatable")),
        ("search, 1 in 4 fits", "dpo", search("north")),
        ("search, all fit", "dpo", search("ward")),
        ("search, none fits", "dpo", search("zebra")),
        (f"search, let into {HANDLED}", "handler", search("ward")),
        ("case list, kept out of 1 in 50", "director", cases),
        ("clocks, let into all", "dpo", reverse("incidents:clocks")),
        (f"clocks, let into {HANDLED}", "handler", reverse("incidents:clocks")),
        ("one case", "dpo", reverse("incidents:detail", args=[case])),
        ("history of one case", "dpo", reverse("incidents:history", args=[case])),
    ]
