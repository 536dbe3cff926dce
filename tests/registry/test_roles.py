"""Roles are dated, end, and are never held twice at once."""

from datetime import date, timedelta

import pytest
from django.contrib.auth import authenticate
from hypothesis import given
from hypothesis import strategies as st

from luoshi.registry import actions, queries
from luoshi.registry.actions import Grant
from luoshi.registry.models import RoleAssignment
from luoshi.rules.permissions import RoleFact
from tests.registry.conftest import SINCE, TODAY, World


def on_roster(world: World, on: date) -> list[tuple[int, str, int]]:
    return [(r.person, r.role, r.unit) for r in queries.roster(world.district, on=on)]


def test_a_role_holds_from_its_first_day_until_the_day_before_it_ends(world: World) -> None:
    actions.grant_role(person=world.anna, unit=world.desk, role="desk", valid_from=SINCE)
    actions.end_role(person=world.anna, unit=world.desk, role="desk", on=TODAY)

    held = [(world.anna, "desk", world.desk)]
    assert on_roster(world, SINCE - timedelta(1)) == []
    assert on_roster(world, SINCE) == held
    assert on_roster(world, TODAY - timedelta(1)) == held
    assert on_roster(world, TODAY) == []


def test_an_ended_role_stays_on_record_and_can_be_granted_anew(world: World) -> None:
    actions.grant_role(person=world.anna, unit=world.desk, role="desk", valid_from=SINCE)
    actions.end_role(person=world.anna, unit=world.desk, role="desk", on=date(2025, 1, 1))
    actions.grant_role(person=world.anna, unit=world.desk, role="desk", valid_from=TODAY)

    assert on_roster(world, date(2024, 6, 1)) == on_roster(world, TODAY)
    assert on_roster(world, date(2025, 6, 1)) == []
    assert RoleAssignment.objects.count() == 2


def test_the_same_role_twice_at_once_is_refused(world: World) -> None:
    actions.grant_role(person=world.anna, unit=world.desk, role="desk", valid_from=SINCE)
    with pytest.raises(actions.Refused):
        actions.grant_role(person=world.anna, unit=world.desk, role="desk", valid_from=TODAY)


def test_one_person_may_hold_roles_in_several_units(world: World) -> None:
    actions.grant_role(person=world.anna, unit=world.desk, role="desk", valid_from=SINCE)
    actions.grant_role(person=world.anna, unit=world.keepers, role="handler", valid_from=SINCE)
    held = {(r.unit, r.role, r.district) for r in queries.roles_of(world.anna, on=TODAY)}
    assert held == {
        (world.desk, "desk", world.district),
        (world.keepers, "handler", world.district),
    }


def test_an_unknown_role_is_refused_and_nothing_of_the_batch_is_kept(world: World) -> None:
    grants = [
        Grant(person=world.anna, unit=world.desk, role="desk", valid_from=SINCE),
        Grant(person=world.bo, unit=world.desk, role="emperor", valid_from=SINCE),
    ]
    with pytest.raises(actions.Refused):
        actions.grant_roles(grants=grants)
    assert on_roster(world, TODAY) == []


def test_a_role_that_is_not_held_cannot_be_ended(world: World) -> None:
    with pytest.raises(actions.Refused):
        actions.end_role(person=world.anna, unit=world.desk, role="desk", on=TODAY)


def test_the_roster_says_who_is_absent(world: World) -> None:
    for person in (world.anna, world.bo):
        actions.grant_role(person=person, unit=world.desk, role="desk", valid_from=SINCE)
    actions.set_absence(person=world.bo, until=TODAY)

    roster = queries.roster(world.district, on=TODAY)
    assert roster == (
        RoleFact(person=world.anna, role="desk", unit=world.desk, absent=False),
        RoleFact(person=world.bo, role="desk", unit=world.desk, absent=True),
    )
    tomorrow = queries.roster(world.district, on=TODAY + timedelta(1))
    assert not any(r.absent for r in tomorrow)


def test_an_absent_person_is_not_offered_for_a_hand_over(world: World) -> None:
    for person in (world.anna, world.bo):
        actions.grant_role(person=person, unit=world.canal_office, role="handler", valid_from=SINCE)
    actions.set_absence(person=world.bo, until=TODAY)
    here = queries.people_of_unit(world.canal_office, "handler", TODAY)
    later = queries.people_of_unit(world.canal_office, "handler", TODAY + timedelta(1))
    assert [p.username for p in here] == ["anna"]
    assert {p.username for p in later} == {"anna", "bo"}


def test_a_closed_unit_has_nobody_on_the_roster(world: World) -> None:
    actions.grant_role(person=world.anna, unit=world.desk, role="desk", valid_from=SINCE)
    actions.close_unit(unit=world.desk)
    assert on_roster(world, TODAY) == []


def test_people_created_together_sign_in_with_the_shared_password_or_not_at_all(
    world: World,
) -> None:
    with_password = [actions.NewPerson(username="clerk", name="职员")]
    actions.create_people(people=with_password, shared_password="a long enough phrase")
    actions.create_people(people=[actions.NewPerson(username="silent", name="无口令")])

    assert authenticate(username="clerk", password="a long enough phrase") is not None
    assert authenticate(username="silent", password="") is None
    assert authenticate(username="anna", password="") is None


spans = st.tuples(st.integers(0, 20), st.none() | st.integers(0, 20)).filter(
    lambda s: s[1] is None or s[0] < s[1]
)


@given(spans, spans)
def test_two_spans_overlap_exactly_when_they_share_a_day(
    new: tuple[int, int | None], held: tuple[int, int | None]
) -> None:
    def day(n: int | None) -> date | None:
        return None if n is None else SINCE + timedelta(n)

    grant = Grant(person=1, unit=2, role="desk", valid_from=SINCE + timedelta(new[0]))
    grant = Grant(person=1, unit=2, role="desk", valid_from=grant.valid_from, valid_to=day(new[1]))
    row = RoleAssignment(
        person_id=1, unit_id=2, role="desk", valid_from=day(held[0]), valid_to=day(held[1])
    )
    shared = set(range(new[0], new[1] or 30)) & set(range(held[0], held[1] or 30))
    assert grant.overlaps(row) == bool(shared)


def test_every_unit_of_a_span_is_an_affiliation_also_one_that_ended_in_it(world: World) -> None:
    actions.grant_role(person=world.anna, unit=world.desk, role="desk", valid_from=SINCE)
    actions.end_role(person=world.anna, unit=world.desk, role="desk", on=date(2026, 3, 1))
    actions.grant_role(person=world.anna, unit=world.keepers, role="handler", valid_from=TODAY)

    def units(since: date, until: date) -> frozenset[int]:
        return queries.affiliations([world.anna], since=since, until=until)[world.anna]

    assert units(date(2026, 2, 28), TODAY) == {world.desk, world.keepers}
    assert units(date(2026, 3, 1), TODAY) == {world.keepers}
    assert units(SINCE, SINCE) == {world.desk}
    assert queries.affiliations([world.bo], since=SINCE, until=TODAY) == {}
