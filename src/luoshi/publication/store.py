"""Locking a publication, and writing an entry with its log leaf.

The only code that writes entries; everything happens in the transaction of the caller.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from luoshi.infra import ids
from luoshi.publication.models import Draft, Entry, Publication
from luoshi.trust import log

SAFE_INTEGER = 2**53


class NoSuchPublication(LookupError):
    """None of that id in the district."""


def hold(district: int, publication: int) -> tuple[Publication, Draft | None]:
    """Lock one and read it with its draft. Raises NoSuchPublication."""
    rows = Publication.objects.select_for_update().filter(district_id=district, pk=publication)
    row = rows.first()
    if row is None:
        raise NoSuchPublication(publication)
    return row, Draft.objects.filter(publication=row).first()


def write(
    row: Publication,
    kind: str,
    *,
    now: datetime,
    person: int | None,
    draft: int | None = None,
    reason: str = "",
    reason_en: str = "",
    content: dict[str, Any] | None = None,
) -> Entry:
    """Append an entry; changes `row.seq` and, for a new version, `row.version`, unsaved."""
    row.seq += 1
    row.version += kind in ("published", "corrected")
    entry = Entry(
        id=ids.new_id(now=now),
        publication=row,
        district_id=row.district_id,
        seq=row.seq,
        kind=kind,
        version=row.version,
        at=now,
        person=person,
        draft=draft,
        reason=reason,
        reason_en=reason_en,
        content=content,
    )
    leaf = log.commit(groups=groups_of(entry, number=row.number, publication_kind=row.kind))
    entry.canonical, entry.nonce = leaf.canonical, leaf.nonce
    entry.leaf = log.append(district=row.district_id, leaf=leaf)
    entry.save(force_insert=True)
    return entry


def groups_of(entry: Entry, *, number: str, publication_kind: str) -> dict[str, Any]:
    """What an entry commits to in the log; each group can be shown without the others."""
    return {
        "publication": {
            "district": str(entry.district_id),
            "id": str(entry.publication_id),
            "number": number,
            "kind": publication_kind,
            "seq": entry.seq,
        },
        "what": {
            "kind": entry.kind,
            "version": entry.version,
            "reason": entry.reason,
            "reason_en": entry.reason_en,
            "content": _canonical(entry.content),
        },
        "when": {"at": entry.at.astimezone(UTC).isoformat()},
        "who": {"person": None if entry.person is None else str(entry.person)},
    }


def _canonical(value: Any) -> Any:
    if isinstance(value, int) and abs(value) > SAFE_INTEGER:
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _canonical(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(inner) for inner in value]
    return value
