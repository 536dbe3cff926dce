"""People and their dated roles. A role ends; it is never deleted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from luoshi.registry import words
from luoshi.registry.actions.common import Refused, end
from luoshi.registry.models import Person, RoleAssignment, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    username: str
    name: str
    email: str = ""
    language: str = "zh-hans"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A role of a person in a unit from a day on."""

    person: int
    unit: int
    role: str
    valid_from: date
    valid_to: date | None = None

    def overlaps(self, held: RoleAssignment) -> bool:
        same = (held.person_id, held.unit_id, held.role) == (self.person, self.unit, self.role)
        starts_before_other_ends = held.valid_to is None or self.valid_from < held.valid_to
        ends_after_other_starts = self.valid_to is None or held.valid_from < self.valid_to
        return same and starts_before_other_ends and ends_after_other_starts


def create_person(
    *,
    username: str,
    name: str,
    password: str | None = None,
    email: str = "",
    language: str = "zh-hans",
    is_staff: bool = False,
    is_superuser: bool = False,
) -> int:
    """Somebody new who can sign in once he has a password; the id."""
    return Person.objects.create_user(
        username,
        password,
        name=name,
        email=email,
        language=language,
        is_staff=is_staff,
        is_superuser=is_superuser,
    ).pk


def create_people(
    *, people: Iterable[NewPerson], shared_password: str | None = None
) -> dict[str, int]:
    """Many new people; their ids by login name.

    A shared password is meant for demos and tests: it is hashed once for all, since hashing is
    slow on purpose. Without it nobody can sign in until he is given a password.
    """
    password = make_password(shared_password)
    rows = Person.objects.bulk_create(
        Person(
            username=Person.normalize_username(p.username),
            name=p.name,
            email=p.email,
            language=p.language,
            password=password if shared_password is not None else make_password(None),
        )
        for p in people
    )
    return {row.username: row.pk for row in rows}


def set_absence(*, person: int, until: date | None) -> None:
    """Absent up to and including that day; None: back again."""
    Person.objects.filter(pk=person).update(absent_until=until)


def set_password(*, person: int, password: str | None) -> None:
    """A new password; None: no sign-in by password."""
    row = Person.objects.get(pk=person)
    row.set_password(password)
    row.save(update_fields=["password"])


def grant_role(
    *, person: int, unit: int, role: str, valid_from: date, valid_to: date | None = None
) -> int:
    """A role from that day on; its id. `Refused` while the person holds it in this unit already."""
    new = Grant(person=person, unit=unit, role=role, valid_from=valid_from, valid_to=valid_to)
    return grant_roles(grants=[new])[0]


@transaction.atomic
def grant_roles(*, grants: Iterable[Grant]) -> list[int]:
    """Many roles at once, all or none; their ids in the same order."""
    new: Sequence[Grant] = tuple(grants)
    if unknown := {g.role for g in new} - words.ROLES.keys():
        raise Refused(_("There is no such role: %(role)s") % {"role": ", ".join(sorted(unknown))})
    refuse_overlaps(new)
    units = Unit.objects.filter(pk__in={g.unit for g in new})
    districts = dict(units.values_list("pk", "district"))
    rows = RoleAssignment.objects.bulk_create(
        RoleAssignment(
            district_id=districts[g.unit],
            person_id=g.person,
            unit_id=g.unit,
            role=g.role,
            valid_from=g.valid_from,
            valid_to=g.valid_to,
        )
        for g in new
    )
    return [row.pk for row in rows]


def end_role(*, person: int, unit: int, role: str, on: date) -> None:
    """The role holds no more from that day on. `Refused` when it is not held then."""
    end(RoleAssignment.objects.filter(person=person, unit=unit, role=role), on)


def refuse_overlaps(new: Sequence[Grant]) -> None:
    """`Refused` when somebody would hold the same role in the same unit twice on one day."""
    people = {g.person for g in new}
    # Two grants to one person wait for each other, so that neither misses the other.
    list(Person.objects.select_for_update().filter(pk__in=people).values_list("pk", flat=True))
    held = RoleAssignment.objects.filter(person__in=people)
    by_person: dict[int, list[RoleAssignment]] = {}
    for row in held:
        by_person.setdefault(row.person_id, []).append(row)
    if any(g.overlaps(row) for g in new for row in by_person.get(g.person, ())):
        raise Refused(_("This person already has this role in this unit."))
