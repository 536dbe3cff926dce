"""Cases of the last weeks by place and category, for what is new and spreading."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.db.models import Count, Q, QuerySet

from luoshi.cases.models import Case
from luoshi.cases.queries.lines import Page
from luoshi.cases.queries.lists import PAGE, _by_id
from luoshi.infra.ids import earliest
from luoshi.rules.spreading import WEEKS
from luoshi.rules.state import Origin

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WeekCounts:
    """Cases received in each of nine weeks, the oldest first; the last ends now."""

    category: str
    area: int
    weeks: tuple[int, ...]


def weeks(district: int, *, now: datetime) -> tuple[WeekCounts, ...]:
    """For every place and category of which there was a case in the last nine weeks.

    Each case counts once, those that were merged into another too: who tells of a thing is not the
    desk's choice. Parts that the desk made, old records, confidential cases, those that accuse
    somebody and those not yet classified or located are left out. One query over nine weeks.
    """
    ends = [now - WEEK * n for n in range(WEEKS + 1, -1, -1)]
    spans = {f"w{n}": Count("pk", filter=_in(*span)) for n, span in enumerate(pairwise(ends))}
    rows = _counted(district, ends[0], now).exclude(category="").filter(area__isnull=False)
    found = rows.values("category", "area").annotate(**spans).order_by("category", "area")
    counted = found.values_list("category", "area", *spans)
    return tuple(WeekCounts(code, area, tuple(n)) for code, area, *n in counted)


def of_week(
    district: int,
    *,
    now: datetime,
    category: str,
    area: int | None,
    without: Collection[int] = (),
    after: str = "",
    limit: int = PAGE,
) -> Page:
    """The cases of the last seven days that `weeks` counts there (area None: anywhere), the newest
    first; three queries."""
    rows = _counted(district, now - WEEK, now).filter(category=category)
    rows = rows.filter(area=area) if area else rows.filter(area__isnull=False)
    return _by_id(rows.exclude(pk__in=list(without)), after, limit)


def _counted(district: int, since: datetime, until: datetime) -> QuerySet[Case]:
    # Ids are in the order of their making, so that the index of the newest serves: no case is
    # received after it was made.
    return Case.objects.filter(
        _in(since, until),
        district_id=district,
        pk__gte=earliest(since),
        sealed=False,
        parent=None,
        accused=[],
    ).exclude(origin=Origin.LEDGER)


def _in(since: datetime, until: datetime) -> Q:
    return Q(received_at__gt=since, received_at__lte=until)
