"""Does what was published still say what was committed to the log? `luoshi check_notices`, and a
chore of the night."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import rfc8785

from luoshi.infra.chores import Piece
from luoshi.publication.models import Entry, Publication
from luoshi.publication.store import groups_of
from luoshi.trust import log

CHUNK = 100


def nightly(cursor: int, *, now: datetime) -> Piece:
    """One piece of the chore."""
    return faults_after(cursor)


def faults() -> Iterator[str]:
    """Every entry that differs from its leaf, and every gap in a row of entries."""
    cursor: int | None = 0
    while cursor is not None:
        piece = faults_after(cursor)
        yield from piece.faults
        cursor = piece.cursor


def faults_after(last: int) -> Piece:
    """Of the next publications; four queries."""
    rows = Publication.objects.filter(pk__gt=last).order_by("pk")[:CHUNK]
    found = {row.pk: row for row in rows}
    entries = list(Entry.objects.filter(publication__in=found).order_by("publication", "seq"))
    leaves = log.leaves(entry.leaf for entry in entries)
    faults, expected = list[str](), dict.fromkeys(found, 0)
    for entry in entries:
        row = found[entry.publication_id]
        name = f"notice {row.number}, entry {entry.seq}"
        expected[row.pk] += 1
        if entry.seq != expected[row.pk]:
            faults.append(f"{name}: one before it is missing")
            expected[row.pk] = entry.seq
        if not _holds(entry, row, leaves.get(entry.leaf)):
            faults.append(f"{name}: differs from what was committed to the log")
    faults += [
        f"notice {row.number}: its last entry is missing"
        for row in found.values()
        if expected[row.pk] < row.seq
    ]
    return Piece(max(found) if len(found) == CHUNK else None, tuple(faults))


def _holds(entry: Entry, row: Publication, leaf: bytes | None) -> bool:
    groups = groups_of(entry, number=row.number, publication_kind=row.kind)
    made = log.commit(groups=groups, nonce=bytes(entry.nonce))
    return rfc8785.dumps(groups) == bytes(entry.canonical) and made.leaf == leaf


def leaves_among(ids: Iterable[int]) -> set[int]:
    """Those of these leaves that belong to an entry."""
    return set(Entry.objects.filter(leaf__in=list(ids)).values_list("leaf", flat=True))
