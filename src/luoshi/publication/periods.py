"""Spans of time as authors write them: 2026, 2026-Q3, 2026-10, 2026-10-05, or
2026-10-01..2026-10-07."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` on, before `until`; both at midnight of the installation's time zone."""

    since: datetime
    until: datetime


class BadPeriod(ValueError):
    """Not one of the ways to write a span of time."""


_FORMS = (
    (re.compile(r"(\d{4})"), lambda y: (date(y, 1, 1), date(y + 1, 1, 1))),
    (re.compile(r"(\d{4})-Q([1-4])"), lambda y, q: (date(y, 3 * q - 2, 1), _month(y, 3 * q + 1))),
    (re.compile(r"(\d{4})-(\d{2})"), lambda y, m: (date(y, m, 1), _month(y, m + 1))),
)


def period(text: str) -> Period:
    """Raises BadPeriod."""
    if not text.isascii():
        raise BadPeriod(text)
    try:
        first, last = _days(text)
    except (ValueError, OverflowError) as error:
        raise BadPeriod(text) from error
    if not date(2000, 1, 1) <= first < last <= date(2200, 1, 1):
        raise BadPeriod(text)
    return Period(_midnight(first), _midnight(last))


def _days(text: str) -> tuple[date, date]:
    for form, made in _FORMS:
        if found := form.fullmatch(text):
            return made(*map(int, found.groups()))
    first, _, last = text.partition("..")
    return _day(first), _day(last or first) + timedelta(days=1)


def _day(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise ValueError(text)
    return date.fromisoformat(text)


def _month(year: int, month: int) -> date:
    return date(year + 1, 1, 1) if month == 13 else date(year, month, 1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=timezone.get_default_timezone())
