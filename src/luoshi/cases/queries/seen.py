"""Which of some cases a person may see: as the rules say, for many at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from luoshi.cases.gather import World, world
from luoshi.cases.models import Case, CaseUnit
from luoshi.cases.rows import to_state
from luoshi.rules import permissions
from luoshi.rules.state import State


def seen(rows: Iterable[Case], *, person: int, there: World) -> set[int]:
    """The ids of the cases that he may open. One query, or none."""
    states = {row.pk: to_state(row) for row in rows}
    touched = touched_by(states)
    return {
        case
        for case, state in states.items()
        if sees(state, touched=touched[case], person=person, there=there)
    }


def sees(state: State, *, touched: frozenset[int], person: int, there: World) -> bool:
    """Whether he may open one; `touched` as in `touched_by`."""
    return permissions.may_see(
        person=person, state=state, touched=touched, roster=there.roster, units=there.units
    )


def open_to(cases: Iterable[int], *, district: int, person: int, now: datetime) -> set[int]:
    """Those of these cases of the district that he may open. Two queries."""
    rows = Case.objects.filter(pk__in=list(cases), district_id=district)
    return seen(rows, person=person, there=world(district, now))


def touched_by(states: Mapping[int, State]) -> dict[int, frozenset[int]]:
    """The units that handle or handled each case, its parent, what it was merged into or its
    children: whose people may see it. One query, or none for cases that have no such kin.

    Two halves, each with its index: said with OR, the database would read the whole table.
    """
    kin = {case: {state.parent, state.merged_into} - {None} for case, state in states.items()}
    related = [case for case, state in states.items() if kin[case] or state.children]
    held: dict[int | None, set[int]] = {}
    of_children: dict[int, set[int]] = {case: set() for case in related}
    for case, parent, unit in _units_of(kin, related) if related else ():
        held.setdefault(case, set()).add(unit)
        if parent in of_children:
            of_children[parent].add(unit)
    return {
        case: frozenset(state.handlers).union(
            of_children.get(case, ()), *(held.get(id, ()) for id in kin[case])
        )
        for case, state in states.items()
    }


def _units_of(
    kin: Mapping[int, set[int | None]], related: Sequence[int]
) -> Iterable[tuple[int, int | None, int]]:
    """(case, its parent, unit) of the kin of these cases and of their children."""
    columns = ("case", "case__parent", "unit")
    near = {id for case in related for id in kin[case]}
    own = CaseUnit.objects.filter(case__in=list(near)).values_list(*columns)
    parts = CaseUnit.objects.filter(case__parent__in=list(related)).values_list(*columns)
    return own.union(parts) if near else parts
