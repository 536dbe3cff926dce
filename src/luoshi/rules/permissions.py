"""Who may do what: the seats that a person may take on one case, and what he may see.

Whoever may not act is replaced, never waived: desk, then inspection team, then leader, then the
registered outside panel. Source: DESIGN.md section 5.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from luoshi.rules.independence import UnitFact, above, concerned
from luoshi.rules.state import MAX_LEVEL, Seat, State, Status

CHAIN = ("desk", "inspector", "leader", "panel")
"""The order of replacement. The first link with somebody left acts."""

VERIFIER_CHAIN = ("verifier", "inspector", "leader", "panel")
"""Where verifiers are drawn from: the first link with an eligible person."""

WHOLE_DISTRICT = frozenset({"desk", "inspector", "leader"})


@dataclass(frozen=True, slots=True)
class RoleFact:
    """A role that a person holds in a unit on the day asked."""

    person: int
    role: str
    unit: int
    absent: bool = False


def seats(
    *,
    person: int,
    state: State,
    roster: Iterable[RoleFact],
    units: Mapping[int, UnitFact],
    family: frozenset[int] = frozenset(),
) -> frozenset[Seat]:
    """Every seat that this person may take on this case today.

    `family` holds the units that handled, or are accused in, its parent, children or merged cases.
    """
    roles = tuple(roster)
    mine = [r for r in roles if r.person == person]
    found = set[Seat]()
    if any(r.role == "handler" and r.unit == state.owner for r in mine):
        found.add(Seat.OWNER)
    if person == state.verifier:
        found.add(Seat.VERIFIER)
    if person == state.sampler:
        found.add(Seat.SAMPLER)
    for seat, start in ((Seat.DESK, 0), (Seat.INSPECTOR, 1), (Seat.LEADER, 2)):
        if person in _holders(start, state, roles):
            found.add(seat)
    if person in neutral(state, roles, units, family):
        found.add(Seat.NEUTRAL)
    return frozenset(found)


def neutral(
    state: State,
    roles: Iterable[RoleFact],
    units: Mapping[int, UnitFact],
    family: frozenset[int] = frozenset(),
) -> frozenset[int]:
    """Leaders of no unit concerned; the panel when no such leader is left."""
    stakes = concerned(state.handlers | state.accused | family, units)
    roles = tuple(roles)
    for link in ("leader", "panel"):
        touched = {r.person for r in roles if r.unit in stakes}
        found = {r.person for r in roles if r.role == link and not r.absent} - touched
        if found:
            return frozenset(found)
    return frozenset()


def _holders(start: int, state: State, roles: tuple[RoleFact, ...]) -> frozenset[int]:
    """The people of the first link, from `start` on, in which somebody may act."""
    barred = {r.person for r in roles if r.unit in state.accused}
    if start == 0:
        barred |= {r.person for r in roles if r.unit == state.owner}
    for link in CHAIN[start:]:
        if link == "desk" and state.sealed:
            continue
        here = {r.person for r in roles if r.role == link and not r.absent} - barred
        if here - _said_it(state):
            return frozenset(here)
    return frozenset()


def _said_it(state: State) -> set[int]:
    """Whose word is disputed. Colleagues take over; alone at the desk, he leaves it to the team."""
    waiting = state.disputed and state.status is Status.NEW
    return {state.answered_by} if waiting and state.answered_by is not None else set()


def may_see(
    *,
    person: int,
    state: State,
    touched: frozenset[int],
    roster: Iterable[RoleFact],
    units: Mapping[int, UnitFact],
) -> bool:
    """Whether this person may open the case page at all.

    `touched` holds the units that handle or handled the case or one of its family. Desk,
    inspectors and leaders see their district, but never a case in which their own unit is
    accused. Of sealed cases they leave the rest to the inspection team and whoever handles them.
    Whoever takes the place of somebody barred sees the case on which he must act.
    """
    mine = [r for r in roster if r.person == person]
    if seats(person=person, state=state, roster=roster, units=units) & _acting(state):
        return True
    if any(r.unit in state.accused for r in mine):
        return any(r.role == "handler" and r.unit in touched for r in mine)
    if any(r.role in {"handler", "leader"} and _over(r.unit, touched, units) for r in mine):
        return True
    wide = {"inspector"} if state.sealed else WHOLE_DISTRICT
    return any(r.role in wide for r in mine)


def _acting(state: State) -> frozenset[Seat]:
    """The seats whose holder has something to do here, whatever his role and unit.

    A leader's word on a sealed case is called for only where no other can move it: nobody is left
    to verify it, or it has reached his level of supervision.
    """
    found = {Seat.VERIFIER, Seat.SAMPLER, Seat.OWNER, Seat.DESK, Seat.INSPECTOR}
    stuck = state.status is Status.CLAIMED and state.verifier is None
    if not state.sealed or stuck or state.level >= MAX_LEVEL:
        found.add(Seat.LEADER)
    if state.concludable or (state.status is Status.RETURNED and state.returns >= 2):
        found.add(Seat.NEUTRAL)
    return frozenset(found)


def _over(unit: int, touched: frozenset[int], units: Mapping[int, UnitFact]) -> bool:
    """Whether the unit is one of those touched or stands above one of them."""
    return any(unit == at or unit in above(at, units) for at in touched)
