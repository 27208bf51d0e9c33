"""Settings: what is wrong stops the start with one sentence that names it."""

import os
from pathlib import Path
import subprocess
import sys
from typing import Any

from hypothesis import given, strategies as st
import pytest

from breachcase.settings import env

ROOT = Path(__file__).resolve().parents[3]
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "breachcase.settings.production",
    "DATABASE_URL": "postgresql://app:word@db.example/bc",
    "DATABASE_OWNER_URL": "postgresql://owner:word@db.example/bc",
    "CELERY_BROKER_URL": "amqp://broker.example",
    "EMAIL_URL": "smtps://mail.example",
    "EVIDENCE_STORAGE_URL": "file:///srv/evidence",
    "BREACHCASE_HOSTS": "breachcase.example",
    "BREACHCASE_SECRET_KEY": "kR4w-" * 12,
    "BREACHCASE_KEY_ENCRYPTION_KEY": "0123456789abcdef" * 4,
}


def test_everything_has_a_default() -> None:
    values = env.read({})
    assert values["BREACHCASE_PORT"] == 8000
    assert values["DATABASE_URL"] == {}
    assert values["BREACHCASE_DATA"] == ROOT / "var"


@pytest.mark.parametrize(
    ("given_values", "sentence"),
    [
        ({"BREACHCASE_PORT": "80a"}, "BREACHCASE_PORT is wrong: it must be a port between 1 and 65535."),
        ({"BREACHCASE_PORT": "70000"}, "BREACHCASE_PORT is wrong: it must be a port between 1 and 65535."),
        ({"BREACHCASE_DEMONSTRATION": "perhaps"}, "BREACHCASE_DEMONSTRATION is wrong: it must be yes or no."),
        (
            {"EMAIL_URL": "http://mail.example"},
            "EMAIL_URL is wrong: it must look like smtp+tls://user:password@host:587.",
        ),
        (
            {"CELERY_BROKER_URL": "memory://"},
            "CELERY_BROKER_URL is wrong: it must start with amqp://, amqps://, redis:// or rediss://.",
        ),
        (
            {"EVIDENCE_STORAGE_URL": "s3://bucket"},
            "EVIDENCE_STORAGE_URL is wrong: it must be a folder, such as file:///srv/breachcase/evidence.",
        ),
        (
            {"DATABASE_URL": "mysql://a@b/c"},
            "DATABASE_URL is wrong: it must look like postgresql://user:password@host:5432/name.",
        ),
        (
            {"BREACHCASE_KEY_ENCRYPTION_KEY": "short"},
            (
                "BREACHCASE_KEY_ENCRYPTION_KEY is wrong: "
                "it must be 64 hexadecimal digits, as `openssl rand -hex 32` prints them."
            ),
        ),
        (
            {"BREACHCASE_PROT": "8001"},
            "BREACHCASE_PROT is not a setting of BreachCase; docs/reference/settings.md lists them.",
        ),
        (
            {"DATABASE_URL": "postgresql://app@h/bc"},
            "DATABASE_OWNER_URL is missing: migrations run as the owner of the tables.",
        ),
        (
            {"DATABASE_OWNER_URL": "postgresql://owner@h/bc"},
            "DATABASE_URL is missing, but DATABASE_OWNER_URL is set: the application needs a role too.",
        ),
        (
            {"DATABASE_URL": "postgresql://one@h/bc", "DATABASE_OWNER_URL": "postgresql://one@h/bc"},
            "DATABASE_URL names the owner of the tables: the application needs a role of its own.",
        ),
        (
            {"DATABASE_URL": "postgresql://app@h/bc", "DATABASE_OWNER_URL": "postgresql://owner@h/other"},
            "DATABASE_OWNER_URL names another database than DATABASE_URL.",
        ),
        (
            {"BREACHCASE_SECRET_KEY_FILE": "/nowhere/key"},
            "BREACHCASE_SECRET_KEY_FILE names a file that cannot be read: No such file or directory.",
        ),
    ],
)
def test_a_wrong_value_is_refused_in_one_sentence(given_values: dict[str, str], sentence: str) -> None:
    with pytest.raises(env.BadSetting) as refused:
        env.read(given_values)
    assert str(refused.value) == sentence


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("ab" * 32 + "\n")
    values = env.read({"BREACHCASE_KEY_ENCRYPTION_KEY_FILE": str(tmp_path / "key")})
    assert values["BREACHCASE_KEY_ENCRYPTION_KEY"] == "ab" * 32


def test_an_address_of_a_database_keeps_what_libpq_is_told() -> None:
    read = env.database("postgresql://app:p%40ss@db.example:5433/bc?sslmode=verify-full")
    assert read == {
        "NAME": "bc",
        "USER": "app",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "verify-full"},
    }


def test_an_address_of_a_database_may_name_a_socket() -> None:
    assert env.database("postgresql://app@/bc?host=%2Frun%2Fpg")["HOST"] == "/run/pg"


@given(st.sampled_from(env.VARIABLES), st.text(st.characters(exclude_characters="\0"), max_size=40))
def test_any_text_is_read_or_refused_by_name(variable: env.Variable, text: str) -> None:
    def read() -> Any:
        try:
            return env.read({variable.name: text})
        except env.BadSetting as refused:
            assert variable.name in str(refused)  # noqa: PT017 - either end is right
            return None

    read()


def test_every_variable_stands_in_the_reference() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text()
    for variable in env.VARIABLES:
        shown = variable.default or "–"
        assert f"| `{variable.name}` | {variable.help}. | {shown} | {'yes' if variable.secret else ''} |" in page
    assert page.split("## Addresses")[0].count("\n| `") == len(env.VARIABLES)


def test_nothing_else_reads_the_environment() -> None:
    allowed = {"breachcase/settings/env.py", "breachcase/celery.py", "breachcase/wsgi.py", "manage.py"}
    found = {
        str(path.relative_to(ROOT))
        for app in ("breachcase", "incidents", "notifications")
        for path in (ROOT / app).rglob("*.py")
        if "environ" in path.read_text() or "getenv" in path.read_text()
    }
    assert found <= allowed


def _start(values: dict[str, str], tmp_path: Path) -> subprocess.CompletedProcess[str]:
    surroundings = {"PATH": os.environ["PATH"], "BREACHCASE_DATA": str(tmp_path), **values}
    code = "import django; django.setup()"
    return subprocess.run(
        [sys.executable, "-c", code], env=surroundings, cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_production_starts_when_all_is_set(tmp_path: Path) -> None:
    done = _start(PRODUCTION, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BREACHCASE_SECRET_KEY", ""),
        ("BREACHCASE_SECRET_KEY", "short"),
        ("BREACHCASE_SECRET_KEY", "django-insecure-" + "x" * 60),
        ("BREACHCASE_KEY_ENCRYPTION_KEY", ""),
        ("BREACHCASE_KEY_ENCRYPTION_KEY", "5e" * 32),
        ("BREACHCASE_DEBUG", "yes"),
        ("BREACHCASE_DEMONSTRATION", "yes"),
        ("DATABASE_URL", ""),
        ("DATABASE_OWNER_URL", ""),
        ("CELERY_BROKER_URL", ""),
        ("EMAIL_URL", ""),
        ("EVIDENCE_STORAGE_URL", ""),
        ("BREACHCASE_HOSTS", ""),
    ],
)
def test_production_refuses_to_start_half_configured(name: str, value: str, tmp_path: Path) -> None:
    done = _start({**PRODUCTION, name: value}, tmp_path)
    assert done.returncode != 0
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("BreachCase cannot start: ")
    assert name in lines[0]
