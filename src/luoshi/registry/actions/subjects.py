"""Subjects, the names that people give them, and the duties for them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from luoshi.registry.actions.common import Refused, end, require_members
from luoshi.registry.models import Alias, Area, Duty, Subject, Unit
from luoshi.registry.places import tidy

REFERENCES = {"area": "area_id", "parent": "parent_id", "operator": "operator_id"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDuty:
    """`subject`, or `area`, or neither: everywhere in the district."""

    unit: int
    valid_from: date
    person: int | None = None
    subject: int | None = None
    area: int | None = None
    category: str = ""
    valid_to: date | None = None


def create_subject(
    *,
    district: int,
    kind: str,
    name: str,
    area: int | None = None,
    address: str = "",
    lat: float | None = None,
    lon: float | None = None,
    operator: int | None = None,
    parent: int | None = None,
    code: str = "",
    facts: Mapping[str, Any] | None = None,
) -> int:
    """A new subject; its id. Latitude and longitude are WGS 84 degrees, both or neither.

    `parent` is what it is a part of (the market of a stall), `code` its name in other registers,
    `facts` what a pack wants to know of its kind (JSON).
    """
    require_members(Area, district, [area])
    require_members(Subject, district, [parent])
    require_members(Unit, district, [operator])
    return Subject.objects.create(
        district_id=district,
        kind=kind,
        name=name,
        area_id=area,
        address=address,
        lat=lat,
        lon=lon,
        operator_id=operator,
        parent_id=parent,
        code=code,
        facts=dict(facts or {}),
    ).pk


def change_subject(*, district: int, subject: int, changes: Mapping[str, Any]) -> None:
    """Put other values to a subject: name, area, address, lat and lon, parent, operator, code; of
    `facts` those that are named, the others stay."""
    given = dict(changes)
    require_members(Subject, district, [subject, given.get("parent")])
    require_members(Area, district, [given.get("area")])
    require_members(Unit, district, [given.get("operator")])
    facts = given.pop("facts", {})
    with transaction.atomic():
        row = Subject.objects.select_for_update().get(pk=subject)
        for name, value in given.items():
            setattr(row, REFERENCES.get(name, name), value)
        row.facts = {**row.facts, **facts}
        row.save(update_fields=["facts", *given])


def close_subject(*, subject: int) -> None:
    """The subject exists no more; it is found no more, its history stays."""
    Subject.objects.filter(pk=subject).update(active=False)


def add_alias(
    *, district: int, text: str, area: int | None = None, subject: int | None = None
) -> None:
    """Another name of an area or of a subject; twice the same is once.

    At least two characters: a single one would be found in nearly every text.
    """
    text = tidy(text)
    if len(text) < 2:
        raise Refused(_("Another name has at least two characters."))
    if (area is None) == (subject is None):
        raise Refused(_("Another name belongs either to an area or to a subject."))
    require_members(Area, district, [area])
    require_members(Subject, district, [subject])
    alias = Alias(district_id=district, area_id=area, subject_id=subject, text=text)
    Alias.objects.bulk_create([alias], ignore_conflicts=True)


def create_duty(
    *,
    district: int,
    unit: int,
    valid_from: date,
    person: int | None = None,
    subject: int | None = None,
    area: int | None = None,
    category: str = "",
    valid_to: date | None = None,
) -> int:
    """A unit, better a person in it, answers for a subject, an area or everywhere; the id."""
    new = NewDuty(
        unit=unit,
        valid_from=valid_from,
        person=person,
        subject=subject,
        area=area,
        category=category,
        valid_to=valid_to,
    )
    return create_duties(district=district, duties=[new])[0]


def create_duties(*, district: int, duties: Iterable[NewDuty]) -> list[int]:
    """Many duties at once; their ids in the same order."""
    new = tuple(duties)
    require_members(Unit, district, (d.unit for d in new))
    require_members(Subject, district, (d.subject for d in new))
    require_members(Area, district, (d.area for d in new))
    rows = Duty.objects.bulk_create(
        Duty(
            district_id=district,
            unit_id=d.unit,
            person_id=d.person,
            subject_id=d.subject,
            area_id=d.area,
            category_code=d.category,
            valid_from=d.valid_from,
            valid_to=d.valid_to,
        )
        for d in new
    )
    return [row.pk for row in rows]


def end_duty(*, duty: int, on: date) -> None:
    """The duty holds no more from that day on."""
    end(Duty.objects.filter(pk=duty), on)
