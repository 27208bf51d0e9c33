"""Making one case into a hundred thousand, in SQL: every row is a copy of a real one, with every trigger in force."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
import psycopg
from psycopg import sql

from breachcase.accounts.actor import WORKER
from incidents.models import Incident
from tests.benchmarks.scratch import scratch, superuser

BATCH_CASES = 2_000
"""Entries are written in batches: each chain takes a lock until its transaction ends."""
TITLES = (
    "Laptop left on a train", "Letter to the wrong address", "Open distribution list", "Stolen telephone",
    "Attachment with too many rows", "Share that was open to all", "Password told to a stranger", "Lost paper file",
    "Wrong person on the telephone", "Reply to all", "Parcel opened on its way", "Account taken over",
    "Backup on a lost stick", "Test data that were real", "Fax to an old number", "Screen seen from the street",
    "Chart in a published report", "Calendar open to guests", "Form that showed another's answers", "Ransom note",
)  # fmt: skip

_OWN_ID = "md5(t.id::text || g.id::text)::uuid"
_CASE = {"id": "g.id", "reference": "g.reference", "title": "g.title", "opened_at": "g.opened_at"}
_PART = {"id": _OWN_ID, "incident_id": "g.id"}
# table → what differs in the copy, and which rows of the first case are copied
_COPIES: tuple[tuple[str, dict[str, str], str], ...] = (
    ("incidents_incident", _CASE, "t.id = {first}"),
    ("incidents_historicalincident", _CASE, "t.id = {first}"),
    ("vault_casekey", {"incident_id": "g.id"}, "t.incident_id = {first}"),
    ("incidents_membership", _PART, "t.incident_id = {first} AND t.person_id <> {handler}"),
    ("incidents_membership", _PART, "t.incident_id = {first} AND t.person_id = {handler} AND g.handled"),
    ("incidents_historicalmembership", _PART, "t.incident_id = {first} AND t.person_id <> {handler}"),
    ("incidents_involvement", _PART, "t.incident_id = {first} AND g.n % 50 = 0"),
    ("incidents_obligation", {**_PART, "due_at": "t.due_at - g.age"}, "t.incident_id = {first}"),
    ("incidents_historicalobligation", _PART, "t.incident_id = {first}"),
    ("incidents_datasubject", {**_PART, "evidence_id": "NULL"}, "t.incident_id = {first} AND t.number <= 3"),
)
_PLAN = """
CREATE TEMP TABLE plan AS
SELECT n, gen_random_uuid() AS id, 'BC-2025-' || lpad(n::text, 6, '0') AS reference,
       (%s::text[])[1 + n %% %s] || ', ward ' || n %% 40
           || CASE WHEN n = 7 THEN ', unrepeatable' WHEN n %% 4 = 0 THEN ', north' ELSE '' END AS title,
       now() - n * interval '4 minutes' AS opened_at, n * interval '4 minutes' AS age,
       n %% greatest(%s / %s, 1) = 0 AS handled
FROM generate_series(1, %s) n
"""
_ENTRIES = """
INSERT INTO ledger_entry (chain_id, incident_id, actor_id, action, subject_id, payload)
SELECT g.id, g.id, %s, t.action, t.subject_id, t.payload FROM plan g CROSS JOIN ledger_entry t
WHERE t.incident_id = %s AND t.sequence <= 4 AND g.n > %s AND g.n <= %s ORDER BY g.n, t.sequence
"""


@contextmanager
def grown(
    name: str, template: str, first: Incident, handler: object, *, cases: int, handled: int
) -> Iterator[BaseDatabaseWrapper]:
    """
    Make a copy of ``template`` in which the organisation of ``first`` has ``cases`` cases, and use it.

    Whoever is let into ``first`` is let into all of them; ``handler`` into ``handled`` of them, spread evenly.
    """
    with scratch(name, copy_of=template) as one:
        with superuser(name) as admin:
            admin.execute("SELECT set_config('breachcase.actor', %s, false)", [str(WORKER.person_id)])
            admin.execute(_PLAN, [list(TITLES), len(TITLES), cases, handled, cases - 1])
            for table, changes, rows in _COPIES:
                _copy(admin, table, changes, rows.format(first=_quoted(first.pk), handler=_quoted(handler)))
            for start in range(0, cases, BATCH_CASES):
                admin.execute(_ENTRIES, [WORKER.person_id, first.pk, start, start + BATCH_CASES])
            admin.execute("VACUUM ANALYZE")
        yield one


def _quoted(value: object) -> str:
    return f"'{value}'::uuid"


def _copy(admin: "psycopg.Connection[Any]", table: str, changes: dict[str, str], rows: str) -> None:
    columns = admin.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
        " AND is_generated = 'NEVER' AND is_identity = 'NO' ORDER BY ordinal_position",
        [table],
    ).fetchall()
    names = [name for (name,) in columns]
    admin.execute(
        sql.SQL("INSERT INTO {table} ({into}) SELECT {values} FROM {table} t CROSS JOIN plan g WHERE {rows}").format(
            table=sql.Identifier(table),
            rows=sql.SQL(rows),
            into=sql.SQL(", ").join(map(sql.Identifier, names)),
            values=sql.SQL(", ").join(
                sql.SQL(changes[name]) if name in changes else sql.Identifier("t", name) for name in names
            ),
        )
    )
