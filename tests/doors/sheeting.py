"""Making small spreadsheets, and letting the worker work on them."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import openpyxl

from luoshi.doors.sheets import actions, queries, working
from luoshi.doors.sheets.queries import ImportInfo
from tests.cast import Cast

Rows = Sequence[Sequence[Any]]
HEAD = ["编号", "主题", "内容", "时间", "电话", "姓名", "地点"]


def xlsx(rows: Rows, *, sheet: str = "台账", shape: Any = None) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(list(row))
    if shape:
        shape(book, page)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_text(rows: Rows, *, delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def put_parts(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """A workbook with other or further parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name, old.read(name)))
        for name in parts.keys() - set(old.namelist()):
            new.writestr(name, parts[name])
    return out.getvalue()


def work(now: datetime) -> int:
    """As the worker does, until nothing is left."""
    done = 0
    while working.step(now):
        done += 1
        assert done < 2_000
    return done


def upload(
    cast: Cast,
    data: bytes,
    now: datetime,
    *,
    kind: str = "messages",
    target: str = "new",
    who: str = "desk1",
    name: str = "台账.xlsx",
    **options: str,
) -> ImportInfo:
    """Uploaded and read: waits for its columns, unless it was refused."""
    given = options or ({"ledger": "12345"} if kind == "messages" else {})
    id = actions.upload(
        district=cast.district,
        person=cast.people[who],
        kind=kind,
        target=target,
        options=given,
        name=name,
        data=data,
        now=now,
    )
    work(now)
    return look(cast, id)


def look(cast: Cast, id: int) -> ImportInfo:
    found = queries.one(cast.district, id)
    assert found
    return found


def check(cast: Cast, of: ImportInfo, now: datetime, **options: str) -> ImportInfo:
    """With the columns as they were proposed."""
    actions.map_columns(id=of.id, mapping=of.mapping, options=options)
    work(now)
    return look(cast, of.id)


def confirm(cast: Cast, of: ImportInfo, now: datetime, *, who: str = "desk1") -> ImportInfo:
    actions.confirm(id=of.id, person=cast.people[who], now=now)
    work(now)
    return look(cast, of.id)


def whole(cast: Cast, data: bytes, now: datetime, **given: Any) -> ImportInfo:
    """From the file to the end."""
    of = check(cast, upload(cast, data, now, **given), now)
    if not of.marks.get("good"):
        return of
    return confirm(cast, of, now, who=given.get("who", "desk1"))


def messages(count: int, *, start: int = 1, **other: Any) -> list[list[Any]]:
    """Rows under HEAD."""
    return [
        [f"T{n}", f"绿地{n}", f"示范新村{n}幢绿地被种菜", "2026-05-01 09:30", "13800138000",
         f"王{n}", "示范新村"]
        for n in range(start, start + count)
    ]  # fmt: skip


def said(of: ImportInfo) -> list[str]:
    """All faults as one reads them."""
    return [" ".join(part) for line in queries.faults(of) for part in line.said]
