"""Stored files: one folder, a file's name is the SHA-256 of what is in it.

What `put` returned survives a power cut: the bytes are on disk under their name, and the name is
in its directory, before it returns. A name never stands for half a file.
"""

import errno
import os
import re
import secrets
import time
from hashlib import sha256
from pathlib import Path

from django.conf import settings

_NAME = re.compile(r"[0-9a-f]{64}")
# EFBIG: the limit for one file (ulimit, or a file system's own).
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

IDLE = 3600
"""Seconds in which whoever stored a file has written down what it belongs to, or given up."""


class FileError(Exception):
    code = "file"


class StorageFull(FileError):
    """There is no room for the file; nothing of it was left behind."""

    code = "storage_full"


class NotStored(FileError):
    """No file of that name."""

    code = "not_stored"


class JustStored(FileError):
    """Somebody stored these bytes a moment ago, and may be about to write down whose they are."""

    code = "just_stored"


class Corrupt(FileError):
    """What is on disk is not what was stored."""

    code = "corrupt"


def put(data: bytes) -> str:
    """Store `data` durably and return its name, 64 hex digits. Doing it again changes nothing.

    Raises StorageFull.
    """
    name = sha256(data).hexdigest()
    target = path(name)
    if _holds(target, name) and _touched(target):
        # Whoever wrote it may not have come to the directory yet.
        _sync_folders(target.parent)
    else:
        write_whole(target, data)
    return name


def get(name: str) -> bytes:
    """The stored bytes, checked against their name. Raises NotStored, Corrupt."""
    try:
        data = path(name).read_bytes()
    except FileNotFoundError:
        raise NotStored(name) from None
    if sha256(data).hexdigest() != name:
        raise Corrupt(name)
    return data


def remove(name: str) -> None:
    """Takes the file away; no fault when it is gone. Only for what nobody else can have stored,
    such as bytes sealed by whoever removes them: a name stands for all who put the same bytes."""
    path(name).unlink(missing_ok=True)


def discard(name: str) -> None:
    """Takes a file away durably that nothing is known to belong to any more; no fault when it is
    gone. Somebody else may store the same bytes just now: `put` sets their time, and what was
    stored within IDLE stays. May be done again after a crash. Raises JustStored, OSError.
    """
    target = path(name)
    aside = target.with_name(f".{name}.gone")
    if _young(target):
        raise JustStored(name)
    if target.exists():
        # `put` finds the file until now and sets its time, or finds none and writes a new one.
        target.replace(aside)
    if _young(aside):
        aside.replace(target)
        raise JustStored(name)
    aside.unlink(missing_ok=True)
    if target.parent.is_dir():
        _sync_folder(target.parent)


def path(name: str) -> Path:
    """Where the file of that name is or would be. Raises NotStored when it is no name at all."""
    if not _NAME.fullmatch(name):
        raise NotStored(name)
    return _root() / name[:2] / name[2:4] / name


def write_whole(target: Path, data: bytes) -> None:
    """Make `target` hold `data` (mode 0600), whole or not at all, also through a power cut.

    Raises StorageFull.
    """
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = target.with_name(f".{secrets.token_hex(8)}.new")
        try:
            _write_new(fresh, data)
            fresh.replace(target)
        finally:
            fresh.unlink(missing_ok=True)
        _sync_folders(target.parent)
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StorageFull(f"no room for {len(data)} bytes in {target.parent}") from error
        raise


def _root() -> Path:
    return Path(settings.LUOSHI_VAR) / "files"


def _holds(target: Path, name: str) -> bool:
    # Read whole, so that storing the file again mends a copy that has gone bad.
    try:
        return sha256(target.read_bytes()).hexdigest() == name
    except FileNotFoundError:
        return False


def _touched(target: Path) -> bool:
    """False when it was taken away since it was looked at."""
    try:
        os.utime(target)
    except FileNotFoundError:
        return False
    return True


def _young(target: Path) -> bool:
    """By the clock that also sets the times of files."""
    try:
        return target.stat().st_mtime > time.time() - IDLE
    except FileNotFoundError:
        return False


def _write_new(fresh: Path, data: bytes) -> None:
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_folders(folder: Path) -> None:
    # A new folder's name is an entry of the one above, and so on up to the data directory.
    top = Path(settings.LUOSHI_VAR)
    _sync_folder(folder)
    while folder != top and top in folder.parents:
        folder = folder.parent
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
