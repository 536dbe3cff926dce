"""What all actions of the registry share."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _


class Refused(ValueError):
    """The registry does not take this; the text says why, in the language of who reads it."""


def require_members(
    model: type[Model], district: int, ids: Iterable[int | None], **holds: Any
) -> None:
    """`Refused` unless every id is a row of that district: nothing reaches across districts."""
    wanted = {id for id in ids if id is not None}
    rows = model._default_manager.filter(district=district, pk__in=wanted, **holds)
    if wanted and rows.count() != len(wanted):
        raise Refused(_("This does not belong to the district."))


def end(rows: QuerySet[Any], on: date) -> None:
    """No longer valid from `on`. `Refused` when nothing was valid then."""
    held = rows.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on)
    if not held.update(valid_to=on):
        raise Refused(_("This is not in force on that day."))
