"""The quick way to canonical bytes gives what the library gives."""

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luoshi.trust import log
from luoshi.trust.errors import NotCanonical

TEXT = st.text(max_size=5)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | TEXT
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=6,
)


GROUPS = st.dictionaries(
    st.sampled_from(["case", "what", "when", "who"]),
    st.dictionaries(TEXT, VALUES, max_size=4),
    min_size=1,
    max_size=3,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(GROUPS)
def test_a_leaf_has_the_bytes_of_the_standard(groups: dict[str, dict[str, object]]) -> None:
    try:
        expected = rfc8785.dumps(groups)
    except rfc8785.CanonicalizationError:
        with pytest.raises(NotCanonical):
            log.commit(groups=groups)
        return
    made = log.commit(groups=groups)
    assert made.canonical == expected
    one, two = log.commit_many(groups=[groups, groups])
    assert one.canonical == two.canonical == expected
    assert one == log.commit(groups=groups, nonce=one.nonce)
    for name in groups:
        assert log.is_in(log.disclose(groups=groups, nonce=made.nonce, group=name), leaf=made.leaf)


def test_equal_values_of_two_types_are_written_each_in_its_way() -> None:
    given = [{"a": {"b": 1}}, {"a": {"b": True}}, {"a": {"c": 1}}, {"a": {"b": [1]}}]
    found = log.commit_many(groups=given)
    assert [one.canonical for one in found] == [rfc8785.dumps(one) for one in given]


def test_half_of_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(NotCanonical):
        log.commit(groups={"a": {"b": "\ud800"}})
