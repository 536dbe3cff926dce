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


def _touched(cases: Iterable[Case]) -> dict[int, frozenset[int]]:
    """The units of each case and of its near family: whose people may see it. Two queries, each
    by an index: asked in one, the whole table of units would be read."""
    near = {case.pk: {case.pk, case.parent or 0, case.merged_into or 0} for case in cases}
    for child, parent in Case.objects.filter(parent__in=near).values_list("pk", "parent"):
        near[parent or 0].add(child)
    everybody = {id for family in near.values() for id in family}
    units: dict[int, set[int]] = {}
    for case, unit in CaseUnit.objects.filter(case__in=everybody).values_list("case", "unit"):
        units.setdefault(case, set()).add(unit)
    return {
        case: frozenset(unit for id in family for unit in units.get(id, ()))
        for case, family in near.items()
    }
