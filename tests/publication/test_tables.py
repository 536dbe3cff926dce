"""Tables as people paste them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.publication.tables import Given, Unreadable, decode, read

POSTS = "岗位\t人数\n护士\t12\n医师\t22"


def wrong(text: str, counted: str = "") -> list[tuple[int, int]]:
    table, problems = read(Given(text=text, counted=counted))
    assert (table is None) == bool(problems)
    return [(problem.line, problem.column) for problem in problems]


def test_cells_of_a_spreadsheet_are_a_table() -> None:
    table, problems = read(Given(text=POSTS, counted="人数"))
    assert not problems
    assert table
    assert table.head == ("岗位", "人数")
    assert table.sum == 34


@pytest.mark.parametrize("text", ['a,b\n"x, y",2', "a;b\nx;2", "a，b\nx，2"])
def test_csv_is_a_table_too(text: str) -> None:
    table, _ = read(Given(text=text, counted="b"))
    assert table
    assert table.sum == 2


def test_full_width_digits_and_commas_are_numbers() -> None:
    table, _ = read(Given(text="a\tb\nx\t１,２３４", counted="b"))
    assert table
    assert table.sum == 1234


def test_a_merged_cell_is_told_by_row_and_cell() -> None:
    assert wrong("单位\t岗位\n中心\t护士\n\t医师") == [(3, 1)]


def test_a_missing_cell_is_told_by_row() -> None:
    assert wrong("单位\t岗位\t人数\n中心\t护士") == [(2, 0)]


def test_a_word_in_a_counted_column_is_told() -> None:
    assert wrong("岗位\t人数\n护士\t若干", "人数") == [(2, 2)]


def test_a_counted_column_that_is_none_is_told() -> None:
    assert wrong(POSTS, "名额") == [(0, 0)]


def test_a_row_of_totals_must_agree_and_is_not_counted_twice() -> None:
    table, _ = read(Given(text=POSTS + "\n合计\t34", counted="人数"))
    assert table
    assert table.sum == 34
    assert wrong(POSTS + "\n合计\t35", "人数") == [(4, 2)]
    assert wrong("岗位\t人数\n合计\t12\n护士\t12", "人数") == [(2, 0)]


def test_nothing_or_a_heading_alone_is_no_table() -> None:
    assert wrong("") == [(0, 0)]
    assert wrong("岗位\t人数") == [(0, 0)]


def test_a_table_of_a_thousand_rows_is_refused() -> None:
    assert wrong("a\tb\n" + "x\t1\n" * 1000) == [(0, 0)]


def test_two_columns_of_one_name_are_refused() -> None:
    assert wrong("a\ta\n1\t2") == [(1, 0)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_files_of_office_programs_are_read(encoding: str) -> None:
    assert decode(POSTS.encode(encoding)) == POSTS


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04rest", b"\xff\xff\xff", b"a\x00b\x00", b"x" * 1_000_001]
)
def test_files_that_are_no_text_are_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        decode(data)


@pytest.mark.parametrize("text", ["å²—ä½\tb\nä¸­å¿ƒ\t2", "锟斤拷\tb\nx\t2", "\ufffd\tb\nx\t2"])
def test_a_text_in_the_wrong_encoding_is_told(text: str) -> None:
    table, problems = read(Given(text=text))
    assert table is None
    assert "编码" in str(problems[0].what) or "encoding" in str(problems[0].what)


@given(st.text(max_size=200), st.text(max_size=5))
def test_any_text_is_a_table_or_told_why_not(text: str, counted: str) -> None:
    table, problems = read(Given(text=text, counted=counted))
    assert (table is None) == bool(problems)
