"""The plain text of a notice: headings, lists, paragraphs, and what stands in a line.

`#`, `##` or `###` and a blank begin a heading; `-` an item; everything else is a paragraph, lines
kept. No markup of any other kind: what looks like it is shown as it is written.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from luoshi.publication.numbers import SOURCED, TOKEN

LONGEST = 40_000
"""Characters of a body; as many as fill some thirty pages."""
MOST_LINES = 2_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line. kind: text, figure (`text` is the token as written), sourced (`text` is the
    number, `source` where it comes from)."""

    kind: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """kind: h2, h3, h4, p, list. `lines`: of a paragraph, or items of a list; each of pieces."""

    kind: str
    lines: tuple[tuple[Piece, ...], ...]


def clean(text: str) -> str:
    """Line feeds only, no control characters, nothing that turns the direction of reading."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in text if char in "\n\t" or _is_harmless(char)).strip("\n")


def _is_harmless(char: str) -> bool:
    # Cf: bidirectional overrides, zero-width characters (which hide in numbers), tags.
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co"} and char not in "\u2028\u2029"


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


_HEADING = re.compile(r"(#{1,3})[ \t]+(.*)")
_ITEM = re.compile(r"[ \t]*[-*•][ \t]+(.*)")


def blocks(text: str) -> list[Block]:
    """What a reader sees, in order."""
    return list(_joined(text.split("\n")))


def _joined(lines: list[str]) -> Iterator[Block]:
    kind, held = "", list[str]()
    for line in [*lines, ""]:
        now, rest = _kind(line)
        if held and (now != kind or now.startswith("h")):
            yield Block(kind, tuple(pieces(part) for part in held))
            held = []
        kind = now
        if now:
            held.append(rest)


def _kind(line: str) -> tuple[str, str]:
    if heading := _HEADING.fullmatch(line.strip()):
        return f"h{len(heading[1]) + 1}", heading[2].strip()
    if item := _ITEM.fullmatch(line):
        return "list", item[1].strip()
    return ("p", line.strip()) if line.strip() else ("", "")


_SPECIAL = re.compile(f"{TOKEN.pattern}|{SOURCED.pattern}")


def pieces(line: str) -> tuple[Piece, ...]:
    """One line taken apart."""
    found, last = list[Piece](), 0
    for match in _SPECIAL.finditer(line):
        if match.start() > last:
            found.append(Piece("text", line[last : match.start()]))
        if match["number"] is None:
            found.append(Piece("figure", match[0]))
        else:
            found.append(Piece("sourced", match["number"].strip(), match["source"].strip()))
        last = match.end()
    if last < len(line):
        found.append(Piece("text", line[last:]))
    return tuple(found)
