"""Writing many rows at once: what the ORM would write, at the speed of the database.

`bulk_create` spends most of its time on building statements; this prepares one statement for a
table and hands it rows. Values are adapted as the ORM adapts them.
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


@lru_cache(maxsize=64)
def _statement(model: type[models.Model], vendor: str, ignore: bool) -> tuple[str, tuple[str, ...]]:
    """The insert of a table and the attributes of its columns, without those that it fills."""
    fields = [f for f in model._meta.concrete_fields if not _filled(f)]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    table = quote(model._meta.db_table)
    sql = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - names of our own
    if ignore:
        sql += " ON CONFLICT DO NOTHING"
    return sql, tuple(field.attname for field in fields)


def _filled(field: Any) -> bool:
    return field.db_default is not models.NOT_PROVIDED or field.generated


def insert(rows: Iterable[models.Model], *, ignore: bool = False, number: bool = False) -> None:
    """Insert rows of one model as they are, in chunks, in the caller's transaction.

    Their primary keys must be set, or (`number`) be given by the database and asked for by nobody.
    `ignore`: what is there already stays.
    """
    found = iter(rows)
    while part := list(islice(found, CHUNK)):
        model = type(part[0])
        sql, names = _statement(model, connection.vendor, ignore)
        if number:
            sql, names = _unnumbered(model, sql, names)
        adapt = _adapters()
        values = [tuple([_adapted(row.__dict__[name], adapt) for name in names]) for row in part]
        with connection.cursor() as cursor:
            cursor.executemany(sql, values)


def _unnumbered(
    model: type[models.Model], sql: str, names: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    pk = model._meta.pk
    assert pk is not None  # noqa: S101 - a model without a key cannot be written
    column = connection.ops.quote_name(pk.column)
    at = names.index(pk.attname)
    sql = sql.replace(f"({column}, ", "(", 1).replace("(%s, ", "(", 1)
    return sql, (*names[:at], *names[at + 1 :])


def _adapters() -> dict[type, Callable[[Any], Any]]:
    ops = connection.ops
    return {
        datetime: ops.adapt_datetimefield_value,
        list: lambda value: ops.adapt_json_value(value, None),
        dict: lambda value: ops.adapt_json_value(value, None),
        Decimal: lambda value: ops.adapt_decimalfield_value(value, None, None),
    }


_AS_IT_IS = (int, str, type(None), bool, bytes)


def _adapted(value: Any, adapt: dict[type, Callable[[Any], Any]]) -> Any:
    kind = type(value)
    if kind in _AS_IT_IS:
        return value
    if kind in adapt:
        return adapt[kind](value)
    return value.value if isinstance(value, Enum) else value


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
