"""How much waits, for the signs beside a list. Every count stops at MOST, so that it stays cheap
however much there is; whoever shows a greater one writes "100+"."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from luoshi.cases.models import Case
from luoshi.cases.queries.lists import OPEN
from luoshi.cases.queries.stuck import STUCK, stuck_rows
from luoshi.rules.state import Extension, Status

MOST = 100
SOON = timedelta(days=1)


def _count(rows: QuerySet[Case]) -> int:
    return rows[: MOST + 1].count()


def _open(district: int) -> QuerySet[Case]:
    return Case.objects.filter(~Q(status=Status.CLOSED), district_id=district)


def desk_waiting(district: int) -> dict[str, int]:
    """triage, ruling, extension; three queries."""
    rows = _open(district).filter(sealed=False)
    asked = rows.filter(status=Status.HANDLING, extension=Extension.ASKED)
    return {
        "triage": _count(rows.filter(status=Status.NEW)),
        "ruling": _count(rows.filter(status=Status.RETURNED)),
        "extension": _count(asked),
    }


def unit_waiting(district: int, units: Iterable[int], *, now: datetime) -> dict[str, int]:
    """acknowledge, handling, soon (of both, due within a day or late); three queries."""
    mine = Case.objects.filter(district_id=district, owner__in=list(units))
    working = mine.filter(status__in=(Status.ASSIGNED, Status.HANDLING))
    return {
        "acknowledge": _count(mine.filter(status=Status.ASSIGNED)),
        "handling": _count(mine.filter(status=Status.HANDLING)),
        "soon": _count(working.filter(deadline__lt=now + SOON)),
    }


def claims_waiting(person: int) -> int:
    """Claims that this person was drawn to verify; one query."""
    return _count(OPEN.filter(verifier=person, status=Status.CLAIMED))


def samples_waiting(person: int) -> int:
    """Decisions of the desk that this person was drawn to check; one query."""
    return _count(Case.objects.filter(sampler=person, status=Status.CLOSED))


def sealed_waiting(district: int, *, without: Collection[int] = ()) -> int:
    """Confidential reports that wait for triage; one query."""
    rows = _open(district).filter(status=Status.NEW, sealed=True)
    return _count(rows.exclude(pk__in=list(without)))


def stuck_counts(district: int, *, now: datetime, without: Collection[int] = ()) -> dict[str, int]:
    """For each reason of STUCK; one query each."""
    return {kind: _count(stuck_rows(district, kind, now=now, without=without)) for kind in STUCK}
