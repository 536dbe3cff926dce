"""The demo district holds together: offices, people, duties and places fit the public facts."""

import json
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.contrib.auth import authenticate

from demo.district import DATA, Demo, build, place_name
from luoshi.registry import queries
from luoshi.registry.places import PlaceMatch

TODAY = date(2026, 11, 24)
PASSWORD = "only for this test"


@pytest.fixture
def demo(db: None) -> Demo:
    return build(today=TODAY, password=PASSWORD)


def test_the_district_has_its_public_divisions_and_both_former_codes(demo: Demo) -> None:
    streets = queries.streets(demo.district)
    assert len(streets) == 19
    assert sum(len(queries.communities(s.id)) for s in streets) == 179
    assert {queries.district(code).id for code in ("320613", "320602", "320611")} == {demo.district}


def test_the_story_plays_in_a_street_with_at_least_six_communities(demo: Demo) -> None:
    story, tree = demo.story, queries.units(demo.district)
    assert len(queries.communities(story.street)) >= 6
    assert queries.subject(story.estate).area == story.community
    assert tree[story.community_office].parent == story.street_office
    assert tree[story.property_company].acts_for == story.community_office


def test_every_office_that_can_own_a_case_has_somebody_who_handles_it(demo: Demo) -> None:
    for unit in queries.handling_units(demo.district):
        handlers = queries.people_of_unit(unit.id, "handler", TODAY)
        assert demo.handlers[unit.id] in {p.id for p in handlers}


def test_every_role_is_held_and_was_held_long_before(demo: Demo) -> None:
    for day in (TODAY, TODAY - timedelta(days=900)):
        held = [r.role for r in queries.roster(demo.district, on=day)]
        assert held.count("verifier") >= 4
        assert held.count("desk") >= 2
        assert held.count("inspector") >= 2
        assert {"leader", "panel", "data", "handler"} <= set(held)


def test_the_desk_and_whoever_handles_cases_can_be_phoned_at_numbers_that_nobody_has(
    demo: Demo,
) -> None:
    phones = [queries.unit(u.id).phone for u in queries.handling_units(demo.district)]
    phones.append(queries.desk_phone(demo.district))
    assert all(phone.startswith("000-0000") for phone in phones)
    assert len(set(phones)) == len(phones)


def test_names_of_people_are_not_repeated(demo: Demo) -> None:
    names = [p.name for p in queries.people(demo.people.values()).values()]
    assert len(names) == len(set(names)) == len(demo.people)


def test_each_login_opens_and_nobody_else_has_a_password(demo: Demo) -> None:
    assert all(authenticate(username=x.username, password=PASSWORD) for x in demo.logins)
    others = demo.people.keys() - {x.username for x in demo.logins}
    assert len(others) > 200
    assert not any(authenticate(username=who, password=PASSWORD) for who in others)


def test_the_street_of_the_source_is_in_no_register_and_matches_nothing(demo: Demo) -> None:
    assert queries.match_place(demo.district, "港闸街道所辖6个社区") == PlaceMatch()


@pytest.mark.parametrize("text", ["青榆家园脏乱差", "永兴街道大榆树小区", "和沣社区青榆园 种菜"])
def test_the_estate_is_found_by_its_names(demo: Demo, text: str) -> None:
    found = PlaceMatch(area=demo.story.community, subject=demo.story.estate)
    assert queries.match_place(demo.district, text) == found


def test_each_subject_is_found_by_its_own_name_alone(demo: Demo) -> None:
    for subject in queries.subjects(demo.district):
        found = queries.match_place(demo.district, subject.name)
        assert found == PlaceMatch(area=subject.area, subject=subject.id)


def test_each_area_is_found_by_the_name_of_its_committee(demo: Demo) -> None:
    facts = json.loads((DATA / "district.json").read_text(encoding="utf-8"))
    for street in facts["streets"]:
        for community in street["communities"]:
            found = queries.match_place(demo.district, street["name"] + community["name"])
            assert found.area == demo.areas[community["code"]], community


@pytest.mark.parametrize(
    ("committee", "area"),
    [
        ("德民社区居委会", "德民社区"),
        ("碧林湾社区居民委员会", "碧林湾社区"),
        ("秦西社区居民委委会", "秦西社区"),
        ("五星村委会", "五星村"),
        ("育爱村村委会", "育爱村"),
        ("光明村社区", "光明村社区"),
    ],
)
def test_an_area_is_called_like_its_committee_without_the_committee(
    committee: str, area: str
) -> None:
    assert place_name(committee) == area


def test_somebody_answers_for_every_community_and_for_the_estate(demo: Demo) -> None:
    for code, area in demo.areas.items():
        unit = demo.units[code]
        answering = queries.duty_for(
            demo.district, subject=None, area=area, category="any", on=TODAY
        )
        assert answering == (unit, demo.handlers[unit])
    story = demo.story
    assert queries.duty_for(
        demo.district, subject=story.estate, area=None, category="estate.green", on=TODAY
    ) == (story.community_office, demo.people["handler-community"])
    assert queries.duty_for(
        demo.district, subject=None, area=None, category="estate.green", on=TODAY
    ) == (demo.units["green"], demo.people["handler-green"])


def test_places_lie_within_the_sketch_and_say_that_they_are_invented(demo: Demo) -> None:
    outline = queries.sketch(demo.district)
    assert outline is not None
    ring = outline["coordinates"][0]
    for subject in queries.subjects(demo.district):
        assert subject.lat is not None
        assert subject.lon is not None
        assert inside(subject.lon, subject.lat, ring), subject.name
        assert "虚构" in subject.address


def inside(x: float, y: float, ring: list[list[float]]) -> bool:
    """Whether a ray to the east crosses the ring an odd number of times."""
    return sum(_crosses(x, y, a, b) for a, b in pairwise(ring)) % 2 == 1


def _crosses(x: float, y: float, a: list[float], b: list[float]) -> bool:
    if (a[1] > y) == (b[1] > y):
        return False
    return x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
