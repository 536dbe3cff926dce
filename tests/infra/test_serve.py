import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from luoshi.infra import serve
from tests import system

# Writes its process id into the folder it is given, then waits for the end.
PRESENT = (
    "import os, pathlib, signal, sys\n(pathlib.Path(sys.argv[1]) / str(os.getpid())).touch()\n"
)
STAY = [sys.executable, "-c", PRESENT + "signal.pause()"]
LEAVE = [sys.executable, "-c", PRESENT]


class Group:
    """`serve.run` in a thread, over stand-ins for the web and the worker process."""

    def __init__(self, folder: Path, *, web: list[str], worker: list[str]) -> None:
        self.folders = {name: folder / name for name in ("web", "worker")}
        for place in self.folders.values():
            place.mkdir()
        self.stop = threading.Event()
        self.result: int | None = None
        commands = {
            "web": [*web, str(self.folders["web"])],
            "worker": [*worker, str(self.folders["worker"])],
        }
        self.thread = threading.Thread(target=self._run, kwargs=commands)
        self.thread.start()

    def _run(self, *, web: list[str], worker: list[str]) -> None:
        self.result = serve.run(web=web, worker=worker, stop=self.stop)

    def seen(self, name: str) -> list[int]:
        return [int(file.name) for file in self.folders[name].iterdir()]

    def end(self) -> int | None:
        self.stop.set()
        self.thread.join(system.PATIENCE_SECONDS)
        return self.result


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_stop_ends_both_processes(tmp_path: Path) -> None:
    group = Group(tmp_path, web=STAY, worker=STAY)
    system.wait_until(lambda: bool(group.seen("web") and group.seen("worker")))
    assert group.end() == 0
    assert not any(alive(pid) for name in group.folders for pid in group.seen(name))


def test_a_worker_that_was_killed_is_started_again(tmp_path: Path) -> None:
    group = Group(tmp_path, web=STAY, worker=STAY)
    system.wait_until(lambda: len(group.seen("worker")) == 1)
    os.kill(group.seen("worker")[0], signal.SIGKILL)
    system.wait_until(lambda: len(group.seen("worker")) == 2)
    assert len(group.seen("web")) == 1
    assert group.end() == 0


def test_the_group_ends_with_a_fault_when_the_pages_are_gone(tmp_path: Path) -> None:
    group = Group(tmp_path, web=LEAVE, worker=STAY)
    group.thread.join(system.PATIENCE_SECONDS)
    assert group.result == 1
    assert not any(alive(pid) for pid in group.seen("worker"))


def test_serve_migrates_answers_and_stops_when_told(fresh_environment: dict[str, str]) -> None:
    with system.serving(fresh_environment) as running:
        children = system.descendants(running.process.pid)
        running.process.terminate()
        assert running.process.wait(system.PATIENCE_SECONDS) == 0
        assert len(children) >= 2
        assert not any(alive(pid) for pid in children)
        assert not system.answers(running.url)


def test_nothing_is_left_running_when_serve_is_killed(fresh_environment: dict[str, str]) -> None:
    with system.serving(fresh_environment) as running:
        children = system.descendants(running.process.pid)
        running.process.kill()
        running.process.wait(system.PATIENCE_SECONDS)
        system.wait_until(lambda: not any(alive(pid) for pid in children))
        assert not system.answers(running.url)


def test_several_web_processes_are_refused_on_sqlite(
    fresh_environment: dict[str, str], tmp_path: Path
) -> None:
    environment = {**fresh_environment, "DATABASE_URL": f"sqlite:///{tmp_path / 'a.sqlite3'}"}
    command = [sys.executable, "-m", "luoshi", "serve", "--workers", "2"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert "need PostgreSQL" in done.stderr


def test_several_web_processes_serve_on_postgresql(fresh_environment: dict[str, str]) -> None:
    if not fresh_environment["DATABASE_URL"].startswith("postgres"):
        pytest.skip("needs PostgreSQL: runs in the second half of make test")
    with system.serving(fresh_environment, "--workers", "2") as running:
        assert len(system.descendants(running.process.pid)) >= 4
