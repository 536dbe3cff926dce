"""Access codes that people read, write down and type, and one-time tokens for links.

A code is 80 random bits as 16 characters of Crockford's base 32 (no I, L, O, U) and one check
character, shown as XXXX-XXXX-XXXX-XXXX-C.

The check is Damm's scheme over the field of 32 elements: with x * y = 2x + y, a totally
anti-symmetric quasigroup (H. M. Damm, Total anti-symmetrische Quasigruppen, Marburg 2004). The
characters d0..d16 of a whole code satisfy the sum of 2^(16-i) di = 0. As 2 generates the field's
31 non-zero elements, no single wrong character and no two exchanged ones, next to each other or
not, leave that sum at zero. Crockford's own check modulo 37 catches as much but needs five more
signs (* ~ $ = U), which nobody can read out on the telephone.
"""

import secrets
import unicodedata
from hashlib import sha256

from luoshi.trust.errors import BadCode

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 17
_VALUE = {char: value for value, char in enumerate(ALPHABET)}
_LOOKS_LIKE = str.maketrans("OIL", "011")
_FIELD = 0b100101  # x^5 + x^2 + 1, under which 2 generates the field
_TOKEN_BYTES = 16


def new_code() -> str:
    """17 characters without dashes; `show` puts them in."""
    number = secrets.randbits(80)
    body = "".join(ALPHABET[number >> shift & 31] for shift in range(75, -1, -5))
    return body + check_character(body)


def check_character(body: str) -> str:
    """The character that completes `body` (of the alphabet, at most 30 characters)."""
    return ALPHABET[_doubled(_sum(body))]


def show(code: str) -> str:
    """XXXX-XXXX-XXXX-XXXX-C."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def normalise(text: str) -> str:
    """The 17 characters of a code however it was typed: lower case, spaces, dashes, full width,
    O for 0, I and L for 1. Raises BadCode.
    """
    typed = unicodedata.normalize("NFKC", text).upper().translate(_LOOKS_LIKE)
    code = "".join(char for char in typed if not _is_between(char))
    if not code:
        raise BadCode("code_missing")
    if not set(code) <= _VALUE.keys():
        raise BadCode("code_characters")
    if len(code) != LENGTH:
        raise BadCode("code_length")
    if _sum(code) != 0:
        raise BadCode("code_check")
    return code


def code_hash(code: str) -> bytes:
    """32 bytes to store and find a code by, however it was typed. Raises BadCode."""
    return _hash(b"code", normalise(code))


def new_token() -> str:
    """128 random bits for a link that works once."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """32 bytes to store and find a token by; any text may be asked for."""
    return _hash(b"token", token)


def _hash(kind: bytes, text: str) -> bytes:
    # No salt and no slow hash: 80 and 128 random bits cannot be tried out.
    return sha256(b"luoshi/v1/" + kind + b"\n" + text.encode("utf-8", "surrogatepass")).digest()


def _is_between(char: str) -> bool:
    # Spaces, dashes of every length and the invisible marks that messengers add.
    return unicodedata.category(char) in {"Zs", "Cc", "Cf", "Pd"}


def _sum(code: str) -> int:
    total = 0
    for char in code:
        total = _doubled(total) ^ _VALUE[char]
    return total


def _doubled(value: int) -> int:
    value <<= 1
    return value ^ _FIELD if value & 32 else value
