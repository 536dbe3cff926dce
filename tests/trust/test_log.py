"""Leaves: what they commit to, and what they do not tell."""

import hashlib
import hmac
import json
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from luoshi.trust import log
from luoshi.trust.errors import NotCanonical
from luoshi.trust.models import LogLeaf

NONCE = bytes(range(32))
GROUPS: dict[str, dict[str, log.JSON]] = {
    "what": {"kind": "claimed", "seq": 7, "final": False},
    "place": {"area": "320613", "subject": None},
    "who": {"actor": "4611686018427387904"},
}

VALUES = st.one_of(st.none(), st.booleans(), st.integers(-(2**53) + 1, 2**53 - 1), st.text())
FIELDS = st.dictionaries(st.text(), VALUES, max_size=4)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
ANY_GROUPS = st.dictionaries(NAMES, FIELDS, min_size=1, max_size=4)
NONCES = st.binary(min_size=32, max_size=32)


def simple_json(fields: dict[str, Any]) -> bytes:
    """Canonical for ASCII keys, short numbers and plain text."""
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def leaf_by_hand(groups: dict[str, dict[str, Any]], nonce: bytes) -> bytes:
    leaf = b"luoshi/v1\n"
    for name in sorted(groups):
        own = hmac.new(nonce, name.encode(), hashlib.sha256).digest()
        text = f"luoshi/v1/{name}\n".encode() + own + simple_json(groups[name])
        leaf += hashlib.sha256(text).digest()
    return leaf


def test_a_leaf_is_what_the_format_says() -> None:
    made = log.commit(groups=GROUPS, nonce=NONCE)
    assert made.leaf == leaf_by_hand(GROUPS, NONCE)
    assert made.canonical == simple_json(GROUPS)
    assert made.nonce == NONCE


def test_the_format_of_a_leaf_never_changes() -> None:
    made = log.commit(groups={"a": {"n": 1}}, nonce=bytes(32))
    assert made.leaf == leaf_by_hand({"a": {"n": 1}}, bytes(32))
    assert hashlib.sha256(made.leaf).hexdigest() == (
        "17a5e9c7e6b2f67ef67d2d066d671b0841c941e1bbcb6e95c25ee41bca4cf6a7"
    )


def test_numbers_and_signs_take_their_rfc_8785_form() -> None:
    groups: dict[str, dict[str, log.JSON]] = {"g": {"é": 1e21, "b": 4.50, "a": "\u20ac\n\x0f"}}
    expected = '{"g":{"a":"\u20ac\\n\\u000f","b":4.5,"é":1e+21}}'
    assert log.commit(groups=groups, nonce=NONCE).canonical == expected.encode()


def test_two_leaves_of_the_same_event_have_nothing_in_common() -> None:
    one, two = log.commit(groups=GROUPS), log.commit(groups=GROUPS)
    assert one.nonce != two.nonce
    assert not set(parts(one.leaf)) & set(parts(two.leaf))


def test_equal_groups_under_two_names_do_not_show_that_they_are_equal() -> None:
    made = log.commit(groups={"a": {"x": 1}, "b": {"x": 1}}, nonce=NONCE)
    assert len(set(parts(made.leaf))) == 2


def parts(leaf: bytes) -> list[bytes]:
    body = leaf.removeprefix(log.HEADER)
    return [body[at : at + 32] for at in range(0, len(body), 32)]


@given(ANY_GROUPS, NONCES)
def test_the_same_groups_and_nonce_give_the_same_leaf_in_any_order(
    groups: dict[str, dict[str, Any]], nonce: bytes
) -> None:
    turned = {name: dict(reversed(groups[name].items())) for name in reversed(list(groups))}
    made = log.commit(groups=groups, nonce=nonce)
    assert made == log.commit(groups=turned, nonce=nonce)
    assert len(made.leaf) == len(log.HEADER) + 32 * len(groups)


@given(ANY_GROUPS, NONCES, st.data())
def test_changing_any_field_changes_the_leaf_in_that_group_alone(
    groups: dict[str, dict[str, Any]], nonce: bytes, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(groups)))
    field = data.draw(st.one_of(st.text(), st.sampled_from([*groups[name], "x"])))
    value = data.draw(VALUES)
    changed = {**groups, name: {**groups[name], field: value}}
    same = simple_json(changed) == simple_json(groups)
    before = parts(log.commit(groups=groups, nonce=nonce).leaf)
    after = parts(log.commit(groups=changed, nonce=nonce).leaf)
    differs = [one != other for one, other in zip(before, after, strict=True)]
    assert differs == [not same and other == name for other in sorted(groups)]


@given(ANY_GROUPS, NONCES, st.data())
def test_taking_a_field_or_a_group_away_changes_the_leaf(
    groups: dict[str, dict[str, Any]], nonce: bytes, data: st.DataObject
) -> None:
    whole = {**groups, "more": {"x": 1}}
    leaf = log.commit(groups=whole, nonce=nonce).leaf
    assert leaf != log.commit(groups={**groups, "more": {}}, nonce=nonce).leaf
    assert leaf != log.commit(groups=groups | {"another": {"x": 1}}, nonce=nonce).leaf


@given(ANY_GROUPS, NONCES, st.data())
def test_each_group_can_be_shown_by_itself(
    groups: dict[str, dict[str, Any]], nonce: bytes, data: st.DataObject
) -> None:
    leaf = log.commit(groups=groups, nonce=nonce).leaf
    name = data.draw(st.sampled_from(sorted(groups)))
    shown = log.disclose(groups=groups, nonce=nonce, group=name)
    assert log.is_in(shown, leaf=leaf)
    assert json.loads(shown.canonical) == groups[name]


def test_a_changed_disclosure_is_not_in_the_leaf() -> None:
    leaf = log.commit(groups=GROUPS, nonce=NONCE).leaf
    good = log.disclose(groups=GROUPS, nonce=NONCE, group="what")
    for bad in (
        log.Disclosure("place", good.nonce, good.canonical),
        log.Disclosure("what", bytes(32), good.canonical),
        log.Disclosure("what", good.nonce, good.canonical + b" "),
    ):
        assert not log.is_in(bad, leaf=leaf)
    assert not log.is_in(good, leaf=leaf.removeprefix(log.HEADER))


def test_who_is_shown_one_group_cannot_try_out_another() -> None:
    made = log.commit(groups=GROUPS, nonce=NONCE)
    shown = log.disclose(groups=GROUPS, nonce=NONCE, group="place")
    guess = log.Disclosure("what", shown.nonce, simple_json(GROUPS["what"]))
    assert not log.is_in(guess, leaf=made.leaf)
    guessed = log.disclose(groups=GROUPS, nonce=shown.nonce, group="what")
    assert not log.is_in(guessed, leaf=made.leaf)


@pytest.mark.parametrize("value", [2**53, -(2**53), float("nan"), float("inf"), "\ud800"])
def test_what_json_cannot_hold_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonical) as refusal:
        log.commit(groups={"a": {"x": value}}, nonce=NONCE)
    assert refusal.value.code == "not_canonical"


@pytest.mark.parametrize("groups", [{}, {"": {}}, {"A": {}}, {"a b": {}}, {"a\n": {}}])
def test_a_leaf_without_well_named_groups_is_a_mistake(groups: Any) -> None:
    with pytest.raises(ValueError, match="named groups"):
        log.commit(groups=groups, nonce=NONCE)


def test_a_short_nonce_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        log.commit(groups=GROUPS, nonce=bytes(16))


@pytest.mark.django_db
def test_appended_leaves_wait_in_order_and_hold_nothing_but_the_commitments() -> None:
    first = log.append(district=1, leaf=log.commit(groups=GROUPS))
    leaf = log.commit(groups=GROUPS)
    second = log.append(district=1, leaf=leaf)
    assert second > first
    row = LogLeaf.objects.values().get(pk=second)
    assert row == {"id": second, "district_id": 1, "leaf": leaf.leaf}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", ["UPDATE trust_logleaf SET district_id = 2", "DELETE FROM trust_logleaf"]
)
def test_the_database_refuses_to_rewrite_a_leaf(statement: str) -> None:
    log.append(district=1, leaf=log.commit(groups=GROUPS))
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert LogLeaf.objects.filter(district_id=1).count() == 1
