"""Subjects: places and enterprises of which something is expected."""

import math
from collections.abc import Iterable

from django.db.models import Avg, Count, F, Q

from luoshi.infra import kept
from luoshi.registry.facts import NearSubject, SubjectInfo
from luoshi.registry.models import Alias, Subject
from luoshi.registry.queries.areas import area_names
from luoshi.registry.queries.lookup import one

METRES_PER_DEGREE = 111_320


def subjects(
    district: int,
    *,
    text: str = "",
    area: int | None = None,
    kind: str = "",
    limit: int = 50,
) -> tuple[SubjectInfo, ...]:
    """Active subjects by name: in an area or its communities, with a name or alias like `text`."""
    find = _subjects if text else _listed  # what people type is not kept
    return find(district, text, area, kind, limit)


def _subjects(
    district: int, text: str, area: int | None, kind: str, limit: int
) -> tuple[SubjectInfo, ...]:
    rows = Subject.objects.filter(district=district, active=True)
    if area is not None:
        rows = rows.filter(Q(area=area) | Q(area__parent=area))
    if kind:
        rows = rows.filter(kind=kind)
    if text:
        aliases = Alias.objects.filter(district=district, text__icontains=text)
        rows = rows.filter(Q(name__icontains=text) | Q(pk__in=aliases.values("subject")))
    return tuple(subject_info(row) for row in rows.order_by("name", "pk")[:limit])


_listed = kept.by("registry_subject", "registry_area")(_subjects)


@kept.by("registry_subject")
def subject(id: int) -> SubjectInfo:
    """One subject."""
    return subject_info(one(Subject.objects.filter(pk=id), id))


def subjects_called(district: int, name: str) -> tuple[SubjectInfo, ...]:
    """The active subjects that have exactly this code, else those of exactly this name."""
    rows = list(
        Subject.objects.filter(district=district, active=True).filter(Q(code=name) | Q(name=name))
    )
    coded = [row for row in rows if row.code == name]
    return tuple(subject_info(row) for row in coded or rows)


def subjects_by_id(ids: Iterable[int], *, district: int | None = None) -> dict[int, SubjectInfo]:
    """These subjects (of a district), in one query."""
    rows = Subject.objects.filter(pk__in=set(ids))
    if district is not None:
        rows = rows.filter(district=district)
    return {row.pk: subject_info(row) for row in rows}


def subjects_named(
    district: int,
    *,
    kind: str,
    codes: Iterable[str] = (),
    names: Iterable[str] = (),
) -> tuple[SubjectInfo, ...]:
    """Subjects of a kind with one of these codes (closed ones too) or names (active ones)."""
    by_name = Q(active=True, name__in=set(names))
    rows = Subject.objects.filter(Q(code__in=set(codes) - {""}) | by_name, district=district)
    return tuple(subject_info(row) for row in rows.filter(kind=kind).order_by("pk"))


def subjects_page(
    district: int,
    *,
    kind: str,
    area: int | None = None,
    text: str = "",
    after: int = 0,
    limit: int = 50,
) -> tuple[SubjectInfo, ...]:
    """Active subjects of a kind in the order of their ids, from the one after `after` on; with
    `text` in their name or address."""
    rows = Subject.objects.filter(district=district, kind=kind, active=True, pk__gt=after)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(address__icontains=text))
    if area is not None:
        rows = rows.filter(Q(area=area) | Q(area__parent=area))
    return tuple(subject_info(row) for row in rows.order_by("pk")[:limit])


def subjects_in(district: int, areas: Iterable[int], *, kind: str = "") -> frozenset[int]:
    """The ids of all subjects in these areas, those that are no longer there among them."""
    rows = Subject.objects.filter(district=district, area__in=set(areas))
    if kind:
        rows = rows.filter(kind=kind)
    return frozenset(rows.values_list("pk", flat=True))


def parts_of(subject: int) -> tuple[SubjectInfo, ...]:
    """The active subjects that are a part of this one: the stalls of a market."""
    rows = Subject.objects.filter(parent=subject, active=True).order_by("kind", "name", "pk")
    return tuple(subject_info(row) for row in rows)


def subject_counts(district: int, *, kinds: Iterable[str], placed: bool = False) -> dict[str, int]:
    """How many active subjects there are of each kind; `placed`: only those that lie somewhere."""
    rows = Subject.objects.filter(district=district, kind__in=set(kinds), active=True)
    if placed:
        rows = rows.filter(area__isnull=False)
    return dict(rows.values("kind").annotate(n=Count("pk")).values_list("kind", "n"))


def subject_facts(
    district: int, *, kind: str, after: int = 0, limit: int = 20_000
) -> list[tuple[int, dict[str, object]]]:
    """(id, facts) of active subjects of a kind in the order of their ids; for work on all."""
    rows = Subject.objects.filter(district=district, kind=kind, active=True, pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", "facts")[:limit])


def subject_names(ids: Iterable[int]) -> dict[int, str]:
    """The names of these subjects, closed ones too."""
    wanted = set(ids)
    known = _names() if wanted else {}
    return {id: known[id] for id in wanted if id in known}


@kept.by("registry_subject")
def _names() -> dict[int, str]:
    return dict(Subject.objects.values_list("pk", "name"))


def place_names(*, area: int | None, subject: int | None) -> list[str]:
    """The names of one area and one subject, as far as they are given."""
    with kept.at_once():
        found = area_names([area]) if area else {}
        also = subject_names([subject]) if subject else {}
    return [*found.values(), *also.values()]


def area_centres(district: int) -> dict[int, tuple[float, float]]:
    """By area, the middle of its known places: (latitude, longitude)."""
    rows = Subject.objects.filter(district=district, lat__isnull=False, area__isnull=False)
    found = rows.values("area").annotate(y=Avg("lat"), x=Avg("lon")).order_by()
    return {row["area"]: (float(row["y"]), float(row["x"])) for row in found}


def nearest_subjects(
    district: int, lat: float, lon: float, limit: int = 10
) -> tuple[NearSubject, ...]:
    """The active subjects next to a point (WGS 84 degrees), nearest first.

    Distances on a plane that touches the earth at the point: exact enough within a district.
    """
    north, east = F("lat") - lat, (F("lon") - lon) * math.cos(math.radians(lat))
    rows = (
        Subject.objects.filter(district=district, active=True, lat__isnull=False)
        .annotate(square=north * north + east * east)
        .order_by("square", "pk")[:limit]
    )
    return tuple(
        NearSubject(subject_info(row), round(math.sqrt(row.square) * METRES_PER_DEGREE))
        for row in rows
    )


def subject_info(row: Subject) -> SubjectInfo:
    """The value of a row."""
    return SubjectInfo(
        id=row.pk,
        kind=row.kind,
        name=row.name,
        area=row.area_id,
        address=row.address,
        lat=row.lat,
        lon=row.lon,
        operator=row.operator_id,
        active=row.active,
        parent=row.parent_id,
        code=row.code,
        facts=row.facts,
    )
