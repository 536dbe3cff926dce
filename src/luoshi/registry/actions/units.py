"""Units: offices, contractors and teams."""

from collections.abc import Iterable
from dataclasses import dataclass

from luoshi.registry.actions.common import require_members
from luoshi.registry.models import Area, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUnit:
    name: str
    kind: str
    name_en: str = ""
    parent: int | None = None
    area: int | None = None
    acts_for: int | None = None
    phone: str = ""


def create_unit(
    *,
    district: int,
    name: str,
    kind: str,
    name_en: str = "",
    parent: int | None = None,
    area: int | None = None,
    acts_for: int | None = None,
    phone: str = "",
) -> int:
    """A new unit; `acts_for` makes it a contractor of another unit. Its id."""
    new = NewUnit(
        name=name,
        kind=kind,
        name_en=name_en,
        parent=parent,
        area=area,
        acts_for=acts_for,
        phone=phone,
    )
    return create_units(district=district, units=[new])[0]


def create_units(*, district: int, units: Iterable[NewUnit]) -> list[int]:
    """Many new units whose parents and principals exist already; their ids in the same order."""
    new = tuple(units)
    require_members(Unit, district, (id for u in new for id in (u.parent, u.acts_for)))
    require_members(Area, district, (u.area for u in new))
    rows = Unit.objects.bulk_create(
        Unit(
            district_id=district,
            name=u.name,
            name_en=u.name_en,
            kind=u.kind,
            parent_id=u.parent,
            area_id=u.area,
            acts_for_id=u.acts_for,
            phone=u.phone,
        )
        for u in new
    )
    return [row.pk for row in rows]


def close_unit(*, unit: int) -> None:
    """The unit works no more: it gets no case, its roles count no longer; its history stays."""
    Unit.objects.filter(pk=unit).update(active=False)
