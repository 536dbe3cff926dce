"""What a unit has in hand, sorted by what its people must do next."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luoshi.cases import queries
from luoshi.cases.queries import Line, Said
from luoshi.rules.state import Status
from luoshi.web.cards import Card, cards

WORKING = (Status.ASSIGNED, Status.HANDLING)
WAITING = (Status.CLAIMED, Status.VERDICT, Status.RETURNED, Status.DEFERRED)
MOST = 100
"""As many cases on one page; a unit with more has other worries than paging."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A card with what belongs to it here: why it came back, which parts are open."""

    card: Card
    back: Said | None = None
    parts: tuple[Card, ...] = ()

    @property
    def why(self) -> str | Promise:
        """Who sent it back, in words."""
        return WHY.get(self.back.kind, "") if self.back else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    name: str
    title: str | Promise
    cases: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    sections: tuple[Section, ...]
    next: str | None


WHY: Mapping[str, str | Promise] = {
    "verified": _("The verification found: not done"),
    "verdict_given": _("The reporter says: not solved"),
    "reopened": _("Reopened"),
}
TITLES: Mapping[str, str | Promise] = {
    "acknowledge": _("To acknowledge"),
    "back": _("Sent back"),
    "mine": _("Being handled by me"),
    "unit": _("Being handled by colleagues"),
    "parts": _("Waiting for their parts"),
    "claimed": _("Waiting for verification"),
    "verdict": _("Waiting for the reporter's word"),
    "returned": _("Returned, waiting for a ruling"),
    "deferred": _("Deferred"),
    "done": _("Done lately"),
}


def working(*, district: int, units: Sequence[int], person: int, after: str = "") -> Board:
    """What the units must act on, by deadline. Raises ValueError for a key that is none."""
    page = queries.unit_cases(district, units, statuses=WORKING, after=after, limit=MOST)
    handling = [line for line in page.lines if line.state.status is Status.HANDLING]
    back = queries.sent_back([x.id for x in handling if x.state.claims or x.state.reopened])
    parts = queries.open_parts([line.id for line in handling if line.state.children])

    def place(line: Line) -> str:
        if line.state.status is Status.ASSIGNED:
            return "acknowledge"
        if line.id in parts:
            return "parts"
        if line.id in back:
            return "back"
        return "mine" if line.state.person == person else "unit"

    names = ("acknowledge", "back", "mine", "unit", "parts")
    return Board(
        sections=_sections(page.lines, names, place, district=district, back=back, parts=parts),
        next=page.next,
    )


def waiting(*, district: int, units: Sequence[int], after: str = "") -> Board:
    """What the units wait for others to do. Raises ValueError for a key that is none."""
    page = queries.unit_cases(district, units, statuses=WAITING, after=after, limit=MOST)
    names = ("returned", "claimed", "verdict", "deferred")
    found = _sections(page.lines, names, lambda line: str(line.state.status), district=district)
    return Board(sections=found, next=page.next)


def done(*, district: int, units: Sequence[int]) -> tuple[Section, ...]:
    """The last ten cases that the units brought to an end."""
    lines = queries.done_lately(district, units)
    return _sections(lines, ("done",), lambda line: "done", district=district)


def late(board: Board, now: datetime) -> int:
    """How many cards of the board have a due time behind them."""
    return sum(
        any(chip.at < now for chip in item.card.chips)
        for section in board.sections
        for item in section.cases
    )


def _sections(
    lines: Sequence[Line],
    names: Sequence[str],
    place: Callable[[Line], str],
    *,
    district: int,
    back: Mapping[int, Said] | None = None,
    parts: Mapping[int, tuple[Line, ...]] | None = None,
) -> tuple[Section, ...]:
    """Only sections with something in them, in the order of `names`."""
    back, parts = back or {}, parts or {}
    below = [line for found in parts.values() for line in found]
    made = {card.line.id: card for card in cards([*lines, *below], district=district)}
    items: dict[str, list[Item]] = {name: [] for name in names}
    for line in lines:
        own = tuple(made[part.id] for part in parts.get(line.id, ()))
        items[place(line)].append(Item(card=made[line.id], back=back.get(line.id), parts=own))
    return tuple(
        Section(name=name, title=TITLES[name], cases=tuple(found))
        for name, found in items.items()
        if found
    )
