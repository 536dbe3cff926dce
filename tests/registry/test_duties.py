"""Which unit and person answers for a place and a category on a day: the closest duty."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from luoshi.registry import actions, queries
from tests.registry.conftest import SINCE, TODAY, World


def answering(
    world: World,
    *,
    subject: int | None = None,
    area: int | None = None,
    category: str = "city.green.plots",
    on: date = TODAY,
) -> tuple[int, int | None] | None:
    return queries.duty_for(world.district, subject=subject, area=area, category=category, on=on)


@pytest.fixture
def layered(world: World) -> World:
    """Duties everywhere, in the street, in the community; none for the estate itself."""
    for unit, area in ((world.desk, None), (world.east_office, world.east)):
        actions.create_duty(district=world.district, unit=unit, area=area, valid_from=SINCE)
    actions.create_duty(
        district=world.district,
        unit=world.canal_office,
        person=world.anna,
        area=world.canal,
        valid_from=SINCE,
    )
    return world


def test_without_a_duty_nobody_is_named(world: World) -> None:
    assert answering(world, subject=world.estate) is None


def test_the_community_answers_before_the_street_and_the_street_before_the_district(
    layered: World,
) -> None:
    assert answering(layered, area=layered.canal) == (layered.canal_office, layered.anna)
    assert answering(layered, area=layered.elms) == (layered.east_office, None)
    assert answering(layered, area=layered.west) == (layered.desk, None)
    assert answering(layered) == (layered.desk, None)


def test_a_subject_without_a_duty_of_its_own_falls_to_its_community(layered: World) -> None:
    expected = (layered.canal_office, layered.anna)
    assert answering(layered, subject=layered.estate) == expected


def test_a_duty_for_the_subject_comes_first(layered: World) -> None:
    actions.create_duty(
        district=layered.district,
        unit=layered.keepers,
        subject=layered.estate,
        valid_from=SINCE,
    )
    assert answering(layered, subject=layered.estate) == (layered.keepers, None)
    assert answering(layered, area=layered.canal) == (layered.canal_office, layered.anna)


def test_the_narrower_category_comes_first_and_covers_its_branches_only(world: World) -> None:
    for unit, category in ((world.east_office, ""), (world.canal_office, "city.green")):
        actions.create_duty(
            district=world.district,
            unit=unit,
            area=world.east,
            category=category,
            valid_from=SINCE,
        )
    assert answering(world, area=world.east, category="city.green") == (world.canal_office, None)
    below = answering(world, area=world.east, category="city.green.plots")
    assert below == (world.canal_office, None)
    beside = answering(world, area=world.east, category="city.greenhouse")
    assert beside == (world.east_office, None)


def test_a_duty_holds_only_in_its_time(world: World) -> None:
    duty = actions.create_duty(
        district=world.district, unit=world.desk, valid_from=date(2026, 1, 1)
    )
    actions.end_duty(duty=duty, on=date(2026, 5, 1))
    assert answering(world, on=date(2025, 12, 31)) is None
    assert answering(world, on=date(2026, 4, 30)) == (world.desk, None)
    assert answering(world, on=date(2026, 5, 1)) is None
    with pytest.raises(actions.Refused):
        actions.end_duty(duty=duty, on=TODAY)


def test_a_closed_unit_answers_for_nothing(layered: World) -> None:
    actions.close_unit(unit=layered.canal_office)
    assert answering(layered, area=layered.canal) == (layered.east_office, None)


def test_the_duties_of_a_day_are_listed_by_object(
    layered: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        listed = queries.duties(layered.district, on=TODAY)
    assert {(d.unit, d.person, d.area) for d in listed} == {
        (layered.desk, None, None),
        (layered.east_office, None, layered.east),
        (layered.canal_office, layered.anna, layered.canal),
    }
    in_canal = queries.duties(layered.district, on=TODAY, area=layered.canal)
    assert [d.person for d in in_canal] == [layered.anna]
