"""What somebody with all rights over the files could try, and what finds it (I2); and chains beside each other."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
import threading
from uuid import UUID, uuid4

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
import psycopg
import pytest

from breachcase.accounts.actor import WORKER
from breachcase.embedded import postgres
from breachcase.ledger.models import Entry
from breachcase.ledger.recording import declared, recording
from breachcase.ledger.verification import verify_chain
from incidents.queries.history import river
from tests import given


def _record(chain: UUID, *, words: str = "fine") -> Entry:
    with recording(WORKER, "try_it", chain_id=chain) as recorder:
        return recorder.entry(uuid4(), {"words": words})


@contextmanager
def _superuser(database: str) -> Iterator[psycopg.Connection]:
    home = postgres.address_of(settings.DATA_FOLDER, postgres.SUPERUSER)
    with psycopg.connect(host=home["HOST"], user=postgres.SUPERUSER, dbname=database, autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        yield admin


def test_i2_two_entries_that_changed_places_are_found(fresh_database: str) -> None:
    chain = uuid4()
    for words in ("first", "second", "third"):
        _record(chain, words=words)
    with _superuser(fresh_database) as admin:
        admin.execute("UPDATE ledger_entry SET sequence = sequence + 100 WHERE sequence IN (1, 2)")
        admin.execute("UPDATE ledger_entry SET sequence = 103 - sequence WHERE sequence > 100")
    assert {fault.sequence for fault in verify_chain(chain)[1]} >= {1, 2}


def test_i2_an_entry_hashed_anew_after_the_change_breaks_the_link_to_the_next(fresh_database: str) -> None:
    chain = uuid4()
    rows = [_record(chain, words=words) for words in ("first", "second", "third")]
    forged = '{"words":"never said"}'
    second = rows[1]
    text = "\n".join(
        (
            second.previous_sha256, "breachcase-entry-1", str(chain), "2",
            second.recorded_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), str(second.actor_id), "-", second.action,
            str(second.subject_id), forged,
        )
    )  # fmt: skip
    with _superuser(fresh_database) as admin:
        admin.execute(
            "UPDATE ledger_entry SET payload = %s, sha256 = %s WHERE sequence = 2",
            [forged, sha256(text.encode()).hexdigest()],
        )
    assert [fault.sentence for fault in verify_chain(chain)[1]] == ["Entry 3 does not follow from entry 2."]


def test_i2_an_entry_smuggled_in_at_the_end_is_found(fresh_database: str) -> None:
    chain = uuid4()
    _record(chain)
    with _superuser(fresh_database) as admin:
        admin.execute(
            "INSERT INTO ledger_entry (chain_id, sequence, recorded_at, actor_id, action, subject_id, payload,"
            " previous_sha256, sha256) SELECT chain_id, 2, now(), actor_id, 'admit_member', subject_id, payload,"
            " sha256, repeat('b', 64) FROM ledger_entry"
        )
    assert [fault.sequence for fault in verify_chain(chain)[1]] == [2]


def test_i2_an_entry_moved_to_another_incident_is_found_and_still_shown(fresh_database: str) -> None:
    case, other = given.Case(), given.Case()
    with _superuser(fresh_database) as admin:
        admin.execute(
            "UPDATE ledger_entry SET incident_id = %s WHERE chain_id = %s AND action = 'admit_member'",
            [other.incident.pk, case.incident.pk],
        )
    assert "admit_member" in {act.action for act in river(case.incident).acts}
    assert any("another incident" in fault.sentence for fault in verify_chain(case.incident.pk)[1])
    with pytest.raises(CommandError, match="fault"):
        call_command("verify_ledger")


def test_i2_an_entry_of_no_incident_any_more_is_still_shown(fresh_database: str) -> None:
    case = given.Case()
    with _superuser(fresh_database) as admin:
        admin.execute("UPDATE ledger_entry SET incident_id = NULL WHERE action = 'admit_member'")
    assert "admit_member" in {act.action for act in river(case.incident).acts}


@pytest.mark.django_db
def test_i2_the_application_sets_neither_place_nor_hash_nor_time() -> None:
    chain = uuid4()
    with declared(WORKER), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_entry (chain_id, sequence, recorded_at, actor_id, action, subject_id, payload,"
            " previous_sha256, sha256) VALUES (%s, 77, '2001-01-01', %s, 'try_it', %s, '{}', 'x', 'y')",
            [chain, WORKER.person_id, uuid4()],
        )
    entry = Entry.objects.get(chain_id=chain)
    assert (entry.sequence, entry.recorded_at.year > 2001, entry.sha256 == "y") == (1, True, False)
    assert verify_chain(chain) == (1, [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "copied",
    [
        "COPY ledger_entry (chain_id, actor_id, action, subject_id, payload) FROM STDIN",
        "COPY incidents_membership (id) FROM STDIN",
        "COPY incidents_decision (id) FROM STDIN",
    ],
)
def test_i1_copy_without_an_actor_is_refused(copied: str) -> None:
    line = "\t".join([str(uuid4())] * 2 + ["try_it", str(uuid4()), "{}"]) + "\n"
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege, match=r"no actor|another actor"),
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(copied) as copy,
    ):
        copy.write(line if "ledger" in copied else f"{uuid4()}\n")


@pytest.mark.django_db
def test_i1_the_actor_of_one_change_does_not_stand_for_the_next() -> None:
    case = given.Case()
    with pytest.raises(DatabaseError, match="no actor"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE incidents_incident SET title = 'x' WHERE id = %s", [case.incident.pk])


def test_i2_two_chains_do_not_wait_for_each_other(fresh_database: str) -> None:
    """One change holds its chain open; another, on another chain, gets through meanwhile."""
    done = threading.Event()

    def another() -> None:
        try:
            _record(uuid4())
            done.set()
        finally:
            connection.close()

    with recording(WORKER, "try_it", chain_id=uuid4()) as recorder:
        recorder.entry(uuid4(), {})
        thread = threading.Thread(target=another)
        thread.start()
        assert done.wait(5)
    thread.join()


def test_i2_one_chain_waits_for_its_own_order(fresh_database: str) -> None:
    chain, done = uuid4(), threading.Event()

    def another() -> None:
        try:
            _record(chain, words="second")
            done.set()
        finally:
            connection.close()

    with recording(WORKER, "try_it", chain_id=chain) as recorder:
        recorder.entry(uuid4(), {"words": "first"})
        thread = threading.Thread(target=another)
        thread.start()
        assert not done.wait(0.3)
    assert done.wait(5)
    thread.join()
    assert list(Entry.objects.filter(chain_id=chain).order_by("sequence").values_list("payload", flat=True)) == [
        '{"words":"first"}',
        '{"words":"second"}',
    ]
    assert verify_chain(chain) == (2, [])
