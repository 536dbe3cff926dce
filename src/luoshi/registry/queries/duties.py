"""Who answers for what on a day."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from luoshi.infra import kept
from luoshi.registry.facts import DutyInfo, SubjectInfo
from luoshi.registry.models import Area, Duty, Subject
from luoshi.registry.queries.subjects import subject as one_subject
from luoshi.registry.queries.subjects import subject_info


def duty_for(
    district: int, *, subject: int | None, area: int | None, category: str, on: date
) -> tuple[int, int | None] | None:
    """(unit, person or None) who answers on that day, or None.

    The closest duty counts: for the subject, else its community, else the street, else everywhere;
    among equals the one for the narrowest category, then the newest.
    """
    place = one_subject(subject) if subject is not None else None
    themselves = {id for id in (subject, place.parent if place else None) if id is not None}
    near = area or (place.area if place else None)
    return duty_book(district, on=on)._closest(themselves, near, category)


@dataclass(frozen=True, slots=True)
class DutyBook:
    """All duties of a district on one day, for work on many subjects at once."""

    rows: tuple[Duty, ...]
    areas: Mapping[int, int | None]

    def answers(self, subject: SubjectInfo, category: str) -> tuple[int, int | None] | None:
        """(unit, person or None) as `duty_for` says, without a query."""
        themselves = {id for id in (subject.id, subject.parent) if id is not None}
        return self._closest(themselves, subject.area, category)

    def _closest(
        self, themselves: Collection[int], area: int | None, category: str
    ) -> tuple[int, int | None] | None:
        """`themselves`: a place and what it is a part of: a duty for a market covers its stalls."""
        nearness = self._nearness(area)
        found = [
            row
            for row in self.rows
            if _covers(row.category_code, category) and _reaches(row, themselves, nearness)
        ]
        if not found:
            return None
        best = max(found, key=lambda row: _closeness(row, nearness))
        return best.unit_id, best.person_id

    def _nearness(self, area: int | None) -> dict[int, int]:
        """The areas round a place: its community 2, its street 1."""
        if area is None:
            return {}
        outer = self.areas.get(area)
        return {area: 2} if outer is None else {area: 2, outer: 1}


@kept.by("registry_duty", "registry_unit", "registry_area")
def duty_book(district: int, *, on: date) -> DutyBook:
    """Two queries, whatever the number of duties."""
    rows = Duty.objects.on(on).filter(district=district, unit__active=True)
    areas = Area.objects.filter(district=district).values_list("pk", "parent")
    return DutyBook(tuple(rows), dict(areas))


def _reaches(row: Duty, themselves: Collection[int], nearness: Mapping[int, int]) -> bool:
    if row.subject_id is not None:
        return row.subject_id in themselves
    return row.area_id is None or row.area_id in nearness


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


def subjects_of_units(
    district: int,
    units: Collection[int],
    *,
    kinds: Mapping[str, Collection[str]],
    on: date,
    after: int = 0,
    limit: int = 50,
) -> tuple[SubjectInfo, ...]:
    """Active subjects of these kinds that one of the units operates, or to which one of its duties
    reaches, by id; whether a closer duty takes it away again `DutyBook.answers` tells. `kinds`: by
    kind the categories for which duties count. Two queries."""
    reached = Q(operator__in=units)
    for row in Duty.objects.on(on).filter(district=district, unit__in=units):
        covered = [
            kind
            for kind, categories in kinds.items()
            if any(_covers(row.category_code, category) for category in categories)
        ]
        reached |= Q(kind__in=covered) & _inside(row)
    rows = Subject.objects.filter(
        reached, district=district, active=True, kind__in=list(kinds), pk__gt=after
    )
    return tuple(subject_info(row) for row in rows.order_by("pk")[:limit])


def _inside(row: Duty) -> Q:
    if row.subject_id is not None:
        return Q(pk=row.subject_id) | Q(parent=row.subject_id)
    if row.area_id is not None:
        return Q(area=row.area_id) | Q(area__parent=row.area_id)
    return Q(district=row.district_id)


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
