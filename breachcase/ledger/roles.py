"""The two database roles: the owner migrates, the application works and owns nothing (I2)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

GRANTS = """
DO $$
DECLARE
    one record;
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %1$I', '{app}');
    FOR one IN SELECT c.oid, c.relname, c.relkind FROM pg_class c
               WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'S') LOOP
        EXECUTE format('REVOKE ALL ON public.%I FROM %I', one.relname, '{app}');
        IF one.relkind = 'S' THEN
            EXECUTE format('GRANT USAGE, SELECT ON SEQUENCE public.%I TO %I', one.relname, '{app}');
        ELSIF EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = one.oid AND t.tgname = 'append_only') THEN
            EXECUTE format('GRANT SELECT, INSERT ON public.%I TO %I', one.relname, '{app}');
        ELSIF one.relname = 'django_migrations' THEN
            EXECUTE format('GRANT SELECT ON public.%I TO %I', one.relname, '{app}');
        ELSE
            EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.%I TO %I', one.relname, '{app}');
        END IF;
    END LOOP;
END $$;
"""


@contextmanager
def as_owner() -> Iterator[str]:
    """Connect as the owner of the tables for the length of the block; gives the name of the application's role."""
    before = dict(connection.settings_dict)
    connection.close()
    address = {name: value for name, value in settings.DATABASE_OWNER.items() if name != "NAME"}
    connection.settings_dict.update({"PASSWORD": "", **address})
    try:
        yield before["USER"]
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(before)


def grant_to_application(app: str) -> None:
    """Give the application's role ``app`` what it needs on each table, and nothing more; run as the owner."""
    with connection.cursor() as cursor:
        cursor.execute(GRANTS.replace("{app}", app.replace("'", "''")))


def rights_beyond() -> str:
    """Return, in words, what the connected role may do though the application must not; empty where nothing (I2)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            return "be a superuser"
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND pg_has_role(current_user, relowner, 'MEMBER')"
        )
        return "own tables" if cursor.fetchone()[0] else ""
