"""What a case is called on public pages.

Its number opens the way to its reporter's own page beside a phone number that a neighbour may know,
and its id tells the millisecond in which it came: so neither is shown. The name is the id turned
over four times with a keyed hash (a Feistel network), which only this installation can turn back.
"""

import base64
import binascii
from hashlib import blake2b

from django.conf import settings

LENGTH = 13
_HALF = 32
_MASK = (1 << _HALF) - 1
_ROUNDS = range(4)


def name_of(case: int) -> str:
    """Thirteen letters and digits."""
    left, right = case >> _HALF, case & _MASK
    for n in _ROUNDS:
        left, right = right, left ^ _mixed(n, right)
    whole = (left << _HALF | right).to_bytes(8, "big")
    return base64.b32encode(whole).decode().rstrip("=").lower()


def case_of(name: str) -> int | None:
    """The id, or None for what was never a name."""
    if len(name) != LENGTH or not name.isascii():
        return None
    try:
        whole = int.from_bytes(base64.b32decode(name.upper() + "==="), "big")
    except binascii.Error:
        return None
    left, right = whole >> _HALF, whole & _MASK
    for n in reversed(_ROUNDS):
        left, right = right ^ _mixed(n, left), left
    case = left << _HALF | right
    return case if case < 1 << 63 and name_of(case) == name else None


def _mixed(n: int, half: int) -> int:
    key = settings.SECRET_KEY.encode()[:64]
    given = half.to_bytes(4, "big") + bytes([n])
    return int.from_bytes(
        blake2b(given, key=key, digest_size=4, person=b"open-case").digest(), "big"
    )
