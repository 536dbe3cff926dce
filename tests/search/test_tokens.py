import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.cases.search.tokens import (
    MOST_BYTES,
    MOST_TERMS,
    Term,
    TooShort,
    asked,
    document,
    grown,
    mark,
    tokens,
)


def test_chinese_is_found_by_pairs_and_latin_by_words() -> None:
    assert tokens("绿地被种菜 EMS 3号楼") == {
        "绿地", "地被", "被种", "种菜", "ems", "3", "号楼",
    }  # fmt: skip


def test_full_width_case_and_accents_make_no_difference() -> None:
    assert tokens("ＡＢ１２ Café") == tokens("ab12 CAFE")


def test_digits_may_begin_a_case_number_and_words_are_whole() -> None:
    assert asked("260520-1234 ems") == (
        Term("260520", True), Term("1234", True), Term("ems"),
    )  # fmt: skip


@pytest.mark.parametrize("short", ["", "菜", " a ", "?", "🚗", "\x00", "菜 b", '"', "%", "__"])
def test_less_than_two_characters_are_refused(short: str) -> None:
    with pytest.raises(TooShort):
        asked(short)


def test_a_long_question_is_cut() -> None:
    assert len(asked("".join(chr(0x4E00 + n) for n in range(5000)))) == MOST_TERMS


def test_a_document_knows_its_texts_and_grows_without_losing_them() -> None:
    one = document(numbers=["260520-000001"], names=["示范新村"], texts={7: "停电"})
    two = document(numbers=["260520-000002"], names=[], texts={8: "停水"})
    both = grown(one, two).split()
    assert {mark(7), mark(8), "停电", "停水", "示范", "§000001", "§260520000002"} <= {*both}


def test_a_document_is_never_too_large_and_keeps_its_marks() -> None:
    flood = " ".join(f"{n:x}{n:x}word" for n in range(60_000))
    found = document(numbers=["1"], names=[], texts={9: flood})
    assert len(found.encode()) <= MOST_BYTES + 100
    assert mark(9) in found.split()


@given(st.text(max_size=200))
def test_no_token_holds_anything_that_a_database_could_take_for_an_operator(text: str) -> None:
    for token in tokens(text):
        assert token
        assert all(char.isalnum() for char in token)
        assert token == token.casefold() or not token.isascii()


@given(st.text(alphabet=st.characters(categories=["Lo", "Ll", "Nd"]), min_size=2, max_size=40))
def test_whatever_is_found_in_a_text_is_found_by_the_text_itself(text: str) -> None:
    try:
        terms = asked(text)
    except TooShort:
        return
    assert {term.token for term in terms} <= tokens(text)
