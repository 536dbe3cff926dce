"""Walking the cases along one index, a bounded piece at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from luoshi.cases.models import Case
from luoshi.cases.search.find import Clause

# ruff: noqa: S608 - put together from names of our own; what is asked for is a parameter

SCAN = 4_000
"""Entries of an index looked at in one reading, and of each of its branches at least so many:"""
LEAST = 50
ROUNDS = 5
"""Most readings for one page."""
SPARE = 10
"""Read beside a page, for those that only a closer look hides: so one reading does."""
LAST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Way:
    """An index that is walked by case: one branch for each of its values. `source` is where its
    entries are."""

    source: str
    key: str
    branches: tuple[Clause, ...]
    first: int = SCAN
    """Entries that the first reading looks at: fewer where looking at one is dear."""

    def piece(self, first: bool) -> int:
        """Entries of each branch that one reading looks at."""
        return max((self.first if first else SCAN) // len(self.branches), LEAST)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A way, what else must hold of the case `c`, and between which ids (the lower one is among
    them)."""

    way: Way
    rest: tuple[Clause, ...]
    low: int = 0
    high: int = LAST


def beyond(stretch: Stretch, key: int | None, older: bool) -> bool:
    """Whether anything of it lies on in this direction."""
    if key is None:
        return True
    return stretch.low < key if older else stretch.high > key + 1


def read(
    stretch: Stretch, key: int | None, older: bool, limit: int, *, first: bool
) -> tuple[list[int], int | None, bool]:
    """One reading, the `first` of a page or not: the ids that fit, where the next begins, and
    whether the stretch is done."""
    low, high = stretch.low, stretch.high
    if key is not None:
        low, high = (low, min(high, key)) if older else (max(low, key + 1), high)
    piece = stretch.way.piece(first)
    bound = _bound(stretch.way, piece, low, high, older) if stretch.rest else None
    if bound is not None:
        low, high = (bound, high) if older else (low, bound + 1)
    found = _fitting(stretch, piece, low, high, older, limit)
    if len(found) == limit:
        return found, found[-1], False
    if bound is not None:
        return found, bound, False
    # Nothing of it is left: the next stretch has limits of its own.
    return found, (low if older else high - 1), True


def _bound(way: Way, piece: int, low: int, high: int, older: bool) -> int | None:
    """The last id that one reading looks at: a piece further on; None when there are fewer. Read
    off the index alone."""
    ends = _union(
        [_entries(way, branch, low, high, older, f"1 OFFSET {piece}") for branch in way.branches]
    )
    best = "MAX" if older else "MIN"
    found = _all(f"SELECT {best}(k) FROM ({ends[0]}) ends", ends[1])
    end: int | None = found[0]
    return end


def _fitting(
    stretch: Stretch, piece: int, low: int, high: int, older: bool, limit: int
) -> list[int]:
    sql, values = _union(
        [_part(stretch, branch, piece, low, high, older, limit) for branch in stretch.way.branches]
    )
    order = _order(older)
    return _all(f"SELECT DISTINCT k FROM ({sql}) found ORDER BY k {order} LIMIT {limit:d}", values)


def _part(
    stretch: Stretch, branch: Clause, piece: int, low: int, high: int, older: bool, limit: int
) -> Clause:
    """Entries first, then their cases: asked for both at once, SQLite takes an index in which it
    finds the order but not the branch, and reads sixty cases for one."""
    way = stretch.way
    if not stretch.rest:
        return _entries(way, branch, low, high, older, f"{limit:d}")
    entries, given = _entries(way, branch, low, high, older, f"{piece + 1}")
    where = " AND ".join(clause for clause, _ in stretch.rest)
    # SQLite reads a cross join in the order in which it is written.
    join = "CROSS JOIN" if connection.vendor == "sqlite" else "JOIN"
    sql = (
        f'SELECT e.k AS k FROM ({entries}) e {join} "{Case._meta.db_table}" c ON c.id = e.k'
        f" WHERE {where} ORDER BY e.k {_order(older)} LIMIT {limit:d}"
    )
    return sql, [*given, *(value for _, values in stretch.rest for value in values)]


def _entries(way: Way, branch: Clause, low: int, high: int, older: bool, most: str) -> Clause:
    clause, values = branch
    sql = (
        f"SELECT {way.key} AS k FROM {way.source} WHERE {clause}"
        f" AND {way.key} >= %s AND {way.key} < %s"
        f" ORDER BY {way.key} {_order(older)} LIMIT {most}"
    )
    return sql, [*values, low, high]


def _order(older: bool) -> str:
    return "DESC" if older else "ASC"


def _union(parts: Sequence[Clause]) -> Clause:
    """Each part walks its index by itself, since several values of one column have no order."""
    sql = " UNION ALL ".join(f"SELECT k FROM ({part}) part{n}" for n, (part, _) in enumerate(parts))
    return sql, [value for _, given in parts for value in given]


def _all(sql: str, values: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]
