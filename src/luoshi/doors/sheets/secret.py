"""Sealing what waits to be imported: uploads and rows name people.

Under a key in a file of its own beside the other keys, so that a copy of the database, or of the
stored files, tells nobody's name; it is as the vault would have it, and gone after the import.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from nacl.secret import SecretBox

from luoshi.infra import keyfile


@lru_cache(maxsize=4)
def _box(folder: Path) -> SecretBox:
    return SecretBox(keyfile.read_or_create(folder / "keys" / "sheets"))


def seal(data: bytes) -> bytes:
    return bytes(_box(Path(settings.LUOSHI_VAR)).encrypt(data))


def unseal(data: bytes) -> bytes:
    return bytes(_box(Path(settings.LUOSHI_VAR)).decrypt(data))


def seal_cells(cells: list[Any]) -> bytes:
    return seal(json.dumps(cells, ensure_ascii=False, separators=(",", ":")).encode())


def open_cells(data: bytes | memoryview | None) -> list[Any]:
    """Empty when they are gone."""
    return list(json.loads(unseal(bytes(data)))) if data else []
