"""The figures cannot be gamed: what a handler says of himself enters none of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from luoshi.rules.figures import PUBLIC_N, History, Rate, Step, figures

START = datetime(2026, 5, 20, tzinfo=UTC)
DAY = timedelta(days=1)
NOW = START + 40 * DAY

GOOD = History(
    received_at=START,
    was_assigned=True,
    closed=True,
    triage=Step(due=START + DAY, done=START),
    acknowledge=Step(due=START + DAY, done=START),
    deadline=START + 5 * DAY,
    original_deadline=START + 5 * DAY,
    held_claim_at=START + 3 * DAY,
    held_verification_at=START + 4 * DAY,
    verified=[True],
    asked=True,
    verdicts=[True],
    satisfied=[True],
)


def test_one_good_case_is_one_of_one_everywhere() -> None:
    found = figures([GOOD], now=NOW)
    for rate in (found.triaged, found.acknowledged, found.on_time, found.solved, found.first_time):
        assert (rate.count, rate.of) == (1, 1)
    assert found.redone == Rate(0, 1)
    assert found.to_fix.median == 4 * DAY


def test_the_public_sees_no_rate_under_thirty() -> None:
    assert Rate(7, 9).percent(at_least=PUBLIC_N) is None
    assert Rate(29, 30).percent(at_least=PUBLIC_N) == 97
    assert Rate(0, 0).percent() is None


def test_a_reopening_voids_what_was_on_time() -> None:
    found = figures([replace(GOOD, reopened=1)], now=NOW)
    assert found.on_time == Rate(0, 1)
    assert found.first_time == Rate(0, 1)


def test_an_open_case_past_its_deadline_counts_as_late_and_a_young_one_not_at_all() -> None:
    late = replace(GOOD, closed=False, held_claim_at=None, held_verification_at=None)
    assert figures([late], now=NOW).on_time == Rate(0, 1)
    assert figures([late], now=START + DAY).on_time == Rate(0, 0)


def test_an_extension_helps_only_the_figure_that_says_so() -> None:
    extended = replace(GOOD, deadline=START + 9 * DAY, held_claim_at=START + 7 * DAY)
    found = figures([extended], now=NOW)
    assert found.on_time == Rate(1, 1)
    assert found.on_time_original == Rate(0, 1)


def test_silence_is_no_satisfaction_and_shows_as_missing_coverage() -> None:
    silent = replace(GOOD, verdicts=[], satisfied=[])
    found = figures([GOOD, silent], now=NOW)
    assert found.satisfied == Rate(1, 1, answered=1, asked=2)
    assert found.solved == Rate(1, 1, answered=1, asked=2)


def test_no_more_cases_have_an_answer_than_were_asked_however_many_reporters_answer() -> None:
    came_back = replace(GOOD, closed=False, verdicts=[True, False, True], satisfied=[True])
    found = figures([came_back], now=NOW)
    assert found.solved == Rate(2, 3, answered=1, asked=1)
    assert found.satisfied == Rate(1, 1, answered=1, asked=1)


def test_desk_answers_count_beside_the_cases_not_among_them() -> None:
    desk = History(
        received_at=START, was_assigned=False, closed=True, at_desk=True, sampled=[False]
    )
    found = figures([GOOD, desk], now=NOW)
    assert found.cases == 1
    assert found.at_desk == Rate(1, 2)
    assert found.desk_wrong == Rate(1, 1)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=60))
def test_median_and_p90_are_durations_that_occurred_and_in_order(days: list[int]) -> None:
    spread = figures(
        [replace(GOOD, held_verification_at=START + n * DAY) for n in days], now=NOW
    ).to_fix
    assert spread.n == len(days)
    assert spread.median in {n * DAY for n in days}
    assert spread.p90 is not None
    assert spread.median <= spread.p90
    assert sum(n * DAY <= spread.p90 for n in days) >= 0.9 * len(days)
