"""The only reader of the environment: each variable with its type, default and meaning, and one way to refuse."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
import os
from pathlib import Path
import re
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

OWN_PREFIX = "BREACHCASE_"
LAST_PORT = 65535
ROOT = Path(__file__).resolve().parent.parent.parent
"""The checkout; a folder that is given by a relative path lies in it."""


class BadSetting(Exception):
    """A variable is wrong or missing; the message is one sentence that names it."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable; a ``secret`` may also stand in the file that NAME_FILE names."""

    name: str
    kind: Callable[[str], Any]
    default: str | None
    help: str
    secret: bool = False


def boolean(text: str) -> bool:
    """
    Read yes/no, true/false, 1/0.

    >>> boolean("yes"), boolean("0")
    (True, False)
    """
    known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if text.lower() not in known:
        raise ValueError("it must be yes or no")
    return known[text.lower()]


def port(text: str) -> int:
    """
    Read a TCP port.

    >>> port("8000")
    8000
    """
    if not text.isdigit() or not 1 <= int(text) <= LAST_PORT:
        raise ValueError(f"it must be a port between 1 and {LAST_PORT}")
    return int(text)


def outbox_port(web_port: int) -> int:
    """
    Return the port of the embedded mail catcher, a thousand from the web server's.

    >>> outbox_port(8000), outbox_port(65000)
    (9000, 64000)
    """
    return web_port + 1000 if web_port + 1000 <= LAST_PORT else web_port - 1000


def names(text: str) -> list[str]:
    """
    Read a list separated by commas.

    >>> names("a.example, b.example")
    ['a.example', 'b.example']
    """
    return [name.strip() for name in text.split(",") if name.strip()]


def key(text: str) -> str:
    """Read a key of 32 bytes as 64 hexadecimal digits; empty where there is none."""
    if text and not re.fullmatch(r"[0-9a-f]{64}", text):
        raise ValueError("it must be 64 hexadecimal digits, as `openssl rand -hex 32` prints them")
    return text


def database(text: str) -> dict[str, Any]:
    """
    Read postgresql://user:password@host:port/name, or ?host=/folder/of/the/socket; empty where there is none.

    Whatever else stands after the question mark is libpq's own (``sslmode=verify-full``).
    """
    if not text:
        return {}
    parts = urlsplit(text)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise ValueError("it must look like postgresql://user:password@host:5432/name")
    if not parts.username:
        raise ValueError("it must name the role to connect as: postgresql://role:password@host:5432/name")
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return {
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": query.pop("port", str(parts.port or "")),
        "OPTIONS": query,
    }


def mail(text: str) -> dict[str, Any]:
    """Read smtp://user:password@host:25, or smtps:// (TLS from the start), or smtp+tls:// (STARTTLS)."""
    if not text:
        return {}
    parts = urlsplit(text)
    if parts.scheme not in ("smtp", "smtps", "smtp+tls") or not parts.hostname:
        raise ValueError("it must look like smtp+tls://user:password@host:587")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
    }


def broker(text: str) -> str:
    """Read amqp://, amqps://, redis:// or rediss://; empty where there is none."""
    if text and urlsplit(text).scheme not in ("amqp", "amqps", "redis", "rediss"):
        raise ValueError("it must start with amqp://, amqps://, redis:// or rediss://")
    return text


def folder(text: str) -> Path | None:
    """Read a folder, given as a path or as file:///path; None where there is none."""
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in ("", "file"):
        raise ValueError("it must be a folder, such as file:///srv/breachcase/evidence")
    return ROOT / unquote(parts.path)


VARIABLES = (
    Variable(
        "DATABASE_URL", database, "", "PostgreSQL, as the application's own role. Unset: an embedded one", secret=True
    ),
    Variable(
        "DATABASE_OWNER_URL",
        database,
        "",
        "The same database, as the role that owns the tables; only migrations use it",
        secret=True,
    ),
    Variable("CELERY_BROKER_URL", broker, "", "RabbitMQ or Redis. Unset: folders in the data folder", secret=True),
    Variable("EMAIL_URL", mail, "", "The mail server. Unset: one that writes each message to a folder", secret=True),
    Variable("EVIDENCE_STORAGE_URL", folder, "", "Folder for evidence. Unset: `evidence` in the data folder"),
    Variable("BREACHCASE_DATA", folder, "var", "Folder for everything that the embedded parts keep"),
    Variable("BREACHCASE_PORT", port, "8000", "Port of the web server on 127.0.0.1"),
    Variable("BREACHCASE_HOSTS", names, "localhost,127.0.0.1", "Host names under which the pages are asked for"),
    Variable("BREACHCASE_SECRET_KEY", str, "", "Signs sessions and links; at least 50 random characters", secret=True),
    Variable("BREACHCASE_KEY_ENCRYPTION_KEY", key, "", "Wraps every case key: 64 hexadecimal digits", secret=True),
    Variable("BREACHCASE_DEMONSTRATION", boolean, "no", "Demonstration people who sign in with a click"),
    Variable("BREACHCASE_FROM", str, "breachcase@localhost", "The From address of everything that is sent"),
    Variable("BREACHCASE_DEBUG", boolean, "no", "Stack traces on pages; refused in production"),
)


def read(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """
    Read every variable; ``environ`` is the process's own but in tests.

    :raises BadSetting: a variable cannot be read, its file is missing, or a BREACHCASE_ name is unknown.
    """
    known = {variable.name for variable in VARIABLES} | {f"{v.name}_FILE" for v in VARIABLES if v.secret}
    for name in sorted(environ):
        if name.startswith(OWN_PREFIX) and name not in known:
            raise BadSetting(f"{name} is not a setting of BreachCase; docs/reference/settings.md lists them.")
    values = {variable.name: _read_one(variable, environ) for variable in VARIABLES}
    _match_databases(values["DATABASE_URL"], values["DATABASE_OWNER_URL"])
    return values


def _match_databases(application: dict[str, Any], owner: dict[str, Any]) -> None:
    """Refuse one address without the other, and one role in both."""
    if application and not owner:
        raise BadSetting("DATABASE_OWNER_URL is missing: migrations run as the owner of the tables.")
    if owner and not application:
        raise BadSetting("DATABASE_URL is missing, but DATABASE_OWNER_URL is set: the application needs a role too.")
    if application and application["USER"] == owner["USER"]:
        raise BadSetting("DATABASE_URL names the owner of the tables: the application needs a role of its own.")
    if application and application["NAME"] != owner["NAME"]:
        raise BadSetting("DATABASE_OWNER_URL names another database than DATABASE_URL.")


def _read_one(variable: Variable, environ: Mapping[str, str]) -> Any:
    text = environ.get(variable.name)
    if text is None and variable.secret and (path := environ.get(f"{variable.name}_FILE")):
        try:
            text = Path(path).read_text().strip()
        except OSError as error:
            raise BadSetting(f"{variable.name}_FILE names a file that cannot be read: {error.strerror}.") from None
    try:
        return variable.kind(text if text is not None else variable.default or "")
    except ValueError as error:
        raise BadSetting(f"{variable.name} is wrong: {error}.") from None
