"""What all queries of the registry share."""

from datetime import date
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)


class NotRegistered(LookupError):
    """There is no such district, area, unit, person or subject."""


def one(rows: QuerySet[Row], key: object) -> Row:
    """The row asked for, or `NotRegistered`."""
    row = rows.first()
    if row is None:
        raise NotRegistered(f"{rows.model.__name__} {key}")
    return row


def living(on: date | None, prefix: str = "") -> Q:
    """Areas that exist on a day, without a day those that have not ended."""
    endless = Q((f"{prefix}valid_to", None))
    if on is None:
        return endless
    return Q((f"{prefix}valid_from__lte", on)) & (endless | Q((f"{prefix}valid_to__gt", on)))
