"""Walking the cases along one index, a bounded piece at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from luoshi.cases.search.find import Clause

# ruff: noqa: S608 - put together from names of our own; what is asked for is a parameter

SCAN = 4_000
"""Entries of an index looked at in one reading, and of each of its branches at least so many:"""
LEAST = 50
ROUNDS = 5
"""Most readings for one page."""
LAST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Way:
    """An index that is walked by case: one branch for each of its values. `bare` is where its
    entries are, `joined` the same with the case as `c`."""

    bare: str
    joined: str
    key: str
    branches: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A way, what else must hold, and between which ids (the lower one is among them)."""

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
    stretch: Stretch, key: int | None, older: bool, limit: int
) -> tuple[list[int], int | None, bool]:
    """One reading: the ids that fit, where the next begins, and whether the stretch is done."""
    low, high = stretch.low, stretch.high
    if key is not None:
        low, high = (low, min(high, key)) if older else (max(low, key + 1), high)
    bound = _bound(stretch.way, low, high, older) if stretch.rest else None
    if bound is not None:
        low, high = (bound, high) if older else (low, bound + 1)
    found = _fitting(stretch, low, high, older, limit)
    if len(found) == limit:
        return found, found[-1], False
    if bound is not None:
        return found, bound, False
    # Nothing of it is left: the next stretch has limits of its own.
    return found, (low if older else high - 1), True


def _bound(way: Way, low: int, high: int, older: bool) -> int | None:
    """The last id that one reading looks at: SCAN entries further on; None when there are fewer.
    Read off the index alone."""
    skipped = max(SCAN // len(way.branches), LEAST)
    ends = _union(
        [
            _select(way.bare, way.key, [branch], low, high, older, f"LIMIT 1 OFFSET {skipped}")
            for branch in way.branches
        ]
    )
    best = "MAX" if older else "MIN"
    found = _all(f"SELECT {best}(k) FROM ({ends[0]}) ends", ends[1])
    end: int | None = found[0]
    return end


def _fitting(stretch: Stretch, low: int, high: int, older: bool, limit: int) -> list[int]:
    way, most = stretch.way, f"LIMIT {int(limit)}"
    sql, values = _union(
        [
            _select(way.joined, way.key, [branch, *stretch.rest], low, high, older, most)
            for branch in way.branches
        ]
    )
    order = "DESC" if older else "ASC"
    return _all(f"SELECT DISTINCT k FROM ({sql}) found ORDER BY k {order} {most}", values)


def _select(
    source: str, key: str, clauses: Sequence[Clause], low: int, high: int, older: bool, end: str
) -> Clause:
    where = " AND ".join(clause for clause, _ in clauses)
    order = "DESC" if older else "ASC"
    sql = (
        f"SELECT {key} AS k FROM {source} WHERE {where} AND {key} >= %s AND {key} < %s"
        f" ORDER BY {key} {order} {end}"
    )
    return sql, [*(value for _, given in clauses for value in given), low, high]


def _union(parts: Sequence[Clause]) -> Clause:
    """Each part walks its index by itself, since several values of one column have no order."""
    sql = " UNION ALL ".join(f"SELECT k FROM ({part}) part{n}" for n, (part, _) in enumerate(parts))
    return sql, [value for _, given in parts for value in given]


def _all(sql: str, values: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]
