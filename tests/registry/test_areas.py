"""Codes and names of areas are dated, and nothing reaches across districts."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from luoshi.registry import actions, queries
from tests.registry.conftest import World

MERGED = date(2020, 7, 3)


@pytest.fixture
def merged(world: World) -> World:
    for code, name in (("320602", "崇川区"), ("320611", "港闸区")):
        actions.add_former_code(
            district=world.district,
            code=code,
            name=name,
            valid_from=date(1991, 1, 1),
            valid_to=MERGED,
        )
    return world


@pytest.mark.parametrize("code", ["320613", "320602", "320611"])
def test_a_district_is_found_by_its_code_and_by_its_former_ones(merged: World, code: str) -> None:
    found = queries.district(code)
    assert (found.id, found.code) == (merged.district, "320613")


def test_before_the_merger_the_district_had_its_former_code(merged: World) -> None:
    assert queries.code_on(merged.district, on=date(2020, 6, 24)) == "320602"
    assert queries.code_on(merged.district, on=MERGED) == "320613"


def test_an_unknown_district_area_unit_or_subject_is_not_registered(world: World) -> None:
    asked = [queries.area, queries.unit, queries.subject, queries.district_by_id]
    for query in asked:
        with pytest.raises(queries.NotRegistered):
            query(999_999)
    with pytest.raises(queries.NotRegistered):
        queries.district("999999")


def test_streets_and_their_communities_come_by_code(world: World) -> None:
    assert [a.id for a in queries.streets(world.district)] == [world.east, world.west]
    assert [a.id for a in queries.communities(world.east)] == [world.canal, world.elms]
    assert len(queries.areas(world.district)) == 5
    assert queries.area_names([world.canal, world.west]) == {
        world.canal: "运河社区",
        world.west: "西苑街道",
    }


def test_a_community_without_a_street_and_a_street_in_a_street_are_refused(world: World) -> None:
    for kind, parent in (("community", None), ("street", world.east)):
        with pytest.raises(actions.Refused):
            actions.create_area(
                district=world.district, code="x", name="x", kind=kind, parent=parent
            )


def test_an_area_code_is_given_once_in_a_district(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.create_area(district=world.district, code="001", name="又", kind="street")


def test_nothing_reaches_across_districts(world: World) -> None:
    other = actions.create_district(code="610730", name="佛坪县")
    refused = [
        lambda: actions.create_area(
            district=other, code="1", name="社区", kind="community", parent=world.east
        ),
        lambda: actions.create_unit(district=other, name="办", kind="street", area=world.east),
        lambda: actions.create_unit(
            district=other, name="司", kind="contractor", acts_for=world.canal_office
        ),
        lambda: actions.create_subject(district=other, kind="estate", name="苑", area=world.east),
        lambda: actions.add_alias(district=other, text="别名", subject=world.estate),
        lambda: actions.create_duty(
            district=other, unit=world.canal_office, valid_from=date(2026, 1, 1)
        ),
    ]
    for action in refused:
        with pytest.raises(actions.Refused):
            action()


def test_the_sketch_of_a_district_is_its_outline_or_nothing(world: World) -> None:
    outline = {"type": "Polygon", "coordinates": [[[120, 32], [121, 32], [121, 31], [120, 32]]]}
    drawn = actions.create_district(code="610730", name="佛坪县", outline=outline)
    assert queries.sketch(drawn) == outline
    assert queries.sketch(world.district) is None
