"""Time-ordered identifiers: rows of one day lie together, so tables can be partitioned later."""

import secrets
from datetime import UTC, datetime, timedelta

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
RANDOM_BITS = 20


def new_id(*, now: datetime) -> int:
    """63 bits: milliseconds since 2020 (UTC), then 20 random bits. `now` must be aware."""
    milliseconds = (now - EPOCH) // timedelta(milliseconds=1)
    if milliseconds < 0:
        raise ValueError("an id cannot be made for a time before 2020")
    return milliseconds << RANDOM_BITS | secrets.randbits(RANDOM_BITS)
