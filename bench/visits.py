"""Whole pages, asked of the application in this process, in a young district and in an old one.

From the WSGI handler's middleware to the last byte of the page, sign-in and session included; what
a web server adds is measured by `submissions`. Processor time is that of this process: on SQLite
the database is part of it, on PostgreSQL it is not.
"""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from unittest.mock import patch

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.utils import timezone

from bench import databases, plans
from bench.fill import COMMON
from bench.lists import AT_MOST, TRIES, Two
from bench.rows import Row, Spread, in_turns
from luoshi.trust import codes
from tests.cast import Cast

TIMES = 100
MOST = 8
FURTHER = re.compile(r'rel="next" href="([^"]+)"')
Page = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Visit:
    """A page as somebody asks for it; `mark` must be in it, else it shows nothing."""

    client: Client
    path: str
    mark: str

    def __call__(self) -> str:
        answer = self.client.get(self.path)
        page = answer.content.decode()
        if answer.status_code != 200 or self.mark not in page:
            raise RuntimeError(f"{self.path}: {answer.status_code} without {self.mark}: {page}")
        return page

    def later(self, times: int) -> "Visit":
        """So many pages further on."""
        if not times:
            return self
        link = FURTHER.search(self())
        if link is None:
            raise RuntimeError(f"{self.path} has no further page")
        path = unescape(link[1])
        path = self.path.partition("?")[0] + path if path.startswith("?") else path
        return Visit(self.client, path, self.mark).later(times - 1)


@dataclass(frozen=True, slots=True)
class Opening:
    """A resident types the code of his receipt."""

    client: Client
    code: str

    def __call__(self) -> None:
        answer = self.client.post("/track/", {"by": "code", "code": self.code})
        if answer.status_code != 302:
            raise RuntimeError(f"{answer.status_code}: {answer.content.decode()}")


def measure(cast: Cast, now: datetime, say: Callable[[str], None], two: Two) -> list[Row]:
    two.fill(cast, now, say)
    rows = []
    with _clock(now):
        say("cases to be looked at")
        few, many = (_visits(cast, now, database) for database in (two.few, two.many))
        for name in many:
            say(f"page: {name}")
            rows += _rows(name, _there(few[name], two.few), _there(many[name], two.many), two)
    return rows


def _clock(now: datetime) -> AbstractContextManager[Any]:
    """Pages ask the clock themselves; the districts end at `now`."""
    return patch.object(timezone, "now", lambda: now)


def _visits(cast: Cast, now: datetime, database: BaseDatabaseWrapper) -> dict[str, Page]:
    with databases.using(database):
        code = codes.new_code()
        handled, new = _handled(cast, now, code), cast.report(now, category="").case
        desk, handler = (_signed_in(cast.people[login]) for login in ("desk1", "community1"))
        resident = Client(SERVER_NAME="localhost")
        opening = Opening(resident, code)
        opening()
        every = Visit(desk, "/cases/?all=1", 'href="/case/')
        return {
            "all cases": every,
            "all cases, third page": every.later(2),
            "all cases, the open ones": Visit(desk, "/cases/?status=open", every.mark),
            "all cases with two characters": Visit(desk, f"/cases/?q={COMMON}", every.mark),
            "the desk": Visit(desk, "/desk/", every.mark),
            "the desk, third page": Visit(desk, "/desk/", every.mark).later(2),
            "a handler's cases": Visit(handler, "/handler/", every.mark),
            "a case being verified": Visit(desk, f"/case/{handled}/", "已到现场"),
            "a new case at triage": Visit(desk, f"/case/{new}/", f"/case/{new}/do/merge/"),
            "what came before a new case": Visit(desk, f"/case/{new}/earlier/", "do/merge/"),
            "public: a report opened by its code": opening,
            "public: one's own report": Visit(resident, "/track/mine/", "绿地被种菜"),
            "public: open cases": Visit(Client(SERVER_NAME="localhost"), "/open/", "号楼"),
        }


def _handled(cast: Cast, now: datetime, code: str) -> int:
    """A case that has come far: dispatched, worked at, claimed with a picture."""
    start = now - timedelta(days=2)
    found = cast.report(
        start, door="web", external_id=codes.code_hash(code).hex(), code=code, category=""
    )
    for who, kind, given in (
        ("desk1", "classify", {"category": "estate.parking"}),
        ("desk1", "assign", {"owner": cast.units["community"]}),
        ("community1", "acknowledge", {}),
        ("community1", "note", {"text": "已到现场"}),
        ("community1", "note", {"text": "已联系物业"}),
    ):
        cast.do(who, found.case, kind, start, **given)  # type: ignore[arg-type]
    cast.claim("community1", found.case, now - timedelta(hours=2))
    return found.case


def _signed_in(person: int) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(get_user_model().objects.get(pk=person))
    return client


def _there(page: Page, database: BaseDatabaseWrapper) -> Page:
    def there() -> None:
        with databases.using(database):
            page()

    return there


def _rows(name: str, few: Page, many: Page, two: Two) -> list[Row]:
    few(), many()
    asked_few, _ = _asked(few, two.few)
    asked, scans = _asked(many, two.many)
    new, old = _fairly(few, many)
    told = f" ({', '.join(sorted(set(scans)))})" if scans else ""

    def row(what: str, value: float, unit: str, reference: float, **goal: Any) -> Row:
        return Row(
            name=f"page, {name}: {what}",
            database=connection.vendor,
            value=value,
            unit=unit,
            reference=reference,
            **goal,
        )

    within = {"goal": f"at most {AT_MOST:g} x", "holds": old.p99 <= AT_MOST * new.p99}
    few_queries = {"goal": f"at most {MOST}, the same", "holds": asked == asked_few <= MOST}
    return [
        row("p50", old.p50, "ms", new.p50),
        row("p99", old.p99, "ms", new.p99, **within),
        row("processor time", old.cpu, "ms", new.cpu),
        row("queries", asked, "queries", asked_few, **few_queries),
        row(f"tables read whole{told}", len(scans), "", 0, goal="none", holds=not scans),
    ]


def _asked(page: Page, database: BaseDatabaseWrapper) -> tuple[int, list[str]]:
    """How many statements the page sends, and the big tables that these read from end to end."""
    with databases.using(database):
        count = plans.statements(page)
        return count, [table for one in plans.queries(page) for table in plans.full_scans(one)]


def _fairly(few: Page, many: Page) -> tuple[Spread, Spread]:
    """As in bench.lists: a miss is measured again, since two hiccups of the machine make one."""
    for _ in range(TRIES):
        took = in_turns({"few": few, "many": many}, TIMES)
        if took["many"].p99 <= AT_MOST * took["few"].p99:
            break
    return took["few"], took["many"]
