"""Packs bring categories and answers into a district, and say what is wrong with themselves."""

from pathlib import Path

import pytest

from luoshi.cases import queries
from luoshi.packs.load import PackError, install, packs
from luoshi.registry import actions as registry

GOOD = """
field: playground
name: 游乐场
name_en: Playgrounds
categories:
  - {code: playground.swing, name: 秋千, name_en: Swings, measures: [repaired, notice]}
"""


@pytest.fixture
def district(db: None) -> int:
    return registry.create_district(code="320613", name="崇川区")


def put(folder: Path, text: str) -> Path:
    (folder / "playground").mkdir()
    (folder / "playground" / "pack.yaml").write_text(text, encoding="utf-8")
    return folder


def test_every_pack_that_comes_with_the_house_installs_and_doubles_nothing(district: int) -> None:
    first = install(district=district)
    assert first == install(district=district) > 10
    codes = [category.code for category in queries.categories(district)]
    assert len(codes) == len(set(codes))
    assert queries.answers(district, "decline")


def test_every_category_offers_more_than_a_notice() -> None:
    for _, pack in packs():
        for category in pack["categories"]:
            assert set(category["measures"]) - {"notice"}, category["code"]


def test_a_district_adds_a_pack_without_code(district: int, tmp_path: Path) -> None:
    install(district=district, folder=put(tmp_path, GOOD))
    assert [c.code for c in queries.categories(district)] == ["playground.swing"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (GOOD.replace("name_en: Swings, ", ""), "playground.swing: missing name_en"),
        (GOOD.replace("measures: [repaired, notice]", "measures: [notice]"), "more than a notice"),
        (GOOD.replace("repaired", "prayed"), "unknown measures prayed"),
        (GOOD.replace("name: 秋千", "name: 秋千, urgency: soon"), "no such urgency 'soon'"),
        (GOOD.replace("name: 秋千", "name: 秋千, tier: moon"), "no such tier 'moon'"),
        ("categories: [", "not readable as YAML"),
        ("- a\n- b", "a pack has a `field`"),
        (GOOD.replace("{code", "{ code").replace("- { code: playground.swing", "- {x"), "missing"),
    ],
)
def test_a_mistake_is_told_with_file_and_entry(
    district: int, tmp_path: Path, wrong: str, told: str
) -> None:
    with pytest.raises(PackError, match=r"playground/pack\.yaml") as error:
        install(district=district, folder=put(tmp_path, wrong))
    assert told in str(error.value)


def test_a_problem_is_recognised_by_the_words_residents_use(district: int) -> None:
    install(district=district)
    text = "小区环境脏乱差，绿地被种菜，车位被占，楼道乱堆乱放"
    assert queries.guess_category(district, text) == "estate.environment"
    assert queries.guess_category(district, "路灯坏了") == ""
