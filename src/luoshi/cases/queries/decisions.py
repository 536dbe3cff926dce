"""What a leader has to decide today: the cases that wait for his word, and whether it is his."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.db.models import F, QuerySet
from django.utils import timezone

from luoshi.cases.models import Case
from luoshi.cases.queries.calls import _families, _seats
from luoshi.cases.queries.counts import counts
from luoshi.cases.queries.lines import Line, lines
from luoshi.cases.queries.lists import OPEN
from luoshi.cases.queries.stuck import stuck_rows
from luoshi.cases.rows import to_state
from luoshi.registry import queries as registry
from luoshi.rules.state import Extension, Seat, Status

DECISIONS: Mapping[str, Seat | None] = {
    "ruling": Seat.NEUTRAL,
    "twice_unsolved": Seat.NEUTRAL,
    "no_verifier": None,  # nobody's word helps: the register must know somebody independent
    "past_review": Seat.LEADER,
    "top_level": Seat.LEADER,
    "extension": Seat.DESK,
}
"""What waits, in the order in which it presses, and the seat that decides."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """`counts` stop one beyond MOST. `mine`: kind and case of the lines that he may decide."""

    counts: Mapping[str, int]
    lines: Mapping[str, Sequence[Line]]
    mine: frozenset[tuple[str, int]]

    def __bool__(self) -> bool:
        return any(self.counts.values())


def decisions(
    district: int,
    person: int,
    *,
    now: datetime,
    tonight: datetime,
    known: Mapping[str, int] = MappingProxyType({}),
    without: Collection[int] = (),
    each: int = 3,
) -> Decisions:
    """The longest waiting of each kind; reviews up to `tonight`. Sealed cases are in `called`.

    A query for each kind, one for the counts that are not `known` (`stuck_counts`), and up to ten
    for what is around those shown.
    """
    rows = {kind: _rows(district, kind, now, tonight, without) for kind in DECISIONS}
    found = {kind: list(_longest(kind, waiting)[:each]) for kind, waiting in rows.items()}
    told = {kind: n for kind, n in known.items() if kind in rows and kind != "past_review"}
    counted = told | counts({kind: one for kind, one in rows.items() if kind not in told})
    every = [row for shown in found.values() for row in shown]
    line = {line.id: line for line in lines({row.pk: row for row in every}.values())}
    return Decisions(
        counts={kind: counted[kind] for kind in DECISIONS},
        lines={kind: [line[row.pk] for row in shown] for kind, shown in found.items()},
        mine=_mine(found, district, person, now),
    )


def _rows(
    district: int, kind: str, now: datetime, tonight: datetime, without: Collection[int]
) -> QuerySet[Case]:
    if kind == "extension":
        asked = OPEN.filter(district_id=district, status=Status.HANDLING, sealed=False)
        return asked.filter(extension=Extension.ASKED).exclude(pk__in=list(without))
    until = tonight if kind == "past_review" else now
    return stuck_rows(district, kind, now=until, without=without)


def _longest(kind: str, rows: QuerySet[Case]) -> QuerySet[Case]:
    name = {"past_review": "review_at", "extension": "deadline", "top_level": "deadline"}
    return rows.order_by(F(name.get(kind, "since")).asc(nulls_last=True), "pk")


def _mine(
    found: Mapping[str, Sequence[Case]], district: int, person: int, now: datetime
) -> frozenset[tuple[str, int]]:
    rows = {row.pk: row for shown in found.values() for row in shown}
    if not rows:
        return frozenset()
    roster = registry.roster(district, on=timezone.localdate(now))
    units, kin = registry.units(district), _families(list(rows.values()))
    held = {
        pk: _seats(to_state(row), person, roster, units, kin.get(pk, frozenset()))
        for pk, row in rows.items()
    }
    return frozenset(
        (kind, row.pk)
        for kind, shown in found.items()
        for row in shown
        if DECISIONS[kind] in held[row.pk]
    )
