"""What seldom changes is read once and kept in memory: areas, units, roles, categories, holidays.

Every table of settings.KEPT_TABLES has a stamp in the database, which a trigger changes with each
write, in the transaction of the write. A kept value is used as long as its tables still bear the
stamps that stood there before it was read; so it is never older than what a query would find, in
this process or another. Stamps are random and never come back: what a transaction read of its own
writes fits nobody else, also when they are undone.

All stamps are read in one statement, by a request once (`during_request`); inside a transaction
always anew, since it may have written (but see `at_once`).
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponse

from luoshi.infra import direct
from luoshi.infra.chores import Piece

Value = TypeVar("Value")
Asking = ParamSpec("Asking")
Stamps = dict[str, int]

MOST = 5_000
"""Values of one kind that are kept; then all of it is dropped."""

POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION luoshi_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO infra_stamp (name, writer, value)
  VALUES (TG_TABLE_NAME, txid_current(), (random() * 9e15)::bigint)
  ON CONFLICT (name, writer) DO UPDATE SET value = EXCLUDED.value;
  RETURN NULL;
END $$
"""
"""A row for each writing transaction, since writers of one row would wait for each other."""

SQLITE_STAMP = """
UPDATE infra_stamp SET value = random() / 1024 WHERE name = '{table}' AND writer = 0;
INSERT INTO infra_stamp (name, writer, value) SELECT '{table}', 0, random() / 1024
WHERE NOT EXISTS (SELECT 1 FROM infra_stamp WHERE name = '{table}' AND writer = 0);
"""
"""No upsert: the conflict clause of the statement outside would hold for it as well, and after an
INSERT OR IGNORE the stamp would be the old one."""


def by(*tables: str) -> Callable[[Callable[Asking, Value]], Callable[Asking, Value]]:
    """Keeps what a function reads from these tables, and from nothing else, by what it is given.

    Whoever asks gets the same object each time: it must not be changed.
    """
    if unknown := set(tables) - set(settings.KEPT_TABLES):
        raise ValueError(f"{sorted(unknown)} have no stamp: settings.KEPT_TABLES")

    def keep(read: Callable[Asking, Value]) -> Callable[Asking, Value]:
        kept: dict[Hashable, tuple[tuple[int, ...], Value]] = {}

        @wraps(read)
        def found(*given: Asking.args, **named: Asking.kwargs) -> Value:
            key, now = (given, *named.items()), stamps()
            stamp = tuple(now.get(table, 0) for table in tables)
            known = kept.get(key)
            if known is not None and known[0] == stamp:
                return known[1]
            value = read(*given, **named)
            if len(kept) >= MOST:
                kept.clear()
            kept[key] = (stamp, value)
            return value

        return found

    return keep


@dataclass(slots=True)
class Asked:
    """The stamps as they were once found; `reading`: no kept table is written meanwhile."""

    stamps: Stamps | None = None
    reading: bool = False


_asked: ContextVar[Asked | None] = ContextVar("kept_asked", default=None)


def stamps() -> Stamps:
    """By table; one statement, or none when they were asked for already."""
    asked = _asked.get()
    if asked is None:
        return _stamps()
    if connection.in_atomic_block and not asked.reading:
        asked.stamps = None  # it may be about to write
        return _stamps()
    if asked.stamps is None:
        asked.stamps = _stamps()
    return asked.stamps


@contextmanager
def at_once() -> Iterator[None]:
    """For reading several things, within a transaction too: the stamps are asked for once. What
    is written meanwhile is in no table that is kept."""
    asked = _asked.get()
    if asked is not None and (asked.reading or not connection.in_atomic_block):
        yield  # within another, and in a request, it is so already
        return
    before = _asked.set(Asked(reading=True))
    try:
        yield
    finally:
        _asked.reset(before)


def _stamps() -> Stamps:
    rows = direct.select("SELECT name, SUM(value) FROM infra_stamp GROUP BY name", ())
    return {name: int(value) for name, value in rows}


def during_request(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """What a page shows is of one moment; and it asks for the stamps once."""

    def middleware(request: HttpRequest) -> HttpResponse:
        before = _asked.set(Asked())
        try:
            return get_response(request)
        finally:
            _asked.reset(before)

    return middleware


def purge(cursor: int, *, now: Any) -> Piece:
    """A chore of the night: one row for each table again, with a stamp that never was there."""
    for table in settings.KEPT_TABLES:
        renew(table)
    return Piece()


def renew(table: str, *, using: str = "default") -> None:
    """What is kept of this table is read again by everybody."""
    database = connections[using]
    value = "random() / 1024" if database.vendor == "sqlite" else "(random() * 9e15)::bigint"
    # Together: without any stamp a table would look as it did the last time that it had none.
    with transaction.atomic(using=using), database.cursor() as cursor:
        cursor.execute("DELETE FROM infra_stamp WHERE name = %s", [table])
        cursor.execute(
            f"INSERT INTO infra_stamp (name, writer, value) VALUES (%s, 0, {value})"  # noqa: S608
            " ON CONFLICT (name, writer) DO UPDATE SET value = excluded.value",
            [table],
        )


# ---- The triggers ----


def install(*, using: str = "default") -> None:
    """Put the triggers on the tables that exist by now; all is read anew after it."""
    database = connections[using]
    there = set(database.introspection.table_names())
    if "infra_stamp" not in there:
        return
    with database.cursor() as cursor:
        for table, columns in settings.KEPT_TABLES.items():
            if table in there:
                for statement in triggers(table, columns, vendor=database.vendor):
                    cursor.execute(statement)
                renew(table, using=using)


def triggers(table: str, columns: str, *, vendor: str) -> list[str]:
    """SQL statements that stamp `table`; `columns`: whose update counts, when not all do."""
    of = f" OF {columns}" if columns else ""
    if vendor == "sqlite":
        body = SQLITE_STAMP.format(table=table)
        return [
            f'CREATE TRIGGER IF NOT EXISTS "{name}" AFTER {verb} ON "{table}" BEGIN {body} END'
            for name, verb in zip(
                names(table, vendor=vendor), ("INSERT", f"UPDATE{of}", "DELETE"), strict=True
            )
        ]
    [name] = names(table, vendor=vendor)
    return [
        POSTGRES_FUNCTION,
        f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"',
        f'CREATE TRIGGER "{name}" AFTER INSERT OR UPDATE{of} OR DELETE OR TRUNCATE'
        f' ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION luoshi_stamp()',
    ]


def names(table: str, *, vendor: str) -> tuple[str, ...]:
    """What the triggers of a table are called."""
    verbs = ("insert", "update", "delete") if vendor == "sqlite" else ("write",)
    return tuple(f"{table}_stamp_{verb}" for verb in verbs)


def missing(database: BaseDatabaseWrapper, present: set[str]) -> list[str]:
    """Existing tables that are not stamped, `present` being the triggers that are there."""
    there = set(database.introspection.table_names())
    return [
        table
        for table in settings.KEPT_TABLES
        if table in there and not set(names(table, vendor=database.vendor)) <= present
    ]
