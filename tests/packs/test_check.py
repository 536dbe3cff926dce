"""Every mistake in a pack is told by file, line and entry, with what to do; all at once."""

from pathlib import Path

import pytest

from luoshi.packs.check import HERE, check
from luoshi.packs.reading import MAX_BYTES
from tests.packs.broken import GOOD, put


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def told(folder: Path, text: str | bytes) -> list[str]:
    return [str(mistake) for mistake in check([put(folder, text)]).mistakes]


def test_a_pack_in_order_has_no_mistake(tmp_path: Path) -> None:
    checked = check([put(tmp_path, GOOD)])
    assert checked.mistakes == ()
    assert (len(checked.packs), checked.count("expectations"), checked.count("kinds")) == (1, 4, 2)


@pytest.mark.parametrize("name", sorted(file.parent.name for file in HERE.glob("*/pack.yaml")))
def test_each_pack_of_the_house_is_in_order(name: str) -> None:
    assert [str(mistake) for mistake in check([HERE / name], known=[HERE]).mistakes] == []


# (what stands in GOOD, what stands there instead, the word whose line is told, sentence, remedy)
BROKEN = {
    "days below one": ("every: 7\n    item", "every: 0\n    item", "every: 0",
        "expectations › swing.chains › every: must be a whole number of days, at least 1",
        "write for example 7"),
    "a gap that nothing fills": ("kinds:\n  - code: playground",
        'answers:\n  - {code: a, title: 甲, title_en: A, text: "见{plce}"}\n'
        "kinds:\n  - code: playground", "plce",
        "answers › a › text: nothing can be filled in for `{plce}`", "did you mean `place`?"),
    "days as a word": ("    days: 2", "    days: soon", "days: soon",
        "expectations › swing.chains › days: must be a whole number of days", "for example 7"),
    "an unknown name": ("    severity: serious", "    severity: serious\n    evry: 3", "evry",
        "swing.chains › evry: there is no such name here", "did you mean `every`?"),
    "a missing name": ("    tier: site\n", "", "code: swing.chains",
        "swing.chains: `tier` is missing", "add the line `tier: …`"),
    "a severity": ("severity: serious", "severity: serius", "serius",
        "severity: must be one of ordinary, serious, severe", "did you mean `serious`?"),
    "a tier": ("tier: site", "tier: moon", "tier: moon",
        "tier: must be one of site, papers", "use one of: papers, site"),
    "a day": ("from: 2020-03-01\n    every", "from: 2020-02-30\n    every", "2020-02-30",
        "swing.chains › from: must be a day as year-month-day", "2020-06-30"),
    "a code": ("code: swing.chains", "code: Swing Chains", "Swing Chains",
        "code: must be a code of small letters", "market.masks"),
    "a number as text": ("title: 链条牢固", "title: 12345", "title: 12345",
        "title: must be a text", "in quotes"),
    "a kind": ("    kind: swing\n", "    kind: swings\n", "kind: swings",
        "swing.chains › kind: there is no kind of subject `swings`", "did you mean `swing`?"),
    "a source": ("    source: guide\n    named: false\n    severity: serious",
        "    source: guidee\n    named: false\n    severity: serious", "guidee",
        "there is no source in this pack `guidee`", "did you mean `guide`?"),
    "a category": ("    category: playground.swing\n    from: 2020-03-01\n    every",
        "    category: playground.swings\n    from: 2020-03-01\n    every", "playground.swings",
        "there is no category `playground.swings`", "did you mean `playground.swing`?"),
    "a duty": ("    every: 7\n    item", "    duty: gate\n    every: 7\n    item", "duty: gate",
        "duty: there is no category `gate`", "use one of: playground.swing"),
    "a measure": ("[repaired, notice]", "[repared, notice]", "repared",
        "measures › #1: there is no measure `repared`", "did you mean `repaired`?"),
    "only a notice": ("[repaired, notice]", "[notice]", "[notice]",
        "measures: needs a measure that is more than a notice", "repaired"),
    "an urgency": ("name_en: Swings, meas", "name_en: Swings, urgency: ordinery, meas", "ordinery",
        "there is no urgency `ordinery`", "did you mean `ordinary`?"),
    "a figure": ("area / children", "area / childen", "childen",
        "figure › value: 'childen' is no figure", "correct the formula"),
    "a formula": ("area / children", "area / (children", "area / (children",
        "figure › value: cannot be read", "correct the formula"),
    "a comparison in a formula": ("area / children", "area > children", "area > children",
        "'>' is not allowed", "correct the formula"),
    "units": ("unit: m2/child", "unit: child", "unit: child, op",
        "figure › unit: says 'child', but the value counts in 'm2/child'", "correct the formula"),
    "a sum of units": ("area / children", "area + children", "area + children",
        "figure › value: adds or subtracts", "correct the formula"),
    "a constant in a sum": ("area / children", "area / (children + 1)", "children + 1",
        "a constant may multiply or divide a figure, not be added", "correct the formula"),
    "the unit of a figure": ("unit: child}", "unit: child/class/week}", "child/class/week",
        "figures › children › unit: the unit", "child/class"),
    "a record": ("{record: round,", "{record: rounds,", "record: rounds",
        "there is no record `rounds` of the kind `playground`", "did you mean `round`?"),
    "a fact": ("{fact: opened,", "{fact: area,", "fact: area",
        "the kind `playground` has no fact `area` of the type date", "use one of: opened"),
    "two days": ("{fact: opened,", "{fact: opened, due: 2020-06-30,", "date: {fact",
        "date: a date has exactly one of `due` and `fact`", "give the day itself"),
    "no method": ("    record: {record: round, within: 7}\n", "", "code: playground.patrol",
        "playground.patrol: nothing says how this is checked", "add exactly one of item, figure"),
    "two methods": ("    record: {record: round, within: 7}\n",
        "    date: {due: 2020-06-30, proof: text}\n    record: {record: round, within: 7}\n",
        "record: {record: round", "record: there is a second way to check beside `date`",
        "keep one"),
    "every of a record": ("    record: {record: round, within: 7}\n",
        "    every: 3\n    record: {record: round, within: 7}\n", "every: 3",
        "every: `every` belongs to an item, not to a record", "write `within` in the record"),
    "a number without bounds": ("{type: yesno, q", "{type: number, q", "type: number, q",
        "item › type: a number without `min` and `max` is never unmet", "add at least one"),
    "bounds out of order": ("{type: yesno, q", "{type: number, min: 9, max: 3, q", "min: 9",
        "item › min: `min` is larger than `max`", "put them in order"),
    "a choice without choices": ("{type: yesno, q", "{type: choice, q", "type: choice, q",
        "item › type: a choice needs its `choices`", "add choices"),
    "choices that mean the same": ("{type: yesno, q",
        "{type: choice, choices: [{code: a, name: 好, name_en: Good, met: true}, "
        "{code: b, name: 中, name_en: Fair, met: true}], q", "{type: choice",
        "item › choices: all choices mean the same", "met: false"),
    "English missing": ("    title_en: Chains are sound\n", "", "code: swing.chains",
        "swing.chains: `title_en` is missing", "add the line `title_en: …`"),
    "Chinese missing": ("    title: 链条牢固\n", "", "code: swing.chains",
        "swing.chains: `title` is missing", "add the line `title: …`"),
    "help in one language": ("    source: guide\n    named: false\n    severity: serious",
        "    help: 用手拉。\n    source: guide\n    named: false\n    severity: serious",
        "help: 用",
        "help: `help_en` is missing: the text stands in Chinese only", "add `help_en: …`"),
    "English where Chinese is wanted": ("title: 链条牢固", "title: Chains", "title: Chains",
        "title: is not Chinese", "write the Chinese text here"),
    "Chinese where English is wanted": ("title_en: Chains are sound", "title_en: 链条", "en: 链条",
        "title_en: is not English", "write the English text here"),
    "a version without a reason": ("    version: 1\n    kind: swing",
        "    version: 2\n    kind: swing",
        "version: 2", "version 2 has no reason", "what changed and why"),
    "the end before the beginning": ("    every: 7\n    item",
        "    to: 2020-01-01\n    every: 7\n    item", "to: 2020-01-01",
        "to: must be later than `from`", "put the two days in order"),
    "a code twice": ("code: playground.patrol", "code: playground.crowd",
        "version: 1\n    kind: playground\n    title: 每周",
        "playground.crowd › version: `playground.crowd` version 1 stands also in",
        "raise the version"),
    "a kind that is part of itself": ("    name_en: Playground\n",
        "    name_en: Playground\n    part_of: swing\n", "part_of: swing",
        "kinds › playground › part_of: a kind cannot be part of itself", "take `part_of` away"),
    "a round of unknown things": ("expectations: all", "expectations: [swing.chain]",
        "swing.chain]", "there is no expectation `swing.chain` of the kind `swing`",
        "did you mean `swing.chains`?"),
    "a round of what judges itself": ("kind: swing, name: 秋千检查, name_en: Swings, every: 7, "
        "expectations: all", "kind: playground, name: 秋千检查, name_en: Swings, every: 7, "
        "expectations: [playground.crowd]", "[playground.crowd]",
        "`playground.crowd` is no item", "a person on a round answers only items"),
    "a key twice": ("    days: 2\n", "    days: 2\n    days: 3\n", "days: 3",
        "`days` stands twice, on lines", "keep one of the two"),
    "a tab": ("    days: 2\n", "\tdays: 2\n", "\tdays", "is indented with a tab", "use spaces"),
    "an alias": ("title: 链条牢固", "title: &t 链条牢固", "title: &t",
        "anchors and aliases (& and *) are not read", "write the text out"),
    "broken YAML": ("measures: [repaired", "measures: [[repaired", "measures: [[",
        "is not readable as YAML", "look at indentation"),
    "a list that is none": ("answers:\n  - {", "answers:\n  {", "answers:",
        "answers: must be a list", "begin each entry with `- `"),
    "a word for yes": ("named: false\n    severity: serious", "named: no\n    severity: serious",
        "named: no", "named: must be true or false", "without quotes"),
    "a number with a leading zero": ("    days: 2\n", "    days: 010\n", "days: 010",
        "days: must be a whole number of days", "write for example 7"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_mistake_is_told_with_its_line_and_a_remedy(case: str, tmp_path: Path) -> None:
    old, new, at, sentence, remedy = BROKEN[case]
    assert GOOD.count(old) >= 1
    text = GOOD.replace(old, new, 1)
    place = f"playground/pack.yaml:{line_of(text, at)}: "
    found = told(tmp_path, text)
    mine = [one for one in found if sentence in one]
    assert mine, found
    assert any(place in one and remedy in one for one in mine), mine


def test_all_mistakes_are_told_not_only_the_first(tmp_path: Path) -> None:
    text = GOOD.replace("days: 2", "days: 0").replace("tier: site", "tier: moon")
    text = text.replace("[repaired, notice]", "[notice]").replace("kind: swing\n", "kind: swng\n")
    found = "\n".join(told(tmp_path, text))
    for word in ("days: must be", "tier: must be", "more than a notice", "`swng`"):
        assert word in found


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (GOOD.encode("gbk"), ":2: is not UTF-8 text"),
        (GOOD.encode("utf-16"), ":1: is not UTF-8 text"),
        (b"", ":1: is empty"),
        (b"- a\n- b\n", ":1: a pack is made of names and values"),
        (b"field: a\x00b\n", ":1: is not readable as YAML"),
        (b"a: &x [1]\nb: *x\n", ":1: anchors and aliases"),
        (b"[" * 5000, ":1: is nested too deeply"),
        (b"field: a\n---\nfield: b\n", ":2: holds a second document"),
        (b"[a, b]: c\n", ":1: a name before a colon must be a word"),
        (b"#" * (MAX_BYTES + 1), ":1: is larger than 256 KB"),
    ],
)
def test_a_file_that_is_no_pack_is_told(raw: bytes, sentence: str, tmp_path: Path) -> None:
    assert any(f"pack.yaml{sentence}" in one for one in told(tmp_path, raw))


def test_a_folder_without_a_pack_is_told(tmp_path: Path) -> None:
    (mistake,) = check([tmp_path]).mistakes
    assert "there is no pack here" in str(mistake)


def test_a_code_that_two_packs_use_is_told_with_both_places(tmp_path: Path) -> None:
    put(tmp_path, GOOD)
    put(tmp_path, GOOD.replace("field: playground", "field: parks"), name="parks")
    found = [str(mistake) for mistake in check([tmp_path]).mistakes]
    for code in ("playground", "swing.chains", "playground.swing", "open", "swings"):
        assert any(f"`{code}`" in one and "parks/pack.yaml:" in one for one in found), code


def test_two_packs_of_one_field_are_told(tmp_path: Path) -> None:
    put(tmp_path, GOOD)
    put(tmp_path, "field: playground\nname: 公园\nname_en: Parks\n", name="parks")
    (mistake,) = check([tmp_path]).mistakes
    assert "the field `playground` has a pack already" in str(mistake)


def test_a_pack_may_name_kinds_and_categories_of_the_house(tmp_path: Path) -> None:
    text = GOOD.replace("kind: swing\n", "kind: market\n", 1).replace(
        "category: playground.swing\n    from: 2020-03-01\n    every",
        "category: market.hygiene\n    from: 2020-03-01\n    every",
    )
    text = text.replace("kind: swing, name: 秋千检查", "kind: market, name: 秋千检查")
    assert check([put(tmp_path, text)], known=[HERE]).mistakes == ()
    assert len(check([put(tmp_path, text)]).mistakes) == 3


SECOND = """\
  - code: swing.chains
    version: 2
    reason: 间隔改为三天
    kind: swing
    title: 链条牢固
    title_en: Chains are sound
    source: guide
    named: false
    severity: serious
    days: 2
    tier: site
    category: playground.swing
    from: 2020-06-01
    every: 3
    item: {type: yesno, question: 链条是否牢固？, question_en: "Are the chains sound?"}
categories:
"""


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("version: 2", "version: 2", ""),
        ("    reason: 间隔改为三天\n", "", "version 2 has no reason"),
        ("version: 2", "version: 3", "version 3 does not follow version 1"),
        ("from: 2020-06-01", "from: 2020-03-01", "must be later than the day of version 1"),
        ("kind: swing", "kind: playground", "is of another kind, or checked in another way"),
    ],
)
def test_versions_follow_one_another(old: str, new: str, sentence: str, tmp_path: Path) -> None:
    second = SECOND.replace(old, new)
    found = told(tmp_path, GOOD.replace("categories:\n", second, 1))
    assert any(sentence in one for one in found) if sentence else found == []
