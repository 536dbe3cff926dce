"""Who may verify: nobody with a stake, whatever the shape of the district."""

from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.rules.independence import (
    Involved,
    UnitFact,
    branch,
    concerned,
    draw,
    ineligible,
    share,
)

STREET, COMMUNITY, OTHER_STREET, OTHER, GREEN, CLEANERS, CREW, SUB, TEAM = range(1, 10)
DISTRICT = {
    unit.id: unit
    for unit in (
        UnitFact(STREET, None, "street", None),
        UnitFact(COMMUNITY, STREET, "community", None),
        UnitFact(OTHER_STREET, None, "street", None),
        UnitFact(OTHER, OTHER_STREET, "community", None),
        UnitFact(GREEN, None, "department", None),
        UnitFact(CLEANERS, None, "contractor", GREEN),
        UnitFact(CREW, CLEANERS, "team", None),
        UnitFact(SUB, None, "contractor", CLEANERS),
        UnitFact(TEAM, None, "team", None),
    )
}


def why(
    *belongs: int,
    handlers: set[int] | None = None,
    accused: set[int] | None = None,
    acted: set[int] | None = None,
    absent: bool = False,
) -> str | None:
    return ineligible(
        person=500,
        belongs=frozenset(belongs),
        involved=Involved(
            handlers=frozenset(handlers or ()),
            accused=frozenset(accused or ()),
            acted=frozenset(acted or ()),
        ),
        units=DISTRICT,
        absent=absent,
    )


@pytest.mark.parametrize(
    ("belongs", "reason"),
    [
        (COMMUNITY, "handled"),
        (STREET, "branch"),
        (OTHER, None),
        (OTHER_STREET, None),
        (TEAM, None),
        (GREEN, None),
    ],
)
def test_of_a_community_that_handled_only_its_branch_may_not_verify(
    belongs: int, reason: str | None
) -> None:
    assert why(belongs, handlers={COMMUNITY}) == reason


def test_a_street_that_handled_bars_its_communities() -> None:
    assert why(COMMUNITY, handlers={STREET}) == "branch"


@pytest.mark.parametrize("belongs", [CLEANERS, CREW, SUB])
def test_contractors_of_a_handler_their_teams_and_subcontractors_may_not_verify(
    belongs: int,
) -> None:
    assert why(belongs, handlers={GREEN}) == "contractor"


@pytest.mark.parametrize(
    ("belongs", "reason"), [(CREW, "branch"), (GREEN, "contractor"), (SUB, "contractor")]
)
def test_when_a_contractor_handled_whoever_it_acts_for_may_not_verify(
    belongs: int, reason: str
) -> None:
    assert why(belongs, handlers={CLEANERS}) == reason


def test_when_a_subcontractor_handled_the_department_behind_may_not_verify() -> None:
    assert why(GREEN, handlers={SUB}) == "contractor"


@pytest.mark.parametrize("belongs", [OTHER, OTHER_STREET])
def test_of_an_accused_unit_and_its_branch_nobody_verifies(belongs: int) -> None:
    assert why(belongs, handlers={COMMUNITY}, accused={OTHER}) == "accused"


def test_a_former_post_counts_like_the_present_one() -> None:
    assert why(TEAM, COMMUNITY, handlers={COMMUNITY}) == "handled"


def test_whoever_acted_may_not_verify_but_his_team_may() -> None:
    assert why(TEAM, handlers={COMMUNITY}, acted={500}) == "acted"
    assert why(TEAM, handlers={COMMUNITY}, acted={501}) is None


def test_whoever_is_absent_is_not_drawn() -> None:
    assert why(TEAM, handlers={COMMUNITY}, absent=True) == "absent"


def test_units_that_are_gone_from_the_register_do_not_open_the_door() -> None:
    assert why(777, handlers={777}) == "handled"
    assert why(TEAM, handlers={777}) is None


# ---- Whatever the district looks like ----


@st.composite
def districts(draw_: st.DrawFn) -> dict[int, UnitFact]:
    """A forest of up to 12 units, some of which act for others."""
    units: dict[int, UnitFact] = {}
    for number in range(1, draw_(st.integers(1, 12)) + 1):
        earlier = st.sampled_from(sorted(units)) if units else st.nothing()
        parent = draw_(st.none() | earlier)
        acts_for = draw_(st.none() | st.none() | earlier)
        kind = "contractor" if acts_for else "department"
        units[number] = UnitFact(number, parent, kind, acts_for)
    return units


@st.composite
def affairs(draw_: st.DrawFn) -> tuple[dict[int, UnitFact], set[int], set[int], set[int]]:
    """A district, the units that handled, the accused, and the units of one person."""
    units = draw_(districts())
    one = st.sampled_from(sorted(units))
    some = st.lists(one, max_size=3).map(set)
    return units, draw_(some), draw_(some), draw_(some) | {draw_(one)}


def above(unit: int, units: Mapping[int, UnitFact]) -> set[int]:
    parent = units[unit].parent
    return set() if parent is None else {parent} | above(parent, units)


def related(one: int, other: int, units: Mapping[int, UnitFact]) -> bool:
    """Same branch, or one acts for the other or for its branch."""
    same = one == other or one in above(other, units) or other in above(one, units)
    return same or units[one].acts_for == other or units[other].acts_for == one


@given(affairs())
def test_nobody_with_a_stake_is_ever_eligible(
    affair: tuple[dict[int, UnitFact], set[int], set[int], set[int]],
) -> None:
    units, handlers, accused, belongs = affair
    reason = ineligible(
        person=500,
        belongs=frozenset(belongs),
        involved=Involved(handlers=frozenset(handlers), accused=frozenset(accused)),
        units=units,
    )
    for unit in belongs:
        for involved in handlers | accused:
            assert not (related(unit, involved, units) and reason is None)


@given(affairs())
def test_nobody_is_barred_without_a_link_to_somebody_involved(
    affair: tuple[dict[int, UnitFact], set[int], set[int], set[int]],
) -> None:
    units, handlers, accused, belongs = affair
    reason = ineligible(
        person=500,
        belongs=frozenset(belongs),
        involved=Involved(handlers=frozenset(handlers), accused=frozenset(accused)),
        units=units,
    )
    linked: set[int] = set()
    more = handlers | accused
    while more:
        linked |= more
        more = {u for u in units if any(related(u, x, units) for x in linked)} - linked
    assert reason is None or belongs & linked


@given(affairs())
def test_whoever_acted_is_never_eligible(
    affair: tuple[dict[int, UnitFact], set[int], set[int], set[int]],
) -> None:
    units, handlers, accused, belongs = affair
    involved = Involved(
        handlers=frozenset(handlers), accused=frozenset(accused), acted=frozenset({500})
    )
    assert ineligible(person=500, belongs=frozenset(belongs), involved=involved, units=units)


@given(districts())
def test_a_branch_is_seen_alike_from_both_ends(units: dict[int, UnitFact]) -> None:
    for one in units:
        for other in branch(one, units):
            assert one in branch(other, units)


@given(affairs())
def test_stakes_do_not_depend_on_the_order_of_the_register(
    affair: tuple[dict[int, UnitFact], set[int], set[int], set[int]],
) -> None:
    units, handlers, _, _ = affair
    backwards = dict(reversed(units.items()))
    assert concerned(handlers, units) == concerned(handlers, backwards)


def test_a_ring_of_units_in_a_broken_register_is_survived() -> None:
    ring = (UnitFact(1, 2, "team", 3), UnitFact(2, 1, "team", None), UnitFact(3, None, "team", 1))
    assert set(concerned({1}, {unit.id: unit for unit in ring})) == {1, 2, 3}


# ---- The draw ----


@given(st.sets(st.integers(1, 10**9), min_size=1), st.text(max_size=40), st.randoms())
def test_whoever_has_pool_and_seed_draws_the_same_person(
    pool: set[int], seed: str, random: object
) -> None:
    mixed = list(pool)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    drawn = draw(pool=mixed, seed=seed)
    assert drawn == draw(pool=pool, seed=seed)
    assert drawn in pool


@given(st.sets(st.integers(1, 10**6), min_size=2), st.text(max_size=40))
def test_when_the_drawn_one_is_gone_the_others_keep_their_order(pool: set[int], seed: str) -> None:
    """Adding people to a pool never passes the lot from one of the old to another of them."""
    first = draw(pool=pool, seed=seed)
    for person in pool - {first}:
        assert draw(pool=pool - {person}, seed=seed) == first


def test_an_empty_pool_draws_nobody() -> None:
    assert draw(pool=(), seed="x") is None


def test_everybody_is_drawn_about_equally_often() -> None:
    counts = Counter(draw(pool=range(1, 11), seed=f"case {n}") for n in range(5000))
    assert set(counts) == set(range(1, 11))
    # 500 each is expected; five standard deviations of a fair draw are about 106.
    assert all(390 < count < 610 for count in counts.values())


@pytest.mark.parametrize(
    ("percent", "least", "most"), [(0, 0, 0), (20, 840, 1160), (100, 5000, 5000)]
)
def test_the_published_share_is_raised(percent: int, least: int, most: int) -> None:
    raised = sum(share(case=n, seed="seed", percent=percent) for n in range(5000))
    assert least <= raised <= most
