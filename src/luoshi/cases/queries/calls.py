"""Cases on which somebody must act whose own lists do not show them: the sealed ones that wait for
a leader, and those in which everybody who would act is barred. Nothing of their words is read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from luoshi.cases.models import Case
from luoshi.cases.queries.lines import moment_key, read_moment_key
from luoshi.cases.queries.lists import OPEN, PAGE
from luoshi.cases.queries.seen import touched_by
from luoshi.cases.rows import to_state
from luoshi.registry import queries as registry
from luoshi.rules import permissions
from luoshi.rules.independence import UnitFact
from luoshi.rules.permissions import CHAIN, RoleFact
from luoshi.rules.state import MAX_LEVEL, Extension, Seat, State, Status

SCAN = 200
"""Rows judged for one page, so that it stays cheap. A page that ends there may be short, and says
where to go on."""

DESK_WORK = (
    Q(status=Status.NEW)
    | Q(status=Status.RETURNED, returns__lt=2)
    | Q(status=Status.HANDLING, extension=Extension.ASKED)
)
LEADERS_WORK = (
    Q(status=Status.RETURNED, returns__gte=2)
    | Q(concludable=True)
    | Q(status=Status.CLAIMED, verifier=None)
    | Q(level__gte=MAX_LEVEL)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A case and what it waits for: triage, first_ruling, ruling, extension, twice_unsolved,
    no_verifier or top_level. `may_open`: whether this person may see its page."""

    id: int
    number: str
    category: str
    sealed: bool
    since: datetime | None
    waits_for: str
    may_open: bool


@dataclass(frozen=True, slots=True)
class CalledPage:
    rows: tuple[Called, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """Read once for all rows of a scan: the people, the units, and the families of the rows."""

    person: int
    roster: Sequence[RoleFact]
    units: Mapping[int, UnitFact]
    family: Mapping[int, frozenset[int]]  # case -> units that handled, or are accused in, its kin
    touched: Mapping[int, frozenset[int]]  # case -> units whose people may see it


def called(
    district: int, person: int, *, now: datetime, after: str = "", limit: int = PAGE
) -> CalledPage:
    """What waits for this person outside his other lists, the longest waiting first.

    Ordinary cases are left out for a leader where his own list has them. Six queries at most,
    however many there are. ValueError for an `after` that no page gave.
    """
    roster = registry.roster(district, on=timezone.localdate(now))
    rows = _candidates(district, person, roster)
    found = list(_after(rows, after).order_by(F("since").asc(nulls_last=True), "pk")[: SCAN + 1])
    scanned = found[:SCAN]
    around = _around(scanned, district, person, roster)
    mine = [one for row in scanned if (one := _called(row, around)) is not None]
    if len(mine) > limit:
        last = mine[limit - 1]
        return CalledPage(tuple(mine[:limit]), moment_key(last.since, last.id))
    more = moment_key(scanned[-1].since, scanned[-1].pk) if len(found) > SCAN else None
    return CalledPage(tuple(mine), more)


def _candidates(district: int, person: int, roster: Sequence[RoleFact]) -> QuerySet[Case]:
    """Rows that might wait for him; whether they do is judged for each."""
    rows = OPEN.filter(district_id=district)
    if not any(fact.person == person and fact.role in {"leader", "panel"} for fact in roster):
        return rows.none()
    staff = {fact.unit for fact in roster if fact.role in CHAIN}
    barred = ~Q(accused=[]) | Q(owner__in=sorted(staff))
    nobody = Seat.DESK in _seats(State(status=Status.NEW), person, roster, {}, frozenset())
    desk = DESK_WORK if nobody else DESK_WORK & (Q(sealed=True) | barred)
    if _is_leader(person, roster):
        return rows.filter(desk | (LEADERS_WORK & Q(sealed=True)))
    return rows.filter(desk | LEADERS_WORK)


def _is_leader(person: int, roster: Iterable[RoleFact]) -> bool:
    return any(fact.person == person and fact.role == "leader" for fact in roster)


def _after(rows: QuerySet[Case], after: str) -> QuerySet[Case]:
    if not after:
        return rows
    at, case = read_moment_key(after)
    if at is None:
        return rows.filter(since=None, pk__gt=case)
    return rows.filter(Q(since__gt=at) | Q(since=at, pk__gt=case) | Q(since=None))


def _called(row: Case, around: Around) -> Called | None:
    state = to_state(row)
    person, roster, units = around.person, around.roster, around.units
    seats = _seats(state, person, roster, units, around.family.get(row.pk, frozenset()))
    listed = not state.sealed and _is_leader(person, roster)
    waits = next((w for w, seat in _waits(state, listed=listed) if seat in seats), None)
    if waits is None:
        return None
    touched = around.touched.get(row.pk, frozenset())
    may_open = permissions.may_see(
        person=person, state=state, touched=touched, roster=roster, units=units
    )
    return Called(
        id=row.pk,
        number=row.number,
        category=row.category,
        sealed=row.sealed,
        since=row.since,
        waits_for=waits,
        may_open=may_open,
    )


def _waits(state: State, *, listed: bool) -> Iterable[tuple[str, Seat]]:
    """What the case waits for, and of which seat. `listed`: a leader's list has his part of it."""
    second = state.returns >= 2
    if state.status is Status.NEW:
        yield "triage", Seat.DESK
    if state.status is Status.RETURNED and not second:
        yield "first_ruling", Seat.DESK
    if state.status is Status.HANDLING and state.extension is Extension.ASKED:
        yield "extension", Seat.DESK
    if listed:
        return
    if state.status is Status.RETURNED and second:
        yield "ruling", Seat.NEUTRAL
    if state.concludable:
        yield "twice_unsolved", Seat.NEUTRAL
    if state.status is Status.CLAIMED and state.verifier is None:
        yield "no_verifier", Seat.LEADER
    if state.level >= MAX_LEVEL:
        yield "top_level", Seat.LEADER


def _seats(
    state: State,
    person: int,
    roster: Iterable[RoleFact],
    units: Mapping[int, UnitFact],
    family: frozenset[int],
) -> frozenset[Seat]:
    return permissions.seats(person=person, state=state, roster=roster, units=units, family=family)


# ---- What is around the rows, for all of them at once ----


def _around(rows: Sequence[Case], district: int, person: int, roster: Sequence[RoleFact]) -> Around:
    if not rows:
        return Around(person, roster, {}, {}, {})
    touched = touched_by({row.pk: to_state(row) for row in rows})
    return Around(person, roster, registry.units(district), _families(rows), touched)


def _families(rows: Sequence[Case]) -> dict[int, frozenset[int]]:
    """As `gather` reckons it for one case; two queries, none where no row has kin."""
    kin = [row for row in rows if row.parent or row.children or row.absorbed]
    if not kin:
        return {}
    near = _near(kin)
    around = {case for cases in near.values() for case in cases}
    found = Case.objects.filter(Q(pk__in=around) | Q(merged_into__in=around))
    units: dict[int, set[int]] = {case: set() for case in around}
    for case, target, handled, blamed in found.values_list(
        "pk", "merged_into", "handlers", "accused"
    ):
        for at in (case, target):
            if at in units:
                units[at] |= {*handled, *blamed}
    return {
        row: frozenset(unit for case in cases for unit in units[case])
        for row, cases in near.items()
    }


def _near(kin: Sequence[Case]) -> dict[int, set[int]]:
    """Each case with its parent and its children."""
    near = {row.pk: {row.pk, *([row.parent] if row.parent else [])} for row in kin}
    children = Case.objects.filter(parent__in=list(near)).values_list("pk", "parent")
    for child, parent in children:
        if parent is not None:
            near[parent].add(child)
    return near
