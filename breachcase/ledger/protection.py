"""What a migration says to put a table under the record's protection."""

from importlib.resources import files

from django.db.migrations.operations import RunSQL


def sql_file(name: str) -> str:
    """Return one of the statements in ``breachcase/ledger/sql/``."""
    return (files("breachcase.ledger") / "sql" / f"{name}.sql").read_text()


def require_actor(*tables: str) -> RunSQL:
    """Refuse every change of ``tables`` in a transaction that has not declared an actor (I1)."""
    return _triggers(
        tables,
        "CREATE TRIGGER require_actor BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION breachcase_require_actor();",
        "DROP TRIGGER require_actor ON {table};",
    )


def append_only(*tables: str) -> RunSQL:
    """Refuse UPDATE, DELETE and TRUNCATE of ``tables`` to everyone (I2); inserting still needs an actor (I1)."""
    return _triggers(
        tables,
        "CREATE TRIGGER require_actor BEFORE INSERT ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION breachcase_require_actor();"
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION breachcase_append_only();",
        "DROP TRIGGER require_actor ON {table}; DROP TRIGGER append_only ON {table};",
    )


def _triggers(tables: tuple[str, ...], forward: str, backward: str) -> RunSQL:
    return RunSQL(
        "".join(forward.format(table=table) for table in tables),
        "".join(backward.format(table=table) for table in tables),
    )
