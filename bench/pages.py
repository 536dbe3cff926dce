"""What one case costs to show, however long its history."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection

from bench import plans
from bench.rows import Row, spread
from luoshi.cases import queries
from tests.cast import Cast

SHORT, LONG = 10, 300
TIMES = 100


def measure(cast: Cast, now: datetime, say: Callable[[str], None]) -> list[Row]:
    say(f"a case with {LONG} events")
    case = cast.handling(now)
    reader = cast.people["desk1"]

    def lengthen(events: int) -> None:
        while (queries.line(case) or _none()).seq < events:
            at = now + timedelta(seconds=1)
            cast.do("community1", case, "note", at, text="已到现场，正在联系")

    def page() -> object:
        return queries.case_page(case=case, person=reader, now=now)

    lengthen(SHORT)
    short, asked = spread(page, TIMES), len(plans.queries(page))
    lengthen(LONG)
    long, asked_long = spread(page, TIMES), len(plans.queries(page))
    vendor = connection.vendor
    return [
        Row(
            name=f"case page, {LONG} events: p99",
            database=vendor,
            value=long.p99,
            unit="ms",
            reference=short.p99,
            goal="at most 100 ms",
            holds=long.p99 <= 100,
        ),
        Row(
            name="case page: queries",
            database=vendor,
            value=asked_long,
            unit="queries",
            reference=asked,
            goal="the same",
            holds=asked_long == asked,
        ),
    ]


def _none() -> queries.Line:
    raise LookupError("the case is gone")
