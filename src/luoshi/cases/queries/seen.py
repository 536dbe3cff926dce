"""Which of some cases a person may see: as the rules say, for many at once."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from luoshi.cases.gather import World
from luoshi.cases.models import Case, CaseUnit
from luoshi.cases.rows import to_state
from luoshi.registry import queries as registry
from luoshi.rules import permissions


def seen(rows: Iterable[Case], *, person: int, there: World) -> set[int]:
    """The ids of the cases that he may open. Two queries, or none."""
    found = {row.pk: row for row in rows}
    touched = _touched(found.values()) if found else {}
    return {
        pk
        for pk, row in found.items()
        if permissions.may_see(
            person=person,
            state=to_state(row),
            touched=touched.get(pk, frozenset()),
            roster=there.roster,
            units=there.units,
        )
    }


def open_to(cases: Iterable[int], *, district: int, person: int, now: datetime) -> set[int]:
    """Those of these cases of the district that he may open. Five queries."""
    rows = Case.objects.filter(pk__in=list(cases), district_id=district)
    there = World(registry.roster(district, on=timezone.localdate(now)), registry.units(district))
    return seen(rows, person=person, there=there)


def units_of(cases: Iterable[int], *, children_of: Iterable[int]) -> Iterable[tuple[int, int, int]]:
    """(case, its parent, unit) of these cases and of the children of those; one query.

    Two halves, each with its index: said with OR, the database would read the whole table.
    """
    columns = ("case", "case__parent", "unit")
    own = CaseUnit.objects.filter(case__in=list(cases)).values_list(*columns)
    parts = CaseUnit.objects.filter(case__parent__in=list(children_of)).values_list(*columns)
    return own.union(parts)


def _touched(cases: Iterable[Case]) -> dict[int, frozenset[int]]:
    """The units of each case and of its near family: whose people may see it."""
    near = {case.pk: {case.pk, case.parent, case.merged_into} for case in cases}
    everybody = {id for family in near.values() for id in family if id}
    found: dict[int, set[int]] = {case: set() for case in near}
    for case, parent, unit in units_of(everybody, children_of=near):
        for id, family in near.items():
            if case in family or parent == id:
                found[id].add(unit)
    return {case: frozenset(touched) for case, touched in found.items()}
