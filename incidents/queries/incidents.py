"""Lists of cases and clocks: what one may see, newest or most urgent first, a page at a time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from breachcase.accounts.actor import Actor
from incidents.models import Incident, Obligation
from incidents.queries.frame import time_left
from incidents.queries.standing import kept_out_of, visible_to

PAGE_ROWS = 25
WORD_MAX = 8
FEW_ROWS = 500
"""Up to so many cases that fit a search are fetched by their ids; more are met soon enough on the way down."""
REPORTS_LOOKED_AT = 100
Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a list."""

    reference: str
    title: str
    url: str
    state: str
    opened_at: datetime
    due_title: str
    due_at: datetime | None
    left: str
    overdue: bool


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One running clock on the board."""

    title: str
    reference: str
    case_title: str
    url: str
    due_at: datetime
    left: str
    overdue: bool


@dataclass(frozen=True, slots=True)
class Page(Generic[Line]):
    """Lines of a list, and where the next ones begin; empty at the end."""

    lines: list[Line]
    older: str = ""


def list_of_cases(
    actor: Actor, now: datetime, *, search: str = "", state: str = "", before: str = ""
) -> Page[CaseLine]:
    """
    Return a page of the cases ``actor`` sees, newest first: one query, a search two, however many cases there are.

    ``search``: words, each matched from its beginning in reference and title; ``before``: where the last page ended.
    """
    rows = _with_first_deadline(visible_to(actor))
    if state in Incident.State.values:
        rows = rows.filter(state=state)
    if words := _words(search):
        rows = _that_fit(rows, words)
    if (mark := _mark(before)) is not None:
        opened_at, pk = mark
        rows = rows.filter(Q(opened_at__lt=opened_at) | Q(opened_at=opened_at, pk__lt=pk))
    found = list(rows.order_by("-opened_at", "-pk")[: PAGE_ROWS + 1])
    more = len(found) > PAGE_ROWS
    last = found[PAGE_ROWS - 1] if more else None
    return Page(
        [_line(row, now) for row in found[:PAGE_ROWS]],
        f"{last.opened_at.isoformat()}~{last.pk}" if last else "",
    )


def clocks_of(actor: Actor, now: datetime, *, limit: int = 100) -> list[ClockLine]:
    """Return the running clocks of all cases ``actor`` sees, the most urgent first. One query."""
    rows = (
        Obligation.objects.filter(
            state__in=[Obligation.State.OWED, Obligation.State.OPEN],
            due_at__isnull=False,
            incident__in=visible_to(actor),
            incident__state=Incident.State.OPEN,
        )
        .select_related("incident")
        .order_by("due_at", "id")[:limit]
    )
    return [
        ClockLine(
            title=row.title,
            reference=row.incident.reference,
            case_title=row.incident.title,
            url=reverse("incidents:clock", args=[row.incident_id]),
            due_at=row.due_at,
            left=time_left(row.due_at - now),
            overdue=now > row.due_at,
        )
        for row in rows
        if row.due_at is not None
    ]


def known_cases(actor: Actor) -> list[tuple[str, str]]:
    """
    Return reference and address of the cases that are this person's report, or from which they are kept out.

    Of the reports the newest hundred are looked at: somebody who logs all day sees nearly every one of them anyway.
    """
    reports = Incident.objects.filter(opened_by_id=actor.person_id).order_by("-opened_at", "-pk")
    known = {
        row.pk: row
        for rows in (reports[:REPORTS_LOOKED_AT], kept_out_of(actor)[:REPORTS_LOOKED_AT])
        for row in rows.only("reference", "opened_at")
    }
    seen = set(visible_to(actor).filter(pk__in=known).values_list("pk", flat=True))
    rest = sorted((row for pk, row in known.items() if pk not in seen), key=lambda row: row.opened_at, reverse=True)
    return [(row.reference, reverse("incidents:mine", args=[row.pk])) for row in rest[:PAGE_ROWS]]


def _with_first_deadline(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    first = Obligation.objects.filter(
        incident=OuterRef("pk"), state__in=[Obligation.State.OWED, Obligation.State.OPEN], due_at__isnull=False
    ).order_by("due_at", "id")
    return rows.annotate(due_at=Subquery(first.values("due_at")[:1]), due_title=Subquery(first.values("title")[:1]))


def _that_fit(rows: QuerySet[Incident], words: list[str]) -> QuerySet[Incident]:
    """
    Narrow ``rows`` to those that fit all words, each from its beginning.

    The database cannot tell a rare word from a common one by its beginning and would read the whole list for a rare
    one; so it is asked first which cases fit, and where these are few they are fetched by their ids.
    """
    query = SearchQuery(" & ".join(f"{word}:*" for word in words), config="simple", search_type="raw")
    few = list(Incident.objects.filter(search=query).values_list("pk", flat=True)[: FEW_ROWS + 1])
    return rows.filter(search=query) if len(few) > FEW_ROWS else rows.filter(pk__in=few)


def _words(search: str) -> list[str]:
    """Return the words of what was typed; every sign that is no letter or digit is a blank."""
    return "".join(sign if sign.isalnum() else " " for sign in search).split()[:WORD_MAX]


def _mark(before: str) -> tuple[datetime, UUID] | None:
    """Read where the last page ended; a mark that was tampered with is as good as none."""
    moment, _, pk = before.partition("~")
    try:
        found = datetime.fromisoformat(moment), UUID(pk)
    except ValueError:
        return None
    return found if found[0].tzinfo is not None else None


def _line(row: Incident, now: datetime) -> CaseLine:
    due_at: datetime | None = getattr(row, "due_at", None)
    open_clock = due_at is not None and row.state == Incident.State.OPEN
    return CaseLine(
        reference=row.reference,
        title=row.title,
        url=reverse("incidents:detail", args=[row.pk]),
        state=row.get_state_display(),
        opened_at=row.opened_at,
        due_title=getattr(row, "due_title", None) or "",
        due_at=due_at if open_clock else None,
        left=time_left(due_at - now) if open_clock and due_at else "",
        overdue=bool(open_clock and due_at and now > due_at),
    )
