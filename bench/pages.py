"""What one case costs to show, however long its history."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection

from bench import plans
from bench.rows import Row, in_turns
from luoshi.cases import queries
from tests.cast import Cast

SHORT, LONG = 10, 300
AT_MOST = 8.0
TIMES = 100


def measure(cast: Cast, now: datetime, say: Callable[[str], None]) -> list[Row]:
    say(f"a case with {LONG} events")
    short, long = (_page(cast, _case(cast, now, events), now) for events in (SHORT, LONG))
    took = in_turns({"short": short, "long": long}, TIMES)
    brief, full, vendor = took["short"].p99, took["long"].p99, connection.vendor
    asked, asked_long = len(plans.queries(short)), len(plans.queries(long))
    return [
        Row(
            name=f"case page, {LONG} events (reference: {SHORT}): p99",
            database=vendor,
            value=full,
            unit="ms",
            reference=brief,
            goal=f"at most {AT_MOST:g} x",
            holds=full <= AT_MOST * brief,
        ),
        Row(
            name=f"case page, {LONG} events (reference: {SHORT}): queries",
            database=vendor,
            value=asked_long,
            unit="queries",
            reference=asked,
            goal="the same",
            holds=asked_long == asked,
        ),
    ]


def _case(cast: Cast, now: datetime, events: int) -> int:
    case = cast.handling(now)
    line = queries.line(case)
    for _ in range(events - (line.seq if line else 0)):
        cast.do("community1", case, "note", now + timedelta(seconds=1), text="已到现场，正在联系")
    return case


def _page(cast: Cast, case: int, now: datetime) -> Callable[[], object]:
    reader = cast.people["desk1"]
    return lambda: queries.case_page(case=case, person=reader, now=now)
