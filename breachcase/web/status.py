"""How the parts are: worker, broker, database, migrations, ledger, evidence folder; each in a sentence."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
import os
from pathlib import Path
from platform import python_version
import shutil

from celery import current_app
from django import get_version as django_version
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from kombu.exceptions import OperationalError

from breachcase.ledger.models import Entry
from breachcase.ledger.verification import chains, verify_chain
from breachcase.web.heartbeats import beat_now, pulse_of

DISK_LOW_BYTES = 2 * 1024**3
VERIFY_AGAIN_AFTER = timedelta(days=7)
VERIFY_ON_PAGE_ENTRIES = 20_000


@dataclass(frozen=True, slots=True)
class PartState:
    """One part: how it is (``kind`` as in state.html), and what to do where it is not well."""

    title: str
    kind: str
    word: str
    sentence: str


def state_of_parts() -> list[PartState]:
    """Return the state of every part; each is asked with a time limit, so the page always comes."""
    return list(_all())


def _all() -> Iterator[PartState]:
    pulse = pulse_of("worker and beat")
    last = f"Last sign of life: {pulse.beat_at:%d %B %Y, %H:%M:%S} UTC." if pulse.beat_at else "It has never run."
    yield _part(
        "Worker and clock", pulse.alive, last, "Start celery -A breachcase worker and celery -A breachcase beat."
    )
    yield _part(
        "Broker", _broker_answers(), "It can be reached.", "Messages wait in the database; see CELERY_BROKER_URL."
    )
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    yield PartState("Database", "done", "Well", f"PostgreSQL {version}.")
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    yield _part(
        "Migrations", not missing, "All are applied.", f"{len(missing)} are missing: run manage.py prepare_database."
    )
    yield _ledger()
    yield _evidence()
    yield PartState("Versions", "done", "Known", f"Python {python_version()}, Django {django_version()}.")


def _part(title: str, well: bool, good: str, bad: str) -> PartState:  # noqa: FBT001 - one fact of the row
    return PartState(title, "done" if well else "care", "Well" if well else "Needs a look", good if well else bad)


def _ledger() -> PartState:
    verified = pulse_of("ledger verified").beat_at
    if verified is None:
        return _part("Ledger", False, "", "It has not been verified yet: run manage.py verify_ledger.")  # noqa: FBT003
    said = f"Last verified {verified:%d %B %Y, %H:%M} UTC."
    old = f"{said} That is more than a week ago: run manage.py verify_ledger."
    return _part("Ledger", timezone.now() - verified < VERIFY_AGAIN_AFTER, said, old)


def verify_now() -> str:
    """Verify the whole ledger where it is short enough for a page to wait for; say in a sentence what came of it."""
    if Entry.objects.order_by("pk")[VERIFY_ON_PAGE_ENTRIES:].exists():
        return "The ledger is too long to be verified while a page waits: run manage.py verify_ledger."
    results = [verify_chain(chain_id) for chain_id in list(chains())]
    entries, wrong = sum(count for count, _ in results), sum(len(faults) for _, faults in results)
    if wrong:
        return f"{wrong} of {entries} entries do not hold: run manage.py verify_ledger, which names each."
    beat_now("ledger verified")
    return f"The ledger is verified: {entries} entries hold."


def _broker_answers() -> bool:
    try:
        with current_app.connection_for_write(connect_timeout=2) as found:
            found.ensure_connection(max_retries=1, timeout=2)
    except (OperationalError, OSError):
        return False
    return True


def _evidence() -> PartState:
    folder = Path(settings.EVIDENCE_FOLDER)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    free = shutil.disk_usage(folder).free
    well = os.access(folder, os.W_OK) and free > DISK_LOW_BYTES
    return _part(
        "Evidence folder",
        well,
        f"{free // 1024**3} GB are free.",
        f"It cannot be written, or only {free // 1024**2} MB are free.",
    )
