"""The vault and the log for many records at once: what `vault` and `log` write, in one go."""

import hmac
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from luoshi.infra import bulk
from luoshi.infra.ids import new_id
from luoshi.trust import keys, log, phones, sealing, vault
from luoshi.trust.errors import ContactEmpty
from luoshi.trust.models import LogLeaf, VaultRecord

_Kind = VaultRecord.Kind


class Records:
    """Vault records that wait to be written together. Keys are read once for all."""

    def __init__(self, *, district: int, now: datetime) -> None:
        self._district, self._now = district, now
        self._rows: list[VaultRecord] = []
        self._recipients = (keys.public(keys.REVEAL), keys.public(keys.DELIVERY))
        self._lookup = keys.lookup()

    def contact(self, *, phone: str | None, name: str | None, email: str | None) -> int:
        """As `vault.seal_contact`. Raises BadPhone, ContactEmpty."""
        contact = vault.contact_of(phone=phone, name=name, email=email)
        if contact == vault.Contact(None, None, None):
            raise ContactEmpty
        id = new_id(now=self._now)
        sealed = sealing.seal(
            json.dumps(asdict(contact), ensure_ascii=False).encode(),
            context=vault.context_of(_Kind.CONTACT, id),
            recipients=self._recipients,
        )
        row = self._row(id, _Kind.CONTACT)
        row.ciphertext = sealed.ciphertext
        row.wrapped_reveal, row.wrapped_delivery = sealed.wrapped
        return id

    def text(self, text: str) -> int:
        """As `vault.store_text` of an ordinary one."""
        id = new_id(now=self._now)
        self._row(id, _Kind.TEXT).plain = vault.storable(text)
        return id

    def tag(self, *, number: str, phone: str) -> bytes:
        """As `vault.phone_tag`."""
        said = vault.tagged(number=number, phone=phones.normalise(phone))
        return hmac.digest(self._lookup, said, "sha256")

    def _row(self, id: int, kind: str) -> VaultRecord:
        row = VaultRecord(id=id, district_id=self._district, kind=kind, created_at=self._now)
        self._rows.append(row)
        return row

    def write(self) -> None:
        bulk.insert(self._rows)
        self._rows = []


def reserve(count: int) -> Sequence[int]:
    """Row ids for leaves that events name before they are written."""
    return bulk.reserve(LogLeaf, count)


def append(*, district: int, ids: Sequence[int], leaves: Sequence[log.Leaf]) -> None:
    """As `log.append`, under reserved ids."""
    bulk.insert(
        LogLeaf(id=id, district_id=district, leaf=leaf.leaf)
        for id, leaf in zip(ids, leaves, strict=True)
    )
