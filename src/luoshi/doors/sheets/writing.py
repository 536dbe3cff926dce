"""Spreadsheets out: written row by row, and no cell is ever a formula."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from luoshi.doors.sheets.cells import shown

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 4 * 2**20
_NOT_IN_TITLES = re.compile(r"[\\*?:/\[\]]")
_HEAD = Font(bold=True)
_WRAP = Alignment(wrap_text=True, vertical="top")

Rows = Iterable[Sequence[Any]]


def book(sheets: Iterable[tuple[str, Sequence[str], Rows]]) -> IO[bytes]:
    """An open file at its beginning, of sheets as (name, header, rows)."""
    made = Workbook(write_only=True)
    for name, header, rows in sheets:
        sheet = made.create_sheet(_NOT_IN_TITLES.sub(" ", name)[:31].strip() or None)
        sheet.freeze_panes = "A2"
        for place, head in enumerate(header, 1):
            width = sheet.column_dimensions[get_column_letter(place)]
            width.width = min(max(12, 2.2 * len(head)), 60)
        sheet.append([_head(sheet, head) for head in header])
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])
    out = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the answer closes it
    made.save(out)
    out.seek(0)
    return out


def _head(sheet: Any, text: str) -> Any:
    cell = _cell(sheet, text)
    cell.font, cell.alignment = _HEAD, _WRAP
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    """Numbers and dates as such; all text as text, however it begins.

    The type of the cell says that `=1+1` is text; the mark on it makes spreadsheet programs keep
    it so when somebody edits the cell, or saves it for a program that reads types less carefully.
    """
    if isinstance(value, dict):
        value = shown(value)
    if isinstance(value, datetime):
        value = timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    if value is None or isinstance(value, bool | int | float | Decimal | date):
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**15:
            value = str(value)
        else:
            return WriteOnlyCell(sheet, value)
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value))
    cell = WriteOnlyCell(sheet, "")
    cell.value = text
    cell.data_type = "s"
    if text.startswith(("=", "+", "-", "@", "\t", "\r")):
        cell.quotePrefix = True
    return cell
