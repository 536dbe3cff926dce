"""Verifications that wait and that will be asked, counted: whom they fall on is `rules.load`."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count

from luoshi.cases.queries.lists import OPEN
from luoshi.rules.load import Alike, Asked
from luoshi.rules.state import Status, Tier

TO_CLAIM = (Status.ASSIGNED, Status.HANDLING, Status.RETURNED)


def claims_by_verifier(district: int) -> dict[int | None, Asked]:
    """Claims that wait now, by whom they were drawn for; None: nobody. One query."""
    rows = OPEN.filter(district_id=district, status=Status.CLAIMED)
    counted = rows.values("verifier", "tier", "raised").annotate(n=Count("pk")).order_by()
    found: dict[int | None, Asked] = {}
    for row in counted:
        one = _asked(row["tier"], row["raised"], row["n"])
        found[row["verifier"]] = found.get(row["verifier"], Asked()) + one
    return found


def to_be_claimed(district: int, *, since: datetime | None, until: datetime) -> tuple[Alike, ...]:
    """Cases in hand whose deadline falls in [since, until), alike ones together. One query.

    Confidential ones count, and cannot be told apart by changing the tier of their category.
    """
    rows = OPEN.filter(district_id=district, status__in=TO_CLAIM, deadline__lt=until)
    if since is not None:
        rows = rows.filter(deadline__gte=since)
    names = ("handlers", "accused", "tier", "raised", "category", "sealed")
    counted = rows.values(*names).annotate(n=Count("pk")).order_by()
    return tuple(_alike(counted.iterator()))


def _alike(rows: Iterator[dict[str, object]]) -> Iterator[Alike]:
    for row in rows:
        raised = bool(row["raised"])
        yield Alike(
            handlers=frozenset(row["handlers"]),  # type: ignore[call-overload]
            accused=frozenset(row["accused"]),  # type: ignore[call-overload]
            site=row["tier"] == Tier.SITE or raised,
            category=str(row["category"]),
            count=int(row["n"]),  # type: ignore[call-overload]
            # Once drawn to be raised, a case stays so, whatever its category says.
            fixed=bool(row["sealed"]) or raised,
        )


def _asked(tier: str, raised: bool, n: int) -> Asked:
    if tier == Tier.SITE:
        return Asked(site=n)
    return Asked(raised=n) if raised else Asked(papers=n)
