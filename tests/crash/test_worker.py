"""The worker dies while it sends a message: the message still goes out, and arrives once."""

import os
import signal
import subprocess
import sys

from tests import system
from tests.crash.fake_gateway import PATIENCE, gateway
from tests.crash.inside import ask_inside


def test_a_message_whose_worker_was_killed_goes_out_again_under_the_same_id(
    environment: dict[str, str],
) -> None:
    number = ask_inside(environment, "report")
    with gateway() as phones:
        environment |= {"LUOSHI_SMS_SENDER": "http", "LUOSHI_SMS_URL": phones.url}
        worker = subprocess.Popen([sys.executable, "-m", "luoshi", "worker"], env=environment)
        try:
            assert phones.arrived.wait(PATIENCE)
        finally:
            # It hangs in the middle of its work: the gateway has the message and says nothing.
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait(system.PATIENCE_SECONDS)
        assert ask_inside(environment, "stored")["waiting"] == 1
        phones.answering.set()
        assert ask_inside(environment, "work_after_the_lease") == 1

    first, second = phones.requests
    assert (second["id"], second["to"], second["text"]) == (first["id"], first["to"], first["text"])
    assert list(phones.messages) == [first["id"]]
    assert number in first["text"]
    after = ask_inside(environment, "stored")
    assert (after["waiting"], after["faults"]) == (0, [])


def test_a_worker_that_follows_at_once_leaves_the_message_to_the_dead_ones_lease(
    environment: dict[str, str],
) -> None:
    ask_inside(environment, "report")
    with gateway() as phones:
        environment |= {"LUOSHI_SMS_SENDER": "http", "LUOSHI_SMS_URL": phones.url}
        worker = subprocess.Popen([sys.executable, "-m", "luoshi", "worker"], env=environment)
        try:
            assert phones.arrived.wait(PATIENCE)
            # Nobody can tell a slow worker from a dead one: a second must not send beside it.
            once = [sys.executable, "-m", "luoshi", "worker", "--once"]
            done = subprocess.run(once, env=environment, capture_output=True, check=True)
        finally:
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait(system.PATIENCE_SECONDS)
    assert done.stdout == b"0 done\n"
    assert len(phones.requests) == 1
