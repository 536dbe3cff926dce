import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.trust import codes
from luoshi.trust.codes import ALPHABET, code_hash, new_code, normalise, show
from luoshi.trust.errors import BadCode

BODIES = st.text(alphabet=ALPHABET, min_size=16, max_size=16)
VALID = BODIES.map(lambda body: body + codes.check_character(body))


def refusal(text: str) -> str:
    with pytest.raises(BadCode) as caught:
        normalise(text)
    return caught.value.code


def test_a_new_code_is_valid_and_shown_in_groups() -> None:
    code = new_code()
    assert normalise(code) == code
    assert re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]", show(code))
    assert normalise(show(code)) == code


def test_a_code_carries_eighty_random_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def highest(bits: int) -> int:
        asked.append(bits)
        return (1 << bits) - 1

    monkeypatch.setattr(codes.secrets, "randbits", highest)
    assert new_code()[:16] == "Z" * 16
    assert asked == [80]


def test_every_position_of_a_code_varies() -> None:
    made = [new_code() for _ in range(300)]
    assert len(set(made)) == 300
    assert all(len({code[at] for code in made}) > 20 for at in range(17))


@pytest.mark.parametrize("code", ["0" * 17, "00000000000000012"])
def test_a_check_worked_out_by_hand_holds(code: str) -> None:
    # The sum of 2^(16-i) di: a 1 in the last place of the body counts 2.
    assert normalise(code) == code


@given(VALID)
def test_every_single_wrong_character_is_caught(code: str) -> None:
    for at in range(17):
        for other in ALPHABET.replace(code[at], ""):
            assert refusal(code[:at] + other + code[at + 1 :]) == "code_check"


@given(VALID)
def test_every_exchange_of_two_characters_is_caught(code: str) -> None:
    for one in range(17):
        for two in range(one + 1, 17):
            if code[one] != code[two]:
                typed = list(code)
                typed[one], typed[two] = typed[two], typed[one]
                assert refusal("".join(typed)) == "code_check"


@given(VALID, st.data())
def test_typing_habits_make_no_difference(code: str, data: st.DataObject) -> None:
    spoken = {"0": "0Oo", "1": "1IiLl"}
    typed = ""
    for char in code:
        alike = spoken.get(char, char + char.lower() + chr(ord(char) + 0xFEE0))
        typed += data.draw(st.sampled_from(alike)) + data.draw(
            st.sampled_from(["", " ", "-", "—", "\u3000", "\u200b", "\n"])
        )
    assert normalise(typed) == code
    assert code_hash(typed) == code_hash(code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "code_missing"),
        (" - ", "code_missing"),
        ("0" * 16, "code_length"),
        ("0" * 18, "code_length"),
        ("U" * 17, "code_characters"),
        ("0000-0000-0000-000?-0", "code_characters"),
        ("落实", "code_characters"),
        ("0" * 16 + "1", "code_check"),
    ],
)
def test_what_is_no_code_is_refused_with_its_reason(text: str, code: str) -> None:
    assert refusal(text) == code


@given(st.text(max_size=40))
def test_any_text_is_a_code_or_refused(text: str) -> None:
    try:
        code = normalise(text)
    except BadCode:
        return
    assert len(code) == 17


def test_the_hash_of_a_code_does_not_contain_it_and_differs_from_a_token_s() -> None:
    code = new_code()
    assert len(code_hash(code)) == 32
    assert code.encode() not in code_hash(code)
    assert code_hash(code) != codes.token_hash(code)


def test_a_token_is_new_each_time_and_safe_in_a_link() -> None:
    made = {codes.new_token() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", token) for token in made)
    assert len({codes.token_hash(token) for token in made}) == 200


def test_any_text_may_be_asked_for_as_a_token() -> None:
    assert len(codes.token_hash("\ud800")) == 32
