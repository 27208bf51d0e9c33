"""What templates print: icons, moments with their zone, spans of time, and counts."""

from datetime import UTC, datetime, timedelta

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

NEAR = timedelta(hours=100)
"""Up to this far away, a distance is said in hours and minutes; beyond it, in days."""


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return the sign ``name`` of our own sprite; it never stands alone, so screen readers pass over it."""
    return format_html(
        '<svg class="sign sign-{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        name,
        static("img/icons.svg"),
        name,
    )


@register.filter
def duration(span: timedelta) -> str:
    """
    Say how long a span is, whichever way it points.

    >>> (
    ...     duration(timedelta(hours=31, minutes=20)),
    ...     duration(timedelta(minutes=-4)),
    ...     duration(timedelta(days=177, hours=3)),
    ... )
    ('31 h 20 min', '4 min', '177 days')
    """
    span = abs(span)
    minutes = int(span.total_seconds() // 60)
    if span >= NEAR:
        return f"{span.days} days"
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"  # noqa: PLR2004 - an hour


def distance(at: datetime, now: datetime) -> str:
    """
    Say how far ``at`` is from ``now``.

    >>> now = datetime(2026, 11, 25, tzinfo=UTC)
    >>> distance(now + timedelta(hours=2), now), distance(now - timedelta(days=9), now)
    ('in 2 h 0 min', '9 days ago')
    """
    said = duration(at - now)
    return f"in {said}" if at >= now else f"{said} ago"


def clock_time(at: datetime, now: datetime) -> str:
    """
    Say a moment on the person's clock, with its zone; the year only where it is another one.

    >>> clock_time(datetime(2026, 11, 26, 8, 0, tzinfo=UTC), datetime(2026, 11, 25, tzinfo=UTC))
    'Thu 26 Nov 13:45 +0545'
    """
    local = timezone.localtime(at)
    year = f" {local.year}" if local.year != timezone.localtime(now).year else ""
    zone = local.tzname() or "UTC"
    named = zone if not zone.startswith(("+", "-")) else local.strftime("%z")
    return f"{local:%a} {local.day} {local:%b}{year} {local:%H:%M} {named}"


@register.simple_tag
def moment(at: datetime | None, *, near: bool = False, now: datetime | None = None) -> SafeString | str:
    """
    Print ``at`` as ``<time>`` in the person's zone, which the middleware has set; nothing for none.

    ``near``: put the distance first, "in 31 h 20 min, Thu 26 Nov 09:00 CET"; live-clock.js keeps it going.
    """
    if at is None:
        return ""
    now = now or timezone.now()
    stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = clock_time(at, now)
    if not near:
        return format_html('<time datetime="{}">{}</time>', stamp, said)
    return format_html(
        '<time datetime="{}"><span data-due="{}" data-due-form="in">{}</span>, {}</time>',
        stamp,
        stamp,
        distance(at, now),
        said,
    )


@register.filter
def stamp(at: datetime | None) -> str:
    """
    Return a moment for machines, in UTC; nothing for none.

    >>> stamp(datetime(2026, 11, 26, 8, 0, tzinfo=UTC))
    '2026-11-26T08:00:00Z'
    """
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""


@register.filter
def grouped(number: int) -> str:
    """
    Return a count with its thousands set apart.

    >>> grouped(1487)
    '1,487'
    """
    return f"{number:,}"
