"""Lists that only one room needs: what a unit did and waits for, and the problems of a street."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from luoshi.cases.models import Case, CaseEvent, Report
from luoshi.cases.queries.lines import Line, Page, lines
from luoshi.cases.queries.lists import PAGE, _by_id, _by_time
from luoshi.rules.state import Status
from luoshi.trust import vault

SENT_BACK = ("verified", "verdict_given", "reopened")
"""Events that bring a claimed or closed case back to its owner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The last words written on a case; None when there are none, or none for a list."""

    kind: str
    seat: str
    unit: int | None
    at: datetime
    text: str | None


def done_lately(district: int, units: Iterable[int], *, limit: int = 10) -> tuple[Line, ...]:
    """Closed cases that these units answered for, the last closed first, among those whose
    deadlines are the latest; a query for each unit, and two."""
    rows: list[Case] = []
    for unit in sorted(set(units)):
        # Read off the index by deadline: sorting by the day of closing would read them all.
        found = Case.objects.filter(district_id=district, owner=unit, status=Status.CLOSED)
        rows += found.order_by("-deadline")[:limit]
    rows.sort(key=lambda row: row.closed_at or row.received_at, reverse=True)
    return lines(rows[:limit])


def open_parts(parents: Iterable[int]) -> dict[int, tuple[Line, ...]]:
    """The parts of each of these cases that are still open, by deadline; three queries."""
    wanted = list(parents)
    if not wanted:
        return {}
    rows = Case.objects.filter(~Q(status=Status.CLOSED), parent__in=wanted)
    found: dict[int, tuple[Line, ...]] = {}
    for line in lines(rows.order_by("deadline", "pk")):
        parent = line.state.parent or 0
        found[parent] = (*found.get(parent, ()), line)
    return found


def last_said(cases: Iterable[int]) -> dict[int, Said]:
    """For each case the last event that has words; three queries.

    Reporters' own replies stay out: a list is read over shoulders.
    """
    rows = CaseEvent.objects.exclude(kind="replied")
    return _said(row for row in _last(rows, cases) if row.data.get("text"))


def sent_back(cases: Iterable[int]) -> dict[int, Said]:
    """For each of these cases that a failed verification, a verdict or a reopening brought back:
    by whom and with what words. Three queries."""
    rows = CaseEvent.objects.filter(kind__in=(*_MOVES_ON, *SENT_BACK))
    last = {row.case_id: row for row in _last(rows, cases)}
    return _said(row for row in last.values() if row.kind in SENT_BACK)


_MOVES_ON = ("claimed", "claim_withdrawn", "transferred")


def _last(rows: QuerySet[CaseEvent], cases: Iterable[int]) -> QuerySet[CaseEvent]:
    """In their order, so that the last of each case wins; without the heavy columns."""
    found = rows.filter(case__in=list(cases)).order_by("case", "seq")
    return found.only("case", "kind", "seat", "unit", "at", "data")


def _said(rows: Iterable[CaseEvent]) -> dict[int, Said]:
    last = {row.case_id: row for row in rows}
    said = {report for row in last.values() if (report := row.data.get("report"))}
    sealed = set(_confidential(said)) if said else set()
    open_ = (row for row in last.values() if row.data.get("report") not in sealed)
    wanted = {text for row in open_ if (text := row.data.get("text"))}
    texts = vault.read_texts(wanted) if wanted else {}
    return {
        case: Said(
            kind=row.kind,
            seat=row.seat,
            unit=row.unit,
            at=row.at,
            text=texts.get(row.data.get("text") or 0),
        )
        for case, row in last.items()
    }


def _confidential(reports: Iterable[int]) -> Iterable[int]:
    """Of these reports the confidential ones, whose words are the inspection team's alone."""
    found = Report.objects.filter(pk__in=list(reports), track="confidential")
    return found.values_list("pk", flat=True)


def problems(
    district: int,
    *,
    areas: Collection[int] = (),
    sealed: bool = False,
    without: Collection[int] = (),
    after: str = "",
    limit: int = PAGE,
) -> Page:
    """Open cases by deadline, of a street with its communities when `areas` are given.

    `without` are cases that the reader may not see (`hidden_from`). Three queries.
    """
    rows = Case.objects.filter(~Q(status=Status.CLOSED), district_id=district, sealed=sealed)
    if areas:
        rows = rows.filter(area__in=list(areas))
    return _by_time(rows.exclude(pk__in=list(without)), "deadline", after, limit)


def closed_cases(
    district: int, *, areas: Collection[int] = (), after: str = "", limit: int = PAGE
) -> Page:
    """Closed cases, the newest first, without sealed ones and those merged into others.

    Old cases may accuse the reader's own unit: whoever shows them leaves those out.
    """
    rows = Case.objects.filter(
        district_id=district, status=Status.CLOSED, sealed=False, merged_into=None
    )
    if areas:
        rows = rows.filter(area__in=list(areas))
    return _by_id(rows, after, limit)
