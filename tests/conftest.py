"""
The database of the tests: real PostgreSQL, migrated as the owner, used as the application's role without rights.

That role cannot empty tables and the triggers would refuse it, so nothing is ever flushed: most tests roll back, and
those that need commits of their own (`fresh_database`) get a copy of the migrated template and throw it away. Tests
that start processes give them `process_environment`, so that these work on the same copy.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
import os
from urllib.parse import quote

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from hypothesis import settings as hypothesis_settings
import psycopg
from psycopg import sql
import pytest
from pytest_django import DjangoDbBlocker

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
def template_database(worker_id: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Start the embedded server and migrate a template, once for each test process."""
    with postgres.borrowed(settings.DATA_FOLDER, durable=False):
        name = f"test_{worker_id}_template"
        _create(name)
        with django_db_blocker.unblock(), _connected_to(name), as_owner() as application:
            call_command("migrate", verbosity=0, interactive=False)
            grant_to_application(application)
        yield name
        with _superuser() as admin:
            _drop(name, admin)


@pytest.fixture(scope="session")
def django_db_setup(template_database: str, worker_id: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Take the place of pytest-django's own set-up: one copy of the template, in which tests roll back."""
    name = f"test_{worker_id}"
    _create(name, template_database)
    with django_db_blocker.unblock(), _connected_to(name):
        yield
        connection.close()
        with _superuser() as admin:
            _drop(name, admin)


@pytest.fixture
def fresh_database(template_database: str, worker_id: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """
    Give the test, its threads included, a database of its own, in which it may commit; return its name.

    The connection that other tests roll back on waits meanwhile, so that the mark ``django_db`` does no harm.
    """
    name = f"test_{worker_id}_{next(_serial)}"
    _create(name, template_database)
    waiting, known = connections["default"], connections.settings["default"]
    before = known["NAME"]
    known["NAME"] = name
    connections["default"] = connections.create_connection("default")
    try:
        with django_db_blocker.unblock():
            yield name
            connection.close()
    finally:
        known["NAME"], connections["default"] = before, waiting
        with _superuser() as admin:
            _drop(name, admin)


@pytest.fixture
def process_environment(fresh_database: str) -> dict[str, str]:
    """Return the environment for a process of ours that is to work on the test's own database."""
    home = quote(connection.settings_dict["HOST"], safe="")
    address = f"/{fresh_database}?host={home}"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "breachcase.settings.test",
        "BREACHCASE_DATA": str(settings.DATA_FOLDER),
        "DATABASE_URL": f"postgresql://{postgres.APP_ROLE}@{address}",
        "DATABASE_OWNER_URL": f"postgresql://{postgres.OWNER_ROLE}@{address}",
    }


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse the mark that would empty the tables after the test: the role of the tests may not (I2)."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark is not None and mark.kwargs.get("transaction"):
            raise pytest.UsageError(f"{item.nodeid}: use the fixture fresh_database instead of transaction=True.")


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """Name this test process, with and without xdist."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))
