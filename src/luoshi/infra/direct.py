"""Plain SQL for the hot path, the taking in of reports: the same rows at a fifth of the cost.

The ORM builds and compiles each statement anew, which costs more than the database takes to run
it. Everywhere else the ORM stays. Many rows at once: `infra.bulk`, whose statements these are.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import AutoField, Model

from luoshi.infra import bulk


def insert(row: Model) -> None:
    """What `row.save(force_insert=True)` writes; an id that the database gives is set in the row.

    Raises IntegrityError as `save` does.
    """
    sql, values = _written(row, ignore=False)
    numbered = isinstance(row._meta.pk, AutoField)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} RETURNING id" if numbered else sql, values)
        if numbered:
            row.pk = cursor.fetchone()[0]
    row._state.adding = False
    row._state.db = connection.alias


def insert_once(row: Model) -> None:
    """The same, and nothing where a row of its unique key is there already; no id comes back."""
    sql, values = _written(row, ignore=True)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def select(sql: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement whose shape never changes."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def among(
    model: type[Model], names: Sequence[str], key: str, values: Collection[Any], **same: Any
) -> list[tuple[Any, ...]]:
    """These columns of the rows whose key is one of many values and which have the others in
    common; of a long list the ORM takes every value apart."""
    if not values:
        return []
    where = [f"{name} = %s" for name in same] + [f"{key} IN ({', '.join(['%s'] * len(values))})"]
    table = connection.ops.quote_name(model._meta.db_table)
    sql = f"SELECT {', '.join(names)} FROM {table} WHERE {' AND '.join(where)}"  # noqa: S608
    return select(sql, bulk.adapted([*same.values(), *values]))


def _written(row: Model, *, ignore: bool) -> tuple[str, tuple[Any, ...]]:
    names, values = _columns(type(row))
    sql, _ = bulk.statement(type(row), connection.vendor, names, ignore)
    return sql, bulk.adapted(values(row))


@lru_cache
def _columns(model: type[Model]) -> tuple[tuple[str, ...], Callable[[Model], tuple[Any, ...]]]:
    """What is not filled by the database, and how to take it from a row."""
    names = tuple(f.attname for f in model._meta.concrete_fields if not bulk.filled(f))
    return names, attrgetter(*names)
