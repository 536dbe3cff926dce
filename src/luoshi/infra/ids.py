"""Time-ordered identifiers: rows of one day lie together, so tables can be partitioned later."""

import secrets
import threading
from datetime import UTC, datetime, timedelta

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
RANDOM_BITS = 20
REMEMBERED = 1_000

_lock = threading.Lock()
_last: dict[int, int] = {}  # the last id of each of the milliseconds used lately


def new_id(*, now: datetime) -> int:
    """63 bits: milliseconds since 2020 (UTC), then 20 bits. `now` must be aware.

    The 20 bits begin at random and count on within one millisecond: an import of many rows "now"
    would draw the same number twice after some thousand, and what is written together stays in
    its order. Half a million ids of one process and one millisecond are all different. Between
    milliseconds nothing is counted, else ids would tell how much happens that one may not see.
    """
    milliseconds = (now - EPOCH) // timedelta(milliseconds=1)
    if milliseconds < 0:
        raise ValueError("an id cannot be made for a time before 2020")
    with _lock:
        last = _last.pop(milliseconds, None)
        if last is None:
            last = milliseconds << RANDOM_BITS | secrets.randbits(RANDOM_BITS - 1)
        _last[milliseconds] = fresh = last + 1
        if len(_last) > REMEMBERED:
            del _last[next(iter(_last))]
        return fresh


def earliest(at: datetime) -> int:
    """The lowest id that could have been made then; 0 before 2020."""
    return max((at - EPOCH) // timedelta(milliseconds=1), 0) << RANDOM_BITS
