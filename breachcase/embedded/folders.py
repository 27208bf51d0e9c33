"""The data folder of one copy, and locks on it."""

from collections.abc import Iterator
from contextlib import contextmanager
import fcntl
import os
from pathlib import Path


def own_folder(data: Path) -> Path:
    """
    Make the data folder where it is missing; one that is there keeps its rights.

    Only its owner reads it. Made by root it lets others pass through, since PostgreSQL runs as an account of its own.
    """
    if not data.exists():
        data.mkdir(parents=True, exist_ok=True)
        data.chmod(0o700 if os.geteuid() else 0o711)
    return data


@contextmanager
def alone(data: Path, name: str) -> Iterator[None]:
    """Wait until nobody else holds the lock ``name`` of the data folder, and hold it for the length of the block."""
    with (own_folder(data) / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def held(data: Path, name: str) -> Iterator[bool]:
    """Try to hold the lock ``name``; gives whether nobody else holds it. A process that is killed lets go of it."""
    with (own_folder(data) / f"{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
