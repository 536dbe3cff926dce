"""Gaps of an answer: filled with what is known, and named where nothing is."""

from hypothesis import given
from hypothesis import strategies as st

from luoshi.cases.gaps import Filled, fill, gaps


def test_gaps_are_filled_and_those_without_anything_are_named() -> None:
    text = "{place}由{ unit }负责，电话{phone}；再说一次{place}"
    known = {"place": "示范新村", "unit": "居委会", "phone": ""}
    assert gaps(text) == ("place", "unit", "phone")
    assert fill(text, known) == Filled(
        "示范新村由居委会负责，电话{phone}；再说一次示范新村", ("phone",)
    )


def test_what_is_filled_in_is_not_filled_again() -> None:
    assert fill("{place}", {"place": "{unit}", "unit": "x"}).text == "{unit}"


@given(st.text())
def test_any_text_without_gaps_stays_as_it_is(text: str) -> None:
    if not gaps(text):
        assert fill(text, {}) == Filled(text, ())
