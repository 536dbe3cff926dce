"""What a text is found by: pairs of neighbouring Chinese characters, whole Latin words, numbers.

Made here and handed to the database as they are, so that both databases find the same and neither
needs a dictionary or an extension. Compatibility forms, case and accents make no difference.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST_WORD = 32
MOST_TERMS = 60
"""Terms of one question: beyond them nothing is narrowed down any more."""
MOST_BYTES = 400_000
"""Of one case: PostgreSQL stores no more than a megabyte of them."""
MOST_OF_A_CHARACTER = 4
"""Bytes of it in UTF-8."""
FEWEST_DIGITS = 4
"""Of the beginning of a case number: fewer digits are the beginning of half of all numbers."""

NUMBER, TEXT = "§", "¶"
"""Marks of what nobody can type: a case number by its parts, and which text the words are of, so
that an erasure finds them."""


class _Known(dict[Any, Any]):
    """What a character is, found out once: most of the work of taking a text apart."""

    def __init__(self, find: Callable[[Any], Any]) -> None:
        self._find = find

    def __missing__(self, char: Any) -> Any:
        self[char] = found = self._find(char)
        return found


_BARE = _Known(lambda code: None if unicodedata.combining(chr(code)) else code)
_WIDE = _Known(lambda char: unicodedata.category(char) == "Lo" if char.isalnum() else None)
"""True: a letter of a script without spaces between words; False: of a word; None: neither."""


class TooShort(ValueError):
    """Nothing to look for: less than two characters."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must occur: the token, and for digits also numbers that begin so."""

    token: str
    number: bool = False


def plain(text: str) -> str:
    """Full-width and compatibility forms as usual ones, no accents, small letters."""
    apart = unicodedata.normalize("NFKD", text)
    return apart.translate(_BARE).casefold()


def tokens(text: str) -> set[str]:
    """The tokens of a text."""
    found = set[str]()
    for run, wide in _runs(text):
        found.update(_pairs(run) if wide else [run[:LONGEST_WORD]])
    return found


def pairs(text: str) -> set[str]:
    """Tokens that say something: no lone characters."""
    return {token for token in tokens(text) if len(token) > 1}


def asked(text: str) -> tuple[Term, ...]:
    """What a question must find, all of it. Raises TooShort."""
    found: dict[Term, None] = {}
    for run, wide in _runs(text[:500]):
        if wide and len(run) > 1:
            found.update(dict.fromkeys(Term(pair) for pair in _pairs(run)))
        elif not wide:
            number = run.isdecimal() and len(run) >= FEWEST_DIGITS
            found[Term(run[:LONGEST_WORD], number)] = None
    if not any(len(term.token) > 1 for term in found):
        raise TooShort
    return tuple(found)[:MOST_TERMS]


def document(*, numbers: Iterable[str], names: Iterable[str], texts: Mapping[int, str]) -> str:
    """All tokens of a case in the order of the alphabet: no text can be read from it again."""
    marks = {NUMBER + part for number in numbers for part in _parts(number)}
    marks |= {f"{TEXT}{id:x}" for id in texts}
    said = set[str]().union(*(tokens(text) for text in (*names, *texts.values()) if text))
    return " ".join([*sorted(marks), *_as_many_as_fit(sorted(said))])


def grown(before: str, after: str) -> str:
    """Two documents of one case as one."""
    found = sorted({*before.split(), *after.split()})
    marks = [token for token in found if token[0] in NUMBER + TEXT]
    return " ".join([*marks, *_as_many_as_fit([t for t in found if t[0] not in NUMBER + TEXT])])


def mark(text: int) -> str:
    """The token by which the words of a text are found when it is erased."""
    return f"{TEXT}{text:x}"


def _parts(number: str) -> set[str]:
    digits = [part for part in re.split(r"\D+", number) if part]
    return {*digits, "".join(digits)} - {""}


def _as_many_as_fit(found: Sequence[str]) -> Iterable[str]:
    if sum(map(len, found)) + len(found) < MOST_BYTES / MOST_OF_A_CHARACTER:
        return found
    return _cut(found)


def _cut(found: Iterable[str]) -> Iterator[str]:
    room = MOST_BYTES
    for token in found:
        room -= len(token.encode()) + 1
        if room < 0:
            return
        yield token


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """Unbroken runs of one kind: of characters without spaces between words, or of a word."""
    bare = plain(text)
    kinds, begins = [_WIDE[char] for char in bare], 0
    for end in range(1, len(bare) + 1):
        kind = kinds[begins]
        if end == len(bare) or kinds[end] is not kind:
            if kind is not None:
                yield bare[begins:end], kind
            begins = end


def _pairs(run: str) -> list[str]:
    return [run[n : n + 2] for n in range(len(run) - 1)] or [run]
