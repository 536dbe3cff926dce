"""Sealing: each record has a random key of its own, and that key is sealed to those who may open.

The bytes by XChaCha20-Poly1305, bound to a context so that they cannot be moved to another
record; the record's key by an anonymous X25519 box (libsodium sealed box). Whoever seals cannot
open again. Destroying the sealed keys destroys the record, whatever copies of the bytes exist.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import Aead

from luoshi.trust.errors import Damaged, WrongKey

# Padded, since the length of a name or a number tells something.
_BLOCK = 256
_MARK = 8  # bytes that tell which key a record's key was sealed to
WRAPPED = _MARK + Aead.KEY_SIZE + 48  # bytes of a sealed record key


@dataclass(frozen=True, slots=True)
class Sealed:
    ciphertext: bytes
    wrapped: tuple[bytes, ...]  # the record's key, once for each recipient in their order


def seal(plain: bytes, *, context: bytes, recipients: Sequence[PublicKey]) -> Sealed:
    key = secrets.token_bytes(Aead.KEY_SIZE)
    ciphertext = Aead(key).encrypt(sodium_pad(plain, _BLOCK), context)
    return Sealed(bytes(ciphertext), tuple(_wrap(key, to) for to in recipients))


def unseal(ciphertext: bytes, *, wrapped: bytes, context: bytes, key: PrivateKey) -> bytes:
    """Raises WrongKey, Damaged."""
    if wrapped[:_MARK] != _mark(key.public_key):
        raise WrongKey(wrapped[:_MARK].hex())
    try:
        record_key = SealedBox(key).decrypt(wrapped[_MARK:])
        return sodium_unpad(Aead(record_key).decrypt(ciphertext, context), _BLOCK)
    except (CryptoError, ValueError) as error:
        raise Damaged("sealed bytes do not open") from error


def _wrap(key: bytes, to: PublicKey) -> bytes:
    return _mark(to) + bytes(SealedBox(to).encrypt(key))


def _mark(key: PublicKey) -> bytes:
    return sha256(b"luoshi/v1/key\n" + bytes(key)).digest()[:_MARK]
