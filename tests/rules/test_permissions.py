"""Who sits where: the chain of replacement, and who sees what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.rules.independence import UnitFact
from luoshi.rules.permissions import CHAIN, RoleFact, may_see, seats
from luoshi.rules.state import Resolution, Seat, State, Status

OFFICE, TEAM_UNIT, STREET, COMMUNITY, OTHER, COUNCIL, PANEL_UNIT = range(1, 8)
UNITS = {
    unit.id: unit
    for unit in (
        UnitFact(OFFICE, None, "desk", None),
        UnitFact(TEAM_UNIT, None, "team", None),
        UnitFact(STREET, None, "street", None),
        UnitFact(COMMUNITY, STREET, "community", None),
        UnitFact(OTHER, None, "department", None),
        UnitFact(COUNCIL, None, "department", None),
        UnitFact(PANEL_UNIT, None, "panel", None),
    )
}
DESK1, DESK2, INSPECTOR, LEADER, PANEL, HANDLER, STREET_LEADER, CLERK = range(101, 109)
ROSTER = (
    RoleFact(DESK1, "desk", OFFICE),
    RoleFact(DESK2, "desk", OFFICE),
    RoleFact(INSPECTOR, "inspector", TEAM_UNIT),
    RoleFact(LEADER, "leader", COUNCIL),
    RoleFact(PANEL, "panel", PANEL_UNIT),
    RoleFact(HANDLER, "handler", COMMUNITY),
    RoleFact(STREET_LEADER, "leader", STREET),
    RoleFact(CLERK, "data", OTHER),
)
HANDLING = State(
    status=Status.HANDLING, owner=COMMUNITY, was_assigned=True, handlers=frozenset({COMMUNITY})
)


def of(
    person: int, state: State = HANDLING, roster: tuple[RoleFact, ...] = ROSTER, **known: object
) -> frozenset[Seat]:
    return seats(person=person, state=state, roster=roster, units=UNITS, **known)  # type: ignore[arg-type]


def holders(seat: Seat, state: State = HANDLING, roster: tuple[RoleFact, ...] = ROSTER) -> set[int]:
    return {fact.person for fact in roster if seat in of(fact.person, state, roster)}


def changed(**roles: str) -> tuple[RoleFact, ...]:
    """The roster without these people, or with them absent."""
    people = {name: globals()[name.upper()] for name in roles}
    gone = {people[name] for name, what in roles.items() if what == "gone"}
    away = {people[name] for name, what in roles.items() if what == "absent"}
    return tuple(
        RoleFact(f.person, f.role, f.unit, absent=f.person in away)
        for f in ROSTER
        if f.person not in gone
    )


# ---- Ordinary days ----


@pytest.mark.parametrize(
    ("person", "seats_held"),
    [
        (DESK1, {Seat.DESK}),
        (INSPECTOR, {Seat.INSPECTOR}),
        (LEADER, {Seat.LEADER, Seat.NEUTRAL}),
        (STREET_LEADER, {Seat.LEADER}),
        (HANDLER, {Seat.OWNER}),
        (PANEL, set()),
        (CLERK, set()),
    ],
)
def test_everybody_sits_where_his_role_puts_him(person: int, seats_held: set[Seat]) -> None:
    assert of(person) == seats_held


def test_only_the_unit_that_owns_the_case_handles_it() -> None:
    moved = State(status=Status.HANDLING, owner=OTHER, handlers=frozenset({COMMUNITY, OTHER}))
    assert Seat.OWNER not in of(HANDLER, moved)


def test_only_who_was_drawn_verifies_or_checks() -> None:
    claimed = State(status=Status.CLAIMED, owner=COMMUNITY, verifier=CLERK)
    assert holders(Seat.VERIFIER, claimed) == {CLERK}
    answered = State(status=Status.CLOSED, resolution=Resolution.ANSWERED, sampler=DESK2)
    assert holders(Seat.SAMPLER, answered) == {DESK2}


def test_without_a_drawn_verifier_nobody_verifies() -> None:
    assert holders(Seat.VERIFIER) == holders(Seat.SAMPLER) == set()


# ---- Whoever may not act is replaced ----


@pytest.mark.parametrize("what", ["gone", "absent"])
def test_the_chain_goes_from_the_desk_to_the_team_to_leaders_to_the_panel(what: str) -> None:
    assert holders(Seat.DESK, roster=changed(desk1=what)) == {DESK2}
    both = {"desk1": what, "desk2": what}
    assert holders(Seat.DESK, roster=changed(**both)) == {INSPECTOR}
    assert holders(Seat.DESK, roster=changed(**both, inspector=what)) == {LEADER, STREET_LEADER}
    leaders = {"leader": what, "street_leader": what}
    assert holders(Seat.DESK, roster=changed(**both, inspector=what, **leaders)) == {PANEL}
    nobody = changed(**both, inspector=what, **leaders, panel=what)
    assert holders(Seat.DESK, roster=nobody) == set()


def test_the_team_is_replaced_by_leaders_and_they_by_the_panel() -> None:
    assert holders(Seat.INSPECTOR, roster=changed(inspector="gone")) == {LEADER, STREET_LEADER}
    leaders = {"leader": "gone", "street_leader": "gone"}
    assert holders(Seat.LEADER, roster=changed(**leaders)) == {PANEL}
    assert holders(Seat.NEUTRAL, roster=changed(**leaders)) == {PANEL}


def test_a_sealed_case_skips_the_desk() -> None:
    sealed = State(status=Status.NEW, sealed=True)
    assert holders(Seat.DESK, sealed) == {INSPECTOR}


def test_an_accused_desk_leaves_its_seat_to_the_team() -> None:
    accused = State(status=Status.NEW, accused=frozenset({OFFICE}))
    assert holders(Seat.DESK, accused) == {INSPECTOR}


def test_an_accused_leader_decides_nothing() -> None:
    accused = State(status=Status.NEW, accused=frozenset({COUNCIL}))
    assert holders(Seat.LEADER, accused) == {STREET_LEADER}
    assert LEADER not in holders(Seat.NEUTRAL, accused)


def test_a_desk_person_of_the_owning_unit_is_replaced() -> None:
    roster = (*ROSTER, RoleFact(DESK1, "handler", COMMUNITY))
    assert holders(Seat.DESK, roster=roster) == {DESK2}
    roster = (*roster, RoleFact(DESK2, "leader", COMMUNITY))
    assert holders(Seat.DESK, roster=roster) == {INSPECTOR}


def test_alone_at_the_desk_with_a_disputed_answer_he_leaves_it_to_the_team() -> None:
    disputed = State(status=Status.NEW, disputed=True, answered_by=DESK1)
    assert holders(Seat.DESK, disputed) == {DESK1, DESK2}
    assert holders(Seat.DESK, disputed, changed(desk2="gone")) == {INSPECTOR}


# ---- A leader of no unit concerned ----


def test_a_leader_of_the_branch_of_a_handler_is_not_neutral() -> None:
    assert holders(Seat.NEUTRAL) == {LEADER}


def test_a_leader_whose_unit_handled_a_part_of_the_case_is_not_neutral() -> None:
    assert Seat.NEUTRAL in of(LEADER)
    assert Seat.NEUTRAL not in of(LEADER, family=frozenset({COUNCIL}))


def test_with_every_leader_concerned_the_panel_rules() -> None:
    wide = State(status=Status.RETURNED, owner=OTHER, handlers=frozenset({STREET, COUNCIL}))
    assert holders(Seat.NEUTRAL, wide) == {PANEL}


# ---- Whatever the roster ----

PEOPLE = st.integers(1, 6)


@st.composite
def rosters(draw: st.DrawFn) -> tuple[RoleFact, ...]:
    roles = st.sampled_from((*CHAIN, "handler", "verifier"))
    fact = st.builds(
        RoleFact,
        person=PEOPLE,
        role=roles,
        unit=st.sampled_from(sorted(UNITS)),
        absent=st.booleans(),
    )
    return tuple(draw(st.lists(fact, max_size=8)))


CASES = st.builds(
    State,
    status=st.sampled_from([Status.NEW, Status.HANDLING, Status.RETURNED]),
    sealed=st.booleans(),
    owner=st.none() | st.sampled_from(sorted(UNITS)),
    accused=st.frozensets(st.sampled_from(sorted(UNITS)), max_size=2),
    handlers=st.frozensets(st.sampled_from(sorted(UNITS)), max_size=2),
)


@given(rosters(), CASES)
def test_nobody_of_an_accused_unit_ever_decides(roster: tuple[RoleFact, ...], state: State) -> None:
    deciding = {Seat.DESK, Seat.INSPECTOR, Seat.LEADER, Seat.NEUTRAL}
    for fact in roster:
        if fact.unit in state.accused:
            assert not of(fact.person, state, roster) & deciding


@given(rosters(), CASES)
def test_a_seat_is_held_by_one_link_of_the_chain_and_by_no_earlier_one_that_could(
    roster: tuple[RoleFact, ...], state: State
) -> None:
    barred = {f.person for f in roster if f.unit in state.accused or f.unit == state.owner}
    present = [
        {f.person for f in roster if f.role == link and not f.absent} - barred
        for link in CHAIN
        if not (link == "desk" and state.sealed)
    ]
    first = next((people for people in present if people), set())
    assert holders(Seat.DESK, state, roster) == first


@given(rosters(), CASES)
def test_whoever_rules_as_a_neutral_leader_has_no_role_in_a_unit_that_handled(
    roster: tuple[RoleFact, ...], state: State
) -> None:
    for fact in roster:
        if fact.unit in state.handlers:
            assert Seat.NEUTRAL not in of(fact.person, state, roster)


# ---- Seeing ----


def sees(person: int, state: State, touched: frozenset[int] = frozenset({COMMUNITY})) -> bool:
    return may_see(person=person, state=state, touched=touched, roster=ROSTER, units=UNITS)


def test_handlers_and_the_leaders_above_them_see_the_case_others_do_not() -> None:
    assert [p for p in range(101, 109) if sees(p, HANDLING)] == [
        DESK1,
        DESK2,
        INSPECTOR,
        LEADER,
        HANDLER,
        STREET_LEADER,
    ]


def test_of_a_sealed_case_only_the_team_and_those_who_handle_it_know() -> None:
    sealed = State(status=Status.NEW, sealed=True)
    assert [p for p in range(101, 109) if sees(p, sealed, frozenset())] == [INSPECTOR]


def test_whoever_is_accused_does_not_see_the_case() -> None:
    accused = State(status=Status.NEW, accused=frozenset({COUNCIL, OFFICE}))
    assert not sees(LEADER, accused)
    assert not sees(DESK1, accused)


def test_the_drawn_verifier_sees_the_case_wherever_he_sits() -> None:
    claimed = State(status=Status.CLAIMED, owner=COMMUNITY, verifier=CLERK)
    assert sees(CLERK, claimed)


def test_whoever_takes_the_place_of_others_sees_what_he_must_decide() -> None:
    everybody = frozenset({OFFICE, TEAM_UNIT, COUNCIL, STREET})
    accused = State(status=Status.NEW, accused=everybody)
    assert Seat.DESK in of(PANEL, accused)
    assert sees(PANEL, accused)
