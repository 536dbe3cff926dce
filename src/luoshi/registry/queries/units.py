"""Units: offices, contractors and teams, in a tree."""

from collections.abc import Iterable

from luoshi.registry.facts import UnitInfo
from luoshi.registry.models import Unit
from luoshi.registry.queries.lookup import one
from luoshi.registry.words import HANDLING_KINDS
from luoshi.rules.independence import UnitFact


def units(district: int) -> dict[int, UnitFact]:
    """The whole tree with its contractors, closed units too: they may have handled a case."""
    rows = Unit.objects.filter(district=district).values_list("pk", "parent", "kind", "acts_for")
    return {
        pk: UnitFact(id=pk, parent=parent, kind=kind, acts_for=acts_for)
        for pk, parent, kind, acts_for in rows
    }


def unit(id: int) -> UnitInfo:
    """One unit."""
    return _unit(one(Unit.objects.filter(pk=id), id))


def unit_names(ids: Iterable[int], *, language: str = "zh-hans") -> dict[int, str]:
    """The names of these units, in English where asked for and known."""
    rows = Unit.objects.filter(pk__in=set(ids)).values_list("pk", "name", "name_en")
    english = language.startswith("en")
    return {pk: (name_en if english and name_en else name) for pk, name, name_en in rows}


def desk_phone(district: int) -> str:
    """The telephone for the public of the desk; an empty text where none is known."""
    rows = Unit.objects.filter(district=district, active=True, kind="desk").exclude(phone="")
    return rows.order_by("pk").values_list("phone", flat=True).first() or ""


def handling_units(district: int) -> tuple[UnitInfo, ...]:
    """Units that can own a case, by kind (departments first), then by area and age."""
    rows = Unit.objects.filter(district=district, active=True, kind__in=HANDLING_KINDS)
    rank = {kind: n for n, kind in enumerate(HANDLING_KINDS)}
    ordered = sorted(rows, key=lambda row: (rank[row.kind], row.area_id or 0, row.pk))
    return tuple(_unit(row) for row in ordered)


def unit_of_area(area: int) -> int | None:
    """The street or community office of an area, None when there is none."""
    found = Unit.objects.filter(area=area, active=True, kind__in=("street", "community"))
    return found.order_by("pk").values_list("pk", flat=True).first()


def _unit(row: Unit) -> UnitInfo:
    return UnitInfo(
        id=row.pk,
        district=row.district_id,
        name=row.name,
        name_en=row.name_en,
        kind=row.kind,
        parent=row.parent_id,
        area=row.area_id,
        acts_for=row.acts_for_id,
        active=row.active,
        phone=row.phone,
    )
