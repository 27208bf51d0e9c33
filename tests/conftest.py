"""
The database of the tests: real PostgreSQL, migrated as the owner, used as the application's role without rights.

That role cannot empty tables and the triggers would refuse it, so nothing is ever flushed: most tests roll back, and
those that need commits of their own (`fresh_database`) get a copy of the migrated template and throw it away.
"""

from collections.abc import Iterator
from contextlib import contextmanager
import fcntl
from itertools import count

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from hypothesis import settings as hypothesis_settings
import psycopg
from psycopg import sql
import pytest

from breachcase.embedded import postgres
from breachcase.ledger.roles import as_owner, grant_to_application

hypothesis_settings.register_profile("ci", derandomize=True, deadline=None)
hypothesis_settings.load_profile("ci")

_serial = count(1)


def _superuser() -> psycopg.Connection:
    home = postgres.address_of(settings.DATA_FOLDER, postgres.SUPERUSER)
    return psycopg.connect(host=home["HOST"], user=postgres.SUPERUSER, dbname="postgres", autocommit=True)


def _create(name: str, template: str = "template1") -> None:
    with _superuser() as admin:
        _drop(name, admin)
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                sql.Identifier(name), sql.Identifier(template), sql.Identifier(postgres.OWNER_ROLE)
            )
        )
        postgres.close_to_others(admin, name)


def _drop(name: str, admin: psycopg.Connection) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _connected_to(name: str) -> Iterator[None]:
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


@pytest.fixture(scope="session")
def template_database(worker_id: str, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """Start the embedded server and migrate a template, once for each test process."""
    settings.DATA_FOLDER.mkdir(parents=True, exist_ok=True)
    with (settings.DATA_FOLDER / "tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        postgres.start(settings.DATA_FOLDER)
    name = f"test_{worker_id}_template"
    _create(name)
    with django_db_blocker.unblock(), _connected_to(name), as_owner() as application:
        call_command("migrate", verbosity=0, interactive=False)
        grant_to_application(application)
    yield name
    with _superuser() as admin:
        _drop(name, admin)


@pytest.fixture(scope="session")
def django_db_setup(template_database: str, worker_id: str, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Take the place of pytest-django's own set-up: one copy of the template, in which tests roll back."""
    name = f"test_{worker_id}"
    _create(name, template_database)
    with django_db_blocker.unblock(), _connected_to(name):
        yield
        connection.close()
        with _superuser() as admin:
            _drop(name, admin)


@pytest.fixture
def fresh_database(template_database: str, worker_id: str, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """Give the test a database of its own, in which it may commit; return its name."""
    name = f"test_{worker_id}_{next(_serial)}"
    _create(name, template_database)
    with django_db_blocker.unblock(), _connected_to(name):
        yield name
        connection.close()
        with _superuser() as admin:
            _drop(name, admin)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """Name this test process, with and without xdist."""
    return getattr(request.config, "workerinput", {}).get("workerid", "main")
