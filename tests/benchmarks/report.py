"""Rendering the regulator's report, against WeasyPrint alone on the same HTML."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from weasyprint import HTML

from notifications.models import RegulatorReport
from notifications.reports.pdf import VARIANT, SignOff, html, render
from notifications.services.reports import prepare_report
from notifications.story.people import cast
from tests.benchmarks.measure import Figure, in_turn
from tests.benchmarks.scratch import migrated
from tests.benchmarks.story import case_with

ROUNDS = 7
SIGNED = SignOff("Dana Okafor", datetime(2026, 11, 23, 9, 30, tzinfo=UTC))


def figures() -> Iterator[Figure]:
    """Snapshot to HTML to PDF with the snapshot embedded, against the PDF alone of that HTML, equally archival."""
    with migrated("bench_report"):
        snapshot = _snapshot()
    page = html(snapshot, SIGNED)
    folder = f"{(Path(settings.ROOT) / 'templates' / 'print').as_uri()}/"
    times = in_turn(
        lambda: render(snapshot, SIGNED),
        lambda: HTML(string=page, base_url=folder).write_pdf(pdf_variant=VARIANT),
        rounds=ROUNDS,
    )
    yield Figure(
        name="report",
        ours="render, snapshot embedded",
        ours_ms=times.ours_ms,
        base="WeasyPrint alone, same HTML",
        base_ms=times.base_ms,
        ratio=times.ratio,
        rounds=ROUNDS,
    )


def _snapshot() -> str:
    people = cast()
    incident = case_with(people, people=1_500)
    duty = incident.obligations.get(rule="uk-gdpr-33-1")
    report = prepare_report(
        people.actor("handler"), incident.pk, obligation_id=duty.pk, phase=RegulatorReport.Phase.INITIAL
    )
    return report.snapshot
