"""Subjects: places and enterprises of which something is expected."""

import math
from collections.abc import Iterable

from django.db.models import Count, F, Q

from luoshi.registry.facts import NearSubject, SubjectInfo
from luoshi.registry.models import Alias, Subject
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
    rows = Subject.objects.filter(district=district, active=True)
    if area is not None:
        rows = rows.filter(Q(area=area) | Q(area__parent=area))
    if kind:
        rows = rows.filter(kind=kind)
    if text:
        aliases = Alias.objects.filter(district=district, text__icontains=text)
        rows = rows.filter(Q(name__icontains=text) | Q(pk__in=aliases.values("subject")))
    return tuple(_subject(row) for row in rows.order_by("name", "pk")[:limit])


def subject(id: int) -> SubjectInfo:
    """One subject."""
    return _subject(one(Subject.objects.filter(pk=id), id))


def subjects_by_id(ids: Iterable[int], *, district: int | None = None) -> dict[int, SubjectInfo]:
    """These subjects (of a district), in one query."""
    rows = Subject.objects.filter(pk__in=set(ids))
    if district is not None:
        rows = rows.filter(district=district)
    return {row.pk: _subject(row) for row in rows}


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
    return tuple(_subject(row) for row in rows.filter(kind=kind).order_by("pk"))


def subjects_page(
    district: int, *, kind: str, area: int | None = None, after: int = 0, limit: int = 50
) -> tuple[SubjectInfo, ...]:
    """Active subjects of a kind in the order of their ids, from the one after `after` on."""
    rows = Subject.objects.filter(district=district, kind=kind, active=True, pk__gt=after)
    if area is not None:
        rows = rows.filter(Q(area=area) | Q(area__parent=area))
    return tuple(_subject(row) for row in rows.order_by("pk")[:limit])


def parts_of(subject: int) -> tuple[SubjectInfo, ...]:
    """The active subjects that are a part of this one: the stalls of a market."""
    rows = Subject.objects.filter(parent=subject, active=True).order_by("kind", "name", "pk")
    return tuple(_subject(row) for row in rows)


def subject_counts(district: int, *, kinds: Iterable[str]) -> dict[str, int]:
    """How many active subjects there are of each kind."""
    rows = Subject.objects.filter(district=district, kind__in=set(kinds), active=True)
    return dict(rows.values("kind").annotate(n=Count("pk")).values_list("kind", "n"))


def subject_facts(
    district: int, *, kind: str, after: int = 0, limit: int = 20_000
) -> list[tuple[int, dict[str, object]]]:
    """(id, facts) of active subjects of a kind in the order of their ids; for work on all."""
    rows = Subject.objects.filter(district=district, kind=kind, active=True, pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", "facts")[:limit])


def subject_names(ids: Iterable[int]) -> dict[int, str]:
    """The names of these subjects."""
    return dict(Subject.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


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
        NearSubject(_subject(row), round(math.sqrt(row.square) * METRES_PER_DEGREE)) for row in rows
    )


def _subject(row: Subject) -> SubjectInfo:
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
