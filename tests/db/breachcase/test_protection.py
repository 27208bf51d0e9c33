"""I1 and I2 lie on every table that needs them: asked of the database, so that no new table is forgotten."""

from django.apps import apps
from django.db import connection
import pytest

pytestmark = pytest.mark.django_db

FREE = {
    "accounts_person": "sign-in writes last_login before anybody is declared",
    "vault_stagedfile": "a file handed in that is in no case yet, cleared by the hour",
    "web_draft": "typed text, one person's own",
    "web_heartbeat": "the pulse of workers",
    "web_submission": "tokens of forms that were sent",
}
"""Tables of ours that hold no case data, each with the reason why it needs no declared actor."""
OURS = {"accounts", "ledger", "vault", "web", "incidents", "notifications"}


def _tables_with(trigger: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = %s AND tgenabled = 'O'", [trigger]
        )
        return {row[0] for row in cursor.fetchall()}


def _tables() -> set[str]:
    return {
        model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.app_label in OURS
    }


def test_i1_every_table_of_a_case_refuses_a_nameless_change() -> None:
    bare = _tables() - _tables_with("require_actor") - set(FREE)
    assert not bare, f"lay require_actor or append_only on them in a migration: {sorted(bare)}"


def test_every_exception_is_still_one() -> None:
    assert set(FREE) == _tables() - _tables_with("require_actor")


def test_i2_every_history_table_is_append_only() -> None:
    history = {table for table in _tables() if "_historical" in table}
    assert history
    assert history <= _tables_with("append_only")


def test_i2_the_record_chains_itself() -> None:
    assert _tables_with("chain_entry") == {"ledger_entry"}


def test_i2_the_triggers_fire_for_the_owner_too() -> None:
    """A trigger on replicas only, or one the owner's session could switch off by role, would have another mark."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgname IN ('append_only', 'require_actor') AND tgenabled <> 'O'"
        )
        assert cursor.fetchall() == []
