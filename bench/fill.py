"""Many cases at once, past all rules: only to see what lists cost when a district has grown old.

Rows go in by executemany (SQLite) or COPY (PostgreSQL), the oldest first. Closed cases are many,
open ones few, as in life; nobody reads their histories here, so each has two events and no leaf.
"""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models, transaction

from luoshi.cases.models import Case, CaseEvent, CaseUnit, Report
from luoshi.infra.ids import new_id
from luoshi.trust.models import VaultRecord
from tests.cast import CATEGORIES, Cast

CHUNK = 10_000
LONG_AGO = timedelta(days=3 * 365)
LATELY = timedelta(days=30)
UNITS = range(1_000, 1_060)  # nobody's: cases name units by id only
STATUSES = {"new": 15, "assigned": 15, "handling": 45, "returned": 4, "claimed": 8, "verdict": 9,
            "deferred": 4}  # fmt: skip
Values = dict[str, Any]


def fill(
    cast: Cast,
    *,
    count: int,
    open_count: int,
    now: datetime,
    words: Callable[[int], str] = lambda number: f"绿地被种菜，车位被占，第B{number}件" * 3,
) -> None:
    """`count` cases, the last `open_count` of them open and received in the last month."""
    draw = random.Random(count)
    for start in range(0, count, CHUNK):
        numbers = range(start, min(start + CHUNK, count))
        closed = count - open_count
        _write([_case(cast, draw, n, closed, open_count, now) for n in numbers], words)
    if connection.vendor == "postgresql":  # where autovacuum does it by itself in time
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _case(
    cast: Cast, draw: random.Random, number: int, closed: int, still_open: int, now: datetime
) -> Values:
    if number < closed:
        at = now - LATELY - LONG_AGO * (1 - number / closed)
        return _common(cast, draw, number, at) | _closed(cast, draw, at)
    at = now - LATELY * (1 - (number - closed) / still_open)
    return _common(cast, draw, number, at) | _open(cast, draw, at, now)


def _common(cast: Cast, draw: random.Random, number: int, at: datetime) -> Values:
    owner = draw.choice(UNITS)
    deadline = at + timedelta(days=25 * draw.random())
    return {
        "id": new_id(now=at),
        "district_id": cast.district,
        "number": f"B{number}",
        "seq": 2,
        "received_at": at,
        "category": draw.choice(list(CATEGORIES)),
        "subject": cast.estate if draw.random() < 0.1 else None,
        "area": cast.community_area,
        "sealed": draw.random() < 0.02,
        "accused": [cast.units["street"]] if draw.random() < 0.01 else [],
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
        found |= {"owner": None, "handlers": [], "was_assigned": False, "deadline": None}
    if status == "claimed" and draw.random() < 0.95:
        found["verifier"] = cast.people[draw.choice(("verifier1", "verifier2", "verifier3"))]
    if status == "handling" and draw.random() < 0.1:
        found["extension"] = "asked"
    if status == "deferred":
        found["review_at"] = now + timedelta(days=draw.randint(-5, 20))
    return found


def _write(cases: Sequence[Values], words: Callable[[int], str]) -> None:
    with transaction.atomic():
        _insert(Case, cases)
        _insert(VaultRecord, [_text(case, words) for case in cases])
        _insert(Report, [_report(case) for case in cases])
        _insert(CaseUnit, [{"case_id": c["id"], "unit": c["owner"]} for c in cases if c["owner"]])
        _insert(CaseEvent, [event for case in cases for event in _events(case)])


def _text(case: Values, words: Callable[[int], str]) -> Values:
    return {
        "id": case["id"] + 1,
        "district_id": case["district_id"],
        "kind": "text",
        "created_at": case["received_at"],
        "plain": words(int(case["number"][1:])),
    }


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


# ---- Raw rows ----


def _insert(model: type[models.Model], rows: Sequence[Values]) -> None:
    """What is not given has the model's default."""
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.BigAutoField)]
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
