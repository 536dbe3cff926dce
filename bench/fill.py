"""Many cases at once, past all rules: only to see what lists cost when a district has grown old.

Rows go in by executemany (SQLite) or COPY (PostgreSQL). Closed cases are many, open ones few, as in
life; nobody reads their histories here, so each has two events and no leaf.
"""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models, transaction

from luoshi.cases.models import Case, CaseEvent, CaseUnit, Report
from luoshi.infra.ids import new_id
from luoshi.trust.models import VaultRecord
from tests.cast import CATEGORIES, Cast

CHUNK = 5_000
YEARS = timedelta(days=3 * 365)
OPEN = {"new": 15, "assigned": 15, "handling": 45, "returned": 4, "claimed": 8, "verdict": 9,
        "deferred": 4}  # fmt: skip
OWNERS = ("street", "community", "garden", "police", "property")
Values = dict[str, Any]


def fill(cast: Cast, *, count: int, open_count: int, now: datetime, first: int) -> None:
    """`count` more cases, `open_count` of them open and received in the last weeks."""
    draw = random.Random(first)
    for start in range(0, count, CHUNK):
        numbers = range(first + start, first + min(start + CHUNK, count))
        chunk = [
            _case(cast, draw, number, now, is_open=number - first >= count - open_count)
            for number in numbers
        ]
        _write(chunk, draw)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _case(cast: Cast, draw: random.Random, number: int, now: datetime, *, is_open: bool) -> Values:
    age = (
        timedelta(days=20) * draw.random()
        if is_open
        else timedelta(days=30) + YEARS * draw.random()
    )
    at = now - age
    status = draw.choices(list(OPEN), list(OPEN.values()))[0] if is_open else "closed"
    owner = None if status == "new" else cast.units[draw.choice(OWNERS)]
    deadline = None if status == "new" else at + timedelta(days=25 * draw.random())
    waits = is_open and draw.random() < 0.98
    return {
        "id": new_id(now=at),
        "district_id": cast.district,
        "number": f"B{number}",
        "seq": 2,
        "status": status,
        "resolution": None if is_open else "fixed",
        "received_at": at,
        "category": draw.choice(sorted(CATEGORIES)),
        "subject": cast.estate if draw.random() < 0.1 else None,
        "area": cast.community_area,
        "sealed": draw.random() < 0.02,
        "accused": [cast.units["street"]] if draw.random() < 0.01 else [],
        "reports": 1,
        "reporters": 1,
        "owner": owner,
        "handlers": [owner] if owner else [],
        "was_assigned": owner is not None,
        "deadline": deadline,
        "original_deadline": deadline,
        "returns": draw.choices((0, 1, 2), (94, 4, 2))[0],
        "level": draw.choices((0, 1, 2, 3), (80, 10, 6, 4))[0],
        "concludable": is_open and draw.random() < 0.01,
        "extension": "asked" if status == "handling" and draw.random() < 0.1 else "none",
        "verifier": _verifier(cast, draw, status),
        "review_at": now + timedelta(days=draw.randint(-5, 20)) if status == "deferred" else None,
        "closed_at": None if is_open else at + timedelta(days=6),
        "since": at,
        "due": "handling" if waits else None,
        "next_at": at + timedelta(days=25 * draw.random()) if waits else None,
    }  # fmt: skip


def _verifier(cast: Cast, draw: random.Random, status: str) -> int | None:
    if status not in {"claimed", "closed"} or draw.random() < 0.05:
        return None
    return cast.people[draw.choice(("verifier1", "verifier2", "verifier3"))]


def _write(cases: Sequence[Values], draw: random.Random) -> None:
    with transaction.atomic():
        insert(Case, cases)
        texts = [
            {
                "id": case["id"] + 1,
                "district_id": case["district_id"],
                "kind": "text",
                "created_at": case["received_at"],
                "plain": f"绿地被种菜，车位被占，第{case['number']}件" * 3,
            }
            for case in cases
        ]
        insert(VaultRecord, texts)
        insert(Report, [_report(case) for case in cases])
        insert(CaseUnit, [{"case_id": c["id"], "unit": c["owner"]} for c in cases if c["owner"]])
        insert(CaseEvent, [event for case in cases for event in _events(case, draw)])


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


def _events(case: Values, draw: random.Random) -> Iterator[Values]:
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
            "canonical": draw.randbytes(300),
            "nonce": draw.randbytes(32),
            "leaf": -2 * int(case["number"][1:]) - seq,  # none: real ones count up from 1
        }


def insert(model: type[models.Model], rows: Sequence[Values]) -> None:
    """Raw rows; what is not given has the model's default."""
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.BigAutoField)]
    usual = {f.attname: f.get_default() for f in fields}
    adapted = _adapters(fields)
    columns = ", ".join(f'"{f.column}"' for f in fields)
    values = (
        tuple(adapted[f.attname](row.get(f.attname, usual[f.attname])) for f in fields)
        for row in rows
    )
    table = model._meta.db_table
    if connection.vendor == "sqlite":
        marks = ", ".join(["%s"] * len(fields))
        with connection.cursor() as cursor:
            cursor.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', values)
        return
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as out,
    ):
        for row in values:
            out.write_row(row)


def _adapters(fields: Sequence[Any]) -> dict[str, Any]:
    """Only what the driver cannot do itself: Django's own adaption takes longer than the insert."""
    when = connection.ops.adapt_datetimefield_value
    found: dict[str, Any] = {}
    for field in fields:
        if isinstance(field, models.JSONField):
            found[field.attname] = json.dumps
        elif isinstance(field, models.DateTimeField):
            found[field.attname] = lambda value: value and when(value)
        else:
            found[field.attname] = lambda value: value
    return found
