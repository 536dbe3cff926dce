"""A mistake in a pack, told by file, line and entry, with what to do about it."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 12  # names listed when none comes close


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One mistake. `where` names the entry in words: ("expectations", "market.masks", "every")."""

    file: str
    line: int
    where: tuple[str, ...]
    text: str
    remedy: str

    def __str__(self) -> str:
        place = " › ".join(self.where)
        told = f"{place}: {self.text}" if place else self.text
        return f"{self.file}:{self.line}: {told}\n    {self.remedy}"


class PackError(ValueError):
    """Packs that cannot be used; the text lists every mistake of all of them."""


def instead(word: object, known: Iterable[str]) -> str:
    """The remedy for a name that nobody knows: the nearest known one, or the list of them."""
    names = sorted(known)
    near = difflib.get_close_matches(str(word)[:80], names, n=1, cutoff=0.7)
    if near:
        return f"did you mean `{near[0]}`?"
    if not names:
        return "there is none yet: add it first"
    more = ", …" if len(names) > SHOWN else ""
    return f"use one of: {', '.join(names[:SHOWN])}{more}"
