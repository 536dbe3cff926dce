"""Working time: the day after is day 1, the term ends at 24:00 of day N, and never on a day off."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.rules.deadlines import (
    TERM_NAMES,
    URGENCIES,
    Calendar,
    Deadline,
    NoWorkingDay,
    Term,
    Terms,
    add_hours,
    add_working_days,
    deadline,
    is_working,
    working_days_between,
    working_days_left,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
ALL_YEARS = frozenset(range(1990, 2061))
WEEKS = Calendar(tz=SHANGHAI, working={}, known_years=ALL_YEARS)

NATIONAL_DAY_2026 = {date(2026, 10, n): False for n in range(1, 8)} | {
    date(2026, 9, 20): True,  # a Sunday worked in exchange
    date(2026, 10, 10): True,  # a Saturday worked in exchange
}
FESTIVE = Calendar(tz=SHANGHAI, working=NATIONAL_DAY_2026, known_years=frozenset({2026}))


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


days = st.dates(date(2000, 1, 1), date(2050, 1, 1))
moments = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2050, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([SHANGHAI, UTC, BERLIN]),
)
counts = st.integers(1, 40)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Weeks with a sprinkling of decided days, in any zone."""
    start = draw(days)
    decided = draw(st.dictionaries(st.integers(0, 90), st.booleans(), max_size=40))
    return Calendar(
        tz=draw(st.sampled_from([SHANGHAI, UTC, BERLIN])),
        working={start + timedelta(n): works for n, works in decided.items()},
        known_years=draw(st.sampled_from([ALL_YEARS, frozenset({start.year}), frozenset()])),
    )


def near(draw: st.DrawFn, calendar: Calendar) -> datetime:
    """A moment where the calendar has decided days, if it has any."""
    if not calendar.working:
        return draw(moments)
    day = min(calendar.working) + timedelta(draw(st.integers(-20, 100)))
    return datetime.combine(day, draw(st.times()), draw(st.sampled_from([SHANGHAI, UTC])))


@st.composite
def starts(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    calendar = draw(calendars())
    return calendar, near(draw, calendar)


# ---- Examples ----


def test_one_working_day_from_wednesday_ends_when_thursday_ends() -> None:
    assert add_working_days(WEEKS, at(2026, 5, 20, 9, 30), 1) == at(2026, 5, 22)


def test_the_hour_of_the_start_makes_no_difference() -> None:
    early = add_working_days(WEEKS, at(2026, 5, 20), 5)
    assert early == add_working_days(WEEKS, at(2026, 5, 20, 23, 59), 5) == at(2026, 5, 28)


def test_from_a_friday_the_weekend_does_not_count() -> None:
    assert add_working_days(WEEKS, at(2026, 5, 22, 17), 1) == at(2026, 5, 26)


def test_from_a_saturday_monday_is_day_one() -> None:
    assert add_working_days(WEEKS, at(2026, 5, 23, 10), 1) == at(2026, 5, 26)


def test_the_day_of_the_start_is_the_one_where_the_calendar_applies() -> None:
    late_in_utc = datetime(2026, 5, 20, 17, 0, tzinfo=UTC)  # already Thursday 01:00 in Shanghai
    assert add_working_days(WEEKS, late_in_utc, 1) == at(2026, 5, 23)


def test_a_holiday_is_passed_over() -> None:
    assert add_working_days(FESTIVE, at(2026, 9, 30, 9), 1) == at(2026, 10, 9)


def test_a_weekend_made_working_by_decree_counts() -> None:
    friday = at(2026, 10, 9, 9)
    assert add_working_days(FESTIVE, friday, 1) == at(2026, 10, 11)
    assert add_working_days(WEEKS, friday, 1) == at(2026, 10, 13)


def test_two_hours_are_elapsed_time_through_night_and_holiday() -> None:
    found = deadline(FESTIVE, at(2026, 10, 1, 23), Term(hours=2))
    assert found == Deadline(at(2026, 10, 2, 1), fallback=False)


def test_hours_are_elapsed_time_where_clocks_are_put_forward() -> None:
    evening = datetime(2026, 3, 28, 20, tzinfo=BERLIN)  # clocks go forward that night
    assert add_hours(evening, 24) == datetime(2026, 3, 29, 21, tzinfo=BERLIN)


def test_a_term_within_a_known_year_is_no_guess() -> None:
    assert not deadline(FESTIVE, at(2026, 9, 28), Term(working_days=5)).fallback


def test_a_term_that_reaches_into_an_unknown_year_says_so() -> None:
    found = deadline(FESTIVE, at(2026, 12, 28, 10), Term(working_days=5))
    assert found == Deadline(at(2027, 1, 5), fallback=True)


def test_a_term_that_starts_on_new_years_eve_lies_wholly_in_the_next_year() -> None:
    next_year = Calendar(tz=SHANGHAI, working={}, known_years=frozenset({2027}))
    assert not deadline(next_year, at(2026, 12, 31, 10), Term(working_days=1)).fallback


def test_hours_are_never_a_guess() -> None:
    nothing_known = Calendar(tz=SHANGHAI, working={}, known_years=frozenset())
    assert not deadline(nothing_known, at(2026, 5, 20), Term(hours=24)).fallback


def test_a_deadline_is_told_in_the_zone_of_the_calendar() -> None:
    found = deadline(WEEKS, datetime(2026, 5, 20, 1, tzinfo=UTC), Term(hours=2))
    assert found.at.isoformat() == "2026-05-20T11:00:00+08:00"


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (at(2026, 5, 26, 9), 2),
        (at(2026, 5, 28, 23), 0),
        (at(2026, 5, 29, 0), -1),
        (at(2026, 5, 30, 9), -1),
        (at(2026, 6, 1, 9), -2),
    ],
)
def test_days_left_reach_zero_on_the_last_day_and_then_count_the_delay(
    now: datetime, left: int
) -> None:
    end_of_thursday = at(2026, 5, 29)
    assert working_days_left(WEEKS, now, end_of_thursday) == left


def test_a_calendar_without_working_days_is_refused_and_not_searched_for_ever() -> None:
    start = date(2026, 1, 1)
    closed = {start + timedelta(n): False for n in range(800)}
    with pytest.raises(NoWorkingDay):
        add_working_days(Calendar(SHANGHAI, closed, frozenset()), at(2026, 1, 1), 1)


@pytest.mark.parametrize("wrong", [(None, None), (1, 1), (0, None), (None, 0), (-2, None)])
def test_a_term_is_hours_or_working_days_and_at_least_one(
    wrong: tuple[int | None, int | None],
) -> None:
    with pytest.raises(ValueError, match="either hours or working days"):
        Term(*wrong)


def test_no_working_days_at_all_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        add_working_days(WEEKS, at(2026, 5, 20), 0)


def test_a_time_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 5, 20)  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="without a zone"):
        deadline(WEEKS, naive, Term(hours=2))
    with pytest.raises(ValueError, match="without a zone"):
        deadline(WEEKS, naive, Term(working_days=2))


def test_the_usual_terms_are_those_of_the_workflow() -> None:
    usual = {name: Terms().of(name) for name in TERM_NAMES}
    assert [usual[name] for name in URGENCIES] == [
        Term(hours=2),
        Term(hours=24),
        Term(working_days=1),
        Term(working_days=5),
        Term(working_days=15),
    ]
    assert usual["triage"] == Term(working_days=1)
    assert usual["triage_danger"] == Term(hours=1)
    assert usual["verification"] == Term(working_days=2)
    assert usual["verdict"] == Term(working_days=5)
    assert usual["return_window"] == Term(working_days=1)
    assert usual["reopen_window"] == Term(hours=720)


def test_a_term_of_an_unknown_name_is_an_error_and_no_attribute() -> None:
    with pytest.raises(KeyError):
        Terms().of("__class__")


# ---- Properties ----


@given(starts(), counts)
def test_the_last_day_is_always_a_working_day(where: tuple[Calendar, datetime], count: int) -> None:
    calendar, start = where
    end = add_working_days(calendar, start, count)
    assert end.timetz() == time(0, 0, tzinfo=calendar.tz)
    assert is_working(calendar, end.date() - timedelta(1))


@given(starts(), counts)
def test_the_day_of_the_start_never_counts(where: tuple[Calendar, datetime], count: int) -> None:
    calendar, start = where
    first = start.astimezone(calendar.tz).date()
    last = add_working_days(calendar, start, count).date() - timedelta(1)
    assert last > first
    assert working_days_between(calendar, first, last) == count


@given(starts(), counts)
def test_one_more_day_ends_later(where: tuple[Calendar, datetime], count: int) -> None:
    calendar, start = where
    assert add_working_days(calendar, start, count) < add_working_days(calendar, start, count + 1)


@given(starts(), counts, st.integers(0, 40 * 24))
def test_a_later_start_never_ends_earlier(
    where: tuple[Calendar, datetime], count: int, hours: int
) -> None:
    calendar, start = where
    later = add_hours(start, hours)
    assert add_working_days(calendar, start, count) <= add_working_days(calendar, later, count)


@given(starts(), counts, counts)
def test_terms_add_up(where: tuple[Calendar, datetime], one: int, two: int) -> None:
    calendar, start = where
    last_moment = add_working_days(calendar, start, one) - timedelta(microseconds=1)
    whole = add_working_days(calendar, start, one + two)
    assert add_working_days(calendar, last_moment, two) == whole


@given(starts(), st.integers(1, 1000))
def test_hours_are_elapsed_time_whatever_the_calendar(
    where: tuple[Calendar, datetime], hours: int
) -> None:
    calendar, start = where
    end = deadline(calendar, start, Term(hours=hours)).at
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=hours)


@given(starts(), counts)
def test_a_guess_is_flagged_exactly_when_a_year_is_unknown(
    where: tuple[Calendar, datetime], count: int
) -> None:
    calendar, start = where
    found = deadline(calendar, start, Term(working_days=count))
    first = start.astimezone(calendar.tz).date() + timedelta(1)
    length = (found.at.date() - first).days
    met = {(first + timedelta(n)).year for n in range(length)}
    assert found.fallback == bool(met - calendar.known_years)


@given(starts(), counts)
def test_a_day_decided_to_be_worked_never_makes_a_term_longer(
    where: tuple[Calendar, datetime], count: int
) -> None:
    calendar, start = where
    local = start.astimezone(calendar.tz).date()
    weekend = next(
        local + timedelta(n) for n in range(1, 9) if (local + timedelta(n)).weekday() > 4
    )
    busier = Calendar(calendar.tz, {**calendar.working, weekend: True}, calendar.known_years)
    assert add_working_days(busier, start, count) <= add_working_days(calendar, start, count)


@given(starts(), counts)
def test_at_the_start_as_many_days_are_left_as_were_given(
    where: tuple[Calendar, datetime], count: int
) -> None:
    calendar, start = where
    assert working_days_left(calendar, start, add_working_days(calendar, start, count)) == count


@given(days)
def test_without_decisions_the_week_holds(day: date) -> None:
    assert is_working(WEEKS, day) == (day.isoweekday() <= 5)
