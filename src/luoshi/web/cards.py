"""Cases as the rooms of the staff list them: the line of a query with the words around it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from luoshi.cases import queries
from luoshi.cases.queries import Line
from luoshi.registry import queries as registry
from luoshi.rules.state import Due, State, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A due time to show: what for (a code of words.DUE), and when it is or was."""

    kind: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """`person` is who handles it in the unit: for that unit's own people only."""

    line: Line
    what: str
    where: str
    unit: str
    person: str
    chips: tuple[Chip, ...]

    @property
    def state(self) -> State:
        return self.line.state


def cards(found: Iterable[Line], *, district: int) -> tuple[Card, ...]:
    """Cards in the same order; five queries for any number."""
    rows: Sequence[Line] = tuple(found)
    if not rows:
        return ()
    language = get_language() or "zh-hans"
    states = [row.state for row in rows]
    what = {c.code: c.label(language) for c in queries.categories(district)}
    areas = registry.area_names(s.area for s in states if s.area)
    subjects = registry.subject_names(s.subject for s in states if s.subject)
    units = registry.unit_names((s.owner for s in states if s.owner), language=language)
    people = registry.people(s.person for s in states if s.person)
    return tuple(
        Card(
            line=row,
            what=what.get(row.state.category, row.state.category),
            where=subjects.get(row.state.subject or 0) or areas.get(row.state.area or 0, ""),
            unit=units.get(row.state.owner or 0, ""),
            person=people[row.state.person].name if row.state.person in people else "",
            chips=chips(row.state),
        )
        for row in rows
    )


def chips(state: State) -> tuple[Chip, ...]:
    """What is due on an open case: what was missed first, then what comes next.

    After a missed time the clock's `next_at` is only a reminder, so the missed time is shown.
    """
    found = [Chip(kind=due, at=at) for due in state.missed if (at := _missed(state, due))]
    if state.due and state.next_at and state.due not in state.missed:
        found.append(Chip(kind=state.due, at=state.next_at))
    shown = {chip.kind for chip in found}
    if state.status in _RUNS and state.deadline and Due.HANDLING not in shown:
        found.append(Chip(kind=Due.HANDLING, at=state.deadline))
    return tuple(sorted(found, key=lambda chip: chip.at))


_RUNS = frozenset({Status.ASSIGNED, Status.HANDLING, Status.RETURNED, Status.DEFERRED})
"""Where the owner's deadline runs on."""


def _missed(state: State, due: Due) -> datetime | None:
    return state.deadline if due is Due.HANDLING else state.late_since
