"""Which of some cases a person may see: as the rules say, for many at once."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from luoshi.cases.gather import World, world
from luoshi.cases.models import Case, CaseUnit
from luoshi.cases.rows import to_state
from luoshi.rules import permissions
from luoshi.rules.state import State


def seen(rows: Iterable[Case], *, person: int, there: World) -> set[int]:
    """The ids of the cases that he may open. One query, or none."""
    return seen_states({row.pk: to_state(row) for row in rows}, person=person, there=there)


def seen_states(states: Mapping[int, State], *, person: int, there: World) -> set[int]:
    """The same for states by case."""
    touched = touched_by(states) if states else {}
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
    children: whose people may see it. One query.

    Two halves, each with its index: said with OR, the database would read the whole table.
    """
    near = {
        case: {case, state.parent, state.merged_into} - {None} for case, state in states.items()
    }
    columns = ("case", "case__parent", "unit")
    everybody = {case for family in near.values() for case in family}
    own = CaseUnit.objects.filter(case__in=list(everybody)).values_list(*columns)
    parts = CaseUnit.objects.filter(case__parent__in=list(near)).values_list(*columns)
    held: dict[int | None, set[int]] = {}
    of_children: dict[int, set[int]] = {case: set() for case in near}
    for case, parent, unit in own.union(parts):
        held.setdefault(case, set()).add(unit)
        if parent in of_children:
            of_children[parent].add(unit)
    return {
        case: frozenset(of_children[case].union(*(held.get(id, ()) for id in family)))
        for case, family in near.items()
    }
