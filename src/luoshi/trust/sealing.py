"""Sealing: each record has a random key of its own, and that key is sealed to those who may open.

The bytes by XChaCha20-Poly1305, bound to a context so that they cannot be moved to another
record; the record's key by libsodium's `crypto_box` (X25519, XSalsa20-Poly1305) from a key pair
that is made for the occasion and forgotten after it, so that whoever sealed cannot open. Records
that are written together are sealed on one such occasion: what is costly is to agree on a secret
with each recipient, and it is done once. To erase a record's keys is to erase the record, whatever
copies of the bytes exist.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.public import Box, PrivateKey, PublicKey
from nacl.secret import Aead

from luoshi.trust.errors import Damaged, WrongKey

# Padded, since the length of a name or a number tells something.
_BLOCK = 256
_MARK = 8  # bytes that tell which key a record's key was sealed to
_SIZE = PublicKey.SIZE
_BOXED = Box.NONCE_SIZE + Aead.KEY_SIZE + 16  # 16 bytes that tell whether it was changed
WRAPPED = _MARK + _SIZE + _BOXED  # bytes of a sealed record key


@dataclass(frozen=True, slots=True)
class Sealed:
    ciphertext: bytes
    wrapped: tuple[bytes, ...]  # the record's key, once for each recipient in their order


class Sealer:
    """Seals the records of one occasion, each with its own key, to the same recipients."""

    def __init__(self, recipients: Sequence[PublicKey]) -> None:
        mine = PrivateKey.generate()
        from_whom = bytes(mine.public_key)
        self._boxes = [(_mark(to) + from_whom, Box(mine, to)) for to in recipients]

    def seal(self, plain: bytes, *, context: bytes) -> Sealed:
        key = secrets.token_bytes(Aead.KEY_SIZE)
        ciphertext = Aead(key).encrypt(sodium_pad(plain, _BLOCK), context)
        wrapped = tuple(head + bytes(box.encrypt(key)) for head, box in self._boxes)
        return Sealed(bytes(ciphertext), wrapped)


def unseal(ciphertext: bytes, *, wrapped: bytes, context: bytes, key: PrivateKey) -> bytes:
    """Raises WrongKey, Damaged."""
    if wrapped[:_MARK] != _mark(key.public_key):
        raise WrongKey(wrapped[:_MARK].hex())
    try:
        sender, boxed = wrapped[_MARK : _MARK + _SIZE], wrapped[_MARK + _SIZE :]
        record_key = Box(key, PublicKey(sender)).decrypt(boxed)
        return sodium_unpad(Aead(record_key).decrypt(ciphertext, context), _BLOCK)
    except (CryptoError, ValueError, TypeError) as error:
        raise Damaged("sealed bytes do not open") from error


def _mark(key: PublicKey) -> bytes:
    return sha256(b"luoshi/v1/key\n" + bytes(key)).digest()[:_MARK]
