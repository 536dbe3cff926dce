"""Suggestions of category and owner: learned from settled cases only, and silent when unsure."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from luoshi.cases import queries, suggest
from luoshi.cases.models import Learned, Report
from luoshi.cases.suggest import shelf, training
from luoshi.cases.suggest.examples import Example, examples
from luoshi.cases.suggest.grams import plain
from luoshi.trust import vault
from tests import cast as casting
from tests.cast import Cast

DAY = timedelta(days=1)
WORDS = {
    "estate.environment": [
        "垃圾堆了好几天",
        "楼道里脏乱没人扫",
        "垃圾桶满了没人清",
        "污水流到路上",
    ],
    "estate.parking": ["车位被人私占", "地锁占着停车位", "停车位被杂物占着", "有人私装地锁"],
    "estate.green": ["绿地被人种菜", "草坪挖了种菜", "绿化带被毁了", "花坛里种葱"],
}
OWNERS = {
    "estate.environment": "community",
    "estate.parking": "police",
    "estate.green": "garden",
}


def history(count: int = 60) -> list[Example]:
    """What the desk settled, as training would read it."""
    seed, found = random.Random(1), []
    for n in range(count):
        category = list(WORDS)[n % 3]
        first, last = seed.choice(["您好", "请问"]), seed.choice(["请处理", "谢谢", "很久了"])
        words = f"{first}，我们楼下{seed.choice(WORDS[category])}，{last}。"
        found.append(Example(words, "", category))
    return found


@pytest.fixture
def cast(db: None) -> Cast:
    return casting.build()


@pytest.fixture
def settled(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> list[Example]:
    """Sixty settled cases. What is read of real ones has tests of its own."""
    found = history()
    owners = {category: str(cast.units[name]) for category, name in OWNERS.items()}

    def read(district: int, target: str) -> list[Example]:
        if target == "category":
            return list(found)
        return [replace(one, label=owners.get(one.label, "0")) for one in found]

    monkeypatch.setattr(training, "examples", read)
    return found


@pytest.fixture
def night(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    monkeypatch.setattr(training, "NEEDED", 20)
    return learn


def learn(now: datetime) -> None:
    cursor: int | None = 0
    while cursor is not None:
        cursor = training.train(cursor, now=now).cursor


def files() -> set[str]:
    return {path.stem for path in (Path(settings.LUOSHI_VAR) / "models").glob("*.npz")}


def test_before_the_first_night_nothing_is_said(cast: Cast) -> None:
    said = suggest.suggest(district=cast.district, text="绿地被人种菜")
    assert (said.category.value, said.category.why) == ("", "none")


def test_with_too_little_history_it_says_how_much_there_is(
    cast: Cast, settled: list[Example], now: datetime
) -> None:
    learn(now)
    said = suggest.suggest(district=cast.district, text="绿地被人种菜").category
    assert (said.value, said.why, said.examples, said.needed) == ("", "few", 60, 200)


def test_it_suggests_what_was_chosen_before_and_names_words_of_the_text(
    cast: Cast, settled: list[Example], now: datetime, night: Callable[[datetime], None]
) -> None:
    night(now)
    text = "请问我们楼下草坪挖了种菜怎么办"
    said = suggest.suggest(district=cast.district, text=text)
    assert said.category.value == "estate.green"
    assert said.owner.value == str(cast.units["garden"])
    assert said.category.words
    assert all(words in text for words in said.category.words)
    assert "种菜" in "".join(said.category.words)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "short"),
        ("你好", "short"),
        ("？！……", "short"),
        ("asdf qwer zxcv hjkl", "strange"),
        ("The lift in our building is broken", "strange"),
        ("水が出ません、部屋の電気もつきません", "strange"),
    ],
)
def test_it_does_not_know_what_it_cannot_know(
    cast: Cast,
    settled: list[Example],
    now: datetime,
    night: Callable[[datetime], None],
    text: str,
    why: str,
) -> None:
    night(now)
    said = suggest.suggest(district=cast.district, text=text).category
    assert (said.value, said.why) == ("", why)


def test_below_the_threshold_it_is_silent(
    cast: Cast, settled: list[Example], now: datetime, night: Callable[[datetime], None]
) -> None:
    night(now)
    Learned.objects.update(threshold=99.0)
    said = suggest.suggest(district=cast.district, text="绿地被人种菜").category
    assert (said.value, said.why) == ("", "unsure")


def test_where_no_threshold_is_precise_enough_it_is_never_sure(
    cast: Cast, settled: list[Example], now: datetime, night: Callable[[datetime], None]
) -> None:
    night(now)
    Learned.objects.update(threshold=None)
    said = suggest.suggest(district=cast.district, text="绿地被人种菜").category
    assert (said.value, said.why) == ("", "vague")


def test_the_threshold_is_the_lowest_margin_that_is_right_in_nine_of_ten() -> None:
    sure = [(2.0 + n, "a", "a") for n in range(9)]
    worth = training.worth([*sure, (1.5, "a", "b"), (1.0, "a", "b"), (0.5, "b", "a")])
    assert worth.threshold == 1.5
    assert worth.precision == 0.9
    assert worth.silent == pytest.approx(2 / 12)
    assert training.worth([(1.0, "a", "b")] * 20).threshold is None


def test_sealed_and_erased_texts_are_never_learned_from(cast: Cast, now: datetime) -> None:
    sealed = cast.report(now, confidential=True, text="秘密的话").case
    cast.do("inspector1", sealed, "classify", now, category="estate.green", text="密件摘要")
    cast.do("inspector1", sealed, "assign", now, owner=cast.units["garden"])
    erased, kept = (cast.report(now, text=text).case for text in ("要删除的话", "留下的话"))
    for case in (erased, kept):
        cast.do("desk1", case, "classify", now, category="estate.green", text=f"摘要{case}")
        cast.do("desk1", case, "assign", now, owner=cast.units["garden"])
    row = Report.objects.get(case=erased)
    assert row.text
    vault.erase(vault_id=row.text, by=cast.people["inspector1"], reason="依法删除本条", now=now)
    found = examples(cast.district, "category")
    assert {one.words for one in found} == {"留下的话", f"摘要{erased}"}


def test_only_settled_cases_are_learned_from_and_with_their_last_category(
    cast: Cast, now: datetime
) -> None:
    cast.report(now, text="还没有分类", category="estate.green")
    case = cast.report(now, text="先分错了").case
    cast.do("desk1", case, "classify", now, category="estate.green")
    cast.do("desk1", case, "classify", now, category="estate.parking")
    cast.do("desk1", case, "assign", now, owner=cast.units["police"])
    assert examples(cast.district, "category") == [Example("先分错了", "", "estate.parking")]
    assert examples(cast.district, "owner") == [Example("先分错了", "", str(cast.units["police"]))]


def test_no_figure_is_ever_learned() -> None:
    assert plain("打１３８-0013找Bob②") == "打000-0000找bob0"


def test_what_stands_in_fewer_than_three_texts_is_in_no_model() -> None:
    common = [*WORDS["estate.parking"], *WORDS["estate.green"]] * 3
    labels = (["a"] * 4 + ["b"] * 4) * 3
    model = training.learn([*common, "欧阳锋", "欧阳锋"], [*labels, "a", "a"])
    assert "种菜" in model.index
    assert not {"欧", "阳锋", "欧阳锋"} & model.index.keys()


def test_the_same_history_gives_the_same_model(
    cast: Cast, settled: list[Example], now: datetime, night: Callable[[datetime], None]
) -> None:
    night(now)
    first = shelf.standing(cast.district)["category"]
    night(now + DAY)
    second = shelf.standing(cast.district)["category"]
    assert first.version < second.version
    assert first.file == second.file


def test_killed_between_its_pieces_the_version_before_stays_in_use(
    cast: Cast, settled: list[Example], now: datetime, night: Callable[[datetime], None]
) -> None:
    night(now)
    before = shelf.standing(cast.district)
    settled.append(Example("又有人在草坪种菜", "", "estate.green"))
    training.train(0, now=now + DAY)  # measured, never learned
    assert Learned.objects.filter(finished_at=None).count() == 1
    assert shelf.standing(cast.district) == before
    assert suggest.suggest(district=cast.district, text="草坪挖了种菜").category.value
    night(now + 2 * DAY)
    assert not Learned.objects.filter(finished_at=None).exists()
    assert shelf.standing(cast.district)["category"].version > before["category"].version


def test_a_file_that_is_not_whole_is_not_used(
    cast: Cast, settled: list[Example], now: datetime, night: Callable[[datetime], None]
) -> None:
    night(now)
    name = shelf.standing(cast.district)["category"].file
    path = Path(settings.LUOSHI_VAR) / "models" / f"{name}.npz"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    shelf._read.cache_clear()
    said = suggest.suggest(district=cast.district, text="绿地被人种菜").category
    path.write_bytes(whole)
    assert (said.value, said.why) == ("", "none")
    assert suggest.suggest(district=cast.district, text="绿地被人种菜").category.why != "none"


def test_versions_of_more_than_seven_nights_ago_are_gone(
    cast: Cast, settled: list[Example], now: datetime, night: Callable[[datetime], None]
) -> None:
    night(now)
    old = {one.file for one in shelf.standing(cast.district).values()}
    settled.append(Example("又有人在草坪种菜", "", "estate.green"))
    night(now + DAY)
    assert old <= files()
    night(now + 8 * DAY)
    assert not old & files()
    assert suggest.suggest(district=cast.district, text="草坪挖了种菜").category.value


def test_what_the_desk_chose_is_counted_against_what_was_suggested(
    cast: Cast, settled: list[Example], now: datetime, night: Callable[[datetime], None]
) -> None:
    night(now)
    green, silent = (
        suggest.suggest(district=cast.district, text=text) for text in ("草坪挖了种菜", "?")
    )
    garden, police = cast.units["garden"], cast.units["police"]
    for case, said, category, owner in (
        (1, green, "estate.green", garden),
        (2, green, "estate.parking", police),
        (3, silent, "estate.parking", police),
        (1, green, "estate.parking", police),  # triaged again: the first counts
    ):
        suggest.record(
            district=cast.district, case=case, said=said, category=category, owner=owner, now=now
        )
    tally = suggest.tally(cast.district, since=now - DAY)
    for target in ("category", "owner"):
        one = tally[target]
        assert (one.shown, one.taken, one.overruled, one.silent) == (2, 1, 1, 1)
    assert suggest.tally(cast.district, since=now + DAY)["category"].shown == 0


def test_a_suggestion_changes_nothing_by_itself(
    cast: Cast, settled: list[Example], now: datetime, night: Callable[[datetime], None]
) -> None:
    night(now)
    case = cast.report(now, text="草坪挖了种菜").case
    before = queries.line(case)
    assert suggest.suggest(district=cast.district, text="草坪挖了种菜").says
    assert queries.line(case) == before
