"""The vault: who a reporter is, how to reach him, and what he wrote. Nothing else keeps these.

A contact is sealed to the delivery key (for the worker that sends messages) and to the reveal
key (for a person with a reason); a confidential text to the reveal key alone. The private keys
are files outside the database, so the database and its backups open neither. An ordinary text is
kept readable for officers, in a column that an erasure empties.
"""

import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from nacl.public import PublicKey

from luoshi.infra import direct
from luoshi.infra.ids import new_id
from luoshi.trust import acts, keys, phones, sealing
from luoshi.trust.errors import (
    ContactEmpty,
    Damaged,
    Erased,
    NotAContact,
    NotSealed,
    UnknownRecord,
)
from luoshi.trust.models import VaultRecord

_Kind = VaultRecord.Kind
_FILE_HEADER = b"luoshi/v1/sealed\n"
_FILE_CONTEXT = b"luoshi/v1/file"
_JSON = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Contact:
    """Not in its repr, so that no traceback or log line names anybody."""

    phone: str | None = field(repr=False)  # E.164
    name: str | None = field(repr=False)
    email: str | None = field(repr=False)


# ---- Putting in ----


def seal_contact(
    *, district: int, phone: str | None, name: str | None, email: str | None, now: datetime
) -> int:
    """Seal how to reach somebody; the vault id. Raises BadPhone, ContactEmpty."""
    contact = contact_of(phone=phone, name=name, email=email)
    if contact == Contact(None, None, None):
        raise ContactEmpty
    plain = contact_bytes(contact)
    recipients = (keys.public(keys.REVEAL), keys.public(keys.DELIVERY))
    return _store_sealed(_Kind.CONTACT, plain, recipients, district=district, now=now)


def contact_of(*, phone: str | None, name: str | None, email: str | None) -> Contact:
    """As it is sealed. Raises BadPhone."""
    number = _given(phone)
    return Contact(
        phone=phones.normalise(number) if number else None,
        name=_given(name),
        email=_given(email),
    )


def contact_bytes(contact: Contact) -> bytes:
    """What is sealed of it."""
    said = {"phone": contact.phone, "name": contact.name, "email": contact.email}
    return _JSON.encode(said).encode()


def store_text(*, district: int, text: str, sealed: bool, now: datetime) -> int:
    """Keep what somebody wrote; the vault id. `sealed`: only the reveal key opens it."""
    text = storable(text)
    if sealed:
        recipients = (keys.public(keys.REVEAL),)
        return _store_sealed(_Kind.SEALED, text.encode(), recipients, district=district, now=now)
    row = VaultRecord(
        id=new_id(now=now), district_id=district, kind=_Kind.TEXT, created_at=now, plain=text
    )
    direct.insert(row)
    return row.pk


def seal_bytes(data: bytes) -> bytes:
    """`data` sealed to the reveal key, to be kept as a file: the original of an upload.

    Keep the SHA-256 of `data` beside it; `open_sealed_bytes` asks for it.
    """
    sealed = sealing.Sealer([keys.public(keys.REVEAL)]).seal(data, context=_FILE_CONTEXT)
    return _FILE_HEADER + sealed.wrapped[0] + sealed.ciphertext


# ---- Reading what is not sealed ----


def read_text(vault_id: int) -> str | None:
    """An ordinary text; None when it is sealed or was erased. Raises UnknownRecord."""
    return read_texts([vault_id])[vault_id]


def read_texts(ids: Iterable[int]) -> dict[int, str | None]:
    """`read_text` for many, in one query."""
    wanted = set(ids)
    found = dict(VaultRecord.objects.filter(pk__in=wanted).values_list("pk", "plain"))
    if wanted - found.keys():
        raise UnknownRecord(*sorted(wanted - found.keys()))
    return found


def kept(ids: Iterable[int]) -> set[int]:
    """Those of these records that are there and were not erased; one query."""
    rows = VaultRecord.objects.filter(pk__in=set(ids), erased_at=None)
    return set(rows.values_list("pk", flat=True))


def phone_tag(*, number: str, phone: str) -> bytes:
    """32 bytes that find a report by its number and the reporter's phone. Raises BadPhone.

    The number is part of it, so that the tags of one person's reports have nothing in common,
    and the key lies outside the database, so that nobody can try out all phones there are.
    """
    said = tagged(number=number, phone=phones.normalise(phone))
    return hmac.digest(keys.lookup(), said, "sha256")


def tagged(*, number: str, phone: str) -> bytes:
    """What a tag is made of; `phone` in E.164."""
    return b"luoshi/v1/phone\n" + f"{number.strip()}\n{phone}".encode()


def tags(parts: Iterable[str]) -> list[int]:
    """A number of 60 bits for each part of a text: equal parts have equal numbers, and the key
    lies outside the database, so that numbers kept there do not tell the parts."""
    key = keys.lookup()
    return [
        int.from_bytes(
            hmac.digest(key, b"luoshi/v1/part\n" + storable(part).encode(), "sha256")[:8], "big"
        )
        >> 4
        for part in parts
    ]


def email_tag(*, report: int, email: str) -> bytes:
    """32 bytes that tell whether an address is the one to which mails about this report go. As
    `phone_tag`: two reports of one person have nothing in common."""
    text = f"{report}\n{email.strip().lower()}"
    return hmac.digest(keys.lookup(), b"luoshi/v1/email\n" + text.encode(), "sha256")


# ---- Opening ----


def open_for_delivery(vault_id: int) -> Contact:
    """For the worker that is about to send this reporter a message, and for nothing else.

    Raises UnknownRecord, NotAContact, Erased, and the key errors.
    """
    row = _row(vault_id)
    if row.kind != _Kind.CONTACT:
        raise NotAContact(vault_id)
    return _contact(_open(row, keys.DELIVERY))


def reveal(*, vault_id: int, by: int, reason: str, now: datetime) -> Contact | str:
    """Open a contact or a sealed text to a person who says why.

    That it was asked for is committed first, in a transaction of its own: calling this inside
    another is an error (RuntimeError), since a rollback would wipe out the trace.
    Raises ReasonRefused, UnknownRecord, NotSealed, Erased, and the key errors.
    """
    act = acts.checked(by=by, reason=reason, now=now)
    row = _row(vault_id)
    if row.kind == _Kind.TEXT:
        raise NotSealed(vault_id)
    with transaction.atomic(durable=True):
        acts.record_reveal(act, district=row.district_id, vault_id=vault_id, file_sha256="")
    plain = _open(row, keys.REVEAL)
    return _contact(plain) if row.kind == _Kind.CONTACT else plain.decode()


def open_sealed_bytes(
    data: bytes, *, district: int, sha256_hex: str, by: int, reason: str, now: datetime
) -> bytes:
    """What `seal_bytes` sealed, to a person who says why; on record first, as with `reveal`.

    `sha256_hex` is the hash of the plain original. Raises ReasonRefused, Damaged, the key errors.
    """
    act = acts.checked(by=by, reason=reason, now=now)
    with transaction.atomic(durable=True):
        acts.record_reveal(act, district=district, vault_id=None, file_sha256=sha256_hex)
    if not data.startswith(_FILE_HEADER):
        raise Damaged("not sealed by us")
    rest = data[len(_FILE_HEADER) :]
    plain = sealing.unseal(
        rest[sealing.WRAPPED :],
        wrapped=rest[: sealing.WRAPPED],
        context=_FILE_CONTEXT,
        key=keys.private(keys.REVEAL),
    )
    if sha256(plain).hexdigest() != sha256_hex:
        raise Damaged("sealed bytes of another file")
    return plain


# ---- Destroying ----


def erase(*, vault_id: int, by: int, reason: str, now: datetime) -> None:
    """Destroy a record's text or its ciphertext and keys, and write down who did it and why.

    What was derived from it goes in the same transaction (settings.ERASURE_HOOKS). Erasing again
    changes nothing. Raises ReasonRefused, UnknownRecord.
    """
    act = acts.checked(by=by, reason=reason, now=now)
    with transaction.atomic():
        row = VaultRecord.objects.select_for_update().filter(pk=vault_id).first()
        if row is None:
            raise UnknownRecord(vault_id)
        if row.erased_at is not None:
            return
        row.plain = row.ciphertext = row.wrapped_delivery = row.wrapped_reveal = None
        row.erased_at = now
        row.save()
        acts.record_erasure(act, district=row.district_id, vault_id=vault_id)
        for hook in settings.ERASURE_HOOKS:
            import_string(hook)(vault_id)


# ---- Inside ----


def _store_sealed(
    kind: _Kind, plain: bytes, recipients: Sequence[PublicKey], *, district: int, now: datetime
) -> int:
    """`recipients`: the reveal key, then perhaps the delivery key."""
    vault_id = new_id(now=now)
    sealed = sealing.Sealer(recipients).seal(plain, context=context_of(kind, vault_id))
    row = VaultRecord(
        id=vault_id, district_id=district, kind=kind, created_at=now, ciphertext=sealed.ciphertext
    )
    row.wrapped_reveal, row.wrapped_delivery = (*sealed.wrapped, None)[:2]
    direct.insert(row)
    return vault_id


def _open(row: VaultRecord, key_name: str) -> bytes:
    wrapped = row.wrapped_delivery if key_name == keys.DELIVERY else row.wrapped_reveal
    if row.ciphertext is None or wrapped is None:
        raise Erased(row.pk)
    return sealing.unseal(
        bytes(row.ciphertext),
        wrapped=bytes(wrapped),
        context=context_of(row.kind, row.pk),
        key=keys.private(key_name),
    )


def context_of(kind: str, vault_id: int) -> bytes:
    """Binds sealed bytes to their record."""
    return f"luoshi/v1/{_Kind(kind).value}/{vault_id}".encode()


def _contact(plain: bytes) -> Contact:
    return Contact(**json.loads(plain))


def _row(vault_id: int) -> VaultRecord:
    row = VaultRecord.objects.filter(pk=vault_id).first()
    if row is None:
        raise UnknownRecord(vault_id)
    return row


def _given(text: str | None) -> str | None:
    return storable(text or "").strip() or None


def storable(text: str) -> str:
    """As both databases take it."""
    # PostgreSQL stores no NUL, UTF-8 no half of a surrogate pair; nobody means either.
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
