"""Who may verify a case, and the reason when somebody may not.

Not eligible, whatever his present post: who belongs or belonged, while the case lived, to a unit
that handled the case or one of its family; to the branch above such a unit or under it; to a
contractor that acts for it; to an accused unit or its people; or who acted on the case himself.
Verifying is not acting. Source: DESIGN.md section 5, "Independence".
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnitFact:
    """A unit by its id, the unit above it, its kind, and the unit a contractor acts for."""

    id: int
    parent: int | None
    kind: str
    acts_for: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Involved:
    """What a case and its family (parent, children, merged cases) touched, at any time."""

    handlers: frozenset[int]
    accused: frozenset[int] = frozenset()
    acted: frozenset[int] = frozenset()  # people who did anything but verify


def branch(unit: int, units: Mapping[int, UnitFact]) -> frozenset[int]:
    """The unit, all units above it and all units under it (the district itself is no unit)."""
    found = {unit, *above(unit, units)}
    below = {unit}
    while below:
        below = {u.id for u in units.values() if u.parent in below and u.id not in found}
        found |= below
    return frozenset(found)


def above(unit: int, units: Mapping[int, UnitFact]) -> list[int]:
    """The units above this one, the nearest first."""
    found: list[int] = []
    at = units.get(unit)
    while at and at.parent is not None and at.parent not in found:
        found.append(at.parent)
        at = units.get(at.parent)
    return found


def concerned(involved: Iterable[int], units: Mapping[int, UnitFact]) -> dict[int, str]:
    """Every unit that has a stake in what these units did, with the reason.

    Reasons: handled, branch (above or under it), contractor (acts for one of these, or one of
    these for it; and what is under such a contractor).
    """
    handled = set(involved)
    reasons = dict.fromkeys(handled, "handled")
    for unit in handled:
        reasons.update((other, "branch") for other in branch(unit, units) if other not in reasons)
    for client in _clients(handled, units):
        for other in branch(client, units):
            reasons.setdefault(other, "contractor")
    for agent in _agents(frozenset(reasons), units):
        reasons.setdefault(agent, "contractor")
    return reasons


def _clients(handled: Iterable[int], units: Mapping[int, UnitFact]) -> set[int]:
    """For whom these units act, and for whom those do."""
    found: set[int] = set()
    queue = list(handled)
    while queue:
        unit = units.get(queue.pop())
        if unit and unit.acts_for is not None and unit.acts_for not in found:
            found.add(unit.acts_for)
            queue.append(unit.acts_for)
    return found


def _agents(served: frozenset[int], units: Mapping[int, UnitFact]) -> set[int]:
    """Who acts for one of these units, with subcontractors and with teams under a contractor."""
    found: set[int] = set()
    while True:
        more = {
            unit.id
            for unit in units.values()
            if unit.id not in found
            and (unit.acts_for in served or unit.acts_for in found or unit.parent in found)
        }
        if not more:
            return found
        found |= more


def ineligible(
    *,
    person: int,
    belongs: frozenset[int],
    involved: Involved,
    units: Mapping[int, UnitFact],
    absent: bool = False,
) -> str | None:
    """None when this person may verify, else the reason: absent, acted, accused, handled,
    branch or contractor.

    `belongs` holds every unit in which he had a role at any time since the case was received.
    """
    if absent:
        return "absent"
    if person in involved.acted:
        return "acted"
    stakes = concerned(involved.handlers, units)
    accused = concerned(involved.accused, units)
    for unit in sorted(belongs):
        if unit in accused:
            return "accused"
        if unit in stakes:
            return stakes[unit]
    return None


def draw(*, pool: Iterable[int], seed: str) -> int | None:
    """One of a frozen pool, by a recorded seed: whoever has pool and seed can draw again.

    The person whose SHA-256 of seed and id is lowest; the order of the pool does not matter.
    """
    return min(pool, key=lambda person: ticket(seed, person), default=None)


def share(*, case: int, seed: str, percent: int) -> bool:
    """Whether the published random share of paper verifications falls on this case."""
    return int.from_bytes(ticket(seed, case)[:8], "big") % 100 < percent


def ticket(seed: str, number: int) -> bytes:
    """32 bytes by which one number of a pool is ranked: whose is lowest is drawn."""
    return hashlib.sha256(f"{seed}:{number}".encode()).digest()
