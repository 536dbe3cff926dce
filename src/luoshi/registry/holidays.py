"""The published public holidays of China, from the `chinesecalendar` package."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chinese_calendar.constants import Holiday, holidays, workdays


@dataclass(frozen=True, slots=True)
class PublishedDay:
    """A day that was published as closed, or as worked in exchange for one that is closed."""

    working: bool
    note: str


def published() -> Mapping[date, PublishedDay]:
    """Every published day, closed ones and exchanged ones; the package raises for later years."""
    names = {holiday.value: holiday.chinese for holiday in Holiday}
    closed = {day: PublishedDay(working=False, note=names[key]) for day, key in holidays.items()}
    worked = {day: PublishedDay(working=True, note=names[key]) for day, key in workdays.items()}
    return closed | worked
