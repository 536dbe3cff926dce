"""What each case waits for, until when, and what happens when it is missed."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from luoshi.rules.case import decide
from luoshi.rules.deadlines import Calendar, Terms
from luoshi.rules.due import OWES, due_of
from luoshi.rules.evolve import evolve
from luoshi.rules.state import (
    MAX_LEVEL,
    OPEN,
    Command,
    Due,
    Facts,
    Seat,
    State,
    Status,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEKS = Calendar(tz=SHANGHAI, working={}, known_years=frozenset({2026}))
WEDNESDAY = datetime(2026, 5, 20, 9, 30, tzinfo=SHANGHAI)
FRIDAY = datetime(2026, 5, 22, 16, 0, tzinfo=SHANGHAI)
END_OF_THURSDAY = datetime(2026, 5, 22, tzinfo=SHANGHAI)
END_OF_FRIDAY = datetime(2026, 5, 23, tzinfo=SHANGHAI)
END_OF_MONDAY = datetime(2026, 5, 26, tzinfo=SHANGHAI)
END_OF_NEXT_WEDNESDAY = datetime(2026, 5, 28, tzinfo=SHANGHAI)
DEADLINE = datetime(2026, 5, 27, tzinfo=SHANGHAI)


def case(status: Status, **known: object) -> State:
    return State(status=status, since=WEDNESDAY, **known)  # type: ignore[arg-type]


def due(state: State) -> tuple[Due, datetime] | None:
    return due_of(state, Terms(), WEEKS)


@pytest.mark.parametrize(
    ("state", "what", "until"),
    [
        (case(Status.NEW), Due.TRIAGE, END_OF_THURSDAY),
        (case(Status.NEW, urgency="danger"), Due.TRIAGE, WEDNESDAY + timedelta(hours=1)),
        (case(Status.ASSIGNED, assigned_at=WEDNESDAY), Due.ACKNOWLEDGE, END_OF_THURSDAY),
        (case(Status.HANDLING, deadline=DEADLINE), Due.HANDLING, DEADLINE),
        (case(Status.HANDLING, deadline=DEADLINE, reporters=1), Due.CONTACT, END_OF_THURSDAY),
        (case(Status.RETURNED), Due.RULING, END_OF_THURSDAY),
        (case(Status.CLAIMED, claimed_at=WEDNESDAY), Due.VERIFY, END_OF_FRIDAY),
        (case(Status.VERDICT), Due.VERDICT, END_OF_NEXT_WEDNESDAY),
        (case(Status.DEFERRED, review_at=DEADLINE), Due.REVIEW, DEADLINE),
    ],
    ids=lambda value: str(getattr(value, "status", value)),
)
def test_each_open_case_waits_for_one_thing(state: State, what: Due, until: datetime) -> None:
    assert due(state) == (what, until)


def test_every_due_time_has_somebody_who_owes_it() -> None:
    assert set(OWES) == set(Due)


def test_a_closed_case_waits_for_nothing() -> None:
    assert due(case(Status.CLOSED)) is None


def test_a_weekend_is_no_time_to_triage() -> None:
    assert due(State(status=Status.NEW, since=FRIDAY)) == (Due.TRIAGE, END_OF_MONDAY)


def test_danger_to_life_is_triaged_at_a_weekend_too() -> None:
    late = datetime(2026, 5, 23, 23, 30, tzinfo=SHANGHAI)
    state = State(status=Status.NEW, since=late, urgency="danger")
    assert due(state) == (Due.TRIAGE, late + timedelta(hours=1))


def test_what_turns_out_to_be_dangerous_was_to_be_triaged_an_hour_after_it_came() -> None:
    told = Command("classify", {"category": "gas", "urgency": "danger"})
    state, later = case(Status.NEW), WEDNESDAY + timedelta(hours=3)
    for event in decide(state, told, Facts(now=later, seats=frozenset({Seat.DESK}))):
        state = evolve(state, event, later)
    assert due(state) == (Due.TRIAGE, WEDNESDAY + timedelta(hours=1))


def test_acknowledging_runs_from_the_assignment_not_from_a_merge_taken_back() -> None:
    state = State(status=Status.ASSIGNED, assigned_at=WEDNESDAY, since=FRIDAY)
    assert due(state) == (Due.ACKNOWLEDGE, END_OF_THURSDAY)


def test_once_contacted_only_the_deadline_counts() -> None:
    state = case(Status.HANDLING, deadline=DEADLINE, reporters=1, contacted=True)
    assert due(state) == (Due.HANDLING, DEADLINE)


def test_a_claim_made_and_withdrawn_does_not_replace_the_first_contact() -> None:
    state = case(Status.HANDLING, deadline=DEADLINE, reporters=1, claims=1)
    assert due(state) == (Due.CONTACT, END_OF_THURSDAY)


def test_danger_to_life_comes_before_the_contact() -> None:
    at_once = WEDNESDAY + timedelta(hours=2)
    state = case(Status.HANDLING, deadline=at_once, reporters=1)
    assert due(state) == (Due.HANDLING, at_once)


def test_a_missed_contact_makes_way_for_the_deadline() -> None:
    state = case(
        Status.HANDLING, deadline=DEADLINE, reporters=1, missed=frozenset({Due.CONTACT}), level=1
    )
    assert due(state) == (Due.HANDLING, DEADLINE)


def test_the_verifier_has_his_time_from_when_he_was_drawn() -> None:
    state = case(Status.CLAIMED, claimed_at=WEDNESDAY - timedelta(days=7), drawn_at=WEDNESDAY)
    assert due(state) == (Due.VERIFY, END_OF_FRIDAY)


def missed(state: State, at: datetime) -> State:
    """The case after the clock has done what was due."""
    waiting = due(state)
    assert waiting is not None
    facts = Facts(now=at, seats=frozenset({Seat.SYSTEM}), passed_due=waiting[0])
    for event in decide(replace(state, due=waiting[0]), Command("tick"), facts):
        state = evolve(state, event, at)
    return state


def test_what_is_missed_is_reminded_of_every_two_working_days_up_to_the_top() -> None:
    state, waited = case(Status.NEW), []
    while (waiting := due(state)) is not None:
        waited.append(waiting[1])
        state = missed(state, waiting[1])
    assert waited[0] == END_OF_THURSDAY
    assert waited[1] == datetime(2026, 5, 27, tzinfo=SHANGHAI)  # Monday and Tuesday in between
    assert len(waited) == state.level == MAX_LEVEL


def test_a_missed_verification_frees_the_claim_for_another_draw() -> None:
    state = missed(case(Status.CLAIMED, claimed_at=WEDNESDAY, verifier=7), END_OF_FRIDAY)
    assert (state.verifier, state.level, state.status) == (None, 1, Status.CLAIMED)


def test_with_nobody_to_draw_the_clock_tries_again_even_at_the_top_level() -> None:
    state = case(Status.CLAIMED, claimed_at=WEDNESDAY, level=MAX_LEVEL)
    state = missed(state, END_OF_FRIDAY)
    waiting = due(state)
    assert waiting is not None
    assert waiting[0] is Due.VERIFY
    assert waiting[1] > END_OF_FRIDAY


def test_the_last_one_asked_has_his_full_time_for_a_verdict() -> None:
    state = case(Status.VERDICT, reporters=1, awaiting=1)
    data = {"report": 2, "reachable": True}
    facts = Facts(now=FRIDAY, seats=frozenset({Seat.DOOR}))
    for event in decide(state, Command("join", data), facts):
        state = evolve(state, event, FRIDAY)
    waiting = due(state)
    assert waiting == (Due.VERDICT, datetime(2026, 5, 30, tzinfo=SHANGHAI))
    assert state.awaiting == 2


def test_an_open_case_without_a_start_is_a_fault_and_is_not_hidden() -> None:
    with pytest.raises(ValueError, match="no start"):
        due(State(status=Status.NEW))


def test_every_open_status_is_covered_here() -> None:
    covered = {
        Status.NEW,
        Status.ASSIGNED,
        Status.HANDLING,
        Status.RETURNED,
        Status.CLAIMED,
        Status.VERDICT,
        Status.DEFERRED,
    }
    assert covered == OPEN
