"""People and the roles that they hold on a day."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from luoshi.registry.facts import HeldRole, PersonInfo
from luoshi.registry.models import Person, RoleAssignment
from luoshi.registry.queries.lookup import one
from luoshi.rules.permissions import RoleFact


def people(ids: Iterable[int]) -> dict[int, PersonInfo]:
    """These people by id; ids that nobody has are left out."""
    return {row.pk: _person(row) for row in Person.objects.filter(pk__in=set(ids))}


def mail_addresses(ids: Iterable[int]) -> dict[int, str]:
    """The e-mail addresses of these people who may still sign in; who has none is left out."""
    rows = Person.objects.filter(pk__in=set(ids), is_active=True).exclude(email="")
    return dict(rows.values_list("pk", "email"))


def person(username: str) -> PersonInfo:
    """The person with this login name."""
    return _person(one(Person.objects.filter(username=username), username))


def roster(district: int, *, on: date) -> tuple[RoleFact, ...]:
    """Every role in force on that day of somebody who may still sign in, absent or not."""
    rows = RoleAssignment.objects.on(on).filter(
        district=district, person__is_active=True, unit__active=True
    )
    values = rows.order_by("pk").values_list("person", "role", "unit", "person__absent_until")
    return tuple(
        RoleFact(person=person, role=role, unit=unit, absent=until is not None and on <= until)
        for person, role, unit, until in values
    )


def affiliations(people: Iterable[int], *, since: date, until: date) -> dict[int, frozenset[int]]:
    """For each of the people every unit in which he had a role on any day of the span."""
    held = RoleAssignment.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=since), valid_from__lte=until, person__in=set(people)
    )
    found: dict[int, set[int]] = {}
    for person, unit in held.values_list("person", "unit"):
        found.setdefault(person, set()).add(unit)
    return {person: frozenset(units) for person, units in found.items()}


def roles_of(person: int, *, on: date) -> tuple[HeldRole, ...]:
    """The roles that one person holds on that day, in every district."""
    rows = RoleAssignment.objects.on(on).filter(person=person, unit__active=True)
    values = rows.order_by("pk").values_list("district", "unit", "role")
    return tuple(HeldRole(*row) for row in values)


def people_of_unit(unit: int, role: str, on: date) -> tuple[PersonInfo, ...]:
    """Who holds a role in a unit on that day, by name; without those who are absent."""
    held = RoleAssignment.objects.on(on).filter(unit=unit, role=role)
    present = Person.objects.filter(Q(absent_until=None) | Q(absent_until__lt=on), is_active=True)
    rows = present.filter(pk__in=held.values("person")).order_by("name", "pk")
    return tuple(_person(row) for row in rows)


def _person(row: Person) -> PersonInfo:
    return PersonInfo(row.pk, row.name, row.username, row.language)
