"""The vault and the log for many records at once: what `vault` and `log` write, in one go."""

import hmac
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from luoshi.infra import bulk
from luoshi.infra.ids import new_id
from luoshi.trust import keys, log, sealing, vault
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

    def contact(
        self, *, number: str, phone: str | None, name: str | None, email: str | None
    ) -> tuple[int, bytes | None]:
        """As `vault.seal_contact` and `vault.phone_tag`; the tag of a report of that number.

        Raises BadPhone, ContactEmpty.
        """
        contact = vault.contact_of(phone=phone, name=name, email=email)
        if contact == vault.Contact(None, None, None):
            raise ContactEmpty
        id = new_id(now=self._now)
        self._contacts.append((id, vault.contact_bytes(contact)))
        if contact.phone is None:
            return id, None
        said = vault.tagged(number=number, phone=contact.phone)
        return id, hmac.digest(self._lookup, said, "sha256")

    def text(self, text: str) -> int:
        """As `vault.store_text` of an ordinary one."""
        id = new_id(now=self._now)
        self._texts.append((id, vault.storable(text)))
        return id

    def write(self) -> None:
        district, now = self._district, self._now
        bulk.insert(
            VaultRecord,
            (*_COMMON, "plain"),
            ((id, district, _Kind.TEXT.value, now, text) for id, text in self._texts),
        )
        sealed = self.seal()
        bulk.insert(
            VaultRecord,
            (*_COMMON, "ciphertext", "wrapped_reveal", "wrapped_delivery"),
            (
                (id, district, _Kind.CONTACT.value, now, one.ciphertext, *one.wrapped)
                for (id, _), one in zip(self._contacts, sealed, strict=True)
            ),
        )
        self._texts, self._contacts = [], []

    def seal(self) -> list[sealing.Sealed]:
        """The contacts that wait, in their order; `write` does it by itself."""
        count = os.cpu_count() or 1
        parts = [self._contacts[start::count] for start in range(count)]
        with ThreadPoolExecutor(count) as threads:
            done = [iter(part) for part in threads.map(self._sealed, parts)]
        return [next(done[place % count]) for place in range(len(self._contacts))]

    def _sealed(self, contacts: Sequence[tuple[int, bytes]]) -> list[sealing.Sealed]:
        to = self._recipients
        return [
            sealing.seal(plain, context=vault.context_of(_Kind.CONTACT, id), recipients=to)
            for id, plain in contacts
        ]


def reserve(count: int) -> Sequence[int]:
    """Row ids for leaves that events name before they are written."""
    return bulk.reserve(LogLeaf, count)


def append(*, district: int, ids: Sequence[int], leaves: Sequence[log.Leaf]) -> None:
    """As `log.append`, under reserved ids."""
    rows = ((id, district, leaf.leaf) for id, leaf in zip(ids, leaves, strict=True))
    bulk.insert(LogLeaf, ("id", "district_id", "leaf"), rows)
