"""Secrets that a local copy makes for itself on the first start and keeps beside its data."""

import os
from pathlib import Path
import secrets

from breachcase.embedded.folders import own_folder


def kept_secret(data: Path, name: str) -> str:
    """Return the secret [64 hex digits] kept under ``name``, making it the first time; only its owner can read it."""
    path = data / name
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        own_folder(data)
        fresh = secrets.token_hex(32)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process of the same start was faster
            return path.read_text().strip()
        with os.fdopen(handle, "w") as file:
            file.write(fresh)
        return fresh
