"""Every text of a pack stands in Chinese and in English."""

import re
from typing import Any

from luoshi.cases.gaps import VARIABLES, gaps
from luoshi.packs.mistakes import instead
from luoshi.packs.reading import Step
from luoshi.packs.shelf import Pack, Shelf

PAIRS = ("name", "title", "about", "help", "note", "question", "explain", "unit_name")
SIGNS = ("unit_name",)  # may be a sign such as % in both languages
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")


def tell_texts(shelf: Shelf) -> None:
    """Note a text without its other language, and one that is in the wrong language."""
    for pack in shelf.packs:
        _walk(pack, (), pack.data)
        for section in ("answers", "declines"):
            _gaps(pack, section, VARIABLES if section == "answers" else ())


def _gaps(pack: Pack, section: str, known: tuple[str, ...]) -> None:
    """An answer names in braces only what can be filled in."""
    for entry in pack.entries(section):
        for name in gaps(str(entry.data.get("text", ""))):
            if name not in known:
                told = f"nothing can be filled in for `{{{name}}}`"
                remedy = (
                    instead(name, known) if known else "write it out: only answers are filled in"
                )
                pack.reading.tell((*entry.path, "text"), told, remedy)


def _walk(pack: Pack, path: tuple[Step, ...], value: Any) -> None:
    if isinstance(value, dict):
        for base in PAIRS:
            _pair(pack, path, base, value)
        for key, inner in value.items():
            _walk(pack, (*path, key), inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            _walk(pack, (*path, number), inner)


def _pair(pack: Pack, path: tuple[Step, ...], base: str, value: dict[str, Any]) -> None:
    chinese, english = value.get(base), value.get(f"{base}_en")
    if isinstance(chinese, str) and isinstance(english, str):
        _languages(pack, path, base, chinese, english)
    elif isinstance(chinese, str) and f"{base}_en" not in value:
        told = f"`{base}_en` is missing: the text stands in Chinese only"
        pack.reading.tell((*path, base), told, f"add `{base}_en: …` in English")
    elif isinstance(english, str) and base not in value:
        told = f"`{base}` is missing: the text stands in English only"
        pack.reading.tell((*path, f"{base}_en"), told, f"add `{base}: …` in Chinese")


def _languages(pack: Pack, path: tuple[Step, ...], base: str, chinese: str, english: str) -> None:
    if base in SIGNS or not chinese.strip() or not english.strip():
        return
    if not _CHINESE.search(chinese):
        pack.reading.tell((*path, base), "is not Chinese", "write the Chinese text here")
    if not _LATIN.search(english):
        pack.reading.tell((*path, f"{base}_en"), "is not English", "write the English text here")
