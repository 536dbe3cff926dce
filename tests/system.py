"""The real thing in processes of its own: `luoshi serve` over a fresh database."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings

PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class System:
    url: str
    process: subprocess.Popen[bytes]
    environment: dict[str, str]

    def kill(self) -> None:
        """SIGKILL to `serve` and all its children, at once, as when the power goes."""
        family = [self.process.pid, *descendants(self.process.pid)]
        for pid in family:
            os.kill(pid, signal.SIGKILL)
        self.process.wait(PATIENCE_SECONDS)


@contextmanager
def fresh_database(folder: Path) -> Iterator[str]:
    """A new, empty database of the kind under test; yields its URL for DATABASE_URL."""
    server = settings.DATABASE_UNDER_TEST
    if not server.startswith("postgres"):
        yield f"sqlite:///{folder / 'fresh.sqlite3'}"
        return
    name = f"fresh_{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def environment(*, folder: Path, database: str) -> dict[str, str]:
    """For `luoshi` processes: this database, a data directory of their own."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "luoshi.settings",
        "DATABASE_URL": database,
        "LUOSHI_VAR": str(folder / "var"),
    }


@contextmanager
def serving(environment: dict[str, str], *options: str) -> Iterator[System]:
    """`luoshi serve` on a free port, answering; ended when the block is left."""
    port = free_port()
    command = [sys.executable, "-m", "luoshi", "serve", "--port", str(port), *options]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    system = System(f"http://127.0.0.1:{port}", process, environment)
    try:
        wait_until(lambda: answers(system.url) or process.poll() is not None)
        assert process.poll() is None, f"serve ended with {process.returncode}"
        yield system
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=PATIENCE_SECONDS).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def descendants(pid: int) -> list[int]:
    """All processes below `pid`, from Linux's /proc."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [found for child in children for found in (int(child), *descendants(int(child)))]


def wait_until(condition: Callable[[], bool], *, seconds: float = PATIENCE_SECONDS) -> None:
    """For what another process does: looks often, fails loudly."""
    end = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        pause.wait(0.05)
