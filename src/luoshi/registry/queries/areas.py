"""Districts, streets and communities, with the codes that they had on a day."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from luoshi.infra import kept
from luoshi.registry.facts import AreaInfo, DistrictInfo, Outline
from luoshi.registry.models import Area, AreaCode, District
from luoshi.registry.queries.lookup import NotRegistered, living, one


def district(code: str) -> DistrictInfo:
    """The district with this code, today's or a former one (320602 finds 320613)."""
    found = _by_code().get(code)
    if found is None:
        raise NotRegistered(f"District {code}")
    return found


@kept.by("registry_district", "registry_areacode")
def _by_code() -> dict[str, DistrictInfo]:
    """Every district by its code and, where no other has it today, by its former ones."""
    known = {row.pk: _district(row) for row in District.objects.order_by("pk")}
    former = AreaCode.objects.filter(area=None).order_by("-district", "pk")
    return {
        **{code: known[district] for code, district in former.values_list("code", "district")},
        **{district.code: district for district in known.values()},
    }


def district_by_id(id: int) -> DistrictInfo:
    """One district."""
    return _district(one(District.objects.filter(pk=id), id))


def districts() -> tuple[DistrictInfo, ...]:
    """All districts by code."""
    return tuple(_district(row) for row in District.objects.order_by("code"))


def sketch(district: int) -> Outline | None:
    """The outline of the district for the sketch map (GeoJSON geometry), None when unknown."""
    outline: Outline | None = (
        District.objects.filter(pk=district).values_list("outline", flat=True).first()
    )
    return outline


def code_on(district: int, *, on: date, area: int | None = None) -> str:
    """The code that an area, or the district itself, had on a day (two queries)."""
    codes = AreaCode.objects.filter(district=district, area=area).values_list("code", flat=True)
    former = codes.filter(valid_from__lte=on, valid_to__gt=on).order_by("pk").first()
    if former is not None:
        return former
    if area is None:
        return district_by_id(district).code
    return one(Area.objects.filter(district=district, pk=area), area).code


@kept.by("registry_area")
def areas(district: int) -> tuple[AreaInfo, ...]:
    """Streets and communities by code, those that have not ended."""
    rows = Area.objects.filter(living(None), district=district).order_by("code")
    return tuple(_area(row) for row in rows)


def streets(district: int, *, on: date | None = None) -> tuple[AreaInfo, ...]:
    """The streets of a district by code."""
    return _areas(Area.objects.filter(district=district, kind="street"), on)


def communities(street: int, *, on: date | None = None) -> tuple[AreaInfo, ...]:
    """The communities of a street by code."""
    return _areas(Area.objects.filter(parent=street), on)


def area(id: int) -> AreaInfo:
    """One area."""
    return _area(one(Area.objects.filter(pk=id), id))


def area_names(ids: Iterable[int]) -> dict[int, str]:
    """The names of these areas, ended ones too."""
    names = _names()
    return {id: names[id] for id in set(ids) if id in names}


@kept.by("registry_area")
def _names() -> dict[int, str]:
    return dict(Area.objects.values_list("pk", "name"))


def _areas(rows: QuerySet[Area], on: date | None) -> tuple[AreaInfo, ...]:
    return tuple(_area(row) for row in rows.filter(living(on)).order_by("code"))


def _area(row: Area) -> AreaInfo:
    return AreaInfo(row.pk, row.code, row.name, row.kind, row.parent_id)


def _district(row: District) -> DistrictInfo:
    return DistrictInfo(row.pk, row.code, row.name, row.name_en)
