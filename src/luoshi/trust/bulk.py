"""The vault and the log for many records at once: what `vault` and `log` write, in one go."""

import hmac
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import datetime

from luoshi.infra import bulk
from luoshi.infra.ids import new_id
from luoshi.trust import keys, log, phones, sealing, vault
from luoshi.trust.errors import ContactEmpty
from luoshi.trust.models import LogLeaf, VaultRecord

_Kind = VaultRecord.Kind
_COMMON = ("id", "district_id", "kind", "created_at")


class Records:
    """Vault records that wait to be written together. Keys are read once for all.

    Most of the time goes into sealing, in a library that lets other threads run meanwhile: so
    contacts are sealed at the end, by as many threads as there are processors.
    """

    def __init__(self, *, district: int, now: datetime) -> None:
        self._district, self._now = district, now
        self._texts: list[tuple[int, str]] = []
        self._contacts: list[tuple[int, bytes]] = []
        self._recipients = (keys.public(keys.REVEAL), keys.public(keys.DELIVERY))
        self._lookup = keys.lookup()

    def contact(self, *, phone: str | None, name: str | None, email: str | None) -> int:
        """As `vault.seal_contact`. Raises BadPhone, ContactEmpty."""
        contact = vault.contact_of(phone=phone, name=name, email=email)
        if contact == vault.Contact(None, None, None):
            raise ContactEmpty
        id = new_id(now=self._now)
        self._contacts.append((id, json.dumps(asdict(contact), ensure_ascii=False).encode()))
        return id

    def text(self, text: str) -> int:
        """As `vault.store_text` of an ordinary one."""
        id = new_id(now=self._now)
        self._texts.append((id, vault.storable(text)))
        return id

    def tag(self, *, number: str, phone: str) -> bytes:
        """As `vault.phone_tag`."""
        said = vault.tagged(number=number, phone=phones.normalise(phone))
        return hmac.digest(self._lookup, said, "sha256")

    def write(self) -> None:
        district, now = self._district, self._now
        bulk.insert(
            VaultRecord,
            (*_COMMON, "plain"),
            ((id, district, _Kind.TEXT.value, now, text) for id, text in self._texts),
        )
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            sealed = list(threads.map(self._sealed, self._contacts, chunksize=50))
        bulk.insert(
            VaultRecord,
            (*_COMMON, "ciphertext", "wrapped_reveal", "wrapped_delivery"),
            (
                (id, district, _Kind.CONTACT.value, now, one.ciphertext, *one.wrapped)
                for (id, _), one in zip(self._contacts, sealed, strict=True)
            ),
        )
        self._texts, self._contacts = [], []

    def _sealed(self, contact: tuple[int, bytes]) -> sealing.Sealed:
        id, plain = contact
        context = vault.context_of(_Kind.CONTACT, id)
        return sealing.seal(plain, context=context, recipients=self._recipients)


def reserve(count: int) -> Sequence[int]:
    """Row ids for leaves that events name before they are written."""
    return bulk.reserve(LogLeaf, count)


def append(*, district: int, ids: Sequence[int], leaves: Sequence[log.Leaf]) -> None:
    """As `log.append`, under reserved ids."""
    rows = ((id, district, leaf.leaf) for id, leaf in zip(ids, leaves, strict=True))
    bulk.insert(LogLeaf, ("id", "district_id", "leaf"), rows)
