"""How many verifications the tiers ask of whom, before anybody is drawn.

Whom a draw may fall on is what `independence` says of each person; which of these it falls on is
chance, so that a pool gets its share of the people who are eligible. Judged by the roles of today
and by the units of the case itself; the draw looks at its family and at earlier roles too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from luoshi.rules.independence import Involved, UnitFact, ineligible
from luoshi.rules.permissions import VERIFIER_CHAIN, RoleFact


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """`count` cases that are the same for a draw: who handled them, who is accused, the tier.

    `fixed`: what a change of tiers would not reach, or must not be told apart by one.
    """

    handlers: frozenset[int]
    accused: frozenset[int]
    site: bool
    category: str
    count: int
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Pool:
    """People who are drawn in the same link of the chain and belong to the same unit."""

    role: str
    unit: int
    people: frozenset[int]
    absent: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """Verifications: on site because of the tier, raised to the site by chance, on papers."""

    site: float = 0.0
    raised: float = 0.0
    papers: float = 0.0

    def __add__(self, other: "Asked") -> "Asked":
        return Asked(self.site + other.site, self.raised + other.raised, self.papers + other.papers)

    def of(self, share: float) -> "Asked":
        return Asked(self.site * share, self.raised * share, self.papers * share)

    @property
    def total(self) -> float:
        return self.site + self.raised + self.papers

    @property
    def on_site(self) -> float:
        return self.site + self.raised


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked of each pool, and what nobody could be drawn for."""

    pools: Mapping[Pool, Asked]
    nobody: Asked

    @property
    def total(self) -> Asked:
        return sum(self.pools.values(), self.nobody)


def pools(roster: Iterable[RoleFact]) -> tuple[Pool, ...]:
    """Everybody who can be drawn, once: in the first link of the chain in which he has a role."""
    facts = tuple(roster)
    placed: dict[int, tuple[str, int]] = {}
    for link in VERIFIER_CHAIN:
        for fact in sorted(facts, key=lambda fact: fact.unit):
            if fact.role == link:
                placed.setdefault(fact.person, (link, fact.unit))
    absent = {fact.person for fact in facts if fact.absent}
    groups: dict[tuple[str, int], set[int]] = {}
    for person, at in placed.items():
        groups.setdefault(at, set()).add(person)
    order = sorted(groups, key=lambda at: (VERIFIER_CHAIN.index(at[0]), at[1]))
    return tuple(
        Pool(*at, people=frozenset(groups[at] - absent), absent=frozenset(groups[at] & absent))
        for at in order
    )


def expected(
    groups: Iterable[Alike],
    *,
    roster: Sequence[RoleFact],
    units: Mapping[int, UnitFact],
    raised_percent: int,
) -> Load:
    """What these cases would ask once they are claimed."""
    there = pools(roster)
    asked = {pool: Asked() for pool in there}
    nobody = Asked()
    shares: dict[tuple[frozenset[int], frozenset[int]], Mapping[Pool, float]] = {}
    for group in groups:
        key = (group.handlers, group.accused)
        if key not in shares:
            shares[key] = _shares(*key, there, roster, units)
        part = _asked(group, raised_percent)
        for pool, share in shares[key].items():
            asked[pool] += part.of(share)
        if not shares[key]:
            nobody += part
    return Load(asked, nobody)


def changed(groups: Iterable[Alike], *, category: str, site: bool) -> tuple[Alike, ...]:
    """The same cases, had this category the other tier."""
    return tuple(
        replace(group, site=site) if group.category == category and not group.fixed else group
        for group in groups
    )


def _asked(group: Alike, raised_percent: int) -> Asked:
    if group.site:
        return Asked(site=group.count)
    raised = group.count * raised_percent / 100
    return Asked(raised=raised, papers=group.count - raised)


def _shares(
    handlers: frozenset[int],
    accused: frozenset[int],
    there: Sequence[Pool],
    roster: Sequence[RoleFact],
    units: Mapping[int, UnitFact],
) -> dict[Pool, float]:
    """For each pool its part of the people who may verify: of the first link with somebody."""
    involved = Involved(handlers=handlers, accused=accused)
    for link in VERIFIER_CHAIN:
        fit = {
            pool: sum(_fits(person, involved, roster, units) for person in pool.people)
            for pool in there
            if pool.role == link
        }
        if every := sum(fit.values()):
            return {pool: n / every for pool, n in fit.items() if n}
    return {}


def _fits(
    person: int, involved: Involved, roster: Sequence[RoleFact], units: Mapping[int, UnitFact]
) -> bool:
    belongs = frozenset(fact.unit for fact in roster if fact.person == person)
    why = ineligible(person=person, belongs=belongs, involved=involved, units=units)
    return why is None
