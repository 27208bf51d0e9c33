"""The pages of a case with 1,500 data subjects, against the same pages with 15."""

from collections.abc import Iterator

from django.urls import reverse

from notifications.story.people import cast
from tests.benchmarks.measure import Figure, Queries, in_turn
from tests.benchmarks.pages import asking, queries_of, visitor
from tests.benchmarks.scratch import migrated
from tests.benchmarks.story import case_with

ROUNDS = 25
LARGE, SMALL = 1_500, 15
PAGES = (("case page", "incidents:detail", 1.3), ("list of people", "incidents:people", None))


def figures() -> Iterator[Figure]:
    """The overview, and the first page of the people (25 rows against 15, so it may take longer)."""
    with migrated("bench_case_page"):
        people = cast()
        large, small = case_with(people, people=LARGE), case_with(people, people=SMALL)
        client = visitor(people.people["handler"])
        for name, route, aim in PAGES:
            ours = asking(client, reverse(route, args=[large.pk]))
            base = asking(client, reverse(route, args=[small.pk]))
            times = in_turn(ours, base, rounds=ROUNDS)
            yield Figure(
                name=name,
                ours=f"{LARGE:,} data subjects",
                ours_ms=times.ours_ms,
                base=f"{SMALL} data subjects",
                base_ms=times.base_ms,
                ratio=times.ratio,
                rounds=ROUNDS,
                ratio_aim=aim,
                ms_aim=100.0 if aim else None,
                queries=Queries(queries_of(ours), queries_of(base)),
            )
