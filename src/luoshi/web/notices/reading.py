"""A text as its reader sees it: blocks, figures with what is behind them, sources as footnotes.

The same for what is published (figures as they were frozen) and for a draft (figures of now).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from luoshi.publication import tokens
from luoshi.publication.content import Content, Examined
from luoshi.publication.queries import Shown
from luoshi.publication.tables import Table
from luoshi.publication.text import Piece, blocks


@dataclass(frozen=True, slots=True)
class Part:
    """kind: text, figure, sourced, broken. `ref`: number of the figure or of the source."""

    kind: str
    text: str
    ref: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    kind: str
    lines: tuple[tuple[Part, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """What is behind a figure."""

    ref: int
    title: str
    definition: str
    shown: str
    unit: str
    note: str
    n: int
    at: datetime
    since: datetime | None
    until: datetime | None
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    as_written: bool


@dataclass(slots=True)
class Reading:
    """`title_lang`, `body_lang`: of what is written only in Chinese the English page says so."""

    title: str
    title_lang: str
    body_lang: str
    tables: Sequence[Mapping[str, Any] | Table]
    blocks: list[Block] = field(default_factory=list)
    figures: list[Behind] = field(default_factory=list)
    sources: list[tuple[str, str]] = field(default_factory=list)

    @property
    def only_chinese(self) -> bool:
        return _language() == "en" and self.body_lang != "en"


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh-hans"


def of_version(shown: Shown) -> Reading:
    """A published version."""
    frozen = shown.frozen
    return _read(shown.content, frozen["titles"], frozen["figures"], frozen["tables"])


def of_draft(content: Content, examined: Examined) -> Reading:
    """A draft, with the values of now."""
    return _read(content, examined.titles, examined.figures, examined.tables)


def _read(
    content: Content,
    titles: Mapping[str, str],
    figures: Mapping[str, tokens.Frozen],
    tables: Sequence[Any],
) -> Reading:
    language = _language()
    title_lang = language if titles.get(language) else "zh-hans"
    body_lang = "en" if language == "en" and content.body_en else "zh-hans"
    reading = Reading(titles[title_lang], title_lang, body_lang, tables)
    numbered = dict[str, int]()
    raw_title = content.title_en if title_lang == "en" else content.title
    for use in tokens.uses(raw_title)[0]:
        _number(use.key, figures, numbered, reading)
    for block in blocks(content.body_en if body_lang == "en" else content.body):
        lines = tuple(
            tuple(_part(piece, figures, numbered, reading) for piece in line)
            for line in block.lines
        )
        reading.blocks.append(Block(block.kind, lines))
    return reading


def _part(
    piece: Piece, figures: Mapping[str, tokens.Frozen], numbered: dict[str, int], reading: Reading
) -> Part:
    if piece.kind == "sourced":
        reading.sources.append((piece.text, piece.source))
        return Part("sourced", piece.text, len(reading.sources))
    if piece.kind == "text":
        return Part("text", piece.text)
    used = tokens.uses(piece.text)[0]
    if not used or used[0].key not in figures:
        return Part("broken", piece.text)
    ref = _number(used[0].key, figures, numbered, reading)
    return Part("figure", figures[used[0].key][reading.body_lang]["shown"], ref)


def _number(
    key: str, figures: Mapping[str, tokens.Frozen], numbered: dict[str, int], reading: Reading
) -> int:
    """The number of a figure in this text; the first time it is put into the list."""
    if key not in numbered and key in figures:
        numbered[key] = len(reading.figures) + 1
        reading.figures.append(_behind(figures[key], numbered[key]))
    return numbered.get(key, 0)


def _behind(figure: tokens.Frozen, ref: int) -> Behind:
    words = figure[_language()]
    return Behind(
        ref=ref,
        title=words["title"],
        definition=words["definition"],
        shown=words["shown"],
        unit=words["unit"],
        note=words["note"],
        n=figure["n"],
        at=datetime.fromisoformat(figure["at"]),
        since=_time(figure.get("since")),
        until=_time(figure.get("until")),
        head=words["head"],
        rows=words["rows"],
        as_written=figure["as_written"],
    )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def address(number: str) -> str:
    """The permanent address, in full."""
    return settings.LUOSHI_PUBLIC_URL + reverse("notices:show", args=[number])
