import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.trust.errors import BadPhone
from luoshi.trust.phones import can_text, national, normalise

MOBILE = "+8613812345678"
LANDLINE = "+8651385512345"


@pytest.mark.parametrize(
    "text",
    [
        "13812345678",
        " 138 1234 5678 ",
        "138-1234-5678",
        "138—1234—5678",
        "１３８１２３４５６７８",
        "+86 138 1234 5678",
        "＋８６１３８１２３４５６７８",
        "+86-13812345678",
        "(+86)13812345678",
        "008613812345678",
        "8613812345678",
        "013812345678",
        "+86013812345678",
        "\u202a138\u200b12345678\u202c",
        "138.1234.5678",
    ],
)
def test_a_mobile_number_has_one_form_however_it_is_written(text: str) -> None:
    assert normalise(text) == MOBILE


@pytest.mark.parametrize(
    "text",
    [
        "0513-85512345",
        "（0513）85512345",
        "0513 8551 2345",
        "051385512345",
        "+86 513 85512345",
        "+86 0513 85512345",
        "0086-513-85512345",
        "8651385512345",
    ],
)
def test_a_landline_with_its_area_code_has_one_form(text: str) -> None:
    assert normalise(text) == LANDLINE


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("010-65001234", "+861065001234"),
        ("021 6500 1234", "+862165001234"),
        ("0375-4951234", "+863754951234"),
        ("+852 2345 6789", "+85223456789"),
        ("0044 20 7946 0958", "+442079460958"),
    ],
)
def test_other_areas_and_countries_are_taken(text: str, form: str) -> None:
    assert normalise(text) == form


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "phone_missing"),
        (" - ", "phone_missing"),
        ("call me", "phone_characters"),
        ("13812345678转2", "phone_characters"),
        ("138+12345678", "phone_characters"),
        ("一三八", "phone_characters"),
        ("٠١٣٨١٢٣٤٥٦٧", "phone_characters"),
        ("85512345", "phone_area_missing"),
        ("8551234", "phone_area_missing"),
        ("1381234567", "phone_length"),
        ("138123456789", "phone_length"),
        ("110", "phone_length"),
        ("+86 138", "phone_length"),
        ("+1 23", "phone_length"),
        ("+1234567890123456", "phone_length"),
        ("11012345678", "phone_unknown"),
        ("0513-15512345", "phone_unknown"),
        ("04001234567", "phone_unknown"),
    ],
)
def test_what_is_no_number_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(BadPhone) as refusal:
        normalise(text)
    assert refusal.value.code == code


def test_a_number_is_shown_as_one_dials_it() -> None:
    assert national(MOBILE) == "13812345678"
    assert national(LANDLINE) == "051385512345"
    assert national("+85223456789") == "0085223456789"


def test_only_chinese_mobiles_get_text_messages() -> None:
    assert [can_text(phone) for phone in (MOBILE, LANDLINE, "+13812345678")] == [True, False, False]


@given(st.text(max_size=30))
def test_any_text_is_a_number_in_one_form_or_refused(text: str) -> None:
    try:
        phone = normalise(text)
    except BadPhone:
        return
    assert normalise(phone) == phone == normalise(national(phone))


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.lists(st.integers(0, 10), max_size=6))
def test_where_the_gaps_are_makes_no_difference(number: str, gaps: list[int]) -> None:
    spaced = number
    for gap in gaps:
        spaced = spaced[:gap] + " " + spaced[gap:]
    assert normalise(spaced) == "+86" + number
