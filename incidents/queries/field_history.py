"""Who changed which field from what to what: the row histories of a case, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, OuterRef, Subquery

from breachcase.accounts.models import Person
from incidents.models import Incident, Measure, Membership, Obligation

PAGE_ROWS = 50
UNSAID = frozenset({"id", "version", "incident", "history_id", "history_date", "history_type"})
VALUE_MAX_CHARS = 400


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one row, before and after."""

    at: datetime
    who: str
    what: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class _Source:
    model: type[Model]
    own: str


SOURCES = (
    _Source(Incident, "id"),
    _Source(Measure, "incident_id"),
    _Source(Obligation, "incident_id"),
    _Source(Membership, "incident_id"),
)


def field_changes(incident: Incident, *, before: datetime | None = None) -> tuple[list[FieldChange], datetime | None]:
    """Return a page of field changes, newest first, and where the next page ends; nine queries, however many rows."""
    rows: list[tuple[Any, Any]] = []
    for source in SOURCES:
        rows += list(_rows_with_earlier(source, incident, before))
    rows.sort(key=lambda pair: pair[0].history_date, reverse=True)
    page = rows[:PAGE_ROWS]
    ids = {row.history_user_id for row, _ in page}
    names = dict(Person.objects.filter(pk__in=ids).values_list("pk", "name"))
    changes = [change for row, earlier in page for change in _changes(row, earlier, names)]
    return changes, page[-1][0].history_date if len(rows) > PAGE_ROWS else None


def _rows_with_earlier(source: _Source, incident: Incident, before: datetime | None) -> Iterator[tuple[Any, Any]]:
    history = source.model.history  # type: ignore[attr-defined]  # simple-history adds it
    earlier = history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id")).order_by("-history_id")
    found = history.filter(**{source.own: incident.pk}).annotate(earlier=Subquery(earlier.values("history_id")[:1]))
    if before is not None:
        found = found.filter(history_date__lt=before)
    page = list(found.order_by("-history_date", "-history_id")[: PAGE_ROWS + 1])
    known = history.in_bulk([row.earlier for row in page if row.earlier])
    for row in page:
        yield row, known.get(row.earlier)


def _changes(row: Any, earlier: Any, names: dict[Any, str]) -> Iterator[FieldChange]:
    who = names.get(row.history_user_id, "BreachCase itself")
    what = f"{row.instance_type.__name__} {_title(row)}".strip()
    for column in row.tracked_fields:
        if column.name in UNSAID:
            continue
        new = _said(row, column)
        old = _said(earlier, column) if earlier is not None else ""
        if new != old:
            yield FieldChange(row.history_date, who, what, str(column.verbose_name), old, new)


def _title(row: Any) -> str:
    return str(getattr(row, "reference", "") or getattr(row, "title", ""))


def _said(row: Any, column: Any) -> str:
    value = getattr(row, column.attname)
    if value in (None, "", {}, []):
        return ""
    return str(value)[:VALUE_MAX_CHARS]
