"""Residents who send the public form: reports a second through the whole of the web server.

The reference is a bare WSGI application under the same server, with the same settings of it, that
inserts the same rows (bench/bare.py). Both are asked in turns by the same four clients.
"""

import os
import pickle
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.db import connection

from bench import databases, replay
from bench.rows import Row
from luoshi.infra import serve
from luoshi.trust import codes
from tests import system
from tests.cast import Cast
from tests.crash.storm import Hidden

CLIENTS, A_TURN, TURNS = 4, 100, 6
LEAST = 0.4
PLACE = "示范新村"
_phones = count(13_900_000_000)


@dataclass(slots=True)
class Server:
    """A web server in processes of its own, and what asking it has cost."""

    url: str
    pids: Sequence[int]
    seconds: float = 0.0
    cpu: float = 0.0
    sent: int = 0

    @property
    def rate(self) -> float:
        return self.sent / self.seconds

    @property
    def cpu_ms(self) -> float:
        return self.cpu / self.sent * 1000


def measure(cast: Cast, now: datetime, say: Callable[[str], None]) -> list[Row]:
    say("residents send the public form")
    with tempfile.TemporaryDirectory() as folder:
        ours, bare = _both(cast, now, Path(folder))
    vendor = connection.vendor
    return [
        Row(
            name="submissions through the public form (reference: bare WSGI, same rows)",
            database=vendor,
            value=ours.rate,
            unit="/s",
            reference=bare.rate,
            goal=f"ratio at least {LEAST}",
            holds=ours.rate / bare.rate >= LEAST,
        ),
        Row(
            name="processor time of a submission (reference: bare WSGI, same rows)",
            database=vendor,
            value=ours.cpu_ms,
            unit="ms",
            reference=bare.cpu_ms,
        ),
    ]


def _both(cast: Cast, now: datetime, folder: Path) -> tuple[Server, Server]:
    kept = folder / "statements"
    kept.write_bytes(pickle.dumps(_statements(cast, now)))
    copy = databases.copy("bare")
    name = copy.settings_dict["NAME"]
    copy.close()
    connection.close()
    peer = {"BENCH_STATEMENTS": str(kept), "BENCH_DATABASE": _address(name)}
    with (
        _served("luoshi.wsgi:application", {}) as ours,
        _served("bench.bare:application", peer) as bare,
    ):
        for turn in range(TURNS):
            for server in (ours, bare):
                _turn(server, forms=_forms(ours, A_TURN), counted=turn > 0)
    return ours, bare


def _statements(cast: Cast, now: datetime) -> list[replay.Statement]:
    """What a report by the form writes."""

    def one(number: int) -> None:
        code = codes.new_code()
        cast.report(
            now, door="web", external_id=codes.code_hash(code).hex(), code=code, category="",
            phone=str(next(_phones)),
        )  # fmt: skip

    return [(sql, tuple(map(_plain, given))) for sql, given, _many in replay.keeping(one, 0)]


def _plain(value: Any) -> Any:
    """What a process without Django can read again."""
    if isinstance(value, memoryview):
        return bytes(value)
    return value.value if isinstance(value, Enum) else value


def _address(name: Any) -> str:
    if connection.vendor == "sqlite":
        return str(name)
    parts = urlsplit(os.environ["DATABASE_URL"])
    return parts._replace(path=f"/{quote(str(name))}").geturl()


@contextmanager
def _served(application: str, environment: dict[str, str]) -> Iterator[Server]:
    port = system.free_port()
    processes = 1 if connection.vendor == "sqlite" else 2
    command = serve.web_command(host="127.0.0.1", port=port, workers=processes)[:-1]
    process = subprocess.Popen([*command, application], env={**os.environ, **environment})
    url = f"http://127.0.0.1:{port}"
    try:
        system.wait_until(lambda: system.answers(url))
        yield Server(url, [process.pid, *system.descendants(process.pid)])
    finally:
        process.terminate()
        process.wait(system.PATIENCE_SECONDS)


def _forms(server: Server, number: int) -> list[tuple[bytes, dict[str, str]]]:
    """As many open forms, each filled in; got before the clock runs."""
    http = HTTPConnection(urlsplit(server.url).netloc)
    found = []
    for _ in range(number):
        http.request("GET", "/report/")
        page = http.getresponse()
        fields = Hidden.of(page.read().decode())  # and then as a browser with scripts sends it
        cookie = (page.getheader("set-cookie") or "").partition(";")[0]
        fields |= {
            "text": "楼道里堆满了纸箱，晚上看不见路",
            "place": PLACE,
            "known_shown": "1",
            "phone": str(next(_phones)),
        }
        kind = "application/x-www-form-urlencoded"
        found.append((urlencode(fields).encode(), {"Cookie": cookie, "Content-Type": kind}))
    http.close()
    return found


def _turn(server: Server, *, forms: list[tuple[bytes, dict[str, str]]], counted: bool) -> None:
    """All clients send their part of the forms at once; the first turn only warms up."""
    parts = [forms[n::CLIENTS] for n in range(CLIENTS)]
    ready = threading.Barrier(CLIENTS + 1)
    before = _cpu(server.pids)
    with ThreadPoolExecutor(CLIENTS) as pool:
        done = [pool.submit(_send, server.url, part, ready) for part in parts]
        ready.wait()
        start = time.perf_counter()
        for one in done:
            one.result()
        seconds = time.perf_counter() - start
    if counted:
        server.seconds += seconds
        server.cpu += _cpu(server.pids) - before
        server.sent += len(forms)


def _send(url: str, forms: list[tuple[bytes, dict[str, str]]], ready: threading.Barrier) -> None:
    http = HTTPConnection(urlsplit(url).netloc)
    ready.wait()
    for body, headers in forms:
        http.request("POST", "/report/", body, headers)
        answer = http.getresponse()
        page = answer.read()
        if answer.status != 302:
            raise RuntimeError(f"{answer.status}: {page.decode()[:2000]}")
    http.close()


def _cpu(pids: Sequence[int]) -> float:
    """Seconds of processor time that these processes have used, from Linux's /proc."""
    ticks = 0
    for pid in pids:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(words[11]) + int(words[12])
    return ticks / os.sysconf("SC_CLK_TCK")
