"""Holidays are published and can be set by hand; terms are data with dates."""

from datetime import date, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from luoshi.registry import actions, queries
from luoshi.registry.models import Holiday
from luoshi.rules.deadlines import Term, Terms, deadline, is_working
from tests.registry.conftest import TODAY, World

NATIONAL_DAY = date(2025, 10, 1)
EXCHANGED_SUNDAY = date(2025, 9, 28)


def test_published_holidays_and_exchanged_days_are_taken_over(world: World) -> None:
    actions.seed_holidays(district=world.district)
    calendar = queries.calendar(world.district)
    assert not is_working(calendar, NATIONAL_DAY)
    assert is_working(calendar, EXCHANGED_SUNDAY)
    assert 2025 in calendar.known_years
    assert str(calendar.tz) == "Asia/Shanghai"


def test_taking_over_again_changes_nothing_and_never_a_day_set_by_hand(world: World) -> None:
    actions.set_holiday(district=world.district, day=NATIONAL_DAY, working=True, note="抢险")
    actions.seed_holidays(district=world.district)
    first = set(Holiday.objects.values_list("day", "working", "note", "edited"))
    actions.seed_holidays(district=world.district)
    assert set(Holiday.objects.values_list("day", "working", "note", "edited")) == first
    assert (NATIONAL_DAY, True, "抢险", True) in first


def test_a_published_day_can_be_set_by_hand_afterwards(world: World) -> None:
    actions.seed_holidays(district=world.district)
    actions.set_holiday(district=world.district, day=EXCHANGED_SUNDAY, working=False)
    actions.seed_holidays(district=world.district)
    assert not is_working(queries.calendar(world.district), EXCHANGED_SUNDAY)


def test_one_day_by_hand_does_not_make_a_year_known(world: World) -> None:
    actions.set_holiday(district=world.district, day=date(2031, 1, 1), working=False)
    start = datetime(2031, 1, 6, 9, tzinfo=timezone.get_default_timezone())
    assert deadline(queries.calendar(world.district), start, Term(working_days=1)).fallback

    actions.complete_year(district=world.district, year=2031)
    assert not deadline(queries.calendar(world.district), start, Term(working_days=1)).fallback


def test_a_calendar_is_of_one_district(world: World) -> None:
    other = actions.create_district(code="610730", name="佛坪县")
    actions.seed_holidays(district=world.district)
    found = queries.calendar(other)
    assert (dict(found.working), found.known_years) == ({}, frozenset())


def test_the_command_seeds_every_district_or_one(world: World) -> None:
    actions.create_district(code="610730", name="佛坪县")
    out = StringIO()
    call_command("seed_holidays", "--district", "610730", stdout=out)
    assert "610730" in out.getvalue()
    assert queries.calendar(world.district).known_years == frozenset()

    call_command("seed_holidays", stdout=out)
    assert "320613" in out.getvalue()
    assert 2025 in queries.calendar(world.district).known_years


def test_without_rules_of_its_own_a_district_has_the_usual_terms(world: World) -> None:
    assert queries.terms(world.district, TODAY) == Terms()


def test_a_term_changes_on_its_day_and_a_passing_one_gives_way_again(world: World) -> None:
    def ordinary(on: date) -> Term:
        return queries.terms(world.district, on).ordinary

    def rule(term: Term, start: date, end: date | None = None) -> None:
        actions.set_term(
            district=world.district, name="ordinary", term=term, valid_from=start, valid_to=end
        )

    rule(Term(working_days=4), date(2026, 1, 1))
    rule(Term(hours=24), date(2026, 7, 1), date(2026, 9, 1))
    assert ordinary(date(2025, 12, 31)) == Term(working_days=5)
    assert ordinary(date(2026, 1, 1)) == Term(working_days=4)
    assert ordinary(date(2026, 7, 1)) == Term(hours=24)
    assert ordinary(date(2026, 9, 1)) == Term(working_days=4)


def test_a_rule_that_was_ended_no_longer_holds(world: World) -> None:
    rule = actions.set_term(
        district=world.district,
        name="verdict",
        term=Term(working_days=3),
        valid_from=date(2026, 1, 1),
    )
    actions.end_term(term=rule, on=TODAY)
    assert queries.terms(world.district, TODAY).verdict == Term(working_days=5)


def test_a_term_nobody_knows_is_refused(world: World) -> None:
    with pytest.raises(actions.Refused):
        actions.set_term(district=world.district, name="tea", term=Term(hours=1), valid_from=TODAY)


def test_every_term_of_the_rules_has_a_name_for_readers() -> None:
    from luoshi.registry import words
    from luoshi.rules.deadlines import TERM_NAMES

    assert tuple(words.TERM_NAMES) == TERM_NAMES
