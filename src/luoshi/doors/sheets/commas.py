"""Comma-separated files out: line by line, and no cell that a spreadsheet takes for a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

TYPE = "text/csv; charset=utf-8"
_MARK = "\ufeff"  # without it some programs read Chinese as something else
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """A file that hands back what was written."""

    def write(self, text: str) -> str:
        return text


def lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The file in pieces, the header first."""
    writer = csv.writer(_Line())
    yield (_MARK + str(writer.writerow([_plain(head) for head in header]))).encode()
    for row in rows:
        yield str(writer.writerow([_plain(value) for value in row])).encode()


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    text = str(value).replace("\x00", "")
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text
