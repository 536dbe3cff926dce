"""What the desk asks before it decides: how a case came in, what it may be part of, its clock."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q

from luoshi.cases.models import Case
from luoshi.cases.queries.lines import Line, Page, lines, read_moment_key
from luoshi.cases.queries.lists import OPEN, PAGE, by_time, next_by_time
from luoshi.cases.queries.ways import any_of, first
from luoshi.cases.store import clock_of
from luoshi.rules.deadlines import URGENCIES, deadline
from luoshi.rules.guards import MERGEABLE
from luoshi.rules.state import State, Status

MOST_ALIKE = 5
MOST_DANGERS = 10


@dataclass(frozen=True, slots=True)
class ToTriage:
    """What waits at the desk: danger to life, the latest first; the list, which may name the same;
    and further cases that the page shows."""

    dangers: tuple[Line, ...]
    page: Page
    others: Mapping[int, Line]


def to_triage(
    district: int,
    *,
    without: Collection[int] = (),
    grouped: Collection[int] = (),
    others: Collection[int] = (),
    after: str = "",
) -> ToTriage:
    """A page of the triage, the longest waiting first, in two queries. `grouped` are shown as
    storms, so that they are not in the list; dangers are on its first page only."""
    waiting = OPEN.filter(district_id=district, status=Status.NEW, sealed=False)
    waiting = waiting.exclude(pk__in=list(without))
    urgent = waiting.filter(urgency="danger").order_by("-pk")
    single = waiting.exclude(pk__in=list(grouped))
    ways = [first(by_time(single, "since", after), PAGE + 1)]
    if not after:
        ways.append(first(urgent, MOST_DANGERS))
    if others:
        ways.append(first(Case.objects.filter(pk__in=list(others)), len(others)))
    rows = list(any_of(ways))
    known = dict(zip((row.pk for row in rows), lines(rows), strict=True))
    hidden, elsewhere = set(without), set(grouped)
    new = [r for r in rows if r.status == Status.NEW and not r.sealed and r.pk not in hidden]
    start = _place(*read_moment_key(after)) if after else None
    later = [row for row in new if start is None or _place(row.since, row.pk) > start]
    return ToTriage(
        dangers=() if after else _dangers(new, known),
        page=_page([row for row in later if row.pk not in elsewhere], known),
        others={id: known[id] for id in others if id in known},
    )


def _dangers(rows: Iterable[Case], known: Mapping[int, Line]) -> tuple[Line, ...]:
    urgent = sorted((row.pk for row in rows if row.urgency == "danger"), reverse=True)
    return tuple(known[case] for case in urgent[:MOST_DANGERS])


def _page(rows: Iterable[Case], known: Mapping[int, Line]) -> Page:
    """What was read for other reasons and belongs further back comes last, and is left out."""
    found = sorted(rows, key=lambda row: _place(row.since, row.pk))[: PAGE + 1]
    return Page(tuple(known[row.pk] for row in found[:PAGE]), next_by_time(found, "since", PAGE))


def _place(since: datetime | None, case: int) -> tuple[datetime, int]:
    """As `by_time` orders."""
    return since or datetime.max.replace(tzinfo=UTC), case


def numbers(cases: Iterable[int]) -> dict[int, str]:
    """The numbers of cases by id; one query."""
    return dict(Case.objects.filter(pk__in=set(cases)).values_list("pk", "number"))


def alike(case: Line, *, district: int) -> tuple[Line, ...]:
    """Older open cases into which this one could be merged: of the same place, or of the same
    category in the same area. A query, or three."""
    state, same = case.state, Q(pk__in=())
    if state.subject:
        same |= Q(subject=state.subject)
    if state.area and state.category:
        same |= Q(area=state.area, category=state.category)
    others = Case.objects.filter(same, district_id=district, pk__lt=case.id)
    single = others.filter(parent=None, children=0, sealed=state.sealed)
    found = single.filter(status__in=sorted(MERGEABLE))
    if state.was_assigned:
        found = found.filter(was_assigned=True).exclude(status=Status.NEW)
    return lines(found.order_by("-pk")[:MOST_ALIKE])


def deadlines_if_assigned(district: int, state: State, *, now: datetime) -> dict[str, datetime]:
    """For each urgency when a case would be due if it were assigned now. Three queries.

    For danger to life the clock runs from receipt, unless the case was reopened.
    """
    terms, calendar = clock_of(district, now)
    received = state.received_at or now
    starts = {"danger": now if state.reopened else received}
    return {
        urgency: deadline(calendar, starts.get(urgency, now), terms.of(urgency)).at
        for urgency in URGENCIES
    }
