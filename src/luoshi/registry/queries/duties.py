"""Who answers for what on a day."""

from datetime import date

from django.db.models import Q

from luoshi.registry.facts import DutyInfo
from luoshi.registry.models import Area, Duty


def duty_for(
    district: int, *, subject: int | None, area: int | None, category: str, on: date
) -> tuple[int, int | None] | None:
    """(unit, person or None) who answers on that day, or None; two queries.

    The closest duty counts: for the subject, else its community, else the street, else everywhere;
    among equals the one for the narrowest category, then the newest.
    """
    nearness = _surroundings(subject, area)
    place = Q(area__in=nearness) | Q(subject=None, area=None)
    if subject is not None:
        place |= Q(subject=subject)
    rows = Duty.objects.on(on).filter(place, district=district, unit__active=True)
    found = [row for row in rows if _covers(row.category_code, category)]
    if not found:
        return None
    best = max(found, key=lambda row: _closeness(row, nearness))
    return best.unit_id, best.person_id


def duties(
    district: int, *, on: date, subject: int | None = None, area: int | None = None
) -> tuple[DutyInfo, ...]:
    """The duties in force on that day, of one subject or area when given."""
    rows = Duty.objects.on(on).filter(district=district).order_by("subject", "area", "pk")
    if subject is not None:
        rows = rows.filter(subject=subject)
    if area is not None:
        rows = rows.filter(area=area)
    return tuple(_duty(row) for row in rows)


def _surroundings(subject: int | None, area: int | None) -> dict[int, int]:
    """The areas round a place with their nearness: its community 2, its street 1."""
    if subject is None and area is None:
        return {}
    holds = Q(pk=area) if area is not None else Q(subject=subject)
    found = Area.objects.filter(holds).values_list("pk", "parent").first()
    if found is None:
        return {}
    inner, outer = found
    return {inner: 2} if outer is None else {inner: 2, outer: 1}


def _covers(duty: str, category: str) -> bool:
    return not duty or category == duty or category.startswith(f"{duty}.")


def _closeness(row: Duty, nearness: dict[int, int]) -> tuple[int, int, date, int]:
    near = 3 if row.subject_id else nearness.get(row.area_id or 0, 0)
    return near, len(row.category_code), row.valid_from, row.pk


def _duty(row: Duty) -> DutyInfo:
    return DutyInfo(
        id=row.pk,
        unit=row.unit_id,
        person=row.person_id,
        subject=row.subject_id,
        area=row.area_id,
        category=row.category_code,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
