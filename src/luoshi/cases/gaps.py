"""Answers with gaps: {place}, {unit}, {phone} … are filled in from the case before one is sent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

VARIABLES = ("place", "unit", "phone", "deadline", "number", "category", "received", "desk")
"""What an answer of a pack may name in braces."""

_GAP = re.compile(r"\{\s*([a-z_]+)\s*\}")


@dataclass(frozen=True, slots=True)
class Filled:
    """`missing`: gaps for which nothing is known, as they stand in the text; they stay in it."""

    text: str
    missing: tuple[str, ...]


def gaps(text: str) -> tuple[str, ...]:
    """The names in braces, each once, in their order."""
    return tuple(dict.fromkeys(_GAP.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """The text with what is known in its gaps."""
    missing = tuple(name for name in gaps(text) if not values.get(name))
    return Filled(_GAP.sub(lambda gap: values.get(gap[1]) or gap[0], text), missing)
