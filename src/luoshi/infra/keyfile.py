"""Secrets in files beside the database, never in it; made on first use, readable by us alone."""

import contextlib
import os
import secrets
from pathlib import Path


def read_or_create(path: Path, *, size: int = 32) -> bytes:
    """The `size` random bytes kept at `path` (mode 0600). Two processes starting at once agree."""
    if path.exists():
        return path.read_bytes()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(handle, secrets.token_bytes(size))
        os.fsync(handle)
    finally:
        os.close(handle)
    with contextlib.suppress(FileExistsError):
        os.link(fresh, path)  # fails when the other process was first: its key stands
    fresh.unlink()
    return path.read_bytes()
