"""What does not move, by the reason: lists and counts. Never a ranking of units."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from luoshi.cases.models import Case, CaseEvent
from luoshi.cases.queries.lines import Page
from luoshi.cases.queries.lists import OPEN, PAGE, _by_time
from luoshi.rules.state import MAX_LEVEL, Status

STUCK = (
    "overdue",
    "no_verifier",
    "ruling",
    "bouncing",
    "past_review",
    "deferred_again",
    "twice_unsolved",
    "top_level",
)


def stuck(
    district: int,
    kind: str,
    *,
    now: datetime,
    without: Collection[int] = (),
    after: str = "",
    limit: int = PAGE,
) -> Page:
    """Cases that do not move, by the reason (one of STUCK), without the sealed ones.

    `without` are cases that the reader may not see (`hidden_from`).
    """
    rows = stuck_rows(district, kind, now=now, without=without)
    return _by_time(rows, "deadline", after, limit)


def stuck_rows(
    district: int, kind: str, *, now: datetime, without: Collection[int] = ()
) -> QuerySet[Case]:
    """For `stuck` and for counting what it would show."""
    rows = OPEN.filter(district_id=district, sealed=False).exclude(pk__in=list(without))
    if kind == "deferred_again":
        return _deferred_again(rows)
    reasons = {
        "overdue": Q(deadline__lt=now) & ~Q(status__in=(Status.CLAIMED, Status.VERDICT)),
        "no_verifier": Q(status=Status.CLAIMED, verifier=None),
        "ruling": Q(status=Status.RETURNED, returns__gte=2),
        "bouncing": Q(returns__gte=2) | Q(reopened__gte=2),
        "past_review": Q(status=Status.DEFERRED, review_at__lt=now),
        "twice_unsolved": Q(concludable=True),
        "top_level": Q(level__gte=MAX_LEVEL),
    }
    return rows.filter(reasons[kind])


def _deferred_again(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Counted in the histories of the few that are deferred now."""
    events = CaseEvent.objects.filter(case=OuterRef("pk"), kind="deferred").order_by()
    times = events.values("case").annotate(n=Count("pk")).values("n")
    return rows.filter(status=Status.DEFERRED).alias(times=Subquery(times)).filter(times__gte=2)
