"""The plain text of a notice, and the tokens in it."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.publication import tokens
from luoshi.publication.periods import BadPeriod, period
from luoshi.publication.text import blocks, clean, pieces


def kinds(text: str) -> list[tuple[str, int]]:
    return [(block.kind, len(block.lines)) for block in blocks(text)]


def test_headings_lists_and_paragraphs_are_told_apart() -> None:
    text = "# 一、条件\n年满十八\n身体健康\n\n- 护士\n- 医师\n后记"
    assert kinds(text) == [("h2", 1), ("p", 2), ("list", 2), ("p", 1)]


def test_two_headings_in_a_row_stay_two() -> None:
    assert kinds("# a\n## b") == [("h2", 1), ("h3", 1)]


def test_what_hides_in_a_text_is_taken_out() -> None:
    assert clean("3\u200b4\u202e\x00\r\n人") == "34\n人"


def test_a_source_becomes_a_footnote() -> None:
    found = pieces("共[34](source: 岗位表（附件）)名")
    assert [(p.kind, p.text, p.source) for p in found] == [
        ("text", "共", ""),
        ("sourced", "34", "岗位表（附件）"),
        ("text", "名", ""),
    ]


def test_tokens_are_read_with_their_parameters_and_places() -> None:
    found, problems = tokens.uses('首行\n共{{ cases.by_area  period=2026-10 area="城东 街道" }}件')
    assert not problems
    assert found[0].values == {"period": "2026-10", "area": "城东 街道"}
    assert (found[0].line, found[0].column) == (2, 2)


def test_the_same_question_has_the_same_key_however_it_is_written() -> None:
    one = tokens.uses("{{a.b x=1 y=2}}")[0][0]
    two = tokens.uses('{{ a.b   y="2"  x=1 }}')[0][0]
    assert one.key == two.key


@pytest.mark.parametrize(
    "text",
    ["{{", "}}", "{{a.b", "a.b}}", "{{a.b\n}}", "{{}}", "{{a}}", "{{a.b x}}", "{{a.b x=1 x=2}}",
     "{{a.b {{c.d}}", "{{a.b x=\"1}}", "{{A.B}}", "{{a.b x=1y=\"2\"}}"],
)  # fmt: skip
def test_what_is_no_token_is_told(text: str) -> None:
    problems = tokens.uses(text)[1]
    assert problems
    assert all(problem.line and problem.column for problem in problems)


VALUES = st.text(alphabet=st.characters(blacklist_characters='{}"\n', blacklist_categories=["Cs"]))
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,5}(\.[a-z][a-z0-9_]{0,5}){1,2}", fullmatch=True)
KEYS = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)


@given(NAMES, st.dictionaries(KEYS, VALUES, max_size=3), st.text(alphabet="文字 ，。", max_size=9))
def test_every_token_that_is_written_is_read_back(
    name: str, values: dict[str, str], around: str
) -> None:
    raw = "{{" + " ".join([name, *(f'{k}="{v}"' for k, v in values.items())]) + "}}"
    found, problems = tokens.uses(around + raw + around)
    assert not problems
    assert [(use.name, dict(use.values), use.raw) for use in found] == [(name, values, raw)]


@given(st.text(alphabet='{}a.b= "\n1é三', max_size=80))
def test_any_text_is_read(text: str) -> None:
    found, problems = tokens.uses(text)
    for use in found:
        assert text.split("\n")[use.line - 1][use.column - 1 :].startswith(use.raw)
    assert ("{{" in text or "}}" in text) == bool(found or problems)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-Q4", "2026-10-01", "2027-01-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("2026-02-28", "2026-02-28", "2026-03-01"),
        ("2026-10-01..2026-10-07", "2026-10-01", "2026-10-08"),
    ],
)
def test_periods_begin_and_end_at_midnight_of_the_district(
    text: str, first: str, last: str
) -> None:
    found = period(text)
    assert found.since == datetime.fromisoformat(f"{first}T00:00+08:00")
    assert found.until == datetime.fromisoformat(f"{last}T00:00+08:00")


@pytest.mark.parametrize(
    "text",
    ["", "2026-13", "2026-Q5", "26", "2026-02-30", "2026-10-07..2026-10-01", "２０２６", "9999"],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(BadPeriod):
        period(text)
