"""Many cases at once, past all rules: only to see what lists cost when a district has grown old.

A block of closed cases is written row by row, and the database itself copies it through the years;
the open ones come last. Closed cases are many, open ones few, as in life; nobody reads their
histories here, so each has two events and no leaf.
"""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper

from luoshi.cases.models import Case, CaseEvent, CaseUnit, Picture, Report, SearchEntry
from luoshi.cases.search import index
from luoshi.infra.ids import RANDOM_BITS, new_id
from luoshi.trust.models import VaultRecord
from tests.cast import CATEGORIES, Cast

BLOCK = 10_000
LONG_AGO = timedelta(days=3 * 365)
LATELY = timedelta(days=30)
UNITS = range(1_000, 1_060)  # nobody's: cases name units by id only
AREAS = range(1_000, 1_100)  # nobody's either; a tenth lies in the one area that there is
BUSY = 0.3
"""The share of the one unit that has people: so many that its page is full in a young district."""
COMMON, RARE = "停电", "榆树"
PLACES = ("示范新村", "学田苑", "和平桥", "濠东花园", "易家桥新村", "光明路", "长江路", "钟秀路")
WRONG = ("停电", "停水", "楼道堆物", "绿地种菜", "私装地锁", "井盖缺失", "电梯故障", "夜间施工噪声")
MORE = ("没有人管", "已经三天了", "很危险", "味道很大", "反映过多次", "孩子睡不着", "车开不出来")
STATUSES = {"new": 15, "assigned": 15, "handling": 45, "returned": 4, "claimed": 8, "verdict": 9,
            "deferred": 4}  # fmt: skip
Values = dict[str, Any]


def fill(
    cast: Cast,
    *,
    count: int,
    open_count: int,
    now: datetime,
    block: int = BLOCK,
) -> None:
    """`count` cases, the last `open_count` of them open and received in the last month.

    All words are found by the search. A copy has those of its first, so that the nightly
    comparison would find much to write anew.
    """
    draw = random.Random(count)
    closed = count - open_count
    with _quickly():
        written = [_case(cast, draw, n, closed, open_count, now) for n in range(min(block, closed))]
        _write(written)
        _enter(0, now)
        _copy([case["id"] for case in written], closed)
        opened = [_case(cast, draw, n, closed, open_count, now) for n in range(closed, count)]
        _write(opened)
        if opened:
            _enter(opened[0]["id"] - 1, now)


def _enter(cursor: int | None, now: datetime) -> None:
    """The words of all cases from there on into the search."""
    while cursor is not None:
        cursor = index.heal(cursor, now=now).cursor


def _case(
    cast: Cast, draw: random.Random, number: int, closed: int, still_open: int, now: datetime
) -> Values:
    if number < closed:
        at = now - LATELY - LONG_AGO * (1 - number / closed)
        return _common(cast, draw, number, at) | _closed(cast, draw, at)
    at = now - LATELY * (1 - (number - closed) / still_open)
    return _common(cast, draw, number, at) | _open(cast, draw, at, now)


def _common(cast: Cast, draw: random.Random, number: int, at: datetime) -> Values:
    owner = cast.units["community"] if draw.random() < BUSY else draw.choice(UNITS)
    area = cast.community_area if draw.random() < 0.1 else draw.choice(AREAS)
    at_estate = area == cast.community_area and draw.random() < 0.3
    deadline = at + timedelta(days=25 * draw.random())
    id = new_id(now=at)
    return {
        "id": id,
        "district_id": cast.district,
        "number": f"B{number}",
        "seq": 2,
        "received_at": at,
        "category": draw.choice(list(CATEGORIES)),
        "subject": cast.estate if at_estate else None,
        "area": area,
        "sealed": draw.random() < 0.02,
        "accused": [cast.units["street"]] if draw.random() < 0.01 else [],
        "told": id + 1,
        "door": "sms",
        "summary": id + 1 if draw.random() < 0.8 else None,  # as good as the report's own words
        "reports": 1,
        "reporters": 1,
        "owner": owner,
        "handlers": [owner],
        "was_assigned": True,
        "deadline": deadline,
        "original_deadline": deadline,
        "returns": draw.choices((0, 1, 2), (94, 4, 2))[0],
        "level": draw.choices((0, 1, 2, 3), (80, 10, 6, 4))[0],
        "since": at,
    }


def _closed(cast: Cast, draw: random.Random, at: datetime) -> Values:
    closed_at = at + timedelta(days=6)
    verifier = cast.people[draw.choice(("verifier1", "verifier2", "verifier3"))]
    ended = {"status": "closed", "resolution": "fixed", "verdict": "solved", "passed": True}
    return {**ended, "closed_at": closed_at, "verifier": verifier}


def _open(cast: Cast, draw: random.Random, at: datetime, now: datetime) -> Values:
    status = draw.choices(list(STATUSES), list(STATUSES.values()))[0]
    found: Values = {
        "status": status,
        "concludable": draw.random() < 0.01,
        "due": "handling",
        "next_at": at + timedelta(days=25 * draw.random()) if draw.random() < 0.98 else None,
    }
    if status == "new":
        nobody: Values = {"owner": None, "handlers": [], "was_assigned": False}
        found |= {**nobody, "deadline": None, "summary": None}
    if status == "claimed" and draw.random() < 0.95:
        found["verifier"] = cast.people[draw.choice(("verifier1", "verifier2", "verifier3"))]
    if status == "handling" and draw.random() < 0.1:
        found["extension"] = "asked"
    if status == "deferred":
        found["review_at"] = now + timedelta(days=draw.randint(-5, 20))
    return found


def _write(cases: Sequence[Values]) -> None:
    with transaction.atomic():
        _insert(Case, cases)
        _insert(VaultRecord, [_text(case) for case in cases])
        _insert(Report, [_report(case) for case in cases])
        _insert(Picture, [_picture(case) for case in cases if case["id"] % 4 == 0])
        _insert(CaseUnit, [{"case_id": c["id"], "unit": c["owner"]} for c in cases if c["owner"]])
        _insert(CaseEvent, [event for case in cases for event in _events(case)])


def _text(
    case: Values,
) -> Values:
    return {
        "id": case["id"] + 1,
        "district_id": case["district_id"],
        "kind": "text",
        "created_at": case["received_at"],
        "plain": _said(int(case["number"][1:])),
    }


def _said(number: int) -> str:
    """One of some thousand sentences; one in 5,000 speaks of something rare."""
    draw = random.Random(number)
    rare = f"，{RARE}生虫" if number % 5_000 == 0 else ""
    flat = draw.randrange(1, 90)
    return (
        f"{draw.choice(PLACES)}{flat}号楼{draw.choice(WRONG)}，{draw.choice(MORE)}，"
        f"{draw.choice(MORE)}{rare}。"
    )


def _report(case: Values) -> Values:
    return {
        "id": case["id"],
        "district_id": case["district_id"],
        "case_id": case["id"],
        "number": case["number"],
        "door": "sms",
        "track": "ordinary",
        "received_at": case["received_at"],
        "text": case["id"] + 1,
        "reachable": True,
    }


def _picture(case: Values) -> Values:
    """One report in four brings one. The files are missing: lists only name them."""
    draw = random.Random(case["number"])
    return {
        "id": case["id"],
        "district_id": case["district_id"],
        "case_id": case["id"],
        "report": case["id"],
        "purpose": "report",
        "seat": "door",
        "at": case["received_at"],
        **dict.fromkeys(("copy", "thumb", "original"), draw.randbytes(32).hex()),
        "kind": "image/jpeg",
        "width": 1600,
        "height": 1200,
        **{name: draw.randbytes(32) for name in ("original_hash", "pixel_hash")},
        **{name: draw.getrandbits(63) for name in ("dhash", "dhash_down")},
        **{f"band{n}": draw.getrandbits(16) for n in range(4)},
    }


def _events(case: Values) -> Iterator[Values]:
    for seq, kind in ((1, "received"), (2, "noted")):
        yield {
            "id": case["id"] + seq,
            "case_id": case["id"],
            "district_id": case["district_id"],
            "seq": seq,
            "kind": kind,
            "at": case["received_at"],
            "seat": "door",
            "data": {"text": case["id"] + 1},
            "canonical": b"x" * 300,
            "nonce": b"x" * 32,
            "leaf": -2 * int(case["number"][1:]) - seq,  # none: real ones count up from 1
        }


# ---- The same block again, later ----


def _copy(ids: Sequence[int], closed: int) -> None:
    """Until there are `closed` cases in all: each case, and all that belongs to it, days later."""
    step = LONG_AGO * len(ids) // closed // timedelta(seconds=1) if ids else 0
    for times in range(1, -(-closed // max(len(ids), 1))):
        written = times * len(ids)
        span = (ids[0], ids[min(len(ids), closed - written) - 1])
        later = _Later(seconds=times * step, cases=written)
        with transaction.atomic():
            later.copy(Case, "id", span)
            later.copy(VaultRecord, "id", (span[0] + 1, span[1] + 1))  # one above its case
            later.copy(Report, "id", span)
            later.copy(CaseUnit, "case_id", span)
            later.copy(Picture, "id", span)  # numbered as its case
            later.copy(CaseEvent, "case_id", span)
            later.copy(SearchEntry, "case_id", span)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Later:
    """How a row differs from the one that it is copied from."""

    seconds: int
    cases: int

    def copy(self, model: type[models.Model], key: str, span: tuple[int, int]) -> None:
        fields = _fields(model)
        columns = ", ".join(f'"{field.column}"' for field in fields)
        values = ", ".join(map(self._value, fields))
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f'INSERT INTO "{table}" ({columns}) SELECT {values} FROM "{table}"'
                f" WHERE {key} BETWEEN %s AND %s ORDER BY {key}",
                span,
            )

    def _value(self, field: models.Field[Any, Any]) -> str:
        column, lite = f'"{field.column}"', connection.vendor == "sqlite"
        shift = self.seconds * 1000 << RANDOM_BITS
        if isinstance(field, models.DateTimeField):
            if lite:
                return f"strftime('%%Y-%%m-%%d %%H:%%M:%%f', {column}, '+{self.seconds} seconds')"
            return f"{column} + interval '{self.seconds} seconds'"
        return {
            "id": f"id + {shift}",
            "case_id": f"case_id + {shift}",
            "report": f"report + {shift}",
            "text": f"text + {shift}",
            "summary": f"summary + {shift}",
            "told": f"told + {shift}",
            "number": f"'B' || (CAST(substr(number, 2) AS bigint) + {self.cases})",
            "leaf": f"leaf - {2 * self.cases}",
            "data": "CAST('{\"text\": ' || "
            f"(case_id + {shift + 1}) || '}}' AS {'text' if lite else 'jsonb'})",
        }.get(field.column, column)


# ---- Raw rows ----

QUICK = {
    "sqlite": ("PRAGMA synchronous=OFF", "PRAGMA cache_size=-200000"),
    "postgresql": ("SET synchronous_commit=off", "SET maintenance_work_mem='256MB'"),
}


@contextmanager
def _quickly() -> Iterator[None]:
    """Nothing here must outlive a power cut, and indexes are made faster than kept. In somebody's
    transaction all stays as it is."""
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor, connection.constraint_checks_disabled():
        for statement in QUICK[connection.vendor]:
            cursor.execute(statement)
        again = _without_indexes(cursor)
        yield
        for statement in again:
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")  # which autovacuum does by itself in time
    connection.close()  # and with it what was set above


def _without_indexes(cursor: CursorWrapper) -> list[str]:
    """Drop those that keep no rule; the statements that make them again."""
    of_table = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        " AND tbl_name = %s"
        if connection.vendor == "sqlite"
        else "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND NOT EXISTS"
        " (SELECT 1 FROM pg_constraint WHERE conname = indexname)"
    )
    found = []
    for model in (Case, VaultRecord, Report, CaseUnit, CaseEvent, Picture, SearchEntry):
        cursor.execute(of_table, [model._meta.db_table])
        found += cursor.fetchall()
    for name, _ in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [statement for _, statement in found]


def _fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """All that the database does not number by itself."""
    return [f for f in model._meta.concrete_fields if not isinstance(f, models.BigAutoField)]


def _insert(model: type[models.Model], rows: Sequence[Values]) -> None:
    """What is not given has the model's default."""
    fields = _fields(model)
    place = {f.attname: n for n, f in enumerate(fields)}
    adapted = [_adapter(f) for f in fields]
    usual = [adapt(f.get_default()) for adapt, f in zip(adapted, fields, strict=True)]

    def values(row: Values) -> list[Any]:
        found = list(usual)
        for name, value in row.items():
            found[place[name]] = adapted[place[name]](value)
        return found

    table, columns = model._meta.db_table, ", ".join(f'"{f.column}"' for f in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join(["%s"] * len(fields))
            statement = f'INSERT INTO "{table}" ({columns}) VALUES ({marks})'
            cursor.executemany(statement, map(values, rows))
            return
        with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as out:
            for row in rows:
                out.write_row(values(row))


def _adapter(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    """Only what the driver cannot do itself: Django's own adaption takes longer than the insert."""
    if isinstance(field, models.JSONField):
        return json.dumps
    if isinstance(field, models.DateTimeField):
        adapt = connection.ops.adapt_datetimefield_value
        return lambda value: value and adapt(value)
    return lambda value: value
