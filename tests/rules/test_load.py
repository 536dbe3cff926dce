"""Whom verifications will fall on, before anybody is drawn."""

from luoshi.rules.independence import UnitFact
from luoshi.rules.load import Alike, Asked, Pool, changed, expected, pools
from luoshi.rules.permissions import RoleFact

STREET, COMMUNITY, GARDEN, TEAM, EAST, WEST, PANEL = range(1, 8)
UNITS = {
    STREET: UnitFact(STREET, None, "street", None),
    COMMUNITY: UnitFact(COMMUNITY, STREET, "community", None),
    GARDEN: UnitFact(GARDEN, None, "department", None),
    TEAM: UnitFact(TEAM, None, "team", None),
    EAST: UnitFact(EAST, None, "contractor", STREET),
    WEST: UnitFact(WEST, None, "team", None),
    PANEL: UnitFact(PANEL, None, "panel", None),
}
ROSTER = (
    RoleFact(1, "verifier", EAST),
    RoleFact(2, "verifier", WEST),
    RoleFact(3, "verifier", WEST),
    RoleFact(4, "verifier", WEST, absent=True),
    RoleFact(5, "inspector", TEAM),
    RoleFact(6, "panel", PANEL),
)


def alike(*handlers: int, site: bool = False, count: int = 6, **more: object) -> Alike:
    given = {"accused": frozenset(), "category": "green", **more}
    return Alike(handlers=frozenset(handlers), site=site, count=count, **given)  # type: ignore[arg-type]


def falls(
    *groups: Alike, raised: int = 0, roster: tuple[RoleFact, ...] = ROSTER
) -> dict[int, Asked]:
    load = expected(groups, roster=roster, units=UNITS, raised_percent=raised)
    found = {pool.unit: asked for pool, asked in load.pools.items() if asked.total}
    return found | ({0: load.nobody} if load.nobody.total else {})


def test_each_pool_gets_its_part_of_the_people_who_may_verify() -> None:
    assert falls(alike(GARDEN)) == {EAST: Asked(papers=2.0), WEST: Asked(papers=4.0)}


def test_who_acts_for_the_branch_gets_nothing() -> None:
    assert falls(alike(COMMUNITY)) == {WEST: Asked(papers=6.0)}


def test_an_accused_unit_gets_nothing() -> None:
    assert falls(alike(GARDEN, accused=frozenset({WEST}))) == {EAST: Asked(papers=6.0)}


def test_the_next_link_of_the_chain_takes_what_no_verifier_may() -> None:
    assert falls(alike(COMMUNITY, WEST)) == {TEAM: Asked(papers=6.0)}


def test_what_nobody_may_verify_is_counted_and_not_waived() -> None:
    assert falls(alike(COMMUNITY, WEST, TEAM, PANEL)) == {0: Asked(papers=6.0)}


def test_the_random_share_moves_papers_to_the_site() -> None:
    assert falls(alike(COMMUNITY, count=50), raised=10) == {WEST: Asked(raised=5.0, papers=45.0)}
    assert falls(alike(COMMUNITY, site=True, count=50), raised=10) == {WEST: Asked(site=50.0)}


def test_another_tier_moves_its_category_alone_and_never_what_is_fixed() -> None:
    groups = (alike(GARDEN), alike(GARDEN, category="parking"), alike(GARDEN, fixed=True))
    moved = changed(groups, category="green", site=True)
    assert [group.site for group in moved] == [True, False, False]
    total = expected(moved, roster=ROSTER, units=UNITS, raised_percent=0).total
    assert total == Asked(site=6.0, papers=12.0)


def test_somebody_in_two_links_is_counted_once_in_the_first() -> None:
    both = (*ROSTER, RoleFact(2, "inspector", TEAM))
    assert pools(both)[:3] == (
        Pool("verifier", EAST, frozenset({1})),
        Pool("verifier", WEST, frozenset({2, 3}), frozenset({4})),
        Pool("inspector", TEAM, frozenset({5})),
    )
