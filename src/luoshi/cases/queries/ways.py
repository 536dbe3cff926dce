"""Cases that are looked for in several ways, each with its own index, in one statement: said with
OR, the databases would read all cases of the district."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from luoshi.cases.models import Case

Way = tuple[str, Sequence[Any]]
"""A statement for ids of cases, and what is put in its places."""


def first(rows: QuerySet[Case], most: int) -> Way:
    """The first of these rows."""
    sql, given = rows.values("pk")[:most].query.sql_with_params()
    return sql, given


def any_of(ways: Sequence[Way]) -> QuerySet[Case]:
    """The cases found in any of these ways."""
    if not ways:
        return Case.objects.none()
    parts = (f"SELECT * FROM ({sql}) way{n}" for n, (sql, _) in enumerate(ways))  # noqa: S608
    given = [value for _, values in ways for value in values]
    return Case.objects.filter(pk__in=RawSQL(" UNION ".join(parts), given))  # noqa: S611
