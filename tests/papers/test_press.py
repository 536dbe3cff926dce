"""What reaches the paper: every sign as it was written, or none at all."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.web.papers import press
from luoshi.web.papers.glyphs import coverage
from tests.paper import fonts_of, pages_of

MARKUP = '#let a = 1 #d.title $x^2$ *b* _i_ @ref <label> [c] \\ `raw` = h - l + e / t // c "q"'


def letter(**more: Any) -> dict[str, Any]:
    return {
        "language": "zh",
        "title": "交办单",
        "number": "编号：260520-000001",
        "mark": "",
        "to": "德民社区居委会：",
        "paragraphs": [],
        "facts": [],
        "points_title": "",
        "points": [],
        "demands": [],
        "attached": "",
        "issuer": "受理派单中心",
        "date": "2026年5月20日",
        "copies": "",
        "scan": "扫码",
        "address": "https://report.example/case/1/",
        "printed": "打印于2026年5月20日",
        **more,
    }


def table(rows: list[list[str]], **more: Any) -> dict[str, Any]:
    head = ["序号", "点位", "不符合事项", "主办单位", "整改措施", "期限", "核验", "销号", "案件"]
    return {
        "language": "zh",
        "title": "整改台账",
        "scope": "崇川区",
        "scan": "扫码",
        "address": "",
        "printed": "打印于",
        "page": "第%(n)s页共%(total)s页",
        "cut": "",
        "note": "",
        "empty": "没有",
        "head": head,
        "rows": rows,
        **more,
    }


@pytest.mark.parametrize("place", ["title", "to", "paragraphs", "facts", "points", "copies"])
def test_signs_of_markup_are_printed_as_they_were_written(place: str) -> None:
    given: dict[str, Any] = {
        "facts": [["问题", MARKUP]], "paragraphs": [MARKUP], "points": [MARKUP]
    }  # fmt: skip
    pdf = press.pdf("dispatch", letter(**{place: given.get(place, MARKUP)}))
    assert "".join(MARKUP.split()) in "".join(pages_of(pdf))


@settings(max_examples=25)
@given(st.text(alphabet="#$*_@<>[]{}()\\`=-+/\"'~&%;:,.!?|^ ab\n中", max_size=60))
def test_no_text_is_read_as_markup(text: str) -> None:
    pdf = press.pdf("dispatch", letter(facts=[["问", text]]))
    kept = "".join(text.split())
    assert kept in "".join(pages_of(pdf))


def test_rare_characters_of_names_are_printed() -> None:
    assert "𠮷㙍" in pages_of(press.pdf("dispatch", letter(to="𠮷㙍")))[0]


@pytest.mark.parametrize("sign", ["\U0001f600", "\U0002a6a5", "\ue000"])
def test_a_character_that_the_font_lacks_is_named_and_nothing_is_printed(sign: str) -> None:
    with pytest.raises(press.Unprintable) as refused:
        press.pdf("dispatch", letter(facts=[["问题", f"门口{sign}很乱"]]))
    assert (refused.value.sign, refused.value.near) == (sign, f"门口{sign}很乱")


def test_its_number_may_stand_in_its_place() -> None:
    made = press.pdf("dispatch", letter(to="门口\U0001f600很乱𠮷"), numbered=True)
    assert "门口〔U+1F600〕很乱𠮷" in pages_of(made)[0]


def test_what_prints_nothing_is_left_out() -> None:
    pdf = press.pdf("dispatch", letter(to="德民\u200d社区\x07\ufe0f"))
    assert "德民社区" in pages_of(pdf)[0]


def test_without_its_font_nothing_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    press.fonts.cache_clear()
    press._known.cache_clear()
    monkeypatch.setattr(press, "FONT", ("no_such_package", "no.otf"))
    with pytest.raises(press.FontMissing):
        press.pdf("dispatch", letter())
    press.fonts.cache_clear()
    press._known.cache_clear()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_only_the_font_of_the_package_is_used(language: str) -> None:
    pdf = press.pdf("dispatch", letter(language=language, to="Parks 园林"))
    assert {name.removesuffix("-Identity-H") for name in fonts_of(pdf)} == {"NotoSansCJKtc-Regular"}


def test_a_very_long_summary_goes_on_over_pages_and_the_body_signs_the_last() -> None:
    long = "楼道里堆满杂物电动车都推不出来。" * 200 + "x" * 300 + "完"
    pages = pages_of(press.pdf("dispatch", letter(facts=[["问题", long]], demands=["须核验。"])))
    assert len(pages) > 3
    assert "x" * 300 + "完" in "".join(pages)
    assert "须核验。受理派单中心2026年5月20日" in pages[-1]
    assert all(f"—{n}—" in page for n, page in enumerate(pages, 1))


def test_a_long_ledger_repeats_its_head_and_counts_its_pages() -> None:
    rows = [
        [str(n), f"点位{n}", "没有公示责任人", "市场公司", "—", "2026年5月25日", "—", "—", f"N{n}"]
        for n in range(1, 311)
    ]
    pages = pages_of(press.pdf("rectification", table(rows)))
    assert len(pages) > 10
    assert all("序号点位不符合事项主办单位" in page for page in pages)
    assert all(f"第{n}页共{len(pages)}页" in page for n, page in enumerate(pages, 1))
    text = "".join(pages)
    assert [n for n in range(1, 311) if f"点位{n}没有" not in text] == []


def test_an_empty_ledger_says_so() -> None:
    assert "没有发现" in pages_of(press.pdf("findings", table([], empty="没有发现")))[0]


def test_a_brief_has_its_figures_and_its_sections() -> None:
    told = table(
        [],
        title="一页简报",
        figures=[{"label": "按期办结率", "value": "7/9", "note": "共9件"}],
        sections=[
            {"title": "超期", "head": ["编号", "单位"], "rows": [["N1", "园林"]], "empty": ""},
            {"title": "待裁定", "head": ["编号"], "rows": [], "empty": "目前没有"},
        ],
    )
    [page] = pages_of(press.pdf("brief", told))
    for words in ("一页简报", "按期办结率7/9共9件", "超期编号单位N1园林", "待裁定目前没有"):
        assert words in page


def test_every_template_is_set_without_a_warning() -> None:
    for file in sorted(press.TEMPLATES.glob("*.typ")):
        if file.stem not in {"layout", "brief"}:
            columns = len(_columns(file))
            made = table([["x"] * columns], head=["x"] * columns) if columns else letter()
            assert press.pdf(file.stem, made).startswith(b"%PDF"), file.stem


def _columns(file: Path) -> list[str]:
    text = file.read_text()
    return text.partition("columns: (")[2].partition(")")[0].split(",") if "columns" in text else []


def test_a_file_that_is_no_font_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "x.otf").write_bytes(b"not a font")
    with pytest.raises(ValueError, match="font"):
        coverage(tmp_path / "x.otf")
