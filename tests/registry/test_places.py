"""A free text names an area and a subject, or nothing for certain; never an error."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from luoshi.registry import actions, queries
from luoshi.registry.places import Hit, PlaceMatch, choose, tidy
from tests.registry.conftest import TODAY, World


def test_a_name_nobody_registered_matches_nothing_and_is_no_error(world: World) -> None:
    assert queries.match_place(world.district, "港闸街道某小区很脏") == PlaceMatch(None, None)
    assert queries.match_place(world.district, "") == PlaceMatch(None, None)


def test_a_subject_brings_its_area(world: World) -> None:
    found = queries.match_place(world.district, "青榆家园里有人种菜")
    assert found == PlaceMatch(area=world.canal, subject=world.estate)


def test_a_community_is_found_within_its_street(world: World) -> None:
    found = queries.match_place(world.district, "东苑街道运河社区门口")
    assert found == PlaceMatch(area=world.canal)


def test_the_longest_name_wins(world: World) -> None:
    assert queries.match_place(world.district, "大运河社区").area == world.other_canal
    assert queries.match_place(world.district, "运河社区").area == world.canal


def test_a_community_of_another_street_than_the_one_named_is_not_guessed(world: World) -> None:
    found = queries.match_place(world.district, "西苑街道青榆社区")
    assert found == PlaceMatch(area=world.west)


def test_a_subject_outside_the_area_named_is_not_guessed(world: World) -> None:
    found = queries.match_place(world.district, "西苑街道青榆家园")
    assert found == PlaceMatch(area=world.west)


def test_two_subjects_of_one_name_are_told_apart_by_the_area(world: World) -> None:
    twin = actions.create_subject(
        district=world.district, kind="estate", name="青榆家园", area=world.other_canal
    )
    assert queries.match_place(world.district, "青榆家园") == PlaceMatch()
    found = queries.match_place(world.district, "大运河社区 青榆家园")
    assert found == PlaceMatch(area=world.other_canal, subject=twin)


def test_an_area_within_the_name_of_a_subject_elsewhere_is_no_area(world: World) -> None:
    school = actions.create_subject(
        district=world.district, kind="kindergarten", name="运河社区幼儿园", area=world.elms
    )
    found = queries.match_place(world.district, "运河社区幼儿园饭菜不好")
    assert found == PlaceMatch(area=world.elms, subject=school)


def test_aliases_are_names_too(world: World) -> None:
    actions.add_alias(district=world.district, text="大榆树院", subject=world.estate)
    actions.add_alias(district=world.district, text="东苑", area=world.east)
    assert queries.match_place(world.district, "大 榆 树 院").subject == world.estate
    assert queries.match_place(world.district, "东苑那边").area == world.east


@pytest.mark.parametrize("text", ["", " ", "榆", " 榆 "])
def test_an_alias_of_a_single_character_is_refused(world: World, text: str) -> None:
    with pytest.raises(actions.Refused):
        actions.add_alias(district=world.district, text=text, subject=world.estate)


def test_the_same_alias_twice_is_once(world: World) -> None:
    for _ in range(2):
        actions.add_alias(district=world.district, text="榆树院", subject=world.estate)
    assert len(queries.subjects(world.district, text="榆树院")) == 1


def test_a_former_name_goes_on_being_found(world: World) -> None:
    on = date(2025, 7, 1)
    actions.rename_area(area=world.elms, code="001099", name="新榆社区", on=on)
    assert queries.match_place(world.district, "青榆社区").area == world.elms
    assert queries.match_place(world.district, "新榆社区").area == world.elms
    assert queries.code_on(world.district, area=world.elms, on=on - timedelta(1)) == "001002"
    assert queries.code_on(world.district, area=world.elms, on=on) == "001099"


def test_an_area_that_has_ended_is_found_no_more(world: World) -> None:
    assert queries.match_place(world.district, "青榆社区").area == world.elms
    actions.end_area(area=world.elms, on=date(2026, 1, 1))
    assert queries.match_place(world.district, "青榆社区").area is None
    assert world.elms not in {a.id for a in queries.communities(world.east, on=TODAY)}


def test_a_closed_subject_is_found_no_more(world: World) -> None:
    actions.add_alias(district=world.district, text="榆树院", subject=world.estate)
    actions.close_subject(subject=world.estate)
    assert queries.match_place(world.district, "青榆家园").subject is None
    assert queries.match_place(world.district, "榆树院").subject is None
    assert queries.subject(world.estate).name == "青榆家园"


def test_names_of_another_district_do_not_count(world: World) -> None:
    other = actions.create_district(code="610730", name="佛坪县")
    assert queries.match_place(other, "青榆家园 运河社区") == PlaceMatch()


def test_names_are_read_once_and_then_only_asked_whether_they_changed(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    queries.match_place(world.district, "青榆家园")
    with django_assert_num_queries(1):
        queries.match_place(world.district, "100% '; -- _青榆家园_ \\ ％")


def test_full_width_and_spaces_do_not_hide_a_name() -> None:
    assert tidy(" A１ 小区\n北 门 ") == "A1小区北门"


names = st.text("运河社区东苑街道青榆", min_size=2, max_size=6)
hits = st.lists(
    st.builds(
        Hit,
        text=names,
        area=st.integers(1, 4),
        parent=st.none() | st.integers(5, 6),
        subject=st.none() | st.integers(10, 13),
    ),
    max_size=8,
)


@given(hits)
def test_only_what_was_named_is_chosen_and_the_order_of_names_does_not_matter(
    found: list[Hit],
) -> None:
    match = choose(found)
    assert match == choose(found[::-1])
    assert match.subject is None or match.subject in {h.subject for h in found}
    assert match.area is None or match.area in {h.area for h in found}
