"""Districts, streets and communities."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from luoshi.registry.actions.common import Refused, end, require_members
from luoshi.registry.facts import Outline
from luoshi.registry.models import Area, AreaCode, District

SINCE_EVER = date(1949, 10, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArea:
    code: str
    name: str
    kind: str
    parent: int | None = None
    valid_from: date = SINCE_EVER
    valid_to: date | None = None


def create_district(
    *, code: str, name: str, name_en: str = "", outline: Outline | None = None
) -> int:
    """A new district; its id. IntegrityError when the code is taken."""
    return District.objects.create(code=code, name=name, name_en=name_en, outline=outline).pk


def create_area(
    *,
    district: int,
    code: str,
    name: str,
    kind: str,
    parent: int | None = None,
    valid_from: date = SINCE_EVER,
    valid_to: date | None = None,
) -> int:
    """A new street, or a community of the street `parent`; its id."""
    new = NewArea(
        code=code, name=name, kind=kind, parent=parent, valid_from=valid_from, valid_to=valid_to
    )
    return create_areas(district=district, areas=[new])[code]


def create_areas(*, district: int, areas: Iterable[NewArea]) -> dict[str, int]:
    """Many new areas whose parents exist already; their ids by code."""
    new: Sequence[NewArea] = tuple(areas)
    require_members(Area, district, (a.parent for a in new), kind="street")
    for a in new:
        if (a.kind == "community") != (a.parent is not None):
            raise Refused(_("A community is part of a street, a street of no other area."))
    rows = Area.objects.bulk_create(
        Area(
            district_id=district,
            code=a.code,
            name=a.name,
            kind=a.kind,
            parent_id=a.parent,
            valid_from=a.valid_from,
            valid_to=a.valid_to,
        )
        for a in new
    )
    return {row.code: row.pk for row in rows}


def add_former_code(
    *,
    district: int,
    code: str,
    name: str,
    valid_from: date,
    valid_to: date,
    area: int | None = None,
) -> None:
    """A code and name that an area, or the district itself, had until `valid_to`."""
    require_members(Area, district, [area])
    AreaCode.objects.create(
        district_id=district,
        area_id=area,
        code=code,
        name=name,
        valid_from=valid_from,
        valid_to=valid_to,
    )


@transaction.atomic
def rename_area(*, area: int, code: str, name: str, on: date) -> None:
    """A new code and name from that day on; the old ones stay findable as former ones."""
    row = Area.objects.select_for_update().get(pk=area)
    earlier = AreaCode.objects.filter(area=area).order_by("-valid_to").first()
    add_former_code(
        district=row.district_id,
        area=area,
        code=row.code,
        name=row.name,
        valid_from=earlier.valid_to if earlier else row.valid_from,
        valid_to=on,
    )
    row.code, row.name = code, name
    row.save(update_fields=["code", "name"])


def end_area(*, area: int, on: date) -> None:
    """The area exists no more from that day on."""
    end(Area.objects.filter(pk=area), on)
