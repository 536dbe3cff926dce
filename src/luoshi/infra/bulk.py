"""Writing many rows at once: what the ORM would write, at the speed of the database.

`bulk_create` spends most of its time on making objects and building statements; this prepares one
statement for a table and hands it plain tuples. Values are adapted as the ORM adapts them.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db import connection, models

CHUNK = 500

_AS_IT_IS = frozenset({int, str, type(None), bool, bytes})


def insert(
    model: type[models.Model],
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    ignore: bool = False,
    ready: bool = False,
) -> None:
    """Insert rows of these attributes (`case_id`, not `case`), in the caller's transaction.

    Other columns get their defaults; a key that the database counts may be left out. `ignore`:
    what is there already stays. `ready`: the values are `adapted`.
    """
    sql, defaults = statement(model, connection.vendor, tuple(names), ignore)
    found, adapt = iter(rows), tuple if ready else _adapter()
    with connection.cursor() as cursor:
        while part := [(*adapt(row), *defaults) for row in islice(found, CHUNK)]:
            cursor.executemany(sql, part)


def update(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Put values of these attributes to rows, each given as (*values, key)."""
    fields = {field.attname: str(field.column) for field in model._meta.concrete_fields}
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(fields[name])} = %s" for name in names)
    table, key = quote(model._meta.db_table), quote(fields[model._meta.pk.attname])
    sql = f"UPDATE {table} SET {sets} WHERE {key} = %s"  # noqa: S608 - names of our own
    found, adapt = iter(rows), _adapter()
    with connection.cursor() as cursor:
        while part := [adapt(row) for row in islice(found, CHUNK)]:
            cursor.executemany(sql, part)


@lru_cache(maxsize=64)
def statement(
    model: type[models.Model], vendor: str, names: tuple[str, ...], ignore: bool
) -> tuple[str, tuple[Any, ...]]:
    """The insert, and the values of the columns that are not named, which stand behind."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    others = [f for name, f in fields.items() if name not in names and not filled(f)]
    quote = connection.ops.quote_name
    columns = [quote(str(field.column)) for field in (*(fields[name] for name in names), *others)]
    marks = ", ".join(["%s"] * len(columns))
    table = quote(model._meta.db_table)
    sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - our names
    if ignore:
        sql += " ON CONFLICT DO NOTHING"
    return sql, adapted([field.get_default() for field in others])


def filled(field: Any) -> bool:
    """By the database, not by us."""
    counted = isinstance(field, models.AutoField | models.BigAutoField)
    return counted or field.db_default is not models.NOT_PROVIDED or field.generated


def adapted(row: Sequence[Any]) -> tuple[Any, ...]:
    """As the database takes these values; doing it again changes nothing."""
    return _adapter()(row)


def _adapter() -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """For many rows: to ask for the connection costs more than to adapt a value."""
    ops, moments = connection.ops, dict[datetime, Any]()

    def other(value: Any) -> Any:
        if isinstance(value, datetime):
            # Rows that are written together mostly have the same few.
            if value not in moments:
                moments[value] = ops.adapt_datetimefield_value(value)
            return moments[value]
        if isinstance(value, list | dict):
            return ops.adapt_json_value(value, None)
        if isinstance(value, Decimal):
            return ops.adapt_decimalfield_value(value, None, None)
        return value.value if isinstance(value, Enum) else value

    return lambda row: tuple([v if type(v) in _AS_IT_IS else other(v) for v in row])


def reserve(model: type[models.Model], count: int) -> Sequence[int]:
    """The next ids of a table whose ids the database counts, for rows that name each other.

    Inside a transaction only: SQLite has one writer at a time, PostgreSQL hands them out once.
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        last = found[0] if found else 0
        return range(last + 1, last + 1 + count)
