"""The columns of the list of all cases: once, for the screen and for the files."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from luoshi.web import formats, words
from luoshi.web.cards import Card
from luoshi.web.case.choices import Label

HEAD: Mapping[str, Label] = {
    "number": _("Case number"),
    "received": _("Received on"),
    "category": _("Category"),
    "place": _("Place"),
    "summary": _("Summary"),
    "status": _("Status"),
    "unit": _("Responsible unit"),
    "deadline": _("Deadline"),
    "level": _("Supervision level"),
    "origin": _("Brought by"),
}
"""By the order of the columns. `summary` is what an officer wrote, never a reporter's words."""

_CELLS: Mapping[str, Callable[[Card], Any]] = {
    "number": lambda card: card.line.number,
    "received": lambda card: card.state.received_at,
    "category": lambda card: card.what,
    "place": lambda card: card.where,
    "summary": lambda card: card.line.text,
    "status": lambda card: words.status(str(card.state.status), card.state.resolution),
    "unit": lambda card: card.unit,
    "deadline": lambda card: formats.last_minute(card.state.deadline),
    "level": lambda card: card.state.level or None,
    "origin": lambda card: str(words.ORIGIN[card.state.origin]),
}


def head() -> list[str]:
    return [str(name) for name in HEAD.values()]


def cells(cards: Iterable[Card]) -> Iterable[list[Any]]:
    """The rows of a file."""
    for card in cards:
        yield [_CELLS[name](card) for name in HEAD]
