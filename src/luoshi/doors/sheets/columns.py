"""Which column is what: proposed from its header, remembered for the next sheet of that shape."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.utils.functional import Promise

from luoshi.doors.sheets.cells import shown

HEADER_WITHIN = 10
"""Above the header may stand a title and a few lines; it is looked for in the first rows."""

_BETWEEN = re.compile(r"[\s_\-*:：()（）【】\[\]/、.,，。]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Something a row may say. `names`: headers that mean it, the one we write ourselves first."""

    code: str
    label: str | Promise
    names: tuple[str, ...]
    required: bool = False
    help: str | Promise = ""
    sample: str = ""


def tidy(name: str) -> str:
    """Headers are compared without case, width, spaces and brackets."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", name)).casefold()


def signature(header: Sequence[str]) -> str:
    """The same for sheets with the same header."""
    return sha256("\n".join(map(tidy, header)).encode()).hexdigest()


def propose(header: Sequence[str], columns: Iterable[Column]) -> list[str]:
    """For each column of the sheet the code it most likely is, each code at most once."""
    columns = tuple(columns)
    exact = {tidy(name): one.code for one in columns for name in (*one.names, one.code)}
    found = [exact.get(tidy(name), "") if name else "" for name in header]
    for place, name in enumerate(header):
        if not found[place] and name:
            found[place] = _inside(tidy(name), columns, set(found))
    seen = set[str]()
    for place, code in enumerate(found):
        if code in seen:
            found[place] = ""
        seen.add(code)
    return found


def _inside(name: str, columns: tuple[Column, ...], taken: set[str]) -> str:
    """A header that contains a name of two letters or more, the longest: 联系电话（必填）."""
    hits = [
        (len(tidy(one)), column.code)
        for column in columns
        if column.code not in taken
        for one in column.names
        if len(tidy(one)) > 1 and tidy(one) in name
    ]
    return max(hits)[1] if hits else ""


def header_row(rows: Sequence[Sequence[Any]], columns: Iterable[Column]) -> int:
    """The number (from 1) of the row that names the columns; 0 when there is no row at all.

    The one with the most names known here, else the first with two filled cells, else the first.
    """
    columns = tuple(columns)
    best, first, two = (0, 0), 0, 0
    for number, row in enumerate(rows[:HEADER_WITHIN], 1):
        names = named(row)
        filled = sum(map(bool, names))
        first = first or (number if filled else 0)
        two = two or (number if filled > 1 else 0)
        hits = sum(map(bool, propose(names, columns)))
        if hits > best[0]:
            best = (hits, number)
    return best[1] or two or first


def named(row: Sequence[Any]) -> list[str]:
    """The header's cells as text, without the empty ones at its end."""
    names = [" ".join(shown(value, most=100).split()) for value in row]
    while names and not names[-1]:
        names.pop()
    return names
