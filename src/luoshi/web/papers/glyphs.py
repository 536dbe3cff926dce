"""Which characters a font can print, read from its `cmap` table (OpenType, formats 4 and 12).

Typst prints a box for a character that its font lacks and says nothing: so it is asked before.
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Ranges of code points, in order and apart from each other."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def has(self, sign: str) -> bool:
        """Whether the font has a glyph for this one character."""
        point = ord(sign)
        place = bisect_right(self.starts, point) - 1
        return place >= 0 and point <= self.ends[place]


def coverage(font: Path) -> Coverage:
    """Raises ValueError for a file that is no such font."""
    ranges: list[Range] = []
    for start, end in sorted(_ranges(font.read_bytes())):
        if ranges and start <= ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], max(ranges[-1][1], end))
        else:
            ranges.append((start, end))
    return Coverage(tuple(start for start, _ in ranges), tuple(end for _, end in ranges))


def _ranges(data: bytes) -> Iterator[Range]:
    try:
        at = _table(data, b"cmap")
        (count,) = struct.unpack_from(">H", data, at + 2)
        offsets = {struct.unpack_from(">I", data, at + 8 + 8 * n)[0] for n in range(count)}
        for offset in offsets:
            yield from _subtable(data, at + offset)
    except struct.error as broken:
        raise ValueError("not a font") from broken


def _table(data: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", data, 4)
    for n in range(count):
        name, _sum, offset, _length = struct.unpack_from(">4sIII", data, 12 + 16 * n)
        if name == tag:
            return int(offset)
    raise ValueError("a font without a table of characters")


def _subtable(data: bytes, at: int) -> Iterator[Range]:
    (kind,) = struct.unpack_from(">H", data, at)
    if kind == 12:
        (groups,) = struct.unpack_from(">I", data, at + 12)
        for start, end, _glyph in struct.iter_unpack(">III", data[at + 16 : at + 16 + 12 * groups]):
            yield start, end
    elif kind == 4:
        (double,) = struct.unpack_from(">H", data, at + 6)
        ends = struct.unpack_from(f">{double // 2}H", data, at + 14)
        starts = struct.unpack_from(f">{double // 2}H", data, at + 16 + double)
        # The last segment only ends the table.
        yield from zip(starts[:-1], ends[:-1], strict=True)
