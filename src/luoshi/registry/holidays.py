"""The published public holidays of China, from the `chinesecalendar` package."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chinese_calendar.constants import holidays, workdays


@dataclass(frozen=True, slots=True)
class PublishedDay:
    """A day that was published as closed, or as worked in exchange for one that is closed."""

    working: bool
    note: str


def published() -> Mapping[date, PublishedDay]:
    """Every published day, closed ones and exchanged ones; the package raises for later years."""
    closed = {day: PublishedDay(working=False, note=note) for day, note in holidays.items()}
    worked = {day: PublishedDay(working=True, note=note) for day, note in workdays.items()}
    return closed | worked
