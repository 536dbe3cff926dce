"""Tables written as text: which encoding, which separator, and the row where either goes wrong."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from luoshi.doors.sheets import limits
from luoshi.doors.sheets.refused import SheetRefused

_HAN = re.compile(r"[\u3400-\u9fff]")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SEPARATORS = ",\t;，"


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Raises SheetRefused with the row."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _strictly(data, name), name
    if wide := _wide(data):
        return _strictly(data, wide), wide
    if b"\x00" in data[:4096]:
        raise SheetRefused("no_table")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        _must_be_one(data)
    return _strictly(data, "gb18030"), "gb18030"


def _strictly(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise SheetRefused(
            "encoding", row=_row_of(data, error.start), encoding=name.upper()
        ) from error


def _wide(data: bytes) -> str:
    """UTF-16 without a mark: separators and line ends have a zero byte beside them."""
    head = data[:2048]
    for name, at in (("utf-16-le", 1), ("utf-16-be", 0)):
        zeros = head[at::2].count(0)
        if zeros > len(head) // 20 and not head[1 - at :: 2].count(0):
            return name
    return ""


def _must_be_one(data: bytes) -> None:
    """No UTF-8 as a whole: is it all of the other encoding, or were two files put together?"""
    utf, other = 0, 0
    for number, line in enumerate(data.splitlines(), 1):
        if line.isascii():
            continue
        try:
            # Two letters of the other encoding may pass for one of UTF-8, but never for Chinese.
            said = line.decode("utf-8")
            utf = utf or (number if _HAN.search(said) else 0)
        except UnicodeDecodeError:
            other = other or number
        if utf and other:
            raise SheetRefused("mixed_encodings", row=max(utf, other), first=min(utf, other))


def _row_of(data: bytes, at: int) -> int:
    return data[:at].count(b"\n") + 1


def rows(text: str) -> Iterator[list[str]]:
    """The rows, by the separator that the first lines have most of. Raises SheetRefused."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=False)
    csv.field_size_limit(max(csv.field_size_limit(), limits.CELL * 4))
    number = 0
    try:
        for number, row in enumerate(reader, 1):
            if number > limits.ROWS:
                raise SheetRefused("too_many_rows", most=limits.ROWS)
            if len(row) > limits.COLUMNS:
                raise SheetRefused("too_many_columns", most=limits.COLUMNS, there=len(row))
            yield row
    except csv.Error as error:
        raise SheetRefused("quotes", row=number + 1) from error


def _separator(text: str) -> str:
    head = text[:20_000].splitlines()[:20]
    return max(SEPARATORS, key=lambda mark: sum(line.count(mark) for line in head))
