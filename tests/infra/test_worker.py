import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from multiprocessing.connection import Connection

import pytest
from django.db import OperationalError, connections
from pytest_django import Settings

from luoshi.infra import outbox, worker
from tests import system

fork = multiprocessing.get_context("fork")
done: list[tuple[str, int]] = []
told: list[Connection] = []


def keep(ref: str, *, delivery_id: int, now: datetime) -> None:
    """In a forked worker: says what it works on and never ends; here: notes it."""
    if told:
        told[0].send(delivery_id)
        signal.pause()
    done.append((ref, delivery_id))


def step(*, now: datetime) -> int:
    done.append(("step", 0))
    return 0


def broken(*, now: datetime) -> int:
    raise OperationalError("the database went away")


@pytest.fixture(autouse=True)
def _handlers(settings: Settings) -> None:
    settings.DELIVERY_HANDLERS = {"keep": f"{__name__}.keep"}
    settings.WORKER_STEPS = []
    done.clear()


def _work(to_parent: Connection, now: datetime) -> None:
    told.append(to_parent)
    outbox.run_due(now=now)


@pytest.mark.usefixtures("transactional_db")
def test_work_of_a_killed_worker_is_done_by_the_next_under_the_same_id(now: datetime) -> None:
    outbox.enqueue(district=1, handler="keep", ref="event:1", due_at=now)
    connections.close_all()  # nothing open crosses the fork
    here, there = fork.Pipe()
    process = fork.Process(target=_work, args=(there, now))
    process.start()
    assert here.poll(system.PATIENCE_SECONDS)
    first = here.recv()
    process.kill()
    process.join()

    assert outbox.run_due(now=now + timedelta(minutes=1)) == 0
    assert outbox.run_due(now=now + outbox.LEASE) == 1
    assert done == [("event:1", first)]
    assert outbox.run_due(now=now + 3 * outbox.LEASE) == 0


@pytest.mark.django_db
def test_once_does_all_that_is_due_and_every_step(now: datetime, settings: Settings) -> None:
    settings.WORKER_STEPS = [f"{__name__}.step"]
    for number in range(3):
        outbox.enqueue(district=1, handler="keep", ref=f"event:{number}", due_at=now)
    assert worker.run_once(clock=lambda: now) == 3
    assert {ref for ref, _ in done} == {"event:0", "event:1", "event:2", "step"}


@pytest.mark.django_db
def test_a_broken_step_does_not_stop_the_others(now: datetime, settings: Settings) -> None:
    settings.WORKER_STEPS = [f"{__name__}.broken", f"{__name__}.step"]
    assert worker.run_once(clock=lambda: now) == 0
    assert done == [("step", 0)]


@pytest.mark.usefixtures("transactional_db")
def test_a_stop_ends_the_loop_before_the_next_delivery(now: datetime) -> None:
    stop = threading.Event()
    for number in range(3):
        outbox.enqueue(district=1, handler="keep", ref=f"event:{number}", due_at=now)

    def clock() -> datetime:
        stop.set()
        return now

    worker.run(stop=stop, clock=clock)
    assert len(done) == 1


def test_the_command_ends_cleanly_on_sigterm(fresh_environment: dict[str, str]) -> None:
    luoshi = [sys.executable, "-m", "luoshi"]
    subprocess.run([*luoshi, "migrate", "-v0"], env=fresh_environment, check=True)
    once = subprocess.run(
        [*luoshi, "worker", "--once"], env=fresh_environment, check=True, capture_output=True
    )
    assert once.stdout == b"0 done\n"
    process = subprocess.Popen([*luoshi, "worker"], env=fresh_environment)
    system.wait_until(lambda: _catches(process.pid, signal.SIGTERM))
    process.terminate()
    assert process.wait(system.PATIENCE_SECONDS) == 0


def _catches(pid: int, number: int) -> bool:
    with open(f"/proc/{pid}/status") as status:
        caught = next(line for line in status if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) & 1 << number - 1) and os.path.exists(f"/proc/{pid}")
