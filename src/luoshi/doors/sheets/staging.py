"""Reading a file into rows, and checking the rows: a bounded piece at a time.

Each piece is one transaction that moves the cursor, so a killed worker goes on where it was. What
takes long is done before the transaction; whoever moved the cursor meanwhile wins.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from luoshi.doors.sheets import columns, scan, secret, tables
from luoshi.doors.sheets.kinds import Kind, Reading, make
from luoshi.doors.sheets.models import Import, Known, Mark, Row, Stage
from luoshi.doors.sheets.refused import SheetRefused
from luoshi.infra import bulk

READ_ROWS = 5_000
CHECK_ROWS = 500
LACKING = {"failed": "error", "unvalued": "formula"}
"""Cells without a value: as the table tells them, and what their cell says instead."""


def read_piece(of: Import, now: datetime) -> None:
    """Stages the next rows; after the last one proposes what the columns are.

    Raises SheetRefused when the file cannot be taken.
    """
    table = tables.read(of.file, of.form, of.sheet)
    start, end = of.cursor, min(of.cursor + READ_ROWS, len(table.rows))
    lacking = {what: _by_row(table.told.get(code, ())) for code, what in LACKING.items()}
    rows = [
        (of.pk, number, secret.seal_cells(cells))
        for number, cells in _cells(table.rows, start, end, lacking)
    ]
    changes: dict[str, Any] = {"cursor": end, "total": len(table.rows)}
    if start == 0:
        changes["told"] = {k: v for k, v in table.told.items() if k not in LACKING}
    if end == len(table.rows):
        changes |= _headed(of, table.rows, now)
        tables.forget()
    with transaction.atomic():
        if _still(of):
            bulk.insert(Row, ("of_id", "number", "cells"), rows)
            _change(of, changes)


def _cells(
    rows: Sequence[Sequence[Any]],
    start: int,
    end: int,
    lacking: Mapping[str, Mapping[int, list[int]]],
) -> list[tuple[int, list[Any]]]:
    """Rows in which anything stands, by their number."""
    found = []
    for number in range(start + 1, end + 1):
        cells = [tables.plain(value) for value in rows[number - 1]]
        for what, places in lacking.items():
            for column in places.get(number, ()):
                cells += [None] * (column + 1 - len(cells))
                cells[column] = {what: scan.letters(column) + str(number)}
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            found.append((number, cells))
    return found


def _by_row(places: Sequence[str]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for place in places:
        name = place.rstrip("0123456789")
        if name and place[len(name) :]:
            found.setdefault(int(place[len(name) :]), []).append(scan.number_of(name))
    return found


def _headed(of: Import, rows: Sequence[Sequence[Any]], now: datetime) -> dict[str, Any]:
    """The header, and which column is what: as last time, else by its name."""
    kind = make(of.kind, district=of.district, target=of.target, options=of.options, now=now)
    first = [[tables.plain(value) for value in row] for row in rows[: columns.HEADER_WITHIN]]
    number = columns.header_row(first, kind.columns)
    if not number:
        raise SheetRefused("nothing_in_it")
    return head(of, number, columns.named(first[number - 1]), kind)


def head(of: Import, number: int, header: list[str], kind: Kind) -> dict[str, Any]:
    """The changes that make this row the header."""
    known = Known.objects.filter(
        district=of.district,
        kind=of.kind,
        target=of.target,
        signature=columns.signature(header),
    ).first()
    codes = {one.code for one in kind.columns}
    remembered = known is not None and len(known.mapping) == len(header)
    mapping = (
        [code if code in codes else "" for code in known.mapping]
        if known and remembered
        else columns.propose(header, kind.columns)
    )
    return {
        "stage": Stage.MAPPING,
        "header": header,
        "header_row": number,
        "mapping": mapping,
        "options": {**(known.options if known else {}), **of.options},
    }


def check_piece(of: Import, now: datetime) -> None:
    """Understands the next rows, and marks what is wrong, double, or known already."""
    rows = list(of.rows.filter(number__gt=of.cursor).order_by("number")[:CHECK_ROWS])
    kind = make(of.kind, district=of.district, target=of.target, options=of.options, now=now)
    readings = kind.read([by_code(of, row) for row in rows])
    counts, notes = Counter[str](of.counts.get("marks", {})), Counter(of.counts.get("notes", {}))
    doubles = _doubles(of, rows, readings)
    for row, reading in zip(rows, readings, strict=True):
        judge(of, row, reading, doubles)
        counts[row.mark] += 1
        notes.update(reading.notes if row.mark == Mark.GOOD else ())
        if row.mark == Mark.GOOD and reading.shown.get("contact"):
            notes["contacts"] += 1
    changes: dict[str, Any] = {"counts": {"marks": dict(counts), "notes": dict(notes)}}
    changes["cursor"] = rows[-1].number if rows else of.total
    if len(rows) < CHECK_ROWS:
        changes["stage"] = Stage.READY
    with transaction.atomic():
        if _still(of):
            keep(rows)
            _change(of, changes)


KEPT = ("mark", "key", "faults", "found", "ref", "cells")


def keep(rows: Sequence[Row]) -> None:
    """Writes what was found out about rows."""
    bulk.update(Row, KEPT, ([*(getattr(row, name) for name in KEPT), row.pk] for row in rows))


def by_code(of: Import, row: Row) -> dict[str, Any]:
    """What a row says, by the code of the column; empty cells are left out."""
    cells = secret.open_cells(row.cells)
    return {
        code: value
        for code, value in zip(of.mapping, cells, strict=False)
        if code and value is not None
    }


def judge(of: Import, row: Row, reading: Reading, doubles: Mapping[int, int]) -> None:
    """Puts to a row what its reading says."""
    place = {code: column for column, code in enumerate(of.mapping) if code}
    row.faults = [[place.get(code, -1), why, given] for code, why, given in reading.faults]
    row.key = hashed(reading.key) if reading.key else None
    row.found = dict(reading.changes)
    if reading.faults:
        row.mark = Mark.BAD
    elif row.number in doubles:
        row.mark, row.found = Mark.DOUBLE, {"of": doubles[row.number]}
    elif reading.known:
        row.mark = Mark.KNOWN
    else:
        row.mark = Mark.SAME if reading.same else Mark.GOOD


def hashed(key: str) -> bytes:
    return sha256(b"luoshi/v1/sheet\n" + key.encode()).digest()


def _doubles(of: Import, rows: Sequence[Row], readings: Sequence[Reading]) -> dict[int, int]:
    """For rows that say what one further up said: the number of that one."""
    keys = {hashed(one.key) for one in readings if one.key and not one.faults}
    above = of.rows.filter(key__in=keys, number__lte=of.cursor).exclude(mark=Mark.BAD)
    first = {bytes(key): n for key, n in above.values_list("key", "number") if key}
    found = {}
    for row, reading in zip(rows, readings, strict=True):
        if reading.key and not reading.faults:
            key = hashed(reading.key)
            if key in first:
                found[row.number] = first[key]
            else:
                first[key] = row.number
    return found


def _still(of: Import) -> bool:
    """Locks the import; whether it still is where this piece began."""
    row = Import.objects.select_for_update().get(pk=of.pk)
    return row.stage == of.stage and row.cursor == of.cursor


def _change(of: Import, changes: Mapping[str, Any]) -> None:
    Import.objects.filter(pk=of.pk).update(**changes, tries=0, error={})
