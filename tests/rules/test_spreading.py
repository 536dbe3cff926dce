"""A place against its own past: what is called spreading, and what is too little to say so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.rules.spreading import CHANCE, LEAST, Past, at_least, by_chance, week

WEEKS = st.lists(st.integers(0, 60), min_size=1, max_size=8).map(tuple)


def test_nothing_under_three_is_called_spreading_even_after_none_at_all() -> None:
    assert not week([0] * 8 + [2]).spreading
    assert week([0] * 8 + [3]).spreading


def test_what_is_usual_there_is_not_spreading() -> None:
    assert not week([10, 9, 11, 10, 12, 8, 10, 9, 14]).spreading
    assert week([10, 9, 11, 10, 12, 8, 10, 9, 19]).spreading


def test_a_place_that_always_swings_must_swing_further() -> None:
    assert Past((0, 8) * 4).bound > Past((4, 4) * 4).bound


def test_one_week_alone_is_compared_with_nothing() -> None:
    with pytest.raises(ValueError, match="at least one week before"):
        week([4])


def test_the_tail_of_a_known_distribution() -> None:
    assert at_least(0, 2.0) == 1.0
    assert round(at_least(1, 2.0), 4) == 0.8647
    assert round(at_least(5, 1.0), 4) == 0.0037


@given(WEEKS)
def test_the_bound_is_the_lowest_count_that_is_rare_and_above_the_spread(
    weeks: tuple[int, ...],
) -> None:
    past = Past(weeks)
    bound = past.bound
    assert bound >= LEAST
    assert at_least(bound, past.rate) < CHANCE
    assert bound > past.mean + 2 * past.spread
    below = bound - 1
    assert (
        below < LEAST
        or at_least(below, past.rate) >= CHANCE
        or below <= past.mean + 2 * past.spread
    )


@given(WEEKS, st.integers(0, 5))
def test_more_in_the_past_never_lowers_the_bound_of_an_even_past(
    weeks: tuple[int, ...], more: int
) -> None:
    even = Past((weeks[0],) * 8)
    assert Past((weeks[0] + more,) * 8).bound >= even.bound


def test_of_a_hundred_quiet_places_less_than_one_is_called_spreading_by_chance() -> None:
    assert by_chance([Past((1,) * 8)] * 100) < 1


@given(st.integers(1_000, 100_000))
def test_the_bound_of_a_large_district_is_found_and_lies_close_above_its_past(week: int) -> None:
    bound, rate = Past((week,) * 8).bound, week + 1 / 8
    assert week < bound < week + 4 * week**0.5 + 4
    assert at_least(bound, rate) < CHANCE <= at_least(bound - 1, rate)
