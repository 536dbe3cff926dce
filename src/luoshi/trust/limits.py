"""So many times a day, without remembering who: no address is kept, and nothing on disk.

Counters live in this process, under HMACs with a key that is made anew each day and never
stored; yesterday's counts and whom they were about are gone with it. With several web processes
each counts for itself, so the effective limit is that many times higher.
"""

import hmac
import secrets
from collections import OrderedDict
from datetime import date, datetime
from threading import Lock

from django.utils import timezone

# About 20 MB. Beyond it the counter that was longest at rest is forgotten, never one in use.
MAX_COUNTERS = 100_000


class _Counters:
    def __init__(self) -> None:
        self._lock = Lock()
        self._day: date | None = None
        self._key = b""
        self._counts: OrderedDict[bytes, int] = OrderedDict()

    def add(self, *, scope: str, key: str, day: date) -> int:
        with self._lock:
            if day != self._day:
                self._start(day)
            name = self._name(scope, key)
            count = self._counts.pop(name, 0) + 1
            self._counts[name] = count
            if len(self._counts) > MAX_COUNTERS:
                self._counts.popitem(last=False)
            return count

    def _start(self, day: date) -> None:
        self._day, self._key = day, secrets.token_bytes(32)
        self._counts.clear()

    def _name(self, scope: str, key: str) -> bytes:
        text = f"{scope}\0{key}".encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, text, "sha256")


_counters = _Counters()


def allow(*, scope: str, key: str, limit: int, now: datetime) -> bool:
    """Count one more try of `key` in `scope`; True for the first `limit` of the local day.

    `now` is aware. `key` is whatever the limit is about: a code, a number, "" for everybody.
    """
    return _counters.add(scope=scope, key=key, day=timezone.localdate(now)) <= limit


def forget() -> None:
    """Drop every counter, for tests and after a drill."""
    global _counters
    _counters = _Counters()
