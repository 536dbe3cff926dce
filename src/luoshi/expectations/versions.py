"""Which version holds on a day."""

from collections.abc import Iterable
from datetime import date

from luoshi.expectations.models import Version


def in_force(
    district: int,
    *,
    on: date,
    field: str = "",
    kind: str = "",
    methods: Iterable[str] = (),
    codes: Iterable[str] = (),
    ids: Iterable[int] = (),
) -> list[Version]:
    """The versions in force on that day, one for each expectation, by field and code; one query."""
    rows = Version.objects.filter(district=district, valid_from__lte=on)
    rows = rows.select_related("expectation")
    for name, value in (("field", field), ("kind", kind)):
        if value:
            rows = rows.filter(**{f"expectation__{name}": value})
    for name, values in (("method", methods), ("code", codes), ("id", ids)):
        if wanted := list(values):
            rows = rows.filter(**{f"expectation__{name}__in": wanted})
    highest: dict[int, Version] = {}
    for row in rows.order_by("expectation__field", "expectation__id", "number"):
        highest[row.expectation_id] = row
    # An ended version ends the expectation: the one before it does not come back.
    return [row for row in highest.values() if row.valid_to is None or row.valid_to > on]
