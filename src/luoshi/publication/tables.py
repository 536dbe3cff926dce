"""Tables as they are pasted from a spreadsheet or read from a file: nothing merged."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from luoshi.publication.problems import Problem

MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 300, 12, 300
LARGEST_FILE = 1_000_000
NOTHING = frozenset({"—", "-", "－", "/", "无"})
"""What one writes into a cell where nothing belongs."""
TOTAL = re.compile(r"^(合\s*计|总\s*计|小\s*计|total|sum)$", re.IGNORECASE)
MANGLED = ("\ufffd", "锟斤拷", "烫烫烫", "ä¸", "æœ", "ï¼")
"""What a text looks like that was read in the wrong encoding."""


class Unreadable(ValueError):
    """A file that is no table; says in a sentence what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A table as its author left it. `counted`: the name of the column that is added up, or ""."""

    text: str
    title: str = ""
    counted: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    counted: int | None = None
    source: str = ""

    @property
    def totalled(self) -> bool:
        """Has a row of totals of its own."""
        return is_total(self.rows[-1])

    @property
    def sum(self) -> int | None:
        """Of the counted column, without a row of totals; None when nothing is counted."""
        if self.counted is None:
            return None
        return sum(number(row[self.counted]) or 0 for row in self.rows if not is_total(row))


def is_total(row: Sequence[str]) -> bool:
    return bool(row and TOTAL.match(row[0]))


def number(cell: str) -> int | None:
    """A whole number of at most 12 digits, with or without thousands commas."""
    plain = unicodedata.normalize("NFKC", cell).replace(",", "").strip()
    return int(plain) if re.fullmatch(r"[0-9]{1,12}", plain) else None


def decode(data: bytes) -> str:
    """A text file in UTF-8, UTF-16 with its mark, or GB 18030. Raises Unreadable."""
    if len(data) > LARGEST_FILE:
        raise Unreadable(_("The file is larger than 1 MB: a notice needs a smaller table."))
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable(
            _("This is a workbook: save the sheet as CSV, or copy its cells and paste them.")
        )
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Unreadable(_("The file is not readable as text: save it as CSV in UTF-8."))


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    return ("utf-8-sig", "gb18030")


def read(given: Given) -> tuple[Table | None, list[Problem]]:
    """The table, or all that is wrong with it, by line (the head is line 1) and cell."""
    if any(mark in given.text for mark in MANGLED):
        what = _("The text was read in the wrong encoding: paste it again, or save it in UTF-8.")
        return None, [Problem(what=what)]
    try:
        lines = _split(given.text)
    except csv.Error as error:
        return None, [Problem(what=_("Not readable as a table: %(why)s") % {"why": error})]
    if len(lines) < 2:
        return None, [Problem(what=_("A table has a line of headings and at least one row."))]
    head, rows = lines[0], lines[1:]
    if problems := [*_shape(head, rows), *_cells(head, rows)][:20]:
        return None, problems
    counted, problems = _counted(given.counted, head, rows)
    if problems:
        return None, problems[:20]
    return Table(
        title=given.title,
        head=tuple(head),
        rows=tuple(tuple(row) for row in rows),
        counted=counted,
        source=given.source,
    ), []


def _split(text: str) -> list[list[str]]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    text = "\n".join(line for line in lines if line.strip(" \t,，;"))
    first = text.partition("\n")[0]
    mark = next((mark for mark in ("\t", ",", ";", "，") if mark in first), "\t")
    found = csv.reader(io.StringIO(text), delimiter=mark, strict=False)
    return [[" ".join(cell.split()) for cell in row] for row in found]


def _shape(head: list[str], rows: list[list[str]]) -> Iterator[Problem]:
    if len(rows) > MOST_ROWS or len(head) > MOST_COLUMNS:
        yield Problem(
            what=_("At most %(rows)s rows and %(columns)s columns: divide the table.")
            % {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
        )
        return
    if len(set(head)) < len(head):
        yield Problem(line=1, what=_("Two columns have the same heading: name them apart."))
    for n, row in enumerate(rows, start=2):
        if len(row) != len(head):
            yield Problem(
                line=n,
                what=_(
                    "Cells: %(found)s, headings: %(wanted)s. Merged cells have to be taken apart "
                    "and filled."
                )
                % {"found": len(row), "wanted": len(head)},
            )


def _cells(head: list[str], rows: list[list[str]]) -> Iterator[Problem]:
    for n, row in enumerate([head, *rows], start=1):
        for column, cell in enumerate(row, start=1):
            if not cell and not (is_total(row) and column > 1):
                yield Problem(
                    line=n,
                    column=column,
                    what=_(
                        "An empty cell: write what belongs there (a merged cell is filled in each "
                        "row), or — where nothing does."
                    ),
                )
            if len(cell) > LONGEST_CELL:
                yield Problem(
                    line=n,
                    column=column,
                    what=_("A cell holds at most %(n)s characters.") % {"n": LONGEST_CELL},
                )


def _counted(name: str, head: list[str], rows: list[list[str]]) -> tuple[int | None, list[Problem]]:
    name = " ".join(name.split())
    if not name:
        return None, []
    if name not in head:
        what = _("There is no column “%(name)s”: the headings are %(head)s.") % {
            "name": name,
            "head": ", ".join(head),
        }
        return None, [Problem(what=what)]
    at = head.index(name)
    problems = [
        Problem(
            line=n,
            column=at + 1,
            what=_("“%(cell)s” is no whole number, and this column is added up.")
            % {"cell": row[at]},
        )
        for n, row in enumerate(rows, start=2)
        if number(row[at]) is None
    ]
    return at, problems or list(_totals(at, rows))


def _totals(at: int, rows: list[list[str]]) -> Iterator[Problem]:
    """A row of totals comes last and says what the others add up to."""
    counted = sum(number(row[at]) or 0 for row in rows if not is_total(row))
    for n, row in enumerate(rows, start=2):
        if is_total(row) and n != len(rows) + 1:
            yield Problem(line=n, what=_("A row of totals comes last, and there is one only."))
        elif is_total(row) and number(row[at]) != counted:
            yield Problem(
                line=n,
                column=at + 1,
                what=_("The total says %(said)s, but the rows add up to %(sum)s.")
                % {"said": row[at], "sum": counted},
            )
