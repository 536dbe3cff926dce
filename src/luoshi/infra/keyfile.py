"""Secrets in files beside the database, never in it; made on first use, readable by us alone."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path


def read_or_create(path: Path, *, size: int = 32) -> bytes:
    """The `size` random bytes kept at `path` (mode 0600). Two processes starting at once agree."""
    if path.exists():
        return path.read_bytes()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(prefix=path.name, dir=path.parent)  # mode 0600
    try:
        os.write(handle, secrets.token_bytes(size))
        os.fsync(handle)
    finally:
        os.close(handle)
    with contextlib.suppress(FileExistsError):
        os.link(fresh, path)  # fails when the other process was first: its key stands
    os.unlink(fresh)
    _settle(path.parent)
    return path.read_bytes()


def _settle(folder: Path) -> None:
    """The name too is on disk before anything is sealed under the key."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
