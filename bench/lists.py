"""Do lists stay quick when a district grows old? The same at 1,000 and at 1,000,000 cases."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from bench import databases, plans
from bench.fill import COMMON, RARE, UNITS, fill
from bench.rows import Row, Spread, in_turns
from luoshi.cases import actions, queries
from tests.cast import Cast

FEW, MANY = 1_000, 1_000_000
OPEN_FEW, OPEN_MANY = 600, 6_000
"""A million in three years are nine hundred a day; each open for a week makes six thousand."""
AT_MOST = 3.0
TIMES = 100
TRIES = 3
COUNTED = ("what is spreading", "verifications of the week")
"""These count the last weeks or what is open, ten times more in the old district."""
BOUNDED = {"register: none fits": 300.0}
"""These look at twenty thousand entries and no more, of which a young district has a hundred: a
limit in milliseconds."""

DAY = timedelta(days=1)
Work = Callable[[], object]


@dataclass(slots=True, kw_only=True)
class Two:
    """The district twice, without cases at first: young, and old."""

    few: BaseDatabaseWrapper
    many: BaseDatabaseWrapper
    filled: bool = False

    def fill(self, cast: Cast, now: datetime, say: Callable[[str], None]) -> None:
        """Once, for whichever part comes first."""
        if self.filled:
            return
        for database, count, open_count in (
            (self.few, FEW, OPEN_FEW),
            (self.many, MANY, OPEN_MANY),
        ):
            say(f"filling in {count:,} cases")
            with databases.using(database):
                fill(cast, count=count, open_count=open_count, now=now)
        self.filled = True


def pages(cast: Cast, now: datetime) -> dict[str, Callable[[], Work]]:
    """Every list that somebody works through, and a page far down the long ones: each is asked for
    in the database where it is then read, since a third page begins elsewhere in each."""
    district, unit, verifier = cast.district, UNITS.start, cast.people["verifier1"]
    open_cases = queries.district_cases
    return {
        "inbox": lambda: lambda: queries.inbox(district),
        "inbox, third page": lambda: _third(lambda at: queries.inbox(district, after=at)),
        "a unit's cases": lambda: lambda: queries.unit_cases(district, [unit]),
        "open cases": lambda: lambda: open_cases(district),
        "open cases, third page": lambda: _third(lambda at: open_cases(district, after=at)),
        "all cases, newest first": lambda: lambda: queries.newest(district),
        "all cases, third page": lambda: _third(lambda at: queries.newest(district, after=at)),
        **_register(cast, now),
        "closed cases": lambda: lambda: open_cases(district, status="closed"),
        "stuck: overdue": lambda: lambda: queries.stuck(district, "overdue", now=now),
        "stuck: bouncing": lambda: lambda: queries.stuck(district, "bouncing", now=now),
        "stuck: no verifier": lambda: lambda: queries.stuck(district, "no_verifier", now=now),
        "counts of what is stuck": lambda: lambda: queries.stuck_counts(district, now=now),
        "counts at the desk": lambda: lambda: queries.desk_waiting(district, cast.people["desk1"]),
        "claims of a verifier": lambda: lambda: queries.claimed_for(verifier),
        "what a unit finished": lambda: lambda: queries.done_lately(district, [unit]),
        "what a leader decides": lambda: (
            lambda: queries.decisions(
                district, cast.people["leader1"], now=now, tonight=now + timedelta(days=1)
            )
        ),
        "what came back in a week": lambda: (
            lambda: queries.came_back(district, since=now - timedelta(days=7), until=now)
        ),
        "what is spreading": lambda: lambda: queries.weeks(district, now=now),
        "verifications of the week": lambda: (
            lambda: queries.to_be_claimed(district, since=now, until=now + timedelta(days=7))
        ),
        "hidden from the accused": lambda: lambda: queries.hidden_from([unit], district),
        "the clock, nothing due": lambda: lambda: actions.tick_due(now.replace(year=2020)),
    }


def _register(cast: Cast, now: datetime) -> dict[str, Callable[[], Work]]:
    """The list of all cases, by what narrows it down."""
    wanted = {
        "nothing": queries.Wanted(),
        "open": queries.Wanted(status="open"),
        "overdue": queries.Wanted(overdue=True),
        "category and level": queries.Wanted(category="estate.green", level=3),
        "street, closed": queries.Wanted(areas=(cast.community_area,), status="closed"),
        "unit, long ago": queries.Wanted(owner=UNITS.start, until=now - 400 * DAY),
        "two characters": queries.Wanted(words=COMMON),
        "two rare characters": queries.Wanted(words=RARE),
        "none fits": queries.Wanted(category="estate.green", origin="report", level=9),
    }
    reader = cast.people["desk1"]

    def list_of(one: queries.Wanted) -> Callable[[], Work]:
        return lambda: lambda: queries.listed(cast.district, one, person=reader, now=now)

    return {f"register: {name}": list_of(one) for name, one in wanted.items()}


def _third(page: Callable[[str], queries.Page]) -> Work:
    second = page("").next or ""
    third = page(second).next or second
    return lambda: page(third)


def measure(cast: Cast, now: datetime, say: Callable[[str], None], two: Two) -> list[Row]:
    two.fill(cast, now, say)
    rows = []
    for name, page in pages(cast, now).items():
        say(f"list: {name}")
        rows += _rows(name, page, two)
    return rows


def _rows(name: str, page: Callable[[], Work], two: Two) -> list[Row]:
    few, count, _ = _looked_at(page, two.few)
    many, count_many, scans = _looked_at(page, two.many)
    old, new = _fairly(few, many, tries=1 if name in COUNTED or name in BOUNDED else TRIES)
    vendor = connection.vendor
    return [
        Row(name=f"{name}: p50", database=vendor, value=new.p50, unit="ms", reference=old.p50),
        Row(
            name=f"{name}: p99",
            database=vendor,
            value=new.p99,
            unit="ms",
            reference=old.p99,
            **_goal(name, new, old),
        ),
        Row(
            name=f"{name}: queries" + (f" (reads all of {', '.join(scans)})" if scans else ""),
            database=vendor,
            value=count_many,
            unit="queries",
            reference=count,
            goal="no table read whole",
            holds=not scans,
        ),
    ]


def _goal(name: str, new: Spread, old: Spread) -> dict[str, Any]:
    if name in COUNTED:
        return {}
    if name in BOUNDED:
        return {"goal": f"at most {BOUNDED[name]:g} ms", "holds": new.p99 <= BOUNDED[name]}
    return {"goal": f"at most {AT_MOST:g} x", "holds": new.p99 <= AT_MOST * old.p99}


def _fairly(few: Work, many: Work, *, tries: int) -> tuple[Spread, Spread]:
    """A hundredth of the readings is one: two hiccups of the machine in the wrong place make a
    miss, so a miss is measured again."""
    for _ in range(tries):
        took = in_turns({"few": few, "many": many}, TIMES)
        if took["many"].p99 <= AT_MOST * took["few"].p99:
            break
    return took["few"], took["many"]


def _looked_at(
    page: Callable[[], Work], database: BaseDatabaseWrapper
) -> tuple[Work, int, list[str]]:
    """How to read the page there, how many queries that costs, and the tables it reads whole."""
    with databases.using(database):
        work = page()
        asked = plans.queries(work)
        scans = [table for statement in asked for table in plans.full_scans(statement)]

    def there() -> None:
        with databases.using(database):
            work()

    return there, len(asked), scans
