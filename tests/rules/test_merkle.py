from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from luoshi.rules.merkle import leaf_hash, node_hash


def test_the_empty_leaf_has_the_known_hash() -> None:
    # SHA-256 of one zero byte.
    known = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert leaf_hash(b"").hex() == known


def test_a_tree_of_two_leaves_has_the_root_worked_out_by_hand() -> None:
    left, right = sha256(b"\x00one").digest(), sha256(b"\x00two").digest()
    assert (
        node_hash(leaf_hash(b"one"), leaf_hash(b"two")) == sha256(b"\x01" + left + right).digest()
    )


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_no_node_can_be_passed_off_as_a_leaf(left: bytes, right: bytes) -> None:
    assert node_hash(left, right) != leaf_hash(left + right)


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_the_sides_of_a_node_cannot_be_exchanged(left: bytes, right: bytes) -> None:
    assert (node_hash(left, right) == node_hash(right, left)) == (left == right)
