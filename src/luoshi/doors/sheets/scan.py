"""What values do not tell of a sheet: how large it is, what is hidden, merged, or a formula."""

import re
from dataclasses import dataclass, field
from typing import Any

from luoshi.doors.sheets import limits, opening
from luoshi.doors.sheets.refused import SheetRefused

_LETTERS = re.compile(r"[A-Z]{1,3}")


@dataclass(slots=True)
class Scan:
    """`unvalued`: formulas that nobody calculated, by cell; `failed`: cells that hold an error such
    as #REF!, of which the values show nothing; counts are of all there are."""

    rows: int = 0
    columns: int = 0
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    hidden_count: int = 0
    merged_count: int = 0
    formulas: int = 0
    unvalued: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def letters(column: int) -> str:
    """0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def number_of(name: str) -> int:
    """A is 0."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number - 1


class _Scanner:
    """One pass; text is only listened to inside a formula's cell, which keeps it fast."""

    def __init__(self) -> None:
        self.found = Scan()
        self.seen = set[str]()
        self.cell: dict[str, str] = {}
        self.valued = True
        self.reader: Any = None

    def listen(self, reader: Any) -> None:
        self.reader = reader

    def start(self, name: str, given: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self.cell = given
            found = _LETTERS.match(given.get("r", ""))
            if found:
                self.seen.add(found[0])
            if given.get("t") == "e":
                self._lacks(self.found.failed, given)
        elif name == "row":
            self._row(given)
        elif name == "f":
            self.found.formulas += 1
            self.valued = self.cell.get("t") == "str"
            self.reader.CharacterDataHandler = self._said
            self.reader.EndElementHandler = self._end
            self.inside = "f"
        elif name == "v" and not self.valued:
            self.inside = "v"
        elif name == "mergeCell":
            self.found.merged_count += 1
            _keep(self.found.merged, given.get("ref", ""))
        elif name == "col" and given.get("hidden") in {"1", "true"}:
            first, last = int(given.get("min", 1)), int(given.get("max", 1))
            for column in range(first, min(last, limits.COLUMNS) + 1):
                _keep(self.found.hidden_columns, letters(column - 1))

    def _row(self, given: dict[str, str]) -> None:
        self.found.rows = max(self.found.rows + 1, int(given.get("r", 0)))
        if self.found.rows > limits.ROWS:
            raise SheetRefused("too_many_rows", most=limits.ROWS)
        if given.get("hidden") in {"1", "true"}:
            self.found.hidden_count += 1
            _keep(self.found.hidden_rows, self.found.rows)

    def _said(self, text: str) -> None:
        if self.inside == "v" and text.strip():
            self.valued = True

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] != "c":
            self.inside = ""
            return
        self.reader.CharacterDataHandler = self.reader.EndElementHandler = None
        if not self.valued:
            self._lacks(self.found.unvalued, self.cell)
        self.valued = True

    def _lacks(self, where: list[str], cell: dict[str, str]) -> None:
        where.append(cell.get("r", ""))
        if len(where) > limits.FORMULAS:
            raise SheetRefused("not_calculated", most=limits.FORMULAS)

    inside = ""


def _keep(some: list[Any], one: Any) -> None:
    if len(some) < limits.SHOWN:
        some.append(one)


def scan(data: bytes, part: str) -> Scan:
    """Raises SheetRefused for what is hostile, broken, or larger than can be taken."""
    scanner = _Scanner()
    with opening.opened(data) as book:
        opening.must_be_honest(book, data)
        if "xl/sharedStrings.xml" in book.namelist():
            opening.parse(book, "xl/sharedStrings.xml", lambda *_: None)
        try:
            opening.parse(book, part, scanner.start, scanner.listen)
        except (ValueError, OverflowError) as error:
            if isinstance(error, SheetRefused):
                raise
            raise SheetRefused("broken") from error
    found = scanner.found
    found.columns = max((number_of(name) + 1 for name in scanner.seen), default=0)
    if found.columns > limits.COLUMNS:
        raise SheetRefused("too_many_columns", most=limits.COLUMNS, there=found.columns)
    if found.columns * found.rows > limits.CELLS:
        raise SheetRefused("too_many_cells")
    return found
