"""What the desk asks before it decides: how a case came in, what it may be part of, its clock."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from luoshi.cases.models import Case, Report
from luoshi.cases.queries.lines import Line, lines
from luoshi.cases.store import clock_of
from luoshi.rules.deadlines import URGENCIES, deadline
from luoshi.rules.guards import MERGEABLE
from luoshi.rules.state import State, Status

MOST_ALIKE = 5
MOST_DANGERS = 10


@dataclass(frozen=True, slots=True)
class FirstReport:
    """The door through which a case first came, and when."""

    door: str
    received_at: datetime


def first_reports(cases: Iterable[int]) -> dict[int, FirstReport]:
    """The first report of each of these cases; one query."""
    rows = Report.objects.filter(case__in=list(cases)).order_by("-pk")
    found = rows.values_list("case", "door", "received_at")
    return {case: FirstReport(door, at) for case, door, at in found}


def numbers(cases: Iterable[int]) -> dict[int, str]:
    """The numbers of cases by id; one query."""
    return dict(Case.objects.filter(pk__in=set(cases)).values_list("pk", "number"))


def dangers(district: int, *, without: Collection[int] = ()) -> tuple[Line, ...]:
    """Danger to life that waits for triage, the latest received first; three queries."""
    rows = Case.objects.filter(
        district_id=district, status=Status.NEW, sealed=False, urgency="danger"
    )
    return lines(rows.exclude(pk__in=list(without)).order_by("-pk")[:MOST_DANGERS])


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
