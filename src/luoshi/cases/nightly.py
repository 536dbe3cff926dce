"""The check of all cases (`luoshi check_cases`) as chores of the night, a piece at a time."""

from collections.abc import Iterable
from datetime import datetime

from luoshi.cases import check
from luoshi.cases.check import Fault
from luoshi.infra.chores import Piece


def cases(cursor: int, *, now: datetime) -> Piece:
    return _piece(*check.cases_after(cursor))


def strays(cursor: int, *, now: datetime) -> Piece:
    """A few statements over whole tables, in one piece."""
    return _piece(None, check.strays())


def leaves(cursor: int, *, now: datetime) -> Piece:
    return _piece(*check.leaves_after(cursor))


def _piece(cursor: int | None, found: Iterable[Fault]) -> Piece:
    return Piece(cursor, tuple(str(fault) for fault in found))
