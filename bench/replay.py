"""The reference for every write: the very same rows, written again as plain SQL.

While a command runs, the statements that change something are kept. They are then run over a copy
of the database as it was before, one transaction a command: same rows, same indexes, same
durability, and neither rules nor ORM.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, connections, transaction

from bench.rows import rate

COPY = "copy"
WRITES = ("INSERT", "UPDATE", "DELETE")
Statement = tuple[str, Any]


def compare(command: Callable[[int], object], times: int) -> tuple[float, float]:
    """Commands a second through our code, and as plain SQL."""
    with _copy() as copied:
        kept: list[list[Statement]] = [[] for _ in range(times)]
        ours = rate(lambda number: _keeping(command, number, kept[number]), times)
        plain = rate(lambda number: _again(copied, kept[number]), times)
    return ours, plain


def _keeping(command: Callable[[int], object], number: int, kept: list[Statement]) -> None:
    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(WRITES):
            kept.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        command(number)


def _again(using: str, statements: list[Statement]) -> None:
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)


@contextmanager
def _copy() -> Iterator[str]:
    settings = connection.settings_dict
    name = f"{settings['NAME']}_copy"
    _remove(name)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(settings["NAME"], name)
    else:
        _from_elsewhere(f'CREATE DATABASE "{name}" TEMPLATE "{settings["NAME"]}"')
    connections.databases[COPY] = {**settings, "NAME": name}
    try:
        yield COPY
    finally:
        connections[COPY].close()
        del connections.databases[COPY], connections[COPY]
        _remove(name)


def _remove(name: str) -> None:
    if connection.vendor == "sqlite":
        for end in ("", "-wal", "-shm"):
            Path(name + end).unlink(missing_ok=True)
    else:
        _from_elsewhere(f'DROP DATABASE IF EXISTS "{name}"')


def _from_elsewhere(statement: str) -> None:
    """PostgreSQL copies no database in which anybody still is."""
    import psycopg

    settings = connection.get_connection_params()
    connection.close()
    settings.pop("cursor_factory", None), settings.pop("context", None)
    settings["dbname"] = "template1"
    with psycopg.connect(**settings, autocommit=True) as elsewhere:
        elsewhere.execute(statement)
