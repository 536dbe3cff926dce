"""What pages show of imports. Values come out, never rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from luoshi.doors.sheets import scan, secret, staging, words
from luoshi.doors.sheets.cells import shown
from luoshi.doors.sheets.columns import Column
from luoshi.doors.sheets.kinds import make
from luoshi.doors.sheets.models import AT_WORK, OVER, Import, Mark, Row, Stage
from luoshi.doors.sheets.working import TRIES

FIRST = 8
"""Rows that the preview shows as they will be."""

FAULTS = 50
"""Rows with faults on one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportInfo:
    id: int
    kind: str
    target: str
    options: Mapping[str, Any]
    name: str
    form: str
    size: int
    sheets: tuple[tuple[str, bool], ...]
    sheet: str
    stage: str
    told: Mapping[str, Any]
    header: tuple[str, ...]
    header_row: int
    mapping: tuple[str, ...]
    cursor: int
    total: int
    marks: Mapping[str, int]
    notes: Mapping[str, int]
    error: Mapping[str, Any]
    stuck: bool
    person: int
    at: datetime
    finished_at: datetime | None

    @property
    def at_work(self) -> bool:
        return self.stage in AT_WORK

    @property
    def over(self) -> bool:
        return self.stage in OVER


def imports(
    district: int, *, kinds: Sequence[str], after: int = 0, limit: int = 30
) -> tuple[ImportInfo, ...]:
    """The newest first, of these kinds; keyset by id; one query."""
    rows = Import.objects.filter(district=district, kind__in=kinds)
    if after:
        rows = rows.filter(pk__lt=after)
    return tuple(_info(row) for row in rows.order_by("-pk")[:limit])


def one(district: int, id: int) -> ImportInfo | None:
    row = Import.objects.filter(district=district, pk=id).first()
    return _info(row) if row else None


def _info(row: Import) -> ImportInfo:
    return ImportInfo(
        id=row.pk,
        kind=row.kind,
        target=row.target,
        options=row.options,
        name=row.name,
        form=row.form,
        size=row.size,
        sheets=tuple((name, hidden) for name, hidden in row.sheets),
        sheet=row.sheet,
        stage=row.stage,
        told=row.told,
        header=tuple(row.header),
        header_row=row.header_row,
        mapping=tuple(row.mapping),
        cursor=row.cursor,
        total=row.total,
        marks=row.counts.get("marks", {}),
        notes=row.counts.get("notes", {}),
        error=row.error,
        stuck=row.stage in AT_WORK and row.tries >= TRIES,
        person=row.person,
        at=row.at,
        finished_at=row.finished_at,
    )


def columns_of(of: ImportInfo, district: int) -> tuple[Column, ...]:
    """What the columns of this import may be."""
    kind = make(
        of.kind, district=district, target=of.target, options=of.options, now=timezone.now()
    )
    return kind.columns


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of the sheet: its letters, its header, what stands in it, what it is read as."""

    letters: str
    header: str
    samples: tuple[str, ...]
    code: str


def sheet_columns(of: ImportInfo) -> tuple[SheetColumn, ...]:
    """One query."""
    rows = Row.objects.filter(of=of.id, number__gt=of.header_row).order_by("number")[:3]
    cells = [secret.open_cells(row.cells) for row in rows]
    return tuple(
        SheetColumn(
            scan.letters(place),
            header,
            tuple(shown(row[place], most=30) for row in cells if place < len(row)),
            of.mapping[place] if place < len(of.mapping) else "",
        )
        for place, header in enumerate(of.header)
    )


@dataclass(frozen=True, slots=True)
class Preview:
    """A row as it will be: by column what it says, and what it said before where it changes."""

    number: int
    shown: Mapping[str, str]
    changes: Mapping[str, Sequence[str]]


def preview(of: ImportInfo, district: int, *, now: datetime) -> tuple[Preview, ...]:
    """The first good rows, read anew."""
    row = Import.objects.get(pk=of.id)
    rows = list(row.rows.filter(mark=Mark.GOOD).order_by("number")[:FIRST])
    kind = make(of.kind, district=district, target=of.target, options=of.options, now=now)
    readings = kind.read([staging.by_code(row, one) for one in rows])
    return tuple(
        Preview(one.number, reading.shown, reading.changes)
        for one, reading in zip(rows, readings, strict=True)
    )


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A row that is not taken, with a sentence for each cell: Sheet1!C17, "三十", what to do."""

    number: int
    said: tuple[tuple[str, str, str], ...]


def faults(of: ImportInfo, *, after: int = 0, limit: int = FAULTS) -> tuple[FaultLine, ...]:
    """Rows with faults by number, from the one after `after`; one query."""
    rows = Row.objects.filter(of=of.id, mark=Mark.BAD, number__gt=after).order_by("number")
    return tuple(
        FaultLine(row.number, tuple(said(of, row.number, row.faults, row.cells)))
        for row in rows[:limit]
    )


def said(
    of: ImportInfo, number: int, found: Sequence[Any], sealed: bytes | memoryview | None
) -> list[tuple[str, str, str]]:
    """(cell, what stands in it, what is wrong)"""
    cells = secret.open_cells(sealed)
    lines = []
    for column, code, details in found:
        value = _there(cells[column]) if 0 <= column < len(cells) else ""
        place = f"{scan.letters(column)}{number}" if column >= 0 else str(number)
        lines.append(
            (f"{of.sheet}!{place}" if of.sheet else place, value, words.fault(code, details))
        )
    return lines


def _there(value: Any) -> str:
    """As it is quoted back; a formula is not empty, though it has no value."""
    if isinstance(value, dict) and "at" not in value:
        return "=…" if "formula" in value else "#…"
    return shown(value)


def others(of: ImportInfo, mark: str, *, limit: int = 20) -> tuple[int, ...]:
    """The numbers of the first rows that are double, known or the same; one query."""
    rows = Row.objects.filter(of=of.id, mark=mark).order_by("number")
    return tuple(rows.values_list("number", flat=True)[:limit])


def bad_rows(of: ImportInfo, *, every: int = 2_000) -> Any:
    """(number, cells, sentence) of all rows with faults, a part at a time."""
    after = 0
    while True:
        rows = Row.objects.filter(of=of.id, mark=Mark.BAD, number__gt=after).order_by("number")
        part = list(rows[:every])
        for row in part:
            lines = said(of, row.number, row.faults, row.cells)
            why = "; ".join(
                " ".join(filter(None, (place, f"“{value}”" if value else "", wrong)))
                for place, value, wrong in lines
            )
            yield row.number, secret.open_cells(row.cells), why
        if len(part) < every:
            return
        after = part[-1].number


def waiting(district: int, *, kinds: Sequence[str]) -> int:
    """How many wait for a person; one query."""
    stages = (Stage.CHOOSING, Stage.MAPPING, Stage.READY)
    return Import.objects.filter(district=district, kind__in=kinds, stage__in=stages).count()
