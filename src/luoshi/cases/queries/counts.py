"""How much waits, for the signs beside a list. Every count stops at MOST, so that it stays cheap
however much there is; whoever shows a greater one writes "100+"."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Q, QuerySet

from luoshi.cases.models import Case
from luoshi.cases.queries.lists import OPEN
from luoshi.cases.queries.stuck import STUCK, stuck_rows
from luoshi.cases.queries.ways import first
from luoshi.infra import direct
from luoshi.rules.state import Extension, Status

MOST = 100
SOON = timedelta(days=1)


def counts(waiting: Mapping[str, QuerySet[Case]]) -> dict[str, int]:
    """Each of them, as far as MOST and one; one query for all."""
    found = dict.fromkeys(waiting, 0)
    asked, parts, values = list[str](), list[str](), list[Any]()
    for name, rows in waiting.items():
        try:
            sql, given = first(rows.order_by(), MOST + 1)
        except EmptyResultSet:  # nothing can fit, so nothing is asked
            continue
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) part{len(parts)})")  # noqa: S608
        values += given
        asked.append(name)
    if not asked:
        return found
    [row] = direct.select(f"SELECT {', '.join(parts)}", values)
    return found | dict(zip(asked, row, strict=True))


def _count(rows: QuerySet[Case]) -> int:
    return rows[: MOST + 1].count()


def _open(district: int) -> QuerySet[Case]:
    return Case.objects.filter(~Q(status=Status.CLOSED), district_id=district)


def desk_waiting(district: int, person: int) -> dict[str, int]:
    """triage, ruling, extension of the desk, samples of this person; one query."""
    rows = _open(district).filter(sealed=False)
    return counts(
        {
            "samples": _samples(person),
            "triage": rows.filter(status=Status.NEW),
            "ruling": rows.filter(status=Status.RETURNED),
            "extension": rows.filter(status=Status.HANDLING, extension=Extension.ASKED),
        }
    )


def unit_waiting(district: int, units: Iterable[int], *, now: datetime) -> dict[str, int]:
    """acknowledge, handling, soon (of both, due within a day or late); one query."""
    mine = Case.objects.filter(district_id=district, owner__in=list(units))
    working = mine.filter(status__in=(Status.ASSIGNED, Status.HANDLING))
    return counts(
        {
            "acknowledge": mine.filter(status=Status.ASSIGNED),
            "handling": mine.filter(status=Status.HANDLING),
            "soon": working.filter(deadline__lt=now + SOON),
        }
    )


def claims_waiting(person: int) -> int:
    """Claims that this person was drawn to verify; one query."""
    return _count(OPEN.filter(verifier=person, status=Status.CLAIMED))


def samples_waiting(person: int) -> int:
    """Decisions of the desk that this person was drawn to check; one query."""
    return _count(_samples(person))


def _samples(person: int) -> QuerySet[Case]:
    return Case.objects.filter(sampler=person, status=Status.CLOSED)


def sealed_waiting(district: int, *, without: Collection[int] = ()) -> int:
    """Confidential reports that wait for triage; one query."""
    rows = _open(district).filter(status=Status.NEW, sealed=True)
    return _count(rows.exclude(pk__in=list(without)))


def stuck_counts(district: int, *, now: datetime, without: Collection[int] = ()) -> dict[str, int]:
    """For each reason of STUCK; one query."""
    return counts({kind: stuck_rows(district, kind, now=now, without=without) for kind in STUCK})
