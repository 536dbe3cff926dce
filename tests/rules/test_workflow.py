"""The proof of the workflow: every case that can come about keeps every promise.

`enumeration` finds the cases, `promises` says what is promised. Here: that all of it holds, that
there is always a way to an end, that the clock never stops, and that the proof itself is alive.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from luoshi.rules.case import TABLE, decide
from luoshi.rules.deadlines import Calendar, Terms
from luoshi.rules.describe import edges
from luoshi.rules.due import OWES, due_of
from luoshi.rules.evolve import evolve
from luoshi.rules.state import (
    MAX_LEVEL,
    Command,
    Due,
    Extension,
    Facts,
    Resolution,
    Sample,
    Seat,
    State,
    Status,
)
from tests.rules.enumeration import Found, plain, quick
from tests.rules.ghost import CHILD_CLOSES, Ghost
from tests.rules.promises import PROMISES, SPECIFIED, proof
from tests.rules.tries import DEADLINE, FRESH, NOW, SAMPLER, WAITS

EVERY_DAY = Calendar(tz=UTC, working={}, known_years=frozenset({2026}))


def open_cases() -> list[tuple[State, Ghost]]:
    return [(state, ghost) for state, ghost in proof()[0].cases if state.open]


# ---- The promises ----


@pytest.mark.parametrize("promise", PROMISES)
def test_every_case_keeps_the_promise(promise: str) -> None:
    found, audit = proof()
    broken = audit.broken.get(promise)
    if broken:
        start = found.cases.get(plain(broken.before, broken.ghost, {}))
        story = " > ".join(found.story(start)) if start is not None else "?"
        pytest.fail(f"{promise}\nafter {story}\n{broken.move}\n{broken.events}")
    assert audit.asked[promise] > 0


def test_the_enumeration_is_complete_and_small() -> None:
    found, audit = proof()
    assert set(audit.happened) == set(TABLE)
    assert {state.status for state, _ in found.cases} == {None, *Status}
    assert {"withdraw_claim", CHILD_CLOSES, "unmerge"} <= {
        kind for leads in found.leads_to for _, kind in leads
    }
    assert 5_000 < len(found.cases) < 60_000


def test_the_enumeration_reaches_what_is_rare() -> None:
    cases = proof()[0].cases
    rare = {
        "two reporters, one of whom said solved": lambda s, g: s.awaiting == 1 and g.voted == 1,
        "the final ruling": lambda s, g: s.final,
        "concludable with a merged case": lambda s, g: s.concludable and g.absorbed,
        "a second not solved with a child": lambda s, g: g.unsolved == 2 and g.open_kids,
        "a claim of the desk": lambda s, g: s.outcome is Resolution.DECLINED,
        "raised to site": lambda s, g: s.raised,
        "an answer under a second check": lambda s, g: s.sample is Sample.DRAWN and g.disputed,
        "an earlier verifier opened it": lambda s, g: s.begun and not s.opened,
        "assigned by its former company": lambda s, g: s.was_assigned and s.status is Status.NEW,
    }
    missing = [what for what, seen in rare.items() if not any(seen(s, g) for s, g in cases)]
    assert missing == []


def test_the_specification_names_every_command_of_the_table() -> None:
    assert set(SPECIFIED) == set(TABLE)
    assert all(TABLE[kind].by == seats for kind, (seats, _, _) in SPECIFIED.items())
    assert all(TABLE[kind].frm == start for kind, (_, start, _) in SPECIFIED.items())


def test_the_diagram_draws_exactly_the_ways_that_cases_take() -> None:
    assert set(edges()) == proof()[1].ways


def test_copying_cases_quickly_makes_the_same_cases() -> None:
    for state, _ in open_cases()[::50]:
        assert quick(state, level=2, owner=8) == replace(state, level=2, owner=8)


# ---- There is always a way to an end ----


def stuck(found: Found, *, without: Iterable[str], ends: Iterable[int]) -> set[int]:
    """Open cases from which no way leads to one of the ends without these commands."""
    barred = set(without)
    back: dict[int, list[int]] = {}
    for number, leads in enumerate(found.leads_to):
        for there, kind in leads:
            if kind not in barred:
                back.setdefault(there, []).append(number)
    reached, queue = set(ends), list(ends)
    while queue:
        for number in back.get(queue.pop(), ()):
            if number not in reached:
                reached.add(number)
                queue.append(number)
    return {number for (state, _), number in found.cases.items() if state.open} - reached


def ends(found: Found, *, assigned: bool | None = None) -> set[int]:
    return {
        number
        for (state, _), number in found.cases.items()
        if state.status is Status.CLOSED
        and state.resolution is not Resolution.MERGED
        and assigned in (None, state.was_assigned)
    }


def test_from_every_open_case_there_is_a_way_to_an_end() -> None:
    found, _ = proof()
    assert stuck(found, without={"merge"}, ends=ends(found)) == set()


def test_from_every_open_case_there_is_a_way_to_a_verified_end_without_giving_up() -> None:
    found, _ = proof()
    giving_up = {"merge", "answer", "decline", "conclude"}
    assert stuck(found, without=giving_up, ends=ends(found, assigned=True)) == set()


def test_nobody_can_hold_a_case_for_ever_by_doing_nothing_but_the_verifying_side() -> None:
    """A reporter who never answers, and a leader who never resumes, do not stop a case."""
    found, _ = proof()
    silent = {"merge", "verdict", "resume", "answer", "decline", "conclude"}
    assert stuck(found, without=silent, ends=ends(found, assigned=True)) == set()


@pytest.mark.parametrize(
    ("missing", "status"),
    [
        ({"rule", "decline_return"}, Status.RETURNED),
        ({"acknowledge", "return", "transfer", "merge"}, Status.ASSIGNED),
        ({"verdict", "tick"}, Status.VERDICT),
        ({"draw"}, Status.CLAIMED),
        ({"resume", "tick"}, Status.DEFERRED),
        ({"assign", "answer", "decline", "merge"}, Status.NEW),
        ({CHILD_CLOSES}, Status.HANDLING),
    ],
)
def test_a_dead_end_would_be_noticed(missing: set[str], status: Status) -> None:
    found, _ = proof()
    numbers = stuck(found, without={"merge", *missing}, ends=ends(found))
    assert status in {state.status for (state, _), n in found.cases.items() if n in numbers}


# ---- The clock ----


def test_every_open_case_waits_for_somebody_until_a_time() -> None:
    for state, _ in open_cases():
        for contacted in (True, False):
            due = due_of(replace(state, contacted=contacted), Terms(), EVERY_DAY)
            assert due is not None, state
            assert due[0] in WAITS[state.status or Status.NEW]
            assert due[0] in OWES


def test_the_clock_goes_on_until_the_top_level_or_until_it_moves_the_case() -> None:
    alike = {what_the_clock_reads(state): state for state, _ in open_cases()}
    for state in alike.values():
        assert ticking(state) in {"moved", "top", "drawn anew"}, state
    assert len(alike) > len(Status)


def what_the_clock_reads(s: State) -> tuple[object, ...]:
    starts = (s.since, s.assigned_at, s.claimed_at, s.drawn_at, s.review_at, s.deadline)
    return (s.status, bool(s.reporters), s.contacted, s.verifier, s.outcome, s.extension, *starts)


def ticking(state: State) -> str:
    """What becomes of a case with which nobody does anything any more."""
    last: tuple[Due, datetime] | None = None
    for _ in range(12):
        due = due_of(state, Terms(), EVERY_DAY)
        if due is None:
            at_top = state.level == MAX_LEVEL and state.missed
            return "top" if at_top else "forgotten"
        if last is not None and due[1] <= last[1] and due[0] is last[0]:
            return "the same again"
        last = due
        after = tick(replace(state, due=due[0]), due)
        if after.status is not state.status:
            return "moved"
        state = after
    return "drawn anew" if state.status is Status.CLAIMED else "endless"


def tick(state: State, due: tuple[Due, datetime]) -> State:
    facts = Facts(now=due[1], seats=frozenset({Seat.SYSTEM}), passed_due=due[0])
    for event in decide(state, Command("tick"), facts):
        state = evolve(state, event, due[1])
    return state


def test_a_new_verifier_has_his_own_two_days_even_at_the_top_level() -> None:
    late = State(status=Status.CLAIMED, claimed_at=NOW, since=NOW, verifier=1, level=MAX_LEVEL)
    due = due_of(late, Terms(), EVERY_DAY)
    assert due is not None
    waiting = tick(replace(late, due=due[0]), due)
    assert waiting.verifier is None
    draw = Facts(now=due[1], seats=frozenset({Seat.SYSTEM}))
    for event in decide(waiting, Command("draw", {"person": 2}), draw):
        waiting = evolve(waiting, event, due[1])
    again = due_of(waiting, Terms(), EVERY_DAY)
    assert again is not None
    assert again[0] is Due.VERIFY
    assert again[1] >= due[1] + timedelta(days=2)


# ---- What stays possible ----


def test_what_the_desk_closed_alone_can_be_disputed_and_is_sampled_by_somebody_else() -> None:
    checked = 0
    for state, ghost in proof()[0].cases:
        at_desk = state.resolution in {Resolution.ANSWERED, Resolution.DECLINED}
        if not at_desk or state.was_assigned:
            continue
        checked += 1
        reporter = Facts(now=NOW, seats=frozenset({Seat.REPORTER}))
        events = decide(state, Command("reopen", {"text": 1}), reporter)
        assert evolve(state, events[0], NOW).disputed
        if ghost.sample == "none":
            system = Facts(now=NOW, seats=frozenset({Seat.SYSTEM}))
            assert decide(state, Command("draw_sample", {"person": SAMPLER}), system)
    assert checked > 10


def test_every_verified_or_unsolved_end_can_be_reopened_unless_it_is_a_part() -> None:
    facts = Facts(now=NOW, seats=frozenset({Seat.DESK}), deadline=FRESH)
    for state, _ in proof()[0].cases:
        if state.status is Status.CLOSED and state.was_assigned and not state.parent:
            if state.resolution is Resolution.MERGED:
                continue
            events = decide(state, Command("reopen", {"text": 1}), facts)
            again = evolve(state, events[0], NOW)
            assert again.status is Status.HANDLING
            assert again.extension is Extension.NONE
            assert again.deadline == FRESH != DEADLINE
