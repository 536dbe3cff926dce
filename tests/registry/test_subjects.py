"""Subjects are searched by name, by area and by distance."""

import pytest

from luoshi.registry import actions, queries
from tests.registry.conftest import World


def names(found: tuple[queries.SubjectInfo, ...]) -> list[str]:
    return [s.name for s in found]


def test_a_search_in_a_street_finds_what_lies_in_its_communities(world: World) -> None:
    assert names(queries.subjects(world.district, area=world.east)) == ["青榆家园"]
    assert names(queries.subjects(world.district, area=world.canal)) == ["青榆家园"]
    assert names(queries.subjects(world.district, area=world.west)) == []


def test_a_search_takes_part_of_a_name_or_of_an_alias_and_a_kind(world: World) -> None:
    actions.create_subject(district=world.district, kind="market", name="榆桥农贸市场")
    actions.add_alias(district=world.district, text="东门菜场", subject=world.estate)
    assert names(queries.subjects(world.district, text="榆")) == ["榆桥农贸市场", "青榆家园"]
    assert names(queries.subjects(world.district, text="菜场")) == ["青榆家园"]
    assert names(queries.subjects(world.district, kind="market")) == ["榆桥农贸市场"]
    assert names(queries.subjects(world.district, text="榆", limit=1)) == ["榆桥农贸市场"]


def test_what_is_near_comes_first_with_its_distance(world: World) -> None:
    def market(name: str, lat: float, lon: float) -> None:
        actions.create_subject(district=world.district, kind="market", name=name, lat=lat, lon=lon)

    market("东", 32.0, 120.82)  # 0.02 degrees of longitude: some 1,890 m
    market("北", 32.015, 120.80)  # 0.015 degrees of latitude: some 1,670 m
    actions.create_subject(district=world.district, kind="market", name="不知何处")
    found = queries.nearest_subjects(world.district, 32.0, 120.8, 5)
    assert [n.subject.name for n in found] == ["青榆家园", "北", "东"]
    assert [n.metres for n in found] == pytest.approx([0, 1670, 1890], abs=15)


def test_a_latitude_without_a_longitude_is_refused_by_the_database(world: World) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        actions.create_subject(district=world.district, kind="market", name="半", lat=32.0)
