import multiprocessing
import stat
from io import StringIO
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from django.core.management import call_command
from nacl.public import PrivateKey

from luoshi.trust import keys
from luoshi.trust.errors import KeyExposed, KeyMissing


def test_a_pair_is_made_on_first_use_and_stays(var: Path) -> None:
    public = keys.public(keys.REVEAL)
    assert keys.private(keys.REVEAL).public_key == public
    assert keys.public(keys.REVEAL) == public
    assert keys.public(keys.DELIVERY) != public
    assert keys.lookup() == keys.lookup()


def test_only_we_can_read_the_keys(var: Path) -> None:
    keys.init()
    folder = var / "keys"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name for path in folder.iterdir()} == {
        ".lock",
        "delivery.key",
        "delivery.pub",
        "lookup.key",
        "reveal.key",
        "reveal.pub",
    }
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_the_command_makes_all_keys_and_shows_the_public_ones_only(var: Path) -> None:
    out = StringIO()
    call_command("init_keys", stdout=out)
    call_command("init_keys", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[:2] == lines[2:]
    assert lines[1] == f"reveal {(var / 'keys/reveal.pub').read_text()}"
    assert all(path.read_text() not in out.getvalue() for path in (var / "keys").glob("*.key"))


def _read(barrier: Barrier, answers: "multiprocessing.Queue[tuple[bytes, bytes]]") -> None:
    barrier.wait()
    answers.put((bytes(keys.public(keys.REVEAL)), keys.lookup()))


def test_processes_that_start_at_the_same_moment_agree_on_one_key(var: Path) -> None:
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(8), context.Queue()
    starters = [context.Process(target=_read, args=(barrier, answers)) for _ in range(8)]
    for starter in starters:
        starter.start()
    agreed = {answers.get(timeout=30) for _ in starters}
    for starter in starters:
        starter.join()
    assert agreed == {(bytes(keys.public(keys.REVEAL)), keys.lookup())}


def test_a_pair_left_half_made_is_completed_with_the_same_key(var: Path) -> None:
    before = keys.public(keys.REVEAL)
    (var / "keys/reveal.pub").unlink()
    assert keys.public(keys.REVEAL) == before


def test_a_private_key_taken_away_is_not_made_anew(var: Path) -> None:
    before = keys.public(keys.REVEAL)
    (var / "keys/reveal.key").unlink()
    with pytest.raises(KeyMissing) as refusal:
        keys.private(keys.REVEAL)
    assert refusal.value.code == "key_missing"
    assert keys.public(keys.REVEAL) == before
    assert not (var / "keys/reveal.key").exists()


def test_a_key_that_others_can_read_is_not_used(var: Path) -> None:
    keys.init()
    (var / "keys/reveal.key").chmod(0o640)
    with pytest.raises(KeyExposed) as refusal:
        keys.private(keys.REVEAL)
    assert refusal.value.code == "key_exposed"


def test_a_stored_key_is_the_private_half_in_hex(var: Path) -> None:
    public = keys.public(keys.DELIVERY)
    stored = bytes.fromhex((var / "keys/delivery.key").read_text())
    assert PrivateKey(stored).public_key == public
