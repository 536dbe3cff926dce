"""Files as they come: in any form, odd, damaged or hostile. Each is taken, or told what to do."""

import io
import zipfile
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.doors.sheets import cells, columns, limits, opening, scan, tables, text
from luoshi.doors.sheets.kinds.messages import COLUMNS
from luoshi.doors.sheets.refused import Bad, SheetRefused
from luoshi.doors.sheets.words import REFUSED
from tests.cast import Cast
from tests.cast import build as build_cast
from tests.doors.sheeting import (
    HEAD,
    check,
    csv_text,
    messages,
    put_parts,
    said,
    upload,
    whole,
    xlsx,
)

TABLE = [["内容", "地点"], ["绿地被种菜", "示范新村"], ["车位被占", "示范新村"]]


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


def opened(data: bytes) -> None:
    if opening.form_of(data) == "xlsx":
        scan.scan(data, opening.sheets(data)[0].part)
    else:
        list(text.rows(text.decode(data)[0]))


def refused(data: bytes) -> str:
    with pytest.raises(SheetRefused) as no:
        opened(data)
    return no.value.code


def outside(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr(name, b"x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (opening.OLE + bytes(600), "old_format"),
        (opening.OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"%PDF-1.4 ...", "no_table"),
        (b"  <html><table><tr><td>1</td></tr></table>", "web_page"),
        (b"PK\x03\x04 and then nothing", "broken"),
        (outside("word/document.xml"), "no_workbook"),
        (b"a,b\x00\x01\x02,c\n" * 5, "no_table"),
        (",".join("a" * 300).encode(), "too_many_columns"),
    ],
)
def test_what_is_no_table_is_refused_by_its_content(data: bytes, code: str) -> None:
    assert refused(data) == code


def test_more_than_can_be_taken_at_once_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ROWS", 3)
    assert refused(b"a\nb\nc\nd\n") == "too_many_rows"
    assert refused(xlsx([["a"]] * 4)) == "too_many_rows"
    monkeypatch.setattr(limits, "BYTES", 10)
    assert refused(b"a,b,c,d,e,f\n") == "too_large"


def test_sixteen_thousand_columns_are_refused_before_they_are_read() -> None:
    def far(_book: Any, page: Any) -> None:
        page.cell(row=1, column=16_384, value="x")

    assert refused(xlsx([["内容"]], shape=far)) == "too_many_columns"


def test_one_cell_at_the_far_end_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def far(_book: Any, page: Any) -> None:
        page.cell(row=1_048_576, column=1, value="x")

    assert refused(xlsx([["内容"]], shape=far)) == "too_many_rows"
    monkeypatch.setattr(limits, "CELLS", 5)
    assert refused(xlsx([["a", "b"]] * 3)) == "too_many_cells"


def test_a_bomb_is_refused_by_what_it_claims_and_by_what_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "UNPACKED", 2**20)
    large = put_parts(xlsx(TABLE), {"xl/more.xml": b" " * 2**21})
    assert refused(large) == "unpacks_too_large"
    # The directory says one byte where there are two million.
    size = (2**21).to_bytes(4, "little")
    lying = large.replace(size, (1).to_bytes(4, "little"))
    assert lying != large
    assert refused(lying) in {"hostile", "broken"}


def test_no_entity_is_ever_expanded() -> None:
    evil = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    name = "xl/workbook.xml"
    whole_book = xlsx(TABLE)
    with zipfile.ZipFile(io.BytesIO(whole_book)) as book:
        plain = book.read(name)
    assert refused(put_parts(whole_book, {name: evil + plain})) == "hostile"
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(whole_book)) as book:
        plain = book.read(sheet)
    assert refused(put_parts(whole_book, {sheet: evil + plain})) == "hostile"


BOOK = xlsx(TABLE)


@given(st.binary(max_size=400), st.integers(0, len(BOOK) - 1), st.integers(1, 255))
def test_whatever_comes_is_a_table_or_refused(data: bytes, at: int, flip: int) -> None:
    flipped = bytearray(BOOK)
    flipped[at] ^= flip
    inside = put_parts(BOOK, {"xl/worksheets/sheet1.xml": data})
    for some in (data, b"PK" + data, bytes(flipped), inside):
        assert _outcome(some) in {"table", *REFUSED}


def _outcome(data: bytes) -> str:
    """A table, or the code of a refusal for which there is a sentence."""
    try:
        opened(data)
    except SheetRefused as no:
        return no.code
    return "table"


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_in_any_usual_encoding_is_read(name: str, delimiter: str) -> None:
    data = csv_text(TABLE, delimiter=delimiter).encode(name)
    told, encoding = text.decode(data)
    assert list(text.rows(told)) == TABLE
    assert encoding == name


def test_a_word_that_passes_for_two_encodings_is_read_as_the_one_of_its_file() -> None:
    rows = [["内容"], ["联通"], ["绿地"]]
    assert list(text.rows(text.decode(csv_text(rows).encode("gb18030"))[0])) == rows


def test_two_encodings_in_one_file_are_told_with_their_rows() -> None:
    mixed = "内容\n绿地被种菜\n".encode() + "车位被占\n".encode("gb18030")
    with pytest.raises(SheetRefused) as no:
        text.decode(mixed)
    assert (no.value.code, no.value.details["row"]) == ("mixed_encodings", 3)
    with pytest.raises(SheetRefused) as no:
        text.decode("内容\n".encode("gb18030") + b"\xff\xff\n")
    assert (no.value.code, no.value.details["row"]) == ("encoding", 2)


def test_a_csv_goes_the_whole_way(cast: Cast, now: datetime) -> None:
    data = csv_text([HEAD, *messages(3)]).encode("gb18030")
    of = whole(cast, data, now, name="台账.csv")
    assert (of.marks, of.told["encoding"]) == ({"done": 3}, "gb18030")


@pytest.mark.parametrize("data", [xlsx([]), xlsx([[None, None]]), b"\n\n \n"])
def test_a_file_with_nothing_in_it_is_told(cast: Cast, now: datetime, data: bytes) -> None:
    of = upload(cast, data, now)
    assert (of.stage, of.error.get("code")) == ("refused", "nothing_in_it")


def test_a_header_alone_has_no_row_to_import(cast: Cast, now: datetime) -> None:
    of = check(cast, upload(cast, xlsx([HEAD]), now), now)
    assert (of.stage, of.marks) == ("ready", {})


def test_a_title_above_the_header_and_blank_rows_between_are_passed_over(
    cast: Cast, now: datetime
) -> None:
    rows = [["崇川区留言台账"], [], HEAD, messages(1)[0], [], [None, " "], messages(1, start=2)[0]]
    of = upload(cast, xlsx(rows, shape=lambda _b, page: page.merge_cells("A1:G1")), now)
    assert (of.header_row, of.mapping[0]) == (3, "number")
    assert of.told["merged"] == [1, ["A1:G1"]]
    assert check(cast, of, now).marks == {"good": 2}


def test_headers_that_stand_twice_are_read_once(cast: Cast, now: datetime) -> None:
    of = upload(cast, xlsx([["内容", "内容", "电话"], ["甲", "乙", ""]]), now)
    assert of.mapping == ("text", "", "phone")


def test_hidden_rows_and_columns_are_told_and_read(cast: Cast, now: datetime) -> None:
    def hide(_book: Any, page: Any) -> None:
        page.row_dimensions[3].hidden = True
        page.column_dimensions["B"].hidden = True

    of = upload(cast, xlsx([HEAD, *messages(2)], shape=hide), now)
    assert of.told["hidden_rows"] == [1, [3]]
    assert of.told["hidden_columns"] == [1, ["B"]]
    assert check(cast, of, now).marks == {"good": 2}


def test_a_formula_without_a_value_is_a_fault_and_one_with_a_value_is_told(
    cast: Cast, now: datetime
) -> None:
    rows = messages(2)
    rows[0][2] = '="绿地"&"被占"'
    data = xlsx([HEAD, *rows])
    of = check(cast, upload(cast, data, now), now)
    assert of.marks == {"bad": 1, "good": 1}
    assert "台账!C2" in said(of)[0]
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        plain = book.read(sheet)
    calculated = plain.replace(b"</f><v></v>", "</f><v>绿地被占</v>".encode()).replace(
        b"</f><v />", "</f><v>绿地被占</v>".encode()
    )
    assert calculated != plain
    valued = put_parts(data, {sheet: calculated.replace(b'<c r="C2"', b'<c r="C2" t="str"')})
    of = check(cast, upload(cast, valued, now), now)
    assert of.marks == {"good": 2}
    assert of.told["formulas"] == [1, []]


def test_an_error_in_a_cell_is_told_by_cell_even_where_the_column_may_be_empty(
    cast: Cast, now: datetime
) -> None:
    rows = messages(3)
    rows[0][2] = "#REF!"
    rows[1][4] = "#N/A"
    of = check(cast, upload(cast, xlsx([HEAD, *rows]), now), now)
    assert of.marks == {"bad": 2, "good": 1}
    assert "台账!C2" in said(of)[0]
    assert "台账!E3" in said(of)[1]
    assert not any("空" in one for one in said(of)), "it stands there, and is no value"


def test_of_several_sheets_one_is_chosen(cast: Cast, now: datetime) -> None:
    from luoshi.doors.sheets import actions
    from tests.doors.sheeting import look, work

    def more(book: Any, _page: Any) -> None:
        other = book.create_sheet("二")
        other.append(["内容"])
        other.append(["绿地被种菜"])
        book.create_sheet("藏").sheet_state = "hidden"

    of = upload(cast, xlsx([HEAD], shape=more), now)
    assert (of.stage, of.sheets) == (
        "choosing",
        (("台账", False), ("二", False), ("藏", True)),
    )
    with pytest.raises(actions.MovedOn):
        actions.choose_sheet(id=of.id, sheet="四")
    actions.choose_sheet(id=of.id, sheet="二")
    work(now)
    assert check(cast, look(cast, of.id), now).marks == {"good": 1}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2020/1/6 9:05:01", "2020-01-06 09:05:01"),
        ("2020年1月6日", "2020-01-06 12:00:00"),
        ("2020.01.06", "2020-01-06 12:00:00"),
        ("20200106", "2020-01-06 12:00:00"),
        (20200106, "2020-01-06 12:00:00"),
        (43836, "2020-01-06 12:00:00"),
        (43836.5, "2020-01-06 12:00:00"),
        (43836.75, "2020-01-06 18:00:00"),
        ({"at": "2020-01-06T08:00:00"}, "2020-01-06 08:00:00"),
        ({"at": "2020-01-06"}, "2020-01-06 12:00:00"),
    ],
)
def test_a_date_is_read_as_sheets_hold_it(value: Any, found: str) -> None:
    assert f"{cells.moment(value):%Y-%m-%d %H:%M:%S}" == found


@pytest.mark.parametrize("value", ["昨天", 12, "2020-13-01", "2020-02-30", True, "1/2/2020"])
def test_what_is_no_certain_date_is_told(value: Any) -> None:
    with pytest.raises(Bad) as no:
        cells.moment(value)
    assert no.value.code == "date_unreadable"


@pytest.mark.parametrize(
    ("value", "found"),
    [("1,234.5", "1234.5"), (3.0, "3"), (0.1, "0.1"), ("７８", "78"), ("5%", "5")],
)
def test_a_number_is_read_however_it_is_stored(value: Any, found: str) -> None:
    assert cells.number(value) == Decimal(found)


def test_a_number_in_words_is_told_with_what_to_write() -> None:
    with pytest.raises(Bad) as no:
        cells.number("三十")
    assert (no.value.code, no.value.details) == ("number_in_words", {"write": 30})
    assert [cells.chinese_number(said) for said in ("一百零五", "十二", "两千", "三成")] == [
        105, 12, 2000, None,
    ]  # fmt: skip


def test_a_long_number_that_lost_its_digits_is_told() -> None:
    with pytest.raises(Bad) as no:
        cells.text(320613199001011234)
    assert no.value.code == "digits_lost"
    assert cells.text(tables.plain(8648.0)) == "8648"


def test_columns_are_proposed_from_what_they_are_called() -> None:
    head = ["工单 编号", "Message", "联系电话（必填）", "来电人", "备注"]
    assert columns.propose(head, COLUMNS) == ["number", "text", "phone", "name", ""]


@given(st.integers(min_value=0, max_value=20_000))
def test_letters_and_numbers_of_columns_agree(column: int) -> None:
    assert scan.number_of(scan.letters(column)) == column
