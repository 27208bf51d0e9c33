"""How a dispatch goes: four figures that add up, and each delivery with its story."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from incidents.models import Incident
from notifications.models import Delivery, Dispatch

PAGE_ROWS = 50
GROUPS = (
    ("sent", "sent", (Delivery.State.SENT,)),
    ("waiting", "waiting", (Delivery.State.QUEUED, Delivery.State.SENDING)),
    ("failed", "failed or not sent", (Delivery.State.FAILED, Delivery.State.STOPPED)),
    ("doubt", "in doubt", (Delivery.State.IN_DOUBT,)),
)


@dataclass(frozen=True, slots=True)
class TallyPart:
    """One figure of the progress bar; ``start`` is the sum of those before it."""

    kind: str
    number: int
    word: str
    url: str
    start: int


@dataclass(frozen=True, slots=True)
class Progress:
    parts: list[TallyPart]
    whole: int
    failed: int
    rate: str
    left: str


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    id: UUID
    number: int
    state: str
    kind: str
    attempts: int
    reply: str
    settled_at: datetime | None
    in_doubt: bool


def progress_of(dispatch: Dispatch, now: datetime) -> Progress:
    """Return the figures of a dispatch; one query, from an index."""
    counts = dict(dispatch.deliveries.values_list("state").annotate(Count("id")).order_by("state"))
    base = reverse("notifications:dispatch", args=[dispatch.incident_id, dispatch.pk])
    parts: list[TallyPart] = []
    start = 0
    for kind, word, states in GROUPS:
        number = sum(counts.get(state, 0) for state in states)
        parts.append(TallyPart(kind, number, word, f"{base}?state={kind}", start))
        start += number
    rate, left = _rate(dispatch, parts, now)
    return Progress(parts, start, counts.get(Delivery.State.FAILED, 0), rate, left)


def page_of_deliveries(dispatch: Dispatch, *, group: str, after: int) -> tuple[list[DeliveryLine], int | None]:
    """Return a page of deliveries, all or of one group, and where the next page begins; no name among them."""
    rows = dispatch.deliveries.filter(number__gt=after)
    states = {kind: states for kind, _, states in GROUPS}.get(group)
    if states:
        rows = rows.filter(state__in=states)
    found = list(rows.order_by("number")[: PAGE_ROWS + 1])
    return [_line(row) for row in found[:PAGE_ROWS]], found[PAGE_ROWS - 1].number if len(found) > PAGE_ROWS else None


def open_deliveries(incident: Incident) -> int:
    """Return how many deliveries of a case still wait, are being sent, or are in doubt."""
    open_states = [Delivery.State.QUEUED, Delivery.State.SENDING, Delivery.State.IN_DOUBT]
    return Delivery.objects.filter(dispatch__incident=incident, state__in=open_states).count()


def _rate(dispatch: Dispatch, parts: list[TallyPart], now: datetime) -> tuple[str, str]:
    sent, waiting = parts[0].number, parts[1].number
    if dispatch.started_at is None or not sent:
        return "", ""
    passed = (dispatch.ended_at or now) - dispatch.started_at
    per_second = sent / max(passed.total_seconds(), 1.0)
    if dispatch.state != Dispatch.State.RUNNING or not waiting:
        return f"{per_second:.0f} a second", ""
    left = timedelta(seconds=waiting / per_second)
    return f"{per_second:.0f} a second", f"about {max(1, round(left.total_seconds() / 60))} min left"


def _line(row: Delivery) -> DeliveryLine:
    kinds = {Delivery.State.SENT: "done", Delivery.State.FAILED: "care", Delivery.State.IN_DOUBT: "care"}
    return DeliveryLine(
        id=row.pk,
        number=row.number,
        state=row.get_state_display(),
        kind=kinds.get(Delivery.State(row.state), "open"),
        attempts=row.attempts,
        reply=row.reply,
        settled_at=row.settled_at,
        in_doubt=row.state == Delivery.State.IN_DOUBT,
    )


@dataclass(frozen=True, slots=True)
class DispatchLine:
    """One dispatch in the list of a case."""

    id: UUID
    title: str
    state: str
    messages: int
    sent: int
    prepared_at: datetime


def dispatch_lines(incident: Incident) -> list[DispatchLine]:
    """Return the case's dispatches, the newest first; one query."""
    rows = (
        incident.dispatches.select_related("version__wording")
        .annotate(
            messages=Count("deliveries"), sent=Count("deliveries", filter=Q(deliveries__state=Delivery.State.SENT))
        )
        .order_by("-prepared_at")[:50]
    )
    return [
        DispatchLine(
            id=row.pk,
            title=f"{row.version.wording.title}, version {row.version.number}",
            state=row.get_state_display(),
            messages=row.messages,
            sent=row.sent,
            prepared_at=row.prepared_at,
        )
        for row in rows
    ]


def deliveries_of(incident: Incident) -> QuerySet[Delivery]:
    """Return every delivery of a case."""
    return Delivery.objects.filter(dispatch__incident=incident)


def delivery_story(delivery: Delivery) -> list[tuple[str, str]]:
    """Return what happened to one delivery, step by step."""
    events = delivery.events.order_by("id")[:50]
    return [(f"{one.at:%d %B %Y, %H:%M:%S} UTC", f"{one.get_state_display()} {one.reply}".strip()) for one in events]
