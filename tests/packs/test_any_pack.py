"""Whatever stands in a pack, the checker tells mistakes and never breaks."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luoshi.packs.check import check
from tests.packs.broken import GOOD, put

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["swing", "playground", "all", "2020-02-30", "guide", "area / 0", "1e999"]),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["code", "kind", "item", "type", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)
ANY = settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        inside = value.items()
    elif isinstance(value, list):
        inside = enumerate(value)
    below = [path for step, inner in inside for path in paths(inner, (*at, step))]
    return [at, *below] if at else below


DATA = yaml.safe_load(GOOD)
PATHS = paths(DATA)


def replaced(data: Any, path: tuple[Any, ...], value: Any, *, drop: bool) -> None:
    for step in path[:-1]:
        data = data[step]
    if drop:
        del data[path[-1]]
    else:
        data[path[-1]] = value


@ANY
@given(path=st.sampled_from(PATHS), value=VALUES, drop=st.booleans())
def test_a_changed_value_is_a_mistake_or_none(
    tmp_path: Path, path: tuple[Any, ...], value: Any, drop: bool
) -> None:
    data = yaml.safe_load(GOOD)
    replaced(data, path, value, drop=drop)
    text = yaml.dump(data, allow_unicode=True, Dumper=NoAlias)
    for mistake in check([put(tmp_path, text)]).mistakes:
        assert mistake.line >= 1
        assert mistake.text
        assert mistake.remedy


class NoAlias(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


@ANY
@given(data=st.data())
def test_a_garbled_file_is_told_and_nothing_breaks(tmp_path: Path, data: st.DataObject) -> None:
    raw = bytearray(GOOD.encode())
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(raw)))
        end = min(len(raw), start + data.draw(st.integers(0, 8)))
        raw[start:end] = data.draw(st.binary(max_size=8) | st.sampled_from([b"\n", b"- ", b": "]))
    checked = check([put(tmp_path, bytes(raw))])
    assert len(checked.packs) == 1
    assert all(str(mistake) for mistake in checked.mistakes)


@pytest.mark.parametrize("length", range(0, len(GOOD), 97))
def test_a_file_cut_short_is_told_or_in_order(length: int, tmp_path: Path) -> None:
    checked = check([put(tmp_path, GOOD[:length])])
    assert all(mistake.remedy for mistake in checked.mistakes)
