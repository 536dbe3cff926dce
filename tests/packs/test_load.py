"""Packs bring categories, answers and expectations into a district."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import override_settings

from luoshi.cases import queries
from luoshi.expectations.judging import figure_of
from luoshi.expectations.models import Version
from luoshi.packs.check import HERE, check
from luoshi.packs.load import PackError, install
from luoshi.registry import actions as registry
from tests.packs.broken import GOOD, put

NOW = datetime(2026, 6, 24, 8, 0, tzinfo=UTC)


@pytest.fixture
def district(db: None) -> int:
    return registry.create_district(code="320613", name="崇川区")


def test_every_pack_that_comes_with_the_house_installs_and_doubles_nothing(district: int) -> None:
    first = install(district=district, now=NOW)
    assert first == install(district=district, now=NOW) > 10
    codes = [category.code for category in queries.categories(district)]
    assert len(codes) == len(set(codes))
    assert queries.answers(district, "decline")


def test_every_rule_over_figures_can_be_computed_of_its_kind(district: int) -> None:
    install(district=district, now=NOW)
    rules = Version.objects.filter(district=district, expectation__method="figure")
    computed = {figure_of(one)[0].names for one in rules.select_related("expectation")}
    assert len(computed) > 10
    assert any({"capacity", "classes"} & {*names} for names in computed)  # facts of the subject


def test_every_category_offers_more_than_a_notice() -> None:
    for pack in check([HERE]).packs:
        for category in pack.entries("categories"):
            assert set(category.data["measures"]) - {"notice"}, category.code


def test_a_district_adds_a_pack_without_code(district: int, tmp_path: Path) -> None:
    install(district=district, now=NOW, folders=[put(tmp_path, GOOD)])
    assert [c.code for c in queries.categories(district)] == ["playground.swing"]


def test_the_districts_own_folders_are_installed_with_those_of_the_house(
    district: int, tmp_path: Path
) -> None:
    put(tmp_path, GOOD)
    with override_settings(PACK_FOLDERS=[str(tmp_path)]):
        install(district=district, now=NOW)
    codes = {category.code for category in queries.categories(district)}
    assert {"playground.swing", "market.hygiene"} <= codes


def test_nothing_is_installed_when_one_pack_has_a_mistake(district: int, tmp_path: Path) -> None:
    put(tmp_path, GOOD)
    put(tmp_path, "field: parks\nname: 公园\n", name="parks")
    with pytest.raises(PackError, match="`name_en` is missing"):
        install(district=district, now=NOW, folders=[tmp_path])
    assert list(queries.categories(district)) == []


def test_an_installed_version_never_changes(district: int, tmp_path: Path) -> None:
    folder = put(tmp_path, GOOD)
    install(district=district, now=NOW, folders=[folder])
    put(tmp_path, GOOD.replace("days: 2", "days: 20").replace("[repaired, notice]", "[cleared]"))
    with pytest.raises(PackError, match=r"pack\.yaml:24: expectations › swing\.chains: .*days"):
        install(district=district, now=NOW, folders=[folder])
    (category,) = queries.categories(district)
    assert "repaired" in category.measures


def test_a_problem_is_recognised_by_the_words_residents_use(district: int) -> None:
    install(district=district, now=NOW)
    text = "小区环境脏乱差，绿地被种菜，车位被占，楼道乱堆乱放"
    assert queries.guess_category(district, text) == "estate.environment"
    assert queries.guess_category(district, "路灯坏了") == ""
