import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from luoshi.infra import keyfile


def test_a_key_is_made_once_and_read_ever_after(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "secret"
    first = keyfile.read_or_create(path)
    assert len(first) == 32
    assert keyfile.read_or_create(path) == first


def test_nobody_else_on_the_machine_may_read_a_key(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "secret"
    keyfile.read_or_create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_starters_at_the_same_moment_agree_on_one_key(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "secret"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: keyfile.read_or_create(path), range(40)))
    assert len(keys) == 1
    assert [left.name for left in path.parent.iterdir()] == ["secret"]
