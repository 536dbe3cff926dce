"""People and the roles that they hold on a day."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from luoshi.infra import kept
from luoshi.registry.facts import HeldRole, PersonInfo
from luoshi.registry.models import Person, RoleAssignment
from luoshi.registry.queries.lookup import NotRegistered, one
from luoshi.registry.queries.units import unit as one_unit
from luoshi.rules.permissions import RoleFact


def people(ids: Iterable[int]) -> dict[int, PersonInfo]:
    """These people by id; ids that nobody has are left out."""
    known = _every()
    return {id: known[id] for id in set(ids) if id in known}


def mail_addresses(ids: Iterable[int]) -> dict[int, str]:
    """The e-mail addresses of these people who may still sign in; who has none is left out."""
    rows = Person.objects.filter(pk__in=set(ids), is_active=True).exclude(email="")
    return dict(rows.values_list("pk", "email"))


def person(username: str) -> PersonInfo:
    """The person with this login name."""
    return _person(one(Person.objects.filter(username=username), username))


@kept.by("registry_roleassignment", "registry_person", "registry_unit")
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


@kept.by("registry_person")
def _every() -> dict[int, PersonInfo]:
    return {row.pk: _person(row) for row in Person.objects.all()}


def affiliations(people: Iterable[int], *, since: date, until: date) -> dict[int, frozenset[int]]:
    """For each of the people every unit in which he had a role on any day of the span."""
    held = RoleAssignment.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=since), valid_from__lte=until, person__in=set(people)
    )
    found: dict[int, set[int]] = {}
    for person, unit in held.values_list("person", "unit"):
        found.setdefault(person, set()).add(unit)
    return {person: frozenset(units) for person, units in found.items()}


@kept.by("registry_roleassignment", "registry_unit")
def roles_of(person: int, *, on: date) -> tuple[HeldRole, ...]:
    """The roles that one person holds on that day, in every district."""
    rows = RoleAssignment.objects.on(on).filter(person=person, unit__active=True)
    values = rows.order_by("pk").values_list("district", "unit", "role")
    return tuple(HeldRole(*row) for row in values)


def people_of_unit(unit: int, role: str, on: date) -> tuple[PersonInfo, ...]:
    """Who holds a role in a unit on that day, by name; without those who are absent."""
    try:
        district = one_unit(unit).district
    except NotRegistered:
        return ()
    held = (fact for fact in roster(district, on=on) if fact.unit == unit and fact.role == role)
    found = people(fact.person for fact in held if not fact.absent)
    return tuple(sorted(found.values(), key=lambda one: (one.name, one.id)))


def _person(row: Person) -> PersonInfo:
    return PersonInfo(row.pk, row.name, row.username, row.language)
