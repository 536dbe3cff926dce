"""All cases of the district by what is wanted of them, the newest first, as far as one may see
them.

Ids are ordered by time, so a page is a range of ids: new arrivals move nothing. Whatever is
wanted, the cases are walked along one index (the way), and of those only so many are looked at for
one page: where few fit, a page may be short and says where to look further.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from luoshi.cases.gather import world
from luoshi.cases.models import Case, CaseUnit
from luoshi.cases.queries.lines import Line
from luoshi.cases.queries.lists import PAGE
from luoshi.cases.queries.seen import seen
from luoshi.cases.queries.walking import LAST, ROUNDS, SPARE, Stretch, Way, beyond, read
from luoshi.cases.rows import to_state
from luoshi.cases.search import find
from luoshi.cases.search.find import Clause
from luoshi.cases.search.tokens import asked
from luoshi.infra import ids
from luoshi.rules.independence import above
from luoshi.rules.permissions import WHOLE_DISTRICT
from luoshi.rules.state import Origin, Status
from luoshi.trust import vault

ALL = "open"
"""The wanted status that is every one but closed."""
PIECE = 500
_OPEN = f"NOT (c.status = '{Status.CLOSED}')"  # as the partial index says it
_RARE = f"NOT (c.origin = '{Origin.REPORT}')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the list shows; a field left empty narrows nothing.

    `words` find as the search does, or the beginning of a number; `status` is one, or "open";
    `level` at least; received from `since` on and before `until`.
    """

    words: str = ""
    status: str = ""
    category: str = ""
    areas: tuple[int, ...] = ()
    owner: int | None = None
    overdue: bool = False
    level: int = 0
    origin: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """Some lines, the newest first, with the ids that lead on: `older` is the `after` of the next
    page, `newer` the `before` of the one above; None at an end. `short`: not all was looked at."""

    lines: tuple[Line, ...]
    older: int | None = None
    newer: int | None = None
    short: bool = False


def at_least_two(words: str) -> None:
    """Raises TooShort where `words` are no question."""
    asked(words)


def listed(
    district: int,
    wanted: Wanted,
    *,
    person: int,
    now: datetime,
    after: int | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> Listed:
    """One page of the cases that are wanted and that this person may open. `text` of a line is the
    summary that an officer wrote, never a reporter's words.

    Raises TooShort for less than two characters. Six queries where every case fits, at most 25
    where few do, whatever the size of the district.
    """
    walk = _Walk(district, wanted, person, now)
    if before is not None:
        rows, end = walk.page(before, older=False, limit=limit)
        if end is not None:
            shown = rows[:limit][::-1]
            below = shown[-1].pk if shown else before
            return Listed(_lines(shown), older=below, newer=shown[0].pk if shown else end)
        after = None  # the top is reached: the first page, and whatever arrived meanwhile
    rows, end = walk.page(after, older=True, limit=limit)
    shown = rows[:limit]
    above_it = None if after is None else (shown[0].pk if shown else after)
    return Listed(_lines(shown), end, above_it, end is not None and len(rows) <= limit)


def every(
    district: int, wanted: Wanted, *, person: int, now: datetime
) -> Iterator[tuple[Line, ...]]:
    """The same cases in pieces, as many as there are."""
    walk, key = _Walk(district, wanted, person, now), None
    while True:
        rows, key = walk.page(key, older=True, limit=PIECE)
        if rows:
            yield _lines(rows[:PIECE])
        if key is None:
            return


def _lines(rows: Sequence[Case]) -> tuple[Line, ...]:
    # An old ledger's words may be anybody's, and what is sealed is read on its own page alone.
    open_ = [row for row in rows if not row.sealed and row.origin != Origin.LEDGER]
    said = {row.pk: row.summary for row in open_ if row.summary}
    texts = vault.read_texts(set(said.values())) if said else {}
    return tuple(
        Line(row.pk, row.number, row.seq, to_state(row), texts.get(said.get(row.pk, 0)) or "")
        for row in rows
    )


class _Walk:
    """One reader's question; `page` may be asked again and again."""

    def __init__(self, district: int, wanted: Wanted, person: int, now: datetime) -> None:
        self._there = world(district, now)
        self._person = person
        self._stretches = _stretches(district, wanted, self._narrow(), now)

    def _narrow(self) -> tuple[int, ...] | None:
        """The units whose cases are his; None for whoever looks after the whole district."""
        mine = [fact for fact in self._there.roster if fact.person == self._person]
        if any(fact.role in WHOLE_DISTRICT for fact in mine):
            return None
        own, units = {fact.unit for fact in mine}, self._there.units
        return tuple(unit for unit in units if own & {unit, *above(unit, units)}) or (0,)

    def page(self, key: int | None, *, older: bool, limit: int) -> tuple[list[Case], int | None]:
        """Up to `limit + 1` rows in the order of the walk, and the id behind which to go on after
        the first `limit` of them; None at the end."""
        rows: list[Case] = []
        ways = [s for s in self._stretches if beyond(s, key, older)]
        ways = ways if older else ways[::-1]
        for n in range(ROUNDS):
            if not ways:
                return rows, None
            found, key, done = read(ways[0], key, older, limit + 1 + SPARE, first=n == 0)
            rows += self._visible(found, older)
            if len(rows) > limit:
                return rows[: limit + 1], rows[limit - 1].pk
            if done:
                ways = ways[1:]
        return rows, key if ways else None

    def _visible(self, found: Sequence[int], older: bool) -> list[Case]:
        if not found:
            return []
        rows = list(Case.objects.filter(pk__in=found).order_by("-pk" if older else "pk"))
        allowed = seen(rows, person=self._person, there=self._there)
        return [row for row in rows if row.pk in allowed]


# ---- From what is wanted to the way ----


def _stretches(
    district: int, wanted: Wanted, units: tuple[int, ...] | None, now: datetime
) -> list[Stretch]:
    """One, or two: an old ledger's cases were received before they were entered, so of those before
    a day some lie among the ids made later."""
    low = ids.earliest(wanted.since) if wanted.since else 0
    end = ids.earliest(wanted.until) if wanted.until else LAST
    if wanted.until is None or wanted.origin == Origin.LEDGER:
        return [_stretch(district, wanted, units, now, low, LAST)]
    before = _stretch(district, wanted, units, now, low, max(end, low))
    if wanted.origin:
        return [before]
    old = Wanted(**{**_asdict(wanted), "origin": Origin.LEDGER})
    return [_stretch(district, old, units, now, max(low, end), LAST, by="origin"), before]


def _asdict(wanted: Wanted) -> dict[str, Any]:
    return {name: getattr(wanted, name) for name in Wanted.__slots__}


def _stretch(
    district: int,
    wanted: Wanted,
    units: tuple[int, ...] | None,
    now: datetime,
    low: int,
    high: int,
    by: str = "",
) -> Stretch:
    """`by`: the index that narrows most, where that is known; else the first of those that fit."""
    clauses = _clauses(district, wanted, now)
    here = ("c.district_id = %s", [district])
    if wanted.words:
        way = _by_words(wanted.words)
        rest = [here, *clauses.values()]
        if units is not None:
            rest.append(_of_units(units))
        return Stretch(way, tuple(rest), low, high)
    if units is not None:
        return Stretch(_by_units(units), (here, *clauses.values()), low, high)
    return _by_columns(district, wanted, clauses, low, high, by)


def public_stretch(district: int, wanted: Wanted) -> Stretch:
    """For the public list: ordinary cases that a unit was given and the desk summed up."""
    clauses = _clauses(district, wanted, timezone.now())
    clauses["public"] = (
        "c.sealed = %s AND c.was_assigned = %s AND c.origin = %s AND c.urgency <> 'enquiry'"
        " AND c.summary IS NOT NULL AND c.merged_into IS NULL",
        [False, True, Origin.REPORT],
    )
    return _by_columns(district, wanted, clauses, 0, LAST)


def _by_columns(
    district: int, wanted: Wanted, clauses: dict[str, Clause], low: int, high: int, by: str = ""
) -> Stretch:
    chosen = by or next((name for name in _WAYS if name in clauses), None)
    branches = _WAYS[chosen](wanted) if chosen else [("TRUE", [])]
    rest = [clause for name, clause in clauses.items() if name != chosen]
    here, case = "c.district_id = %s", f'"{Case._meta.db_table}" c'
    both = tuple((f"{here} AND {clause}", [district, *given]) for clause, given in branches)
    return Stretch(Way(case, "c.id", both), tuple(rest), low, high)


_WAYS: dict[str, Callable[[Wanted], list[Clause]]] = {
    "owner": lambda wanted: [("c.owner = %s", [wanted.owner])],
    "areas": lambda wanted: [("c.area = %s", [area]) for area in wanted.areas],
    "origin": lambda wanted: [(f"c.origin = %s AND {_RARE}", [wanted.origin])],
    "overdue": lambda wanted: [(_OPEN, [])],
    "category": lambda wanted: [("c.category = %s AND NOT (c.category = '')", [wanted.category])],
    "status": lambda wanted: (
        [(_OPEN, [])] if wanted.status == ALL else [("c.status = %s", [wanted.status])]
    ),
}
"""The indexes, the one that narrows most first. Each clause says its index's own condition."""


def _clauses(district: int, wanted: Wanted, now: datetime) -> dict[str, Clause]:
    """What must hold of the case `c`, by the field that says so."""
    found: dict[str, Clause] = {}
    if wanted.owner is not None:
        found["owner"] = ("c.owner = %s", [wanted.owner])
    if wanted.areas:
        marks = ", ".join(["%s"] * len(wanted.areas))
        found["areas"] = (f"c.area IN ({marks})", list(wanted.areas))
    if wanted.origin:
        # Most cases come from reports: no index narrows them down.
        found["from" if wanted.origin == Origin.REPORT else "origin"] = (
            "c.origin = %s",
            [wanted.origin],
        )
    if wanted.category:
        found["category"] = ("c.category = %s", [wanted.category])
    if wanted.status:
        of = (_OPEN, []) if wanted.status == ALL else ("c.status = %s", [wanted.status])
        found["status"] = of
    if wanted.overdue:
        late = f"{_OPEN} AND c.status NOT IN (%s, %s) AND c.deadline < %s"
        found["late"] = (late, [Status.CLAIMED, Status.VERDICT, _moment(now)])
        found["overdue"] = (_OPEN, [])
    if wanted.level:
        found["level"] = ("c.level >= %s", [wanted.level])
    if wanted.since:
        found["since"] = ("c.received_at >= %s", [_moment(wanted.since)])
    if wanted.until:
        found["until"] = ("c.received_at < %s", [_moment(wanted.until)])
    return found


def _moment(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)


def _of_units(units: tuple[int, ...]) -> Clause:
    marks = ", ".join(["%s"] * len(units))
    table = CaseUnit._meta.db_table
    touched = f'SELECT 1 FROM "{table}" u WHERE u.case_id = c.id'  # noqa: S608 - our name
    clause = f"EXISTS ({touched} AND u.unit IN ({marks}))"
    return clause, list(units)


def _by_units(units: tuple[int, ...]) -> Way:
    table = f'"{CaseUnit._meta.db_table}" u'
    return Way(table, "u.case_id", tuple(("u.unit = %s", [unit]) for unit in units))


FEW = 200
"""Entries of the index of words for a first page: where every case fits, they are enough."""

_NUMBER = re.compile(r"(\d{6})-(\d+)")


def _by_words(words: str) -> Way:
    words = _NUMBER.sub(r"\1\2", words)  # the beginning of a number, as it is written
    source, key, fits = find.source(find.every(asked(words)))
    # PostgreSQL takes the words of a case apart to see whether a common one is among them.
    return Way(source, key, (fits,), first=FEW)
