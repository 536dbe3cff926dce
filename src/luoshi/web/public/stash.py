"""Pictures of a form that was not yet accepted, so that nobody has to choose them twice.

Each is kept encrypted under a key of its own that only the form holds: what lies on disk opens
nothing. Whatever is older than a day goes when the next one comes.
"""

import secrets
import time
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core import signing
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from nacl.utils import random
from PIL import Image

from luoshi.infra import files, pictures

SALT = "luoshi.public.stash"
A_DAY = 24 * 3600
MOST_BYTES = 2 * 1024**3
"""For all forms together: what strangers put aside must not fill the disk that cases need."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture that the form carries on: `token` for the form, the bytes as they came."""

    token: str
    data: bytes

    def thumb(self) -> str:
        """A small picture as a data: address. An address of its own would have to hold the key,
        and addresses are written into logs."""
        small = BytesIO()
        with Image.open(BytesIO(pictures.rebuild(self.data).small)) as image:
            image.thumbnail((240, 240))
            image.save(small, "JPEG", quality=75)
        return "data:image/jpeg;base64," + b64encode(small.getvalue()).decode()


def keep(data: bytes) -> Kept:
    """Put a picture aside. Raises StorageFull."""
    if _sweep() + len(data) > MOST_BYTES:
        raise files.StorageFull("too much is waiting in forms")
    key, name = random(SecretBox.KEY_SIZE), secrets.token_hex(16)
    files.write_whole(_folder() / name, SecretBox(key).encrypt(data))
    return Kept(signing.dumps([name, key.hex()], salt=SALT), data)


def restore(tokens: Sequence[str]) -> list[Kept]:
    """The pictures of these tokens that are still there, in order, each once."""
    found = (_restore(token) for token in dict.fromkeys(tokens))
    return [kept for kept in found if kept]


def drop(tokens: Sequence[str]) -> None:
    """Forget these pictures: they have arrived, or were taken out of the form."""
    for token in tokens:
        if opened := _read(token):
            (_folder() / opened[0]).unlink(missing_ok=True)


def _restore(token: str) -> Kept | None:
    opened = _read(token)
    if opened is None:
        return None
    name, key = opened
    try:
        sealed = (_folder() / name).read_bytes()
        return Kept(token, SecretBox(key).decrypt(sealed))
    except (FileNotFoundError, CryptoError):
        return None


def _read(token: str) -> tuple[str, bytes] | None:
    try:
        name, key = signing.loads(token, salt=SALT, max_age=A_DAY)
    except signing.BadSignature:
        return None
    return name, bytes.fromhex(key)


def _folder() -> Path:
    return Path(settings.LUOSHI_VAR) / "files" / "waiting"


def _sweep() -> int:
    """Removes what is too old; how many bytes are left."""
    left = 0
    old = time.time() - A_DAY
    for file in _folder().iterdir() if _folder().is_dir() else ():
        try:
            about = file.stat()
            if about.st_mtime < old:
                file.unlink()
            else:
                left += about.st_size
        except FileNotFoundError:
            continue  # another process swept too
    return left
