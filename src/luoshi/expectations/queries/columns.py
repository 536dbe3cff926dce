"""What figures a kind of subject reports, and what is known of many subjects at once."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from luoshi.expectations.models import Figure, FigureKind
from luoshi.expectations.queries.facts import named

Reported = tuple[int, str, str]
"""Subject, period, code of the figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureColumn:
    code: str
    names: tuple[str, str]
    name: str
    unit: str  # as people read it
    percent: bool  # may be written with the sign
    share: bool  # is in per cent
    decimals: int


def figure_columns(district: int, kind: str) -> tuple[FigureColumn, ...]:
    """In the order of the pack; one query."""
    rows = FigureKind.objects.filter(district=district, kind=kind).order_by("pk")
    return tuple(
        FigureColumn(
            code=row.code,
            names=(row.name, row.name_en),
            name=named(row),
            unit=named(row, "unit_name") or row.unit,
            percent=row.unit in {"%", ""},
            share=row.unit == "%",
            decimals=row.decimals,
        )
        for row in rows
    )


def kinds_with_figures(district: int) -> frozenset[str]:
    """Kinds of subject of which any figure is reported; one query."""
    rows = FigureKind.objects.filter(district=district)
    return frozenset(rows.values_list("kind", flat=True).distinct())


def reported_of(
    subjects: Collection[int], periods: Collection[str]
) -> dict[Reported, Decimal | None]:
    """The last value reported of each of these subjects for these periods; one query."""
    rows = Figure.objects.filter(subject__in=set(subjects), period__in=set(periods))
    found = rows.order_by("pk").values_list("subject", "period", "kind__code", "value")
    return {(subject, period, code): value for subject, period, code, value in found}
