"""Looks that are due again."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from luoshi.expectations.models import Standing
from luoshi.expectations.queries.facts import Demand
from luoshi.expectations.queries.fields import demands
from luoshi.expectations.queries.kept import Cursor
from luoshi.rules.expectations import Method


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLook:
    """A subject that somebody must look at again since `due`, and for what."""

    subject: int
    due: date
    demands: tuple[Demand, ...]


def due_looks(
    district: int,
    *,
    on: date,
    field: str = "",
    kind: str = "",
    after: Cursor | None = None,
    limit: int = 50,
) -> tuple[DueLook, ...]:
    """Those whose next look is due on that day or was before, the longest overdue first, from the
    one after `after` on; five queries. Whoever was never looked at is not among them."""
    wanted = _looked_at(district, on, field, kind)
    rows = _due(district, on, wanted)
    if after is not None:
        day, subject = after
        rows = rows.filter(next_due__gte=day).exclude(next_due=day, subject__lte=subject)
    pairs = list(
        rows.order_by("next_due", "subject").values_list("next_due", "subject").distinct()[:limit]
    )
    if not pairs:
        return ()
    found: dict[Cursor, list[Demand]] = defaultdict(list)
    inside = _due(district, pairs[-1][0], wanted).filter(
        next_due__gte=pairs[0][0], subject__in={subject for _day, subject in pairs}
    )
    for day, subject, expectation in inside.order_by("expectation").values_list(
        "next_due", "subject", "expectation"
    ):
        found[(day, subject)].append(wanted[expectation])
    return tuple(DueLook(subject=s, due=d, demands=tuple(found[(d, s)])) for d, s in pairs)


def due_subjects(district: int, kind: str, *, on: date, limit: int) -> tuple[int, ...]:
    """The subjects of a kind of which anything is due to be looked at again; four queries."""
    rows = _due(district, on, _looked_at(district, on, "", kind))
    return tuple(rows.order_by("subject").values_list("subject", flat=True).distinct()[:limit])


def _looked_at(district: int, on: date, field: str, kind: str) -> dict[int, Demand]:
    found = demands(district, on=on, field=field, kind=kind)
    return {one.id: one for one in found if one.method == Method.ITEM}


def _due(district: int, on: date, wanted: Mapping[int, Demand]) -> Any:
    return Standing.objects.filter(
        district=district, next_due__lte=on, expectation__in=list(wanted)
    )
