"""I2 at its root: the role the application works as, seen from the database itself."""

import subprocess
import sys

from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
import psycopg
import pytest

from breachcase.embedded import postgres
from breachcase.ledger.roles import as_owner, rights_beyond

pytestmark = pytest.mark.django_db


def _rows(question: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return [row[0] for row in cursor.fetchall()]


TABLES = (
    "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND {}"
)
APPEND_ONLY = "EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'append_only')"


def test_i2_the_application_works_as_a_role_of_its_own() -> None:
    assert _rows("SELECT current_user::text") == [postgres.APP_ROLE]
    assert rights_beyond() == ""


def test_i2_the_application_owns_no_table() -> None:
    assert _rows(TABLES.format("pg_get_userbyid(c.relowner) <> 'breachcase_owner'")) == []


@pytest.mark.parametrize("right", ["TRUNCATE", "REFERENCES", "TRIGGER"])
def test_i2_the_application_may_not_empty_or_rewire_any_table(right: str) -> None:
    assert _rows(TABLES.format(f"has_table_privilege(c.oid, '{right}')")) == []


@pytest.mark.parametrize("right", ["UPDATE", "DELETE"])
def test_i2_the_application_may_not_change_what_is_append_only(right: str) -> None:
    assert "ledger_entry" in _rows(TABLES.format(APPEND_ONLY))
    assert _rows(TABLES.format(f"{APPEND_ONLY} AND has_table_privilege(c.oid, '{right}')")) == []


def test_the_application_reads_and_writes_every_other_table() -> None:
    ordinary = f"NOT {APPEND_ONLY} AND c.relname <> 'django_migrations'"
    for right in ("SELECT", "INSERT", "UPDATE", "DELETE"):
        assert _rows(TABLES.format(f"{ordinary} AND NOT has_table_privilege(c.oid, '{right}')")) == []


def test_i2_truncate_is_refused_to_the_application() -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE ledger_entry CASCADE")


def test_i2_the_owner_may_not_truncate_either(fresh_database: str) -> None:
    with (
        as_owner(),
        pytest.raises(ProgrammingError, match=r"append-only|no actor"),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE ledger_entry CASCADE")


def test_as_owner_gives_the_connection_back(fresh_database: str) -> None:
    with as_owner() as application:
        assert application == postgres.APP_ROLE
        assert _rows("SELECT current_user::text") == [postgres.OWNER_ROLE]
    assert _rows("SELECT current_user::text") == [postgres.APP_ROLE]


def test_prepare_database_twice_changes_nothing(fresh_database: str) -> None:
    rights = "SELECT relname || coalesce(relacl::text, '') FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    before = sorted(_rows(rights))
    call_command("prepare_database", verbosity=0)
    assert sorted(_rows(rights)) == before


def test_nobody_else_may_connect(fresh_database: str) -> None:
    with psycopg.connect(
        host=connection.settings_dict["HOST"], user=postgres.SUPERUSER, dbname="postgres", autocommit=True
    ) as admin:
        admin.execute("CREATE ROLE passer_by LOGIN")
        try:
            with pytest.raises(psycopg.OperationalError, match="permission denied"):
                psycopg.connect(host=connection.settings_dict["HOST"], user="passer_by", dbname=fresh_database)
        finally:
            admin.execute("DROP ROLE passer_by")


def test_a_process_of_ours_works_on_the_database_of_the_test(
    fresh_database: str, process_environment: dict[str, str]
) -> None:
    code = (
        "import django; django.setup()\n"
        "from django.db import connection; connection.ensure_connection()\n"
        "print(connection.settings_dict['NAME'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=process_environment, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == fresh_database
