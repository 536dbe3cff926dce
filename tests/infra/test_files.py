import errno
import os
import stat
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from luoshi.infra import files


@pytest.fixture(autouse=True)
def var(tmp_path: Path, settings: Any) -> Path:
    settings.LUOSHI_VAR = tmp_path
    return tmp_path


def everything_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_was_put_comes_back_under_its_hash() -> None:
    name = files.put(b"the original")
    assert name == sha256(b"the original").hexdigest()
    assert files.get(name) == b"the original"


def test_an_empty_file_is_a_file_too() -> None:
    assert files.get(files.put(b"")) == b""


def test_files_lie_two_folders_deep_and_only_we_can_read_them(var: Path) -> None:
    name = files.put(b"x")
    path = files.path(name)
    assert path == var / "files" / name[:2] / name[2:4] / name
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_putting_the_same_bytes_again_leaves_one_untouched_file(var: Path) -> None:
    before = files.path(files.put(b"same")).stat().st_ino
    assert files.path(files.put(b"same")).stat().st_ino == before
    assert len(everything_in(var)) == 1


def test_a_file_that_went_bad_is_not_handed_out() -> None:
    name = files.put(b"evidence")
    files.path(name).write_bytes(b"evidencE")
    with pytest.raises(files.Corrupt) as refusal:
        files.get(name)
    assert refusal.value.code == "corrupt"


def test_putting_it_again_mends_a_file_that_went_bad() -> None:
    name = files.put(b"evidence")
    files.path(name).write_bytes(b"")
    files.put(b"evidence")
    assert files.get(name) == b"evidence"


def test_what_was_never_put_is_not_there() -> None:
    with pytest.raises(files.NotStored):
        files.get("0" * 64)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_only_a_hash_names_a_file(name: str) -> None:
    with pytest.raises(files.NotStored):
        files.path(name)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_leaves_no_half_file(
    var: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    real = os.write

    def full_after_some(handle: int, data: bytes) -> int:
        if len(data) < 100:
            raise OSError(number, os.strerror(number))
        return real(handle, bytes(data[:60]))

    monkeypatch.setattr(os, "write", full_after_some)
    with pytest.raises(files.StorageFull) as refusal:
        files.put(b"x" * 150)
    assert refusal.value.code == "storage_full"
    assert everything_in(var) == []


def test_a_disk_that_is_full_only_when_flushed_leaves_no_file(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(files.StorageFull):
        files.put(b"x")
    assert everything_in(var) == []


def test_a_real_limit_of_the_system_is_reported_as_storage_full(var: Path) -> None:
    script = (
        "import resource, signal, django; django.setup()\n"
        "from luoshi.infra import files\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: files.put(b'x' * 5000)\n"
        "except files.StorageFull as error: print(error.code)\n"
    )
    environment = os.environ | {
        "LUOSHI_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "luoshi.settings",
        "LUOSHI_SECRET_KEY": "test",
    }
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "storage_full"
    assert everything_in(var / "files") == []


def test_another_trouble_of_the_disk_is_not_called_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(handle: int, data: bytes) -> int:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "write", broken)
    with pytest.raises(OSError, match="broken"):
        files.put(b"x")


def test_bytes_and_name_are_on_disk_before_put_returns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []
    real_sync, real_replace = os.fsync, Path.replace

    def sync(handle: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "bytes")
        real_sync(handle)

    def replace(self: Path, target: Path) -> Path:
        done.append("name")
        return real_replace(self, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", replace)
    files.put(b"x")
    # Three new folders, each an entry of the one above.
    assert done == ["bytes", "name", "folder", "folder", "folder", "folder"]


# ---- Taking away what nothing belongs to ----


def old(name: str) -> str:
    """As if it had been stored two hours ago."""
    long_ago = files.path(name).stat().st_mtime - 2 * files.IDLE
    os.utime(files.path(name), (long_ago, long_ago))
    return name


def test_a_discarded_file_is_gone_and_discarding_it_again_is_no_fault(var: Path) -> None:
    name = old(files.put(b"erased"))
    files.discard(name)
    files.discard(name)
    assert everything_in(var) == []
    files.discard(sha256(b"never stored").hexdigest())


def test_what_was_stored_or_stored_again_within_the_hour_stays() -> None:
    name = old(files.put(b"shared"))
    files.put(b"shared")
    with pytest.raises(files.JustStored):
        files.discard(name)
    assert files.get(name) == b"shared"


def test_what_is_stored_again_in_the_very_moment_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    name = old(files.put(b"shared"))
    replace = Path.replace

    def put_first(here: Path, there: Path) -> Path:
        if here == files.path(name):
            os.utime(here)  # as `put` does of a file that it finds
        return replace(here, there)

    monkeypatch.setattr(Path, "replace", put_first)
    with pytest.raises(files.JustStored):
        files.discard(name)
    assert files.get(name) == b"shared"


def test_what_is_taken_away_while_it_is_stored_again_is_written_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = old(files.put(b"shared"))
    utime = os.utime

    def gone_first(target: Path) -> None:
        files.discard(name)
        monkeypatch.setattr(os, "utime", utime)
        utime(target)

    monkeypatch.setattr(os, "utime", gone_first)
    assert files.put(b"shared") == name
    assert files.get(name) == b"shared"


def test_a_crash_in_the_middle_leaves_nothing_that_a_second_try_does_not_take(var: Path) -> None:
    name = old(files.put(b"erased"))
    files.path(name).rename(files.path(name).with_name(f".{name}.gone"))
    files.discard(name)
    assert everything_in(var) == []
