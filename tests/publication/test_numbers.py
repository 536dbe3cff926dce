"""Which numbers of a text are figures that need a source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.publication.numbers import chinese_value, unsourced, value_of

DIGITS = st.integers(0, 9_999_999).map(str)


def found(text: str) -> list[str]:
    return [quantity.text for quantity in unsourced(text)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("公开招聘34名工作人员", ["34"]),
        ("公开招聘三十四名工作人员", ["三十四名"]),
        ("公开招聘３４名", ["３４"]),
        ("普惠性幼儿园占比78.33%", ["78.33"]),
        ("占比百分之七十八", ["百分之七十八"]),
        ("三分之二已经办结", ["三分之二"]),
        ("资金两批共144万元", ["两批", "144"]),
        ("采购60.6余万元", ["60.6"]),
        ("近百人参加，十余家单位到场", ["近百", "十余家"]),
        ("投入一百五十万元", ["一百五十万元"]),
        ("新增一家企业", ["一家"]),
        ("壹佰元", ["壹佰元"]),
        ("八成居民满意", ["八成"]),
        ("5日内办结，3年完成，5个月见效，24小时值守", ["5", "3", "5", "24"]),
        ("共㉞名，Ⅳ级", ["㉞", "Ⅳ"]),
        ("thirty-four posts and two hundred beds", ["thirty-four", "two hundred"]),
        ("in 2020 cases fell", ["2020"]),
        ("2020 cases", ["2020"]),
        ("１,２３４人", ["１,２３４"]),
        ("拨打12345", ["12345"]),
    ],
)
def test_figures_are_found(text: str, numbers: list[str]) -> None:
    assert found(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "2020年4月28日",
        "4月28日至5月6日",
        "22日至24日",
        "2019—2020年",
        "二〇二〇年四月二十八日",
        "2020-04-28 14:05",
        "2026/11/24",
        "上午9时30分",
        "28 April 2020",
        "April 28, 2020",
        "since 2020.",
        "第三季度",
        "1. 报名",
        "1.2.3、报名",
        "（1）报名",
        "一、报名条件",
        "## （十二）其他",
        "- ①材料",
        "第5条、第十二条第二款",
        "第3期",
        "Article 5 and section 3.2",
        "崇卫健〔2020〕15号",
        "GB/T 9704-2012",
        "GB 32100—2015",
        "DB32/T 4321-2022",
        "{{cases.received period=2026-10}}件",
        "[34](source: 招聘岗位表)名",
        "[三十四](来源：招聘岗位表（2020年）)名",
        "一个、一些、统一、十分重要、千家万户、一成不变、一人一档、万众一心",
        "六稳六保，两地协作",
        "",
    ],
)
def test_what_is_no_figure_is_free(text: str) -> None:
    assert found(text) == []


def test_a_figure_is_told_with_its_line_and_column() -> None:
    first, second = unsourced("# 概况\n本月共受理 12 件\n办结三十四件")
    assert (first.line, first.column, first.value) == (2, 7, 12)
    assert (second.line, second.column, second.value) == (3, 3, 34)


def test_a_source_without_words_is_none() -> None:
    assert found("[34](source:  )") == ["34"]
    assert found("[34]()") == ["34"]


@given(DIGITS, st.sampled_from(["名", "件", "人", "%", "万元", " cases"]))
def test_digits_before_a_measure_are_always_found(digits: str, measure: str) -> None:
    assert found(f"共有{digits}{measure}") == [digits]


@given(DIGITS)
def test_a_number_with_a_source_is_never_refused(digits: str) -> None:
    assert found(f"共有[{digits}](source: 台账)名") == []


@given(st.text(max_size=300))
def test_any_text_is_read_and_places_lie_in_it(text: str) -> None:
    lines = text.split("\n")
    for quantity in unsourced(text):
        line = lines[quantity.line - 1]
        assert line[quantity.column - 1 :].startswith(quantity.text.split("\n")[0])


@given(
    st.text(
        alphabet="一二三四五六七八九十百千万亿零两0123456789年月日条第（）、.名件成分之 \n",
        max_size=60,
    )
)
def test_texts_of_numerals_are_read(text: str) -> None:
    spans = [(q.line, q.column) for q in unsourced(text)]
    assert spans == sorted(set(spans))


ONES = "零一二三四五六七八九"


def spelt(n: int) -> str:
    """n below 10,000 as it is spoken."""
    text, units = "", ["", "十", "百", "千"]
    digits = [int(d) for d in str(n)]
    for place, digit in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        if digit:
            text += ONES[digit] + units[place]
        elif text and not text.endswith("零") and any(digits[len(digits) - place :]):
            text += "零"
    return text


@given(st.integers(1, 9999))
def test_chinese_numerals_have_their_value(n: int) -> None:
    assert chinese_value(spelt(n)) == n
    assert value_of(f"{spelt(n)}名") == n


@pytest.mark.parametrize(
    ("text", "value"), [("十二万", 120_000), ("二〇二六", 2026), ("一亿", 10**8), ("两百零五", 205)]
)
def test_great_numerals_have_their_value(text: str, value: int) -> None:
    assert chinese_value(text) == value


@pytest.mark.parametrize("text", ["三十余", "78.33", "百分之八", "abc"])
def test_what_is_not_plain_has_no_value(text: str) -> None:
    assert value_of(text) is None
