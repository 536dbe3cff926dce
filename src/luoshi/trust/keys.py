"""The vault's keys: files under LUOSHI_VAR/keys, never in the database, mode 0600.

delivery.key, reveal.key   X25519 private keys, 64 hex digits
delivery.pub, reveal.pub   their public halves: all that sealing needs, so that the web processes
                           can run as a user who may not read the private ones
lookup.key                 for the tags that find a report by number and phone

Made on first use or by `luoshi init_keys`. A private key that an operator took away is not made
anew: its public half still stands.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from nacl.public import PrivateKey, PublicKey

from luoshi.infra.files import write_whole
from luoshi.trust.errors import KeyExposed, KeyMissing

DELIVERY = "delivery"
REVEAL = "reveal"
_LOOKUP = "lookup.key"


def public(name: str) -> PublicKey:
    """The public half of DELIVERY or REVEAL; makes the pair when there is none."""
    path = _folder() / f"{name}.pub"
    try:
        return _public(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        with _one_at_a_time():
            _make_pair(name)
    return _public(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _public(path: Path, changed: int) -> PublicKey:
    """Read again only when the file is another one: every report needs it."""
    return PublicKey(bytes.fromhex(path.read_text()))


def private(name: str) -> PrivateKey:
    """The private half. Raises KeyMissing, KeyExposed."""
    public(name)
    return PrivateKey(_secret(_folder() / f"{name}.key"))


def lookup() -> bytes:
    """32 bytes; makes them when there are none. Raises KeyMissing, KeyExposed."""
    path = _folder() / _LOOKUP
    try:
        return _secret(path)
    except KeyMissing:
        with _one_at_a_time():
            return _make_secret(path)


def init() -> dict[str, str]:
    """Make whatever is missing; the public keys in hex, by name."""
    lookup()
    return {name: bytes(public(name)).hex() for name in (DELIVERY, REVEAL)}


def _folder() -> Path:
    return Path(settings.LUOSHI_VAR) / "keys"


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)  # which lets go of the lock


def _make_pair(name: str) -> None:
    path = _folder() / f"{name}.pub"
    if path.exists():
        return
    # The private key first: one without its public half is completed by the next caller.
    key = PrivateKey(_make_secret(_folder() / f"{name}.key"))
    write_whole(path, bytes(key.public_key).hex().encode())


def _make_secret(path: Path) -> bytes:
    if not path.exists():
        write_whole(path, secrets.token_bytes(32).hex().encode())
    return _secret(path)


def _secret(path: Path) -> bytes:
    try:
        found = path.stat()
        if found.st_mode & 0o077:
            raise KeyExposed(path.name)
        return _read(path, found.st_mtime_ns)
    except (FileNotFoundError, PermissionError):
        raise KeyMissing(path.name) from None


@lru_cache(maxsize=8)
def _read(path: Path, changed: int) -> bytes:
    """As `_public`."""
    return bytes.fromhex(path.read_text())
