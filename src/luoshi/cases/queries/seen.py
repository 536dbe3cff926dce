"""Which of some cases a person may see: as the rules say, for many at once."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from luoshi.cases.gather import World, world_on
from luoshi.cases.models import Case, CaseUnit
from luoshi.cases.rows import to_state
from luoshi.rules import permissions


def seen(rows: Iterable[Case], *, person: int, there: World) -> set[int]:
    """The ids of the cases that he may open. Two queries, or none."""
    found = {row.pk: row for row in rows}
    touched = touched_by(found.values()) if found else {}
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
    there = world_on(district, timezone.localdate(now))
    return seen(rows, person=person, there=there)


def touched_by(cases: Iterable[Case]) -> dict[int, frozenset[int]]:
    """The units that handle or handled each case, its parent, what it was merged into or its
    children: whose people may see it. One query.

    Two halves, each with its index: said with OR, the database would read the whole table.
    """
    near = {row.pk: {row.pk, row.parent, row.merged_into} - {None} for row in cases}
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
