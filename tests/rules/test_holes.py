"""Ways to close or hide a case on paper that the table once left open, each as a short story.

The enumeration finds such ways by itself; these few are kept because people try them.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from luoshi.rules.case import decide
from luoshi.rules.evolve import evolve
from luoshi.rules.state import (
    Command,
    Due,
    Extension,
    Facts,
    Origin,
    Refused,
    Resolution,
    Seat,
    State,
    Status,
    Verdict,
)

NOW = datetime(2026, 5, 20, 1, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=7)
COMMUNITY, STREET, OFFICE = 1, 2, 3
ANNA, BEN, VERIFIER = 11, 12, 13


class Play:
    """One case on a stage: whoever is called does what he is told, or is refused."""

    def __init__(self, state: State | None = None) -> None:
        self.state = state or State()

    def does(
        self, seat: Seat, kind: str, *, facts: dict[str, Any] | None = None, **data: Any
    ) -> None:
        known = Facts(
            **{"now": NOW, "seats": frozenset({seat}), "deadline": LATER, **(facts or {})}
        )
        for event in decide(self.state, Command(kind, data), known):
            self.state = evolve(self.state, event, NOW)

    def is_refused(self, reason: str, seat: Seat, kind: str, **given: Any) -> None:
        before = self.state
        with pytest.raises(Refused, match=f"^{reason}$"):
            self.does(seat, kind, **given)
        assert self.state == before


def received(*, reporters: int = 1, **told: Any) -> Play:
    play = Play()
    play.does(Seat.DOOR, "receive", report=1, reachable=bool(reporters), category="litter", **told)
    for number in range(2, reporters + 1):
        play.does(Seat.DOOR, "join", report=number, reachable=True)
    return play


def handled(*, reporters: int = 1) -> Play:
    play = received(reporters=reporters)
    play.does(Seat.DESK, "assign", owner=COMMUNITY)
    play.does(Seat.OWNER, "acknowledge", person=21)
    return play


def claimed(*, reporters: int = 1) -> Play:
    play = handled(reporters=reporters)
    claim(play)
    return play


def claim(play: Play) -> None:
    play.does(Seat.OWNER, "claim", outcome="fixed", measures=["cleared"], text=1)
    play.does(Seat.SYSTEM, "draw", person=VERIFIER)


def passed(*, reporters: int = 1) -> Play:
    play = claimed(reporters=reporters)
    verify(play)
    return play


def verify(play: Play) -> None:
    play.does(Seat.VERIFIER, "open")
    play.does(Seat.VERIFIER, "verify", passed=True, heard="call")


def not_solved_twice() -> Play:
    play = passed()
    play.does(Seat.REPORTER, "verdict", solved=False)
    claim(play)
    verify(play)
    play.does(Seat.REPORTER, "verdict", solved=False)
    return play


# ---- Merging ----


def test_what_was_merged_into_an_assigned_case_is_not_answered_when_the_merge_is_taken_back() -> (
    None
):
    play, whole = received(), handled().state
    play.does(Seat.DESK, "merge", target=9, facts={"target": whole})
    play.does(Seat.DESK, "unmerge", facts={"target": whole})
    assert play.state.status is Status.NEW
    play.is_refused("already_assigned", Seat.DESK, "answer", text=1)


@pytest.mark.parametrize(
    "found", [{"origin": Origin.INSPECTION}, {"origin": Origin.FINDING}, {"sealed": True}]
)
def test_what_the_team_found_is_not_merged_into_a_case_that_the_desk_can_answer(
    found: dict[str, Any],
) -> None:
    play = received(**found)
    other = {"target": received().state}
    play.is_refused("target_less_strict", Seat.DESK, "merge", target=9, facts=other)


def test_a_finding_that_joins_a_report_takes_it_from_the_desk() -> None:
    play = received()
    play.does(Seat.DOOR, "join", origin=Origin.FINDING)
    play.is_refused("not_reported_by_a_person", Seat.DESK, "answer", text=1)
    assert play.state.reports == 1


def test_who_gave_a_disputed_answer_does_not_merge_the_dispute_away() -> None:
    play = received()
    anna, ben = {"person": ANNA}, {"person": BEN}
    play.does(Seat.DESK, "answer", text=1, facts=anna)
    play.does(Seat.REPORTER, "reopen", text=1)
    target = {"target": received().state}
    play.is_refused("same_desk_person", Seat.DESK, "merge", target=9, facts=anna | target)
    play.does(Seat.DESK, "merge", target=9, facts=ben | target)


def test_a_merge_keeps_the_earlier_deadline_also_as_the_original_one() -> None:
    play = handled()
    early = NOW + timedelta(days=1)
    data = {"case": 8, "reports": 1, "reporters": 1, "deadline": early.isoformat()}
    play.does(Seat.SYSTEM, "absorb", **data)
    assert (play.state.deadline, play.state.original_deadline) == (early, early)


def test_a_reporter_is_not_taken_out_of_the_verdicts_before_he_speaks() -> None:
    play = received()
    at_verdict = passed(reporters=2)
    play.does(Seat.DESK, "merge", target=9, facts={"target": handled().state})
    play.is_refused("target_at_verdict", Seat.DESK, "unmerge", facts={"target": at_verdict.state})
    at_verdict.is_refused("wrong_status", Seat.SYSTEM, "release", case=8, reports=1, reporters=1)


# ---- Claims ----


def test_a_claim_that_a_verifier_opened_is_not_withdrawn_when_another_is_drawn() -> None:
    play = claimed()
    play.does(Seat.VERIFIER, "open")
    play.does(Seat.VERIFIER, "recuse", text=1)
    play.is_refused("verification_begun", Seat.OWNER, "withdraw_claim")
    play.does(Seat.SYSTEM, "draw", person=VERIFIER + 1)
    play.is_refused("verification_begun", Seat.OWNER, "withdraw_claim")
    play.is_refused("open_the_claim_first", Seat.VERIFIER, "verify", passed=True)


def test_withdrawing_a_claim_draws_no_other_verifier() -> None:
    play = claimed()
    play.does(Seat.OWNER, "withdraw_claim")
    play.does(Seat.OWNER, "claim", outcome="fixed", measures=["cleared"], text=1)
    assert play.state.verifier == VERIFIER
    play.is_refused("verifier_drawn", Seat.SYSTEM, "draw", person=VERIFIER + 1)


def test_a_unit_does_not_withdraw_what_the_desk_declined() -> None:
    play = handled()
    play.does(Seat.OWNER, "return", right_unit=STREET, text=1)
    play.does(Seat.DESK, "decline_return", text=1, facts={"unit": OFFICE})
    assert play.state.handlers == {COMMUNITY, OFFICE}
    play.is_refused("claim_of_the_desk", Seat.OWNER, "withdraw_claim")


# ---- The last word ----


def test_one_reporter_does_not_speak_for_two() -> None:
    play = passed(reporters=2)
    play.does(Seat.REPORTER, "verdict", solved=True)
    again = {"voted": True}
    play.is_refused("verdict_given_before", Seat.REPORTER, "verdict", solved=True, facts=again)
    assert play.state.status is Status.VERDICT
    play.does(Seat.REPORTER, "verdict", solved=True)
    assert (play.state.status, play.state.verdict) == (Status.CLOSED, Verdict.SOLVED)


def test_when_one_said_solved_and_one_kept_silent_it_is_no_answer() -> None:
    play = passed(reporters=2)
    play.does(Seat.REPORTER, "verdict", solved=True)
    play.state = replace(play.state, due=Due.VERDICT)
    play.does(Seat.SYSTEM, "tick", facts={"passed_due": Due.VERDICT})
    assert (play.state.status, play.state.verdict) == (Status.CLOSED, Verdict.NO_ANSWER)


def test_a_part_has_no_reporter_whatever_comes_with_it() -> None:
    play = Play()
    given = {"parent": 9, "category": "litter", "owner": STREET, "report": 1, "reachable": True}
    play.does(Seat.DESK, "spawn", **given)
    assert (play.state.status, play.state.reporters) == (Status.ASSIGNED, 0)
    play.is_refused("is_a_child", Seat.DOOR, "join", report=2, reachable=True)


# ---- Giving up ----


def test_a_conclusion_follows_directly_on_the_second_not_solved() -> None:
    play = not_solved_twice()
    play.does(Seat.NEUTRAL, "conclude", text=1)
    assert (play.state.resolution, play.state.verdict) == (Resolution.UNSOLVED, Verdict.UNSOLVED)


@pytest.mark.parametrize("anew", ["split", "transfer", "claim"])
def test_whoever_starts_anew_does_not_conclude(anew: str) -> None:
    play = not_solved_twice()
    if anew == "split":
        play.does(Seat.DESK, "split", children=[8])
    if anew == "transfer":
        play.does(Seat.DESK, "transfer", owner=STREET, text=1)
        play.does(Seat.OWNER, "acknowledge")
    if anew == "claim":
        claim(play)
        play.does(Seat.VERIFIER, "open")
        play.does(Seat.VERIFIER, "verify", passed=False, text=1)
    play.is_refused("not_twice_unsolved", Seat.NEUTRAL, "conclude", text=1)


def test_an_extension_asked_of_one_owner_is_not_waiting_for_the_next() -> None:
    play = handled()
    play.does(Seat.OWNER, "ask_extension", days=3, text=1)
    play.does(Seat.DESK, "transfer", owner=STREET, text=1)
    play.does(Seat.OWNER, "acknowledge")
    assert play.state.extension is Extension.NONE
    play.is_refused("no_extension_asked", Seat.DESK, "decide_extension", granted=True)


def test_an_extension_without_an_end_is_not_granted() -> None:
    play = handled()
    play.does(Seat.OWNER, "ask_extension", days=3, text=1)
    endless = {"deadline": None}
    play.is_refused("days_missing", Seat.DESK, "decide_extension", granted=True, facts=endless)


def test_a_case_is_not_reopened_without_a_clock() -> None:
    play = passed()
    play.does(Seat.REPORTER, "verdict", solved=True)
    play.is_refused("deadline_missing", Seat.DESK, "reopen", text=1, facts={"deadline": None})
    play.does(Seat.DESK, "reopen", text=1)
    assert play.state.deadline == LATER


def test_a_notice_alone_is_refused_as_a_measure() -> None:
    play = handled()
    only = {"outcome": "fixed", "measures": ["notice"], "text": 1}
    play.is_refused("notice_is_not_a_measure", Seat.OWNER, "claim", **only)
