"""Periods as they are reported: 2019, 2020-H1, 2020-Q2, 2020-06, 2020-06-30."""

import re
from calendar import monthrange
from datetime import date

_SHAPE = re.compile(r"(\d{4})(?:-(?:H([12])|Q([1-4])|(\d{2})(?:-(\d{2}))?))?")


class BadPeriod(ValueError):
    """Not a period; the text says which shapes there are."""


def period_start(text: str) -> date:
    """The first day of a period. Raises BadPeriod."""
    last, parts = period_end(text), text.split("-")
    if len(parts) == 3:
        return last
    months = {"H": 6, "Q": 3}.get(parts[1][0], 1) if len(parts) == 2 else 12
    return last.replace(day=1, month=last.month - months + 1)


def period_end(text: str) -> date:
    """The last day of a period. Raises BadPeriod."""
    found = _SHAPE.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        year, half, quarter, month, day = (int(part) if part else 0 for part in found.groups())
        last = half * 6 or quarter * 3 or month or 12
        return date(year, last, day or monthrange(year, last)[1])
    except ValueError as error:
        raise BadPeriod(
            f"{text!r} is no period: write 2020, 2020-H1, 2020-Q2, 2020-06 or 2020-06-30"
        ) from error
