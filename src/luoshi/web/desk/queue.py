"""The lists of the desk, line by line: what it is, where, how it came and what is due."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from luoshi.cases import queries
from luoshi.cases.queries import Line, Page, Storm
from luoshi.cases.wording import DOOR
from luoshi.registry import queries as registry
from luoshi.rules.state import State
from luoshi.web.cards import Chip, chips
from luoshi.web.case.choices import language


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Whose list it is. `hidden` are cases that this person may not even count."""

    district: int
    person: int
    hidden: frozenset[int]
    now: datetime
    after: str = ""
    status: str = ""
    area: int | None = None
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`guessed`: the category is what the words speak of, nobody has chosen it yet."""

    line: Line
    place: str
    door: str
    received_at: datetime | None
    category: str
    guessed: bool
    danger: bool  # perhaps only by the guess
    unit: str
    chips: tuple[Chip, ...]

    @property
    def state(self) -> State:
        return self.line.state


def _triage(ask: Ask) -> Page:
    return queries.inbox(ask.district, without=ask.hidden, after=ask.after)


def _rulings(ask: Ask) -> Page:
    return queries.returned(ask.district, without=ask.hidden, after=ask.after)


def _extensions(ask: Ask) -> Page:
    return queries.extensions_asked(ask.district, without=ask.hidden, after=ask.after)


def _unverified(ask: Ask) -> Page:
    return queries.stuck(
        ask.district, "no_verifier", now=ask.now, without=ask.hidden, after=ask.after
    )


def _samples(ask: Ask) -> Page:
    return queries.samples_for(ask.person, after=ask.after)


def _open(ask: Ask) -> Page:
    return queries.district_cases(
        ask.district,
        status=ask.status,
        area=ask.area,
        category=ask.category,
        without=ask.hidden,
        after=ask.after,
    )


LISTS: Mapping[str, Callable[[Ask], Page]] = {
    "triage": _triage,
    "rulings": _rulings,
    "extensions": _extensions,
    "unverified": _unverified,
    "samples": _samples,
    "open": _open,
}


def rows(found: Iterable[Line], *, district: int) -> tuple[Row, ...]:
    """Lines with the words around them; five queries for any number."""
    lines = tuple(found)
    if not lines:
        return ()
    states = [line.state for line in lines]
    known = queries.categories(district)
    urgencies = {c.code: c.urgency for c in known}
    labels = {c.code: c.label(language()) for c in known}
    areas = registry.area_names(s.area for s in states if s.area)
    subjects = registry.subject_names(s.subject for s in states if s.subject)
    units = registry.unit_names((s.owner for s in states if s.owner), language=language())
    firsts = queries.first_reports(line.id for line in lines)

    def row(line: Line) -> Row:
        state, first = line.state, firsts.get(line.id)
        code = state.category or queries.guess(known, line.text)
        names = (subjects.get(state.subject or 0), areas.get(state.area or 0))
        return Row(
            line=line,
            place=" · ".join(name for name in names if name),
            door=str(DOOR.get(first.door, first.door)) if first else "",
            received_at=state.received_at,
            category=labels.get(code, code),
            guessed=not state.category,
            danger="danger" in {state.urgency, urgencies.get(code)},
            unit=units.get(state.owner or 0, ""),
            chips=chips(state),
        )

    return tuple(row(line) for line in lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class StormRow:
    """Many alike as one line: the oldest, and where."""

    first: Line
    cases: tuple[int, ...]
    category: str
    place: str
    waiting: datetime | None  # until when the oldest must be triaged


def storm_rows(found: Iterable[Storm], *, district: int) -> tuple[StormRow, ...]:
    """Three queries for any number, or none."""
    groups = tuple(found)
    if not groups:
        return ()
    labels = {c.code: c.label(language()) for c in queries.categories(district)}
    areas = registry.area_names(g.area for g in groups if g.area)
    subjects = registry.subject_names(g.subject for g in groups if g.subject)
    return tuple(
        StormRow(
            first=group.first,
            cases=group.cases,
            category=labels.get(group.category, group.category),
            place=subjects.get(group.subject or 0) or areas.get(group.area or 0, ""),
            waiting=next((chip.at for chip in chips(group.first.state)), None),
        )
        for group in groups
    )
