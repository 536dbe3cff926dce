"""Do lists stay quick when a district grows old? The same pages at 1,000 and at 200,000 cases."""

from collections.abc import Callable
from datetime import datetime

from django.db import connection

from bench import plans
from bench.fill import fill
from bench.rows import Row, Spread, spread
from luoshi.cases import actions, queries
from tests.cast import Cast

FEW, MANY = 1_000, 200_000
OPEN_FEW, OPEN_MANY = 150, 6_000
AT_MOST = 3.0
TIMES = 200
Work = Callable[[], object]


def pages(cast: Cast, now: datetime) -> dict[str, Work]:
    """Every list that somebody works through, and a page far down the long ones."""
    district, unit = cast.district, cast.units["community"]
    return {
        "inbox": lambda: queries.inbox(district),
        "inbox, third page": _deep(lambda after: queries.inbox(district, after=after)),
        "a unit's cases": lambda: queries.unit_cases(district, [unit]),
        "open cases by what is due": lambda: queries.district_cases(district),
        "open cases, third page": _deep(
            lambda after: queries.district_cases(district, after=after)
        ),
        "all cases, newest first": lambda: queries.newest(district),
        "closed cases": lambda: queries.district_cases(district, status="closed"),
        "stuck: overdue": lambda: queries.stuck(district, "overdue", now=now),
        "stuck: bouncing": lambda: queries.stuck(district, "bouncing", now=now),
        "stuck: no verifier": lambda: queries.stuck(district, "no_verifier", now=now),
        "claims of a verifier": lambda: queries.claimed_for(cast.people["verifier1"]),
        "what a unit finished": lambda: queries.done_lately(district, [unit]),
        "counts beside the stuck lists": lambda: queries.stuck_counts(district, now=now),
        "counts at the desk": lambda: queries.desk_waiting(district),
        "hidden from the accused": lambda: queries.hidden_from([unit], district),
        "the clock, nothing due": lambda: actions.tick_due(now.replace(year=2020)),
    }


def _deep(page: Callable[[str], queries.Page]) -> Work:
    first = page("").next
    after = (page(first).next if first else None) or first or ""
    return lambda: page(after)


def measure(cast: Cast, now: datetime, say: Callable[[str], None]) -> list[Row]:
    say(f"filling up to {FEW:,} cases")
    fill(cast, count=FEW, open_count=OPEN_FEW, now=now, first=0)
    few = {name: _once(name, work, say) for name, work in pages(cast, now).items()}
    say(f"filling up to {MANY:,} cases")
    fill(cast, count=MANY - FEW, open_count=OPEN_MANY - OPEN_FEW, now=now, first=FEW)
    many = {name: _once(name, work, say) for name, work in pages(cast, now).items()}
    return [row for name in few for row in _rows(name, few[name], many[name])]


Found = tuple[Spread, int, list[str]]


def _once(name: str, work: Work, say: Callable[[str], None]) -> Found:
    say(f"list: {name}")
    asked = plans.queries(work)
    scans = [table for statement in asked for table in plans.full_scans(statement)]
    return spread(work, TIMES), len(asked), scans


def _rows(name: str, few: Found, many: Found) -> list[Row]:
    (old, count, _), (new, count_many, scans) = few, many
    vendor = connection.vendor
    return [
        Row(name=f"{name}: p50", database=vendor, value=new.p50, unit="ms", reference=old.p50),
        Row(
            name=f"{name}: p99",
            database=vendor,
            value=new.p99,
            unit="ms",
            reference=old.p99,
            goal=f"at most {AT_MOST:g}x of {FEW:,} cases",
            holds=new.p99 <= AT_MOST * old.p99,
        ),
        Row(
            name=f"{name}: queries" + (f" (scans {', '.join(scans)})" if scans else ""),
            database=vendor,
            value=count_many,
            unit="queries",
            reference=count,
            goal="the same, no table read whole",
            holds=count_many == count and not scans,
        ),
    ]
