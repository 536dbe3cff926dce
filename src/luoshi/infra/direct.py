"""Plain SQL for the hot path, the taking in of reports: the same rows at a fifth of the cost.

The ORM builds and compiles each statement anew, which costs more than the database takes to run
it. Everywhere else the ORM stays.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import (
    AutoField,
    BigIntegerField,
    BinaryField,
    BooleanField,
    CharField,
    Field,
    ForeignKey,
    IntegerField,
    Model,
    PositiveIntegerField,
    TextField,
)

AS_THEY_ARE = {
    BigIntegerField,
    BinaryField,
    BooleanField,
    CharField,
    ForeignKey,
    IntegerField,
    PositiveIntegerField,
    TextField,
}
"""Fields whose values the drivers take without being asked to turn them into something."""


def insert(row: Model) -> None:
    """What `row.save(force_insert=True)` writes; an id that the database gives is set in the row.

    Raises IntegrityError as `save` does.
    """
    fields, sql = _statement(type(row))
    numbered = isinstance(row._meta.pk, AutoField)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} RETURNING id" if numbered else sql, _values(fields, row))
        if numbered:
            row.pk = cursor.fetchone()[0]
    row._state.adding = False
    row._state.db = connection.alias


def insert_once(row: Model) -> None:
    """The same, and nothing where a row of its unique key is there already; no id comes back."""
    fields, sql = _statement(type(row))
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ON CONFLICT DO NOTHING", _values(fields, row))


def select(sql: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement whose shape never changes."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _values(fields: Sequence[Field[Any, Any]], row: Model) -> list[Any]:
    return [
        value
        if (value := getattr(row, field.attname)) is None or type(field) in AS_THEY_ARE
        else field.get_db_prep_save(value, connection)
        for field in fields
    ]


@lru_cache
def _statement(model: type[Model]) -> tuple[Sequence[Field[Any, Any]], str]:
    """The fields that are stored, in the order of the statement: all that the database does not
    fill by itself."""
    meta = model._meta
    fields = [
        field
        for field in meta.concrete_fields
        if not (isinstance(field, AutoField) or field.has_db_default())
    ]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    return fields, f'INSERT INTO "{meta.db_table}" ({columns}) VALUES ({places})'  # noqa: S608
