"""The record: it chains itself, nobody rewrites it, and what was done behind its back is found."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID, uuid4

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given as generated, settings as few, strategies as st
import psycopg
import pytest

from breachcase.accounts.actor import WORKER, Actor
from breachcase.embedded import postgres
from breachcase.ledger.models import Entry
from breachcase.ledger.recording import declared, recording
from breachcase.ledger.roles import as_owner
from breachcase.ledger.verification import verify_chain
from incidents.models import Membership
from tests import given

printable = st.text(alphabet=st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=200)


def _record(chain: UUID, words: str = "fine") -> Entry:
    with recording(WORKER, "try_it", chain_id=chain) as recorder:
        return recorder.entry(uuid4(), {"words": words})


@pytest.mark.django_db
@few(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@generated(words=printable)
def test_i2_the_trigger_and_the_pure_hash_agree_on_any_payload(words: str) -> None:
    chain = uuid4()
    _record(chain, words)
    _record(chain, words[::-1])
    assert verify_chain(chain) == (2, [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET payload = '{}'",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry",
        "UPDATE incidents_historicalincident SET title = 'nothing happened'",
        "DELETE FROM incidents_historicalincident",
        "UPDATE incidents_awareness SET aware_at = now()",
        "DELETE FROM incidents_reading",
        "TRUNCATE incidents_decision CASCADE",
        "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER append_only ON ledger_entry",
        "DROP TABLE ledger_entry",
        "SET session_replication_role = replica",
        "SET ROLE breachcase_owner",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_i2_the_application_cannot_touch_the_past(statement: str) -> None:
    case = given.Case()
    with pytest.raises(DatabaseError), declared(given.actor(case.dpo)), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "verb", ["UPDATE ledger_entry SET payload = '{}'", "DELETE FROM ledger_entry", "TRUNCATE ledger_entry"]
)
def test_i2_the_owner_is_refused_by_the_triggers(fresh_database: str, verb: str) -> None:
    _record(uuid4())
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('breachcase.actor', %s, false)", [str(WORKER.person_id)])
        with pytest.raises(DatabaseError, match="append-only"):
            cursor.execute(verb)


@pytest.mark.django_db
def test_i1_an_entry_in_another_name_is_refused() -> None:
    stranger = Actor(uuid4())
    with pytest.raises(DatabaseError, match="another actor"), declared(WORKER), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_entry (chain_id, actor_id, action, subject_id, payload)"
            " VALUES (%s, %s, 'x', %s, '{}')",
            [uuid4(), stranger.person_id, uuid4()],
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "write",
    [
        "UPDATE incidents_incident SET title = 'x'",
        "DELETE FROM incidents_membership",
        "INSERT INTO vault_casekey (incident_id, wrapped_by, made_at) VALUES (gen_random_uuid(), 'x', now())",
        "UPDATE accounts_rolegrant SET role = 'dpo'",
        "UPDATE vault_casekey SET wrapped = NULL, shredded_at = now()",
    ],
)
def test_i1_raw_sql_without_an_actor_is_refused(write: str) -> None:
    given.Case()
    with pytest.raises(DatabaseError, match="no actor declared"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(write)


@pytest.mark.django_db
def test_i1_bulk_writes_without_an_actor_are_refused() -> None:
    case = given.Case()
    rows = list(case.incident.memberships.all())
    for bulk in (
        lambda: Membership.objects.bulk_create([Membership(incident=case.incident, person=case.reporter,
                                                           admitted_by=case.dpo, admitted_at=given.an_hour_ago())]),
        lambda: Membership.objects.bulk_update(rows, ["admitted_at"]),
        lambda: case.incident.memberships.all().delete(),
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match="no actor declared"), transaction.atomic():
            bulk()


@contextmanager
def _superuser(database: str):
    home = postgres.address_of(settings.DATA_FOLDER, postgres.SUPERUSER)
    with psycopg.connect(host=home["HOST"], user=postgres.SUPERUSER, dbname=database, autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        yield admin


@pytest.mark.parametrize(
    ("tamper", "sentence"),
    [
        ("UPDATE ledger_entry SET payload = '{}' WHERE sequence = 2", "Entry 2 was altered"),
        ("DELETE FROM ledger_entry WHERE sequence = 2", "Entry 2 is missing"),
        ("UPDATE ledger_entry SET actor_id = gen_random_uuid() WHERE sequence = 1", "Entry 1 was altered"),
        ("UPDATE ledger_entry SET sha256 = repeat('a', 64) WHERE sequence = 2", "Entry 3 does not follow"),
        (
            "UPDATE ledger_entry SET recorded_at = recorded_at - interval '1 day' WHERE sequence = 3",
            "Entry 3 was altered",
        ),
    ],
)
def test_i2_a_change_behind_the_databases_back_is_found(fresh_database: str, tamper: str, sentence: str) -> None:
    chain = uuid4()
    for _ in range(3):
        _record(chain)
    with _superuser(fresh_database) as admin:
        admin.execute(tamper)
    assert any(fault.sentence.startswith(sentence) for fault in verify_chain(chain)[1])
    with pytest.raises(CommandError, match="fault"):
        call_command("verify_ledger", str(chain))


def test_i2_two_writers_leave_no_gap_and_no_fork(fresh_database: str) -> None:
    chain = uuid4()

    def write(_: int) -> None:
        try:
            _record(chain)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(40)))
    assert verify_chain(chain) == (40, [])


@pytest.mark.django_db
def test_the_verified_ledger_says_how_much_it_saw(capsys: pytest.CaptureFixture[str]) -> None:
    case = given.Case()
    call_command("verify_ledger", str(case.incident.pk))
    assert capsys.readouterr().out.strip().endswith("entries hold.")
