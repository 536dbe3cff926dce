"""The vault and the log for many records at once: what `vault` and `log` write, in one go."""

import hmac
from collections.abc import Sequence
from datetime import datetime

from luoshi.infra import bulk
from luoshi.infra.ids import new_id
from luoshi.trust import keys, log, sealing, vault
from luoshi.trust.errors import ContactEmpty
from luoshi.trust.models import LogLeaf, VaultRecord

_Kind = VaultRecord.Kind
_COMMON = ("id", "district_id", "kind", "created_at")


class Records:
    """Vault records that wait to be written together. Keys are read once for all."""

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
        sealer = sealing.Sealer(self._recipients)
        return [
            sealer.seal(plain, context=vault.context_of(_Kind.CONTACT, id))
            for id, plain in self._contacts
        ]


def reserve(count: int) -> Sequence[int]:
    """Row ids for leaves that events name before they are written."""
    return bulk.reserve(LogLeaf, count)


def append(*, district: int, ids: Sequence[int], leaves: Sequence[log.Leaf]) -> None:
    """As `log.append`, under reserved ids."""
    rows = ((id, district, leaf.leaf) for id, leaf in zip(ids, leaves, strict=True))
    bulk.insert(LogLeaf, ("id", "district_id", "leaf"), rows)
