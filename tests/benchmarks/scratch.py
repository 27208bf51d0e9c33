"""Databases to measure on: the embedded PostgreSQL as it is run for real, migrated as the owner, thrown away after."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
import psycopg
from psycopg import sql

from breachcase.embedded import postgres
from breachcase.ledger.roles import as_owner, grant_to_application


@contextmanager
def migrated(name: str) -> Iterator[BaseDatabaseWrapper]:
    """Make an empty, migrated database and use it for the length of the block."""
    with scratch(name) as one:
        with as_owner() as application:
            call_command("migrate", verbosity=0, interactive=False)
            grant_to_application(application)
        yield one


@contextmanager
def scratch(name: str, *, copy_of: str = "template1") -> Iterator[BaseDatabaseWrapper]:
    """Make a database, a copy of another one if asked, and use it for the length of the block."""
    _create(name, copy_of)
    before = connections["default"]
    own = connections.create_connection("default")
    own.settings_dict = {**own.settings_dict, "NAME": name}
    try:
        use(own)
        yield own
    finally:
        own.close()
        use(before)
        with superuser() as admin:
            _drop(name, admin)


def use(one: BaseDatabaseWrapper) -> None:
    """Let everything that asks the database from now on ask this one."""
    connections["default"] = one


@contextmanager
def superuser(name: str = "postgres") -> Iterator["psycopg.Connection[Any]"]:
    """Connect as the superuser, who may lay out many rows at once; triggers stay in force."""
    home = postgres.address_of(settings.DATA_FOLDER, postgres.SUPERUSER)
    with psycopg.connect(host=home["HOST"], user=postgres.SUPERUSER, dbname=name, autocommit=True) as admin:
        yield admin


def current() -> str:
    """Return the name of the database in use."""
    name: str = connection.settings_dict["NAME"]
    return name


def _create(name: str, template: str) -> None:
    with superuser() as admin:
        _drop(name, admin)
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                sql.Identifier(name), sql.Identifier(template), sql.Identifier(postgres.OWNER_ROLE)
            )
        )
        postgres.close_to_others(admin, name)


def _drop(name: str, admin: "psycopg.Connection[Any]") -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
