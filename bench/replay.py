"""The reference for every write: the very same rows, written again as plain SQL.

While a command runs, the statements that change something are kept, and then run over a copy of
the database as it was before, one transaction a command: same rows, same indexes, same durability,
and neither rules nor ORM.
"""

import time
from collections.abc import Callable
from itertools import count
from typing import Any

from django.db import connection, transaction

from bench import databases

WRITES = ("INSERT", "UPDATE", "DELETE")
Statement = tuple[str, Any, bool]
"""The statement, its parameters, and whether they are those of many rows."""

_numbers = count()


def compare(command: Callable[[int], object], times: int) -> tuple[float, float]:
    """Commands a second through our code, and as plain SQL; measured in turns."""
    shadow = databases.copy(f"shadow{next(_numbers)}")
    ours = plain = 0.0
    for number in range(times):
        start = time.perf_counter()
        kept = keeping(command, number)
        between = time.perf_counter()
        with databases.using(shadow):
            _again(kept)
        ours, plain = ours + between - start, plain + time.perf_counter() - between
    shadow.close()
    return times / ours, times / plain


def keeping(command: Callable[[int], object], number: int) -> list[Statement]:
    """Run the command; the statements by which it changed something."""
    kept: list[Statement] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        try:
            done = execute(sql, params, many, context)
        except Exception:
            kept.clear()  # a number drawn twice: the command begins again
            raise
        if sql.startswith(WRITES):
            kept.append((sql, params, many))
        return done

    with connection.execute_wrapper(watch):
        command(number)
    return kept


def _again(statements: list[Statement]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, params, many in statements:
            (cursor.executemany if many else cursor.execute)(sql, params)
