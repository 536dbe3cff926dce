"""The rows of a file as plain values, whatever form it has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from luoshi.doors.sheets import limits, opening, scan, secret, text
from luoshi.doors.sheets.refused import SheetRefused
from luoshi.infra import files

Cell = str | int | float | bool | None | dict[str, str]
"""A day or moment is {"at": ISO text}, a formula that nobody calculated {"formula": its cell},
one that came to an error {"error": its cell}: JSON has none of them."""


@dataclass(frozen=True, slots=True)
class Table:
    """All rows from the first on, so that the place in the list tells the row's number."""

    rows: Sequence[Sequence[Any]]
    told: dict[str, Any]


@lru_cache(maxsize=1)
def read(file: str, form: str, sheet: str) -> Table:
    """The whole table, kept for the next piece of work on it. Raises SheetRefused.

    Three seconds for 100,000 rows; after a restart it is read again and gone on with.
    """
    data = secret.unseal(files.get(file))
    return _text(data) if form == "csv" else _book(data, sheet)


def forget() -> None:
    """Lets go of the table that was read last."""
    read.cache_clear()


def _text(data: bytes) -> Table:
    said, encoding = text.decode(data)
    return Table(list(text.rows(said)), {"encoding": encoding})


def _book(data: bytes, name: str) -> Table:
    chosen = next((one for one in opening.sheets(data) if one.name == name), None)
    if chosen is None:
        raise SheetRefused("no_sheet")
    seen = scan.scan(data, chosen.part)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise SheetRefused("broken") from error
    told = {
        "hidden_rows": [seen.hidden_count, seen.hidden_rows],
        "hidden_columns": [len(seen.hidden_columns), seen.hidden_columns],
        "merged": [seen.merged_count, seen.merged],
        "formulas": [seen.formulas - len(seen.unvalued), []],
    }
    told = {code: found for code, found in told.items() if found[0]}
    if opening.has_macros(data):
        told["macros"] = [1, []]
    lacking = {"unvalued": seen.unvalued, "failed": seen.failed}
    return Table(rows, {**told, **{code: found for code, found in lacking.items() if found}})


def plain(value: Any) -> Cell:
    """As JSON keeps it. Whole numbers lose their point: 8648.0 in a sheet is written 8648."""
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"at": value.isoformat()}
    if isinstance(value, time | timedelta):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**63:
        return int(value)
    if isinstance(value, str):
        return value.strip().replace("\x00", "")[: limits.CELL * 2] or None
    return value if isinstance(value, int | float | bool) else None
