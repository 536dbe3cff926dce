"""Units: offices, contractors and teams, in a tree."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from luoshi.infra import kept
from luoshi.registry.facts import UnitInfo
from luoshi.registry.models import Unit
from luoshi.registry.queries.lookup import NotRegistered
from luoshi.registry.words import HANDLING_KINDS
from luoshi.rules.independence import UnitFact


@kept.by("registry_unit")
def units(district: int) -> Mapping[int, UnitFact]:
    """The whole tree with its contractors, closed units too: they may have handled a case."""
    rows = Unit.objects.filter(district=district).values_list("pk", "parent", "kind", "acts_for")
    return MappingProxyType(
        {
            pk: UnitFact(id=pk, parent=parent, kind=kind, acts_for=acts_for)
            for pk, parent, kind, acts_for in rows
        }
    )


def unit(id: int) -> UnitInfo:
    """One unit."""
    found = _every().get(id)
    if found is None:
        raise NotRegistered(f"Unit {id}")
    return found


def unit_names(ids: Iterable[int], *, language: str = "zh-hans") -> dict[int, str]:
    """The names of these units, in English where asked for and known."""
    known, english = _every(), language.startswith("en")
    found = {id: known[id] for id in set(ids) if id in known}
    return {id: (one.name_en if english and one.name_en else one.name) for id, one in found.items()}


def desk_phone(district: int) -> str:
    """The telephone for the public of the desk; an empty text where none is known."""
    every = _every().values()
    desks = (one for one in every if one.district == district and one.active and one.phone)
    return next((one.phone for one in desks if one.kind == "desk"), "")


def handling_units(district: int) -> tuple[UnitInfo, ...]:
    """Units that can own a case, by kind (departments first), then by area and age."""
    rank = {kind: n for n, kind in enumerate(HANDLING_KINDS)}
    every = _every().values()
    found = [one for one in every if one.district == district and one.active and one.kind in rank]
    return tuple(sorted(found, key=lambda one: (rank[one.kind], one.area or 0, one.id)))


@kept.by("registry_unit")
def _every() -> dict[int, UnitInfo]:
    """By id, the oldest first."""
    return {row.pk: _unit(row) for row in Unit.objects.order_by("pk")}


def unit_of_area(area: int) -> int | None:
    """The street or community office of an area, None when there is none."""
    offices = (one for one in _every().values() if one.area == area and one.active)
    return next((one.id for one in offices if one.kind in {"street", "community"}), None)


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
