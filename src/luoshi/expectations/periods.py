"""Periods as they are reported: 2019, 2020-H1, 2020-Q2, 2020-06, 2020-06-30."""

import re
from calendar import monthrange
from datetime import date

_SHAPE = re.compile(r"(\d{4})(?:-(?:H([12])|Q([1-4])|(\d{2})(?:-(\d{2}))?))?")


class BadPeriod(ValueError):
    """Not a period; the text says which shapes there are."""


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
