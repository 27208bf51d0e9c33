"""What `script/bench` runs: measures the figures asked for, prints a table, writes JSON if asked."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
import json
import os
from pathlib import Path
import platform

import django
from django.conf import settings

from tests.benchmarks.measure import Figure

NAMES = ("reading", "sending", "report", "case_page", "organisation")


def main() -> None:
    """Measure, print, write; what misses its aim is said, and is no failure of the run."""
    parser = ArgumentParser(prog="script/bench", description="Measure the figures of docs/reference/figures.md.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(NAMES)}; all without one")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.names) - set(NAMES)):
        parser.error(f"there is no figure {', '.join(unknown)}; there are: {', '.join(NAMES)}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "breachcase.settings.test")
    django.setup()
    found = _measured([name for name in NAMES if name in asked.names or not asked.names])
    if asked.json:
        asked.json.write_text(json.dumps({**_machine(), "figures": [_plain(one) for one in found]}, indent=2) + "\n")


def _measured(names: list[str]) -> list[Figure]:
    from breachcase.embedded import postgres

    found: list[Figure] = []
    print(_line("figure", "ours [ms]", "base [ms]", "ratio", "queries", ""), flush=True)  # noqa: T201 - the table
    with postgres.borrowed(settings.DATA_FOLDER):
        for name in names:
            for one in _figures(name)():
                found.append(one)
                print(_row(one), flush=True)  # noqa: T201
    return found


def _figures(name: str) -> Callable[[], Iterator[Figure]]:
    from tests.benchmarks import case_page, organisation, reading, report, sending

    rooms: dict[str, Callable[[], Iterator[Figure]]] = {
        "reading": reading.figures,
        "sending": sending.figures,
        "report": report.figures,
        "case_page": case_page.figures,
        "organisation": organisation.figures,
    }
    return rooms[name]


def _row(one: Figure) -> str:
    queries = f"{one.queries.ours} / {one.queries.base}" if one.queries else ""
    return _line(
        one.name, f"{one.ours_ms:,.1f}", f"{one.base_ms:,.1f}", f"{one.ratio:.2f}", queries, "; ".join(one.misses)
    )


def _line(name: str, ours: str, base: str, ratio: str, queries: str, misses: str) -> str:
    return f"{name:<31}{ours:>10}{base:>11}{ratio:>8}{queries:>10}  {misses}".rstrip()


def _plain(one: Figure) -> dict[str, object]:
    return {**asdict(one), "misses": one.misses}


def _machine() -> dict[str, object]:
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "system": platform.system(),
    }


if __name__ == "__main__":
    main()
