from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.expectations.reading import REMEDY, BadNumber, read_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("12,345,678", "12345678"),
        ("1 234 567", "1234567"),
        (" 78.33% ", "78.33"),
        ("78.33 ％", "78.33"),
        ("１，２３４．５", "1234.5"),
        ("－3", "-3"),
        ("+7", "7"),
        ("-0", "0"),
        ("007", "7"),
    ],
)
def test_a_number_is_read_as_offices_write_it(text: str, value: str) -> None:
    read = read_number(text)
    assert read == Decimal(value)
    assert not str(read).startswith("-0")


@pytest.mark.parametrize("text", ["", "  ", "　", "\t\n"])
def test_an_empty_cell_is_not_reported_and_not_zero(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("about 5", "number_unreadable"),
        ("无", "number_unreadable"),
        ("—", "number_unreadable"),
        ("1.2万", "number_unreadable"),
        ("三", "number_unreadable"),
        ("5²", "number_unreadable"),
        ("nan", "number_unreadable"),
        ("1e5", "number_unreadable"),
        ("0x10", "number_unreadable"),
        ("1_000", "number_unreadable"),
        ("%", "number_unreadable"),
        ("--5", "number_unreadable"),
        ("9" * 50, "number_unreadable"),
        ("1,23", "number_grouping"),
        ("1,2345", "number_grouping"),
        ("1.234,5", "number_grouping"),
        ("1,234 567", "number_grouping"),
        ("1.2.3", "number_grouping"),
        (".5", "number_grouping"),
        ("5.", "number_grouping"),
        ("9" * 16, "number_too_large"),
    ],
)
def test_what_could_mean_two_things_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadNumber) as no:
        read_number(text)
    assert no.value.code == code
    assert str(REMEDY[code])


def test_more_decimals_than_are_kept_are_refused_unless_they_are_zeros() -> None:
    assert read_number("12.00", decimals=0) == 12
    with pytest.raises(BadNumber, match="number_too_exact"):
        read_number("12.5", decimals=0)


def test_a_percent_sign_is_refused_where_the_figure_is_no_share() -> None:
    with pytest.raises(BadNumber, match="number_no_percent"):
        read_number("78%", percent=False)


@given(st.decimals(-(10**14), 10**14, places=4))
def test_what_is_written_out_with_commas_is_read_back(value: Decimal) -> None:
    assert read_number(f"{value:,}") == value == read_number(f"{value}")


def outcome(text: str) -> str:
    try:
        value = read_number(text)
    except BadNumber as no:
        return no.code
    return "nothing" if value is None else f"finite {value.is_finite()}"


@given(st.text())
def test_any_text_is_a_number_nothing_or_a_refusal_with_a_remedy(text: str) -> None:
    assert outcome(text) in {"nothing", "finite True", *REMEDY}
