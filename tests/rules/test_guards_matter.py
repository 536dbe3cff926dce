"""Each guard of the table is needed: without it the proof of test_workflow fails.

A table with one guard less allows all that the table as it is allows, so the search goes on from
the cases of the proof with the moves that only the missing guard held back, and stops at the
first step that breaks a promise.
"""

from dataclasses import replace

import pytest

from luoshi.rules import guards as g
from luoshi.rules.case import TABLE, Row
from luoshi.rules.guards import Guard
from luoshi.rules.state import Seat, Status
from tests.rules.enumeration import explore_more
from tests.rules.ghost import Step
from tests.rules.promises import Broken, judge, proof
from tests.rules.tries import Table

GUARDS = [
    pytest.param(kind, guard, id=f"{kind} without {guard.__name__}")
    for kind, row in TABLE.items()
    for guard in (*row.when, *row.given)
]


def first_broken(kind: str, row: Row, *, promises: tuple[str, ...] = ()) -> str | None:
    """The first promise that breaks when this row takes the place of the table's."""

    def check(step: Step) -> None:
        judge(step, only=promises)

    table: Table = {**TABLE, kind: row}
    found, audit = proof()
    assert not audit.broken
    try:
        explore_more(found, table=table, changed=kind, check=check)
    except Broken as broken:
        return broken.promise
    return None


def without(row: Row, guard: Guard) -> Row:
    when, given = (tuple(x for x in part if x is not guard) for part in (row.when, row.given))
    return replace(row, when=when, given=given)


def test_the_table_as_it_is_keeps_every_promise() -> None:
    found, audit = proof()
    assert audit.broken == {}
    assert found.transitions > 50_000


@pytest.mark.parametrize(("kind", "guard"), GUARDS)
def test_the_proof_fails_without_this_guard(kind: str, guard: Guard) -> None:
    assert first_broken(kind, without(TABLE[kind], guard)) is not None


def test_no_guard_is_written_and_not_used() -> None:
    used = {guard for row in TABLE.values() for guard in (*row.when, *row.given)}
    written = {
        value
        for value in vars(g).values()
        if callable(value) and getattr(value, "__module__", "") == g.__name__
    }
    assert {guard.__name__ for guard in written - used} == set()


CLOSING = (
    "what_was_assigned_closes_only_after_an_independent_pass",
    "the_desk_alone_closes_only_what_a_person_reported_in_the_open",
    "unverified_is_only_an_old_record_at_its_import",
    "unsolved_follows_directly_on_the_second_not_solved_after_a_pass",
    "who_can_be_reached_has_the_last_word_or_its_lapse_is_recorded",
    "silence_is_never_counted_as_satisfied",
)
"""Invariant 1 and nothing else: what is seen when a case is closed."""


@pytest.mark.parametrize(
    ("kind", "guard"),
    [
        ("answer", g.a_person_reported),
        ("answer", g.never_assigned),
        ("decline", g.not_sealed),
        ("merge", g.assigned_only_into_assigned),
        ("merge", g.target_as_strict),
        ("draw", g.eligible),
        ("verify", g.was_opened),
        ("verify", g.eligible_to_pass),
        ("verdict", g.first_word),
        ("conclude", g.second_not_solved),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_without_this_guard_a_case_closes_on_paper(kind: str, guard: Guard) -> None:
    """Not only the sentence about the guard itself breaks: the case ends as it never may."""
    assert first_broken(kind, without(TABLE[kind], guard), promises=CLOSING) in CLOSING


@pytest.mark.parametrize("kind", sorted(TABLE.keys() - {"ask", "transfer"}))  # guards ask
def test_the_proof_fails_when_anybody_may_give_the_command(kind: str) -> None:
    assert first_broken(kind, replace(TABLE[kind], by=frozenset(Seat))) is not None


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("answer", Status.CLOSED),
        ("assign", Status.CLOSED),
        ("claim", Status.DEFERRED),
        ("conclude", Status.DEFERRED),
        ("defer", Status.CLAIMED),
        ("inspect", Status.CLAIMED),
        ("join", Status.CLOSED),
        ("merge", Status.VERDICT),
        ("reopen", Status.VERDICT),
        ("return", Status.CLAIMED),
        ("split", Status.CLAIMED),
        ("transfer", Status.VERDICT),
        ("verdict", Status.CLAIMED),
        ("withdraw_claim", Status.HANDLING),
    ],
)
def test_the_proof_fails_when_a_command_is_given_in_another_status(
    kind: str, status: Status
) -> None:
    row = TABLE[kind]
    assert first_broken(kind, replace(row, frm=row.frm | {status})) is not None
