"""Pages ask the database as often for many rows as for few; the times stand in docs/reference/figures.md."""

from django.urls import reverse
import pytest

from incidents.services.incidents import log_breach
from tests.benchmarks.pages import asking, queries_of, visitor
from tests.given import Case, actor

MORE = 30


@pytest.mark.parametrize("query", ["", "?q=visible", "?q=nothing-like-it", "?state=open"])
def test_the_list_asks_as_often_for_many_cases_as_for_one(fresh_database: str, query: str) -> None:
    case = Case()
    ask = asking(visitor(case.dpo), reverse("incidents:list") + query)
    alone = queries_of(ask)
    _log_more(case)
    assert queries_of(ask) == alone


def test_the_clocks_ask_as_often_for_many_cases_as_for_one(fresh_database: str) -> None:
    case = Case()
    ask = asking(visitor(case.dpo), reverse("incidents:clocks"))
    alone = queries_of(ask)
    _log_more(case)
    assert queries_of(ask) == alone


def _log_more(case: Case) -> None:
    for number in range(MORE):
        log_breach(actor(case.dpo), case.organisation.pk, title=f"Visible recipients, list {number}")
