"""How many cases of a period there are, by one of their marks: for what is published."""

from datetime import datetime

from django.db.models import Count

from luoshi.cases.models import Case
from luoshi.rules.state import Origin


def received_by(
    district: int, column: str, *, since: datetime, until: datetime
) -> dict[int | str | None, int]:
    """Cases received in [since, until) by `category` (code) or `area` (id), most first; a family
    once, without the sealed and without old records that nobody took up again. One query."""
    if column not in {"category", "area"}:
        raise ValueError(column)
    rows = Case.objects.filter(
        district_id=district,
        received_at__gte=since,
        received_at__lt=until,
        sealed=False,
        parent=None,
        merged_into=None,
    ).exclude(origin=Origin.LEDGER, reopened=0)
    counted = rows.values(column).annotate(n=Count("pk")).order_by("-n", column)
    return {row[column]: row["n"] for row in counted}
