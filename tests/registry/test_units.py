"""The tree of units with the contractors that act for them."""

from luoshi.registry import actions, queries
from luoshi.rules.independence import UnitFact
from tests.registry.conftest import World


def test_the_whole_tree_has_parents_and_contractors(world: World) -> None:
    tree = queries.units(world.district)
    assert tree[world.canal_office] == UnitFact(
        id=world.canal_office, parent=world.east_office, kind="community", acts_for=None
    )
    assert tree[world.keepers].acts_for == world.canal_office


def test_a_closed_unit_stays_in_the_tree_but_gets_no_case(world: World) -> None:
    actions.close_unit(unit=world.canal_office)
    assert world.canal_office in queries.units(world.district)
    assert world.canal_office not in {u.id for u in queries.handling_units(world.district)}
    assert queries.unit_of_area(world.canal) is None


def test_units_that_own_cases_are_offices_and_contractors_and_no_desk(world: World) -> None:
    owners = [u.id for u in queries.handling_units(world.district)]
    assert owners == [world.east_office, world.canal_office, world.keepers]


def test_an_area_has_its_office(world: World) -> None:
    assert queries.unit_of_area(world.canal) == world.canal_office
    assert queries.unit_of_area(world.elms) is None


def test_names_come_in_english_where_there_is_one(world: World) -> None:
    ids = [world.east_office, world.desk]
    chinese = {world.east_office: "东苑街道办事处", world.desk: "受理中心"}
    english = {world.east_office: "East office", world.desk: "受理中心"}
    assert queries.unit_names(ids) == chinese
    assert queries.unit_names(ids, language="en") == english
    assert queries.unit(world.east_office).name_en == "East office"


def test_people_are_found_by_id_and_by_login_name(world: World) -> None:
    found = queries.people([world.anna, 999_999])
    assert [(p.name, p.username, p.language) for p in found.values()] == [
        ("安娜", "anna", "zh-hans")
    ]
    assert queries.person("bo").id == world.bo
