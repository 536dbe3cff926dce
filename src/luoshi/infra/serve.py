"""The process group behind `luoshi serve`: granian for the pages and one worker beside it."""

import ctypes
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence

GRACE_SECONDS = 20
POLL_SECONDS = 0.2
WORKER_PAUSE_SECONDS = 1.0
PR_SET_PDEATHSIG = 1


def web_command(*, host: str, port: int, workers: int) -> list[str]:
    """Sync Django is fastest with one blocking thread in each web process."""
    options = ["--interface", "wsgi", "--no-ws", "--http", "1", "--log-level", "warning"]
    size = ["--workers", str(workers), "--blocking-threads", "1", "--respawn-failed-workers"]
    where = ["--host", host, "--port", str(port)]
    return [sys.executable, "-m", "granian", *options, *size, *where, "luoshi.wsgi:application"]


def worker_command() -> list[str]:
    return [sys.executable, "-m", "luoshi", "worker"]


def run(*, web: Sequence[str], worker: Sequence[str], stop: threading.Event) -> int:
    """Until `stop` is set or the web process ends; a worker that dies is started again.

    Returns 0 after a stop, else 1: whoever supervises us then starts the whole group again.
    """
    pages, helper = _start(web), _start(worker)
    try:
        while not stop.wait(POLL_SECONDS):
            if pages.poll() is not None:
                return 1
            if helper.poll() is not None and not stop.wait(WORKER_PAUSE_SECONDS):
                helper = _start(worker)
        return 0
    finally:
        _end([pages, helper])


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches us alone, and we tell the children in order.
    return subprocess.Popen(command, start_new_session=True, preexec_fn=_die_with_parent())  # noqa: S603


def _die_with_parent() -> Callable[[], None] | None:
    """On Linux the children of a killed `serve` are stopped too, so that the port is free again."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
