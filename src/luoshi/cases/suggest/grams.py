"""A text as the pieces that are counted: one to three characters of its words, in their order."""

import re
import unicodedata

LONGEST = 1_000
"""Characters of a text that are looked at: what it is about stands at its beginning."""

SIZES = (1, 2, 3)
_WORDS = re.compile(r"\w+")


def plain(text: str) -> str:
    """The text with as many characters: wide and narrow, large and small letters alike, and every
    figure a 0, so that no number of a phone or a plate is ever learned."""
    return "".join(map(_plain, text[:LONGEST]))


def _plain(char: str) -> str:
    shown = unicodedata.normalize("NFKC", char).lower()
    if len(shown) != 1:
        return char
    return "0" if shown.isdigit() else shown


def places(text: str) -> list[tuple[int, str]]:
    """Every piece with where it begins; none reaches across a space or a sign."""
    even = plain(text)
    return [
        (start, even[start : start + size])
        for word in _WORDS.finditer(even)
        for size in SIZES
        for start in range(word.start(), word.end() - size + 1)
    ]


def grams(text: str) -> list[str]:
    return [piece for _start, piece in places(text)]
