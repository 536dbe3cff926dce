"""Cases as everybody may read them: what a unit was given to solve, in the desk's own summary.

Public is a case that a person reported, that was given to a unit, and for which the desk wrote a
summary. Never: what was told in confidence or accuses anybody, be it lifted since; what the
inspection team found; what only asks something; merged and old records. Of each there are codes
and days: no number and no minute, which would help to guess who reported it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from luoshi.cases.models import Case, CaseEvent, Report
from luoshi.cases.queries.lists import PAGE
from luoshi.cases.queries.register import Wanted, public_stretch
from luoshi.cases.queries.walking import ROUNDS, SPARE, read
from luoshi.infra import ids
from luoshi.rules.state import Origin, Resolution, Status
from luoshi.trust import vault

TOLD = (
    "received", "assigned", "transferred", "acknowledged", "returned", "ruled",
    "extension_decided", "claimed", "verified", "verdict_given", "lapsed", "deferred", "resumed",
    "escalated", "missed", "concluded", "closed", "reopened",
)  # fmt: skip
"""Events that everybody may know of."""
_DETAILS = ("passed", "solved", "resolution", "granted")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """`checked`: somebody independent verified it and it held."""

    id: int
    category: str
    area: int | None
    status: str
    resolution: str | None
    received: date
    closed: date | None
    summary: str
    checked: bool


@dataclass(frozen=True, slots=True)
class OpenPage:
    cases: tuple[OpenCase, ...]
    older: int | None = None
    newer: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """`data` holds codes only."""

    kind: str
    on: date
    data: Mapping[str, Any]


def open_cases(
    district: int,
    *,
    category: str = "",
    areas: tuple[int, ...] = (),
    status: str = "",
    after: int | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> OpenPage:
    """A page, the newest first. `status`: open, closed, or nothing. Some ten queries."""
    wanted = Wanted(category=category, areas=areas, status=status)
    if before is not None:
        found, end = _page(district, wanted, before, older=False, limit=limit)
        if end is not None and found:
            shown = found[:limit][::-1]
            return OpenPage(tuple(shown), shown[-1].id, shown[0].id)
        after = None
    found, end = _page(district, wanted, after, older=True, limit=limit)
    shown = found[:limit]
    newer = None if after is None else (shown[0].id if shown else after)
    return OpenPage(tuple(shown), end, newer)


def open_case(district: int, case: int) -> tuple[OpenCase, tuple[Step, ...]] | None:
    """One of them with what happened, oldest first; None when it is not public. Five queries."""
    found = _public(Case.objects.filter(pk=case, district_id=district))
    if not found:
        return None
    rows = CaseEvent.objects.filter(case=case, kind__in=TOLD).order_by("seq")
    steps = tuple(
        Step(kind, _day(at), {k: v for k, v in data.items() if k in _DETAILS})
        for kind, at, data in rows.values_list("kind", "at", "data")
    )
    return found[0], steps


def closed_after_check(district: int, *, limit: int = 30) -> tuple[OpenCase, ...]:
    """The last ones that were closed after a check that held, the last closed first."""
    events = CaseEvent.objects.filter(district_id=district, kind="closed").order_by("-at")
    last = list(dict.fromkeys(events.values_list("case", flat=True)[: 5 * limit]))
    rows = Case.objects.filter(pk__in=last, status=Status.CLOSED, passed=True)
    found = _public(rows.exclude(resolution=Resolution.UNSOLVED))
    place = {case: n for n, case in enumerate(last)}
    return tuple(sorted(found, key=lambda one: place[one.id])[:limit])


def counted_by_area(district: int, *, since: datetime) -> dict[int | None, tuple[int, int]]:
    """By area, how many ordinary cases received since then a unit was given, and how many of these
    were closed after a check that held. Reads every case of the time: not for every request."""
    rows = Case.objects.filter(district_id=district, pk__gte=ids.earliest(since), **_COLUMNS)
    rows = rows.exclude(urgency="enquiry")
    held = Count("pk", filter=Q(status=Status.CLOSED, passed=True))
    counts = rows.filter(accused=[]).values_list("area").annotate(n=Count("pk"), held=held)
    return {area: (every, closed) for area, every, closed in counts.order_by()}


_COLUMNS: dict[str, Any] = {
    "sealed": False,
    "origin": Origin.REPORT,
    "was_assigned": True,
    "merged_into": None,
}


def _page(
    district: int, wanted: Wanted, key: int | None, *, older: bool, limit: int
) -> tuple[list[OpenCase], int | None]:
    stretch = public_stretch(district, wanted)
    found: list[OpenCase] = []
    for n in range(ROUNDS):
        ids, key, done = read(stretch, key, older, limit + 1 + SPARE, first=n == 0)
        part = _public(Case.objects.filter(pk__in=ids)) if ids else []
        found += part if older else part[::-1]
        if len(found) > limit:
            return found[: limit + 1], found[limit - 1].id
        if done:
            return found, None
    return found, key


def public_among(cases: Iterable[int]) -> set[int]:
    """Those of these cases that everybody may see; four queries."""
    return {one.id for one in _public(Case.objects.filter(pk__in=list(cases)))}


def _public(rows: QuerySet[Case]) -> list[OpenCase]:
    """Those of these rows that are public, the newest first; four queries."""
    known = [
        row
        for row in rows.filter(summary__isnull=False, **_COLUMNS).order_by("-pk")
        if not row.accused and row.urgency != "enquiry"
    ]
    if not known:
        return []
    pks = [row.pk for row in known]
    hidden = set(
        Report.objects.filter(case__in=pks, track="confidential").values_list("case", flat=True)
    )
    lifted = CaseEvent.objects.filter(case__in=pks, kind="accusation_lifted")
    hidden |= set(lifted.values_list("case", flat=True))
    texts = vault.read_texts({row.summary for row in known if row.summary})
    return _told([row for row in known if row.pk not in hidden], texts)


def _told(rows: Sequence[Case], texts: Mapping[int, str | None]) -> list[OpenCase]:
    return [
        OpenCase(
            id=row.pk,
            category=row.category,
            area=row.area,
            status=row.status,
            resolution=row.resolution,
            received=_day(row.received_at),
            closed=_day(row.closed_at) if row.closed_at else None,
            summary=words,
            checked=row.passed,
        )
        for row in rows
        if (words := texts.get(row.summary or 0))
    ]


def _day(at: datetime) -> date:
    return timezone.localdate(at)
