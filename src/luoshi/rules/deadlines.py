"""Working-time arithmetic over a calendar that is passed in.

Hours are elapsed time. Working days follow the office rule: the first working day after the
day of the start is day 1, and the term ends at 24:00 of day N, that is at the local midnight
that begins the following day. A term can therefore end at the start of a holiday, but its last
day is always a working day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta, tzinfo

SATURDAY = 5
LONGEST_PAUSE = 366
"""Days without a working day after which a calendar is held to be wrong, not merely festive."""


class NoWorkingDay(ValueError):
    """The calendar has no working day for a whole year: its data are wrong."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked.

    `working` holds only the days that somebody decided about; all others follow the week
    (Monday to Friday). `known_years` are the years whose holidays are published and entered: in
    any other year the week alone is used, and results say so.
    """

    tz: tzinfo
    working: Mapping[date, bool]
    known_years: frozenset[int]


@dataclass(frozen=True, slots=True)
class Term:
    """How long somebody has: elapsed `hours` or `working_days`, exactly one of them, at least 1."""

    hours: int | None = None
    working_days: int | None = None

    def __post_init__(self) -> None:
        given = [n for n in (self.hours, self.working_days) if n is not None]
        if len(given) != 1 or given[0] < 1:
            raise ValueError("a term has either hours or working days, at least 1")


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a term ends (aware, in the calendar's zone); `fallback`: holidays were not known."""

    at: datetime
    fallback: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """Every term of the workflow, with the values that hold where a district sets no others.

    The first five are the urgencies of a case, the others the steps of the loop.
    """

    danger: Term = Term(hours=2)
    utility: Term = Term(hours=24)
    enquiry: Term = Term(working_days=1)
    ordinary: Term = Term(working_days=5)
    complex: Term = Term(working_days=15)
    triage: Term = Term(working_days=1)
    triage_danger: Term = Term(hours=1)  # nights and holidays included; half of what is left to act
    acknowledgement: Term = Term(working_days=1)
    contact: Term = Term(working_days=1)
    ruling: Term = Term(working_days=1)
    verification: Term = Term(working_days=2)
    verdict: Term = Term(working_days=5)
    return_window: Term = Term(working_days=1)
    reopen_window: Term = Term(hours=30 * 24)

    def of(self, name: str) -> Term:
        """The term of an urgency or step. KeyError when there is none of that name."""
        if name not in TERM_NAMES:
            raise KeyError(name)
        term: Term = getattr(self, name)
        return term


DANGER = "danger"
URGENCIES = (DANGER, "utility", "enquiry", "ordinary", "complex")
TERM_NAMES = tuple(f.name for f in fields(Terms))


def is_working(calendar: Calendar, day: date) -> bool:
    """Whether offices work on that day."""
    decided = calendar.working.get(day)
    return day.weekday() < SATURDAY if decided is None else decided


def add_working_days(calendar: Calendar, start: datetime, days: int) -> datetime:
    """The end of a term of `days` (>= 1) working days that starts at `start` (aware)."""
    return _midnight_after(calendar, _last_day(calendar, local_day(calendar, start), days))


def add_hours(start: datetime, hours: int) -> datetime:
    """`hours` of elapsed time after `start` (aware), in the zone of `start`.

    The sum is taken in UTC, since adding to a local time would count clock hours, which differ
    from elapsed ones where clocks are put forward and back.
    """
    _refuse_naive(start)
    return (start.astimezone(UTC) + timedelta(hours=hours)).astimezone(start.tzinfo)


def deadline(calendar: Calendar, start: datetime, term: Term) -> Deadline:
    """When `term` ends that starts at `start` (aware), and whether holidays had to be guessed."""
    if term.hours is not None:
        return Deadline(add_hours(start, term.hours).astimezone(calendar.tz), fallback=False)
    first = local_day(calendar, start)
    last = _last_day(calendar, first, term.working_days or 0)
    unknown = set(range((first + timedelta(1)).year, last.year + 1)) - calendar.known_years
    return Deadline(_midnight_after(calendar, last), fallback=bool(unknown))


def working_days_between(calendar: Calendar, start: date, end: date) -> int:
    """How many working days come after `start`, up to and including `end`; 0 when end <= start."""
    span = range(1, (end - start).days + 1)
    return sum(is_working(calendar, start + timedelta(n)) for n in span)


def working_days_left(calendar: Calendar, now: datetime, at: datetime) -> int:
    """Working days left until `at`: 0 on the last day, negative for each working day too late.

    Over a weekend after the last day it is still 0, so ask `at <= now` whether it is too late.
    """
    today = local_day(calendar, now)
    last = local_day(calendar, at - datetime.resolution)
    if last >= today:
        return working_days_between(calendar, today, last)
    return -working_days_between(calendar, last, today)


def local_day(calendar: Calendar, at: datetime) -> date:
    """The day on which the aware `at` falls where the calendar applies."""
    _refuse_naive(at)
    return at.astimezone(calendar.tz).date()


def _last_day(calendar: Calendar, start: date, days: int) -> date:
    if days < 1:
        raise ValueError("a term has at least 1 working day")
    working = _working_days_after(calendar, start)
    for _ in range(days - 1):
        next(working)
    return next(working)


def _working_days_after(calendar: Calendar, start: date) -> Iterator[date]:
    day, pause = start, 0
    while pause < LONGEST_PAUSE:
        day += timedelta(1)
        pause += 1
        if is_working(calendar, day):
            pause = 0
            yield day
    raise NoWorkingDay(f"no working day in the year before {day.isoformat()}")


def _midnight_after(calendar: Calendar, day: date) -> datetime:
    return datetime.combine(day + timedelta(1), time.min, calendar.tz)


def _refuse_naive(at: datetime) -> None:
    if at.tzinfo is None:
        raise ValueError("a time without a zone has no place in a deadline")
