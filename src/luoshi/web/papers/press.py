"""Data into PDF: one template of `data/`, one font, nothing taken from the machine.

What people wrote reaches Typst as JSON and is only ever printed as text, never read as markup.
"""

import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
import typst

from luoshi.web.papers.glyphs import Coverage, coverage

TEMPLATES = Path(__file__).parent / "data"
FONT = ("cvttf_NotoSansCJK_Regular", "NotoSansCJKtc-Regular.otf")
"""Package and file. Its forms of characters follow the language that a document is set in."""

LONG = 300
"""Rows; Typst keeps what it laid out for the next ten documents, some 100 MB for 1,000 rows."""

NEAR = 12
"""Characters shown on each side of one that cannot be printed."""

BLANK = frozenset("\n\u200b")
RUN = re.compile(r"[!-~]{24}(?=[!-~])")
"""Latin signs without a break, longer than the cell of a table."""


class Unprintable(Exception):
    """The font lacks a character; `sign` is it, `near` the words around it."""

    def __init__(self, sign: str, near: str) -> None:
        super().__init__(f"no glyph for U+{ord(sign):04X}")
        self.sign = sign
        self.near = near


class FontMissing(Exception):
    """The package of the font is not installed as it should be."""


def pdf(template: str, data: Mapping[str, Any], *, numbered: bool = False) -> bytes:
    """The document of `data/<template>.typ`.

    `data["language"]` is zh or en; `data["address"]`, when given, is printed as a QR code. Raises
    FontMissing, and Unprintable unless what the font lacks may be printed as its number
    (`numbered`); a template that Typst finds fault with is an error of ours.
    """
    told = _clean(data)
    if numbered:
        told = _numbered(told)
    _check(told)
    told["qr"] = _code(data["address"]) if data.get("address") else ""
    if len(told.get("rows", ())) > LONG:
        return _apart(template, told)
    return _set(template, json.dumps(told, ensure_ascii=False))


def _set(template: str, told: str, *, tagged: bool = True) -> bytes:
    made, warnings = typst.compile_with_warnings(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": told},
        format="pdf",
        pdf_tags=tagged,
    )
    if warnings:
        raise RuntimeError(f"{template}: {warnings[0].message}")
    return made


def _apart(template: str, told: Mapping[str, Any]) -> bytes:
    """In a process of its own, without tags for screen readers, who have the page itself."""
    done = subprocess.run(  # noqa: S603 (ourselves; what people wrote goes in as data)
        [sys.executable, "-m", __name__, template],
        input=json.dumps(told).encode(),
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    if done.returncode:
        raise RuntimeError(f"{template}: {done.stderr.decode()[-500:]}")
    return done.stdout


@cache
def fonts() -> typst.Fonts:
    """The one font, opened once in each process."""
    found = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[font_file().parent],
    )
    if not found.families():
        raise FontMissing(FONT[0])
    return found


def font_file() -> Path:
    try:
        path = Path(str(resources.files(FONT[0]))) / FONT[1]
    except ModuleNotFoundError as error:
        raise FontMissing(FONT[0]) from error
    if not path.is_file():
        raise FontMissing(FONT[0])
    return path


@cache
def _known() -> Coverage:
    return coverage(font_file())


def _clean(value: Any) -> Any:
    """Without signs that print nothing, and with breaks in what would run out of its column."""
    return _each(value, lambda text: RUN.sub("\\g<0>\u200b", "".join(filter(_printed, text))))


def _numbered(value: Any) -> Any:
    """Each sign that the font lacks as its number, 〔U+1F600〕."""
    known = _known()

    def shown(sign: str) -> str:
        return sign if known.has(sign) or sign in BLANK else f"〔U+{ord(sign):04X}〕"

    return _each(value, lambda text: "".join(map(shown, text)))


def _each(value: Any, change: Callable[[str], str]) -> Any:
    """The same data with every text changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: _each(one, change) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_each(one, change) for one in value]
    return value


def _printed(sign: str) -> bool:
    """Control characters and what only varies the sign before are left out; a line break stays."""
    if sign == "\n":
        return True
    return unicodedata.category(sign) not in {"Cc", "Cf"} and not _varies(ord(sign))


def _varies(point: int) -> bool:
    return 0xFE00 <= point <= 0xFE0F or 0xE0100 <= point <= 0xE01EF


def _check(told: Any) -> None:
    known = _known()
    checked = set(BLANK)
    for text in _texts(told):
        for sign in set(text) - checked:
            if not known.has(sign):
                at = text.index(sign)
                raise Unprintable(sign, text[max(at - NEAR, 0) : at + NEAR + 1])
            checked.add(sign)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _code(address: str) -> str:
    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=0, scale=4)
    return drawn.getvalue().decode()


if __name__ == "__main__":
    sys.stdout.buffer.write(_set(sys.argv[1], sys.stdin.buffer.read().decode(), tagged=False))
