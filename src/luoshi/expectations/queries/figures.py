"""Figures as they are entered: what was reported, what a rule would say, what was corrected."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from luoshi.expectations import wording
from luoshi.expectations.judging import judge_if
from luoshi.expectations.models import Figure, FigureKind, Latest, Standing
from luoshi.expectations.queries.facts import Demand, demand, named
from luoshi.expectations.queries.fields import names
from luoshi.expectations.versions import in_force
from luoshi.registry.queries import SubjectInfo
from luoshi.rules.expectations import Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value as it was reported; None: said to be not known. `person`: who entered it."""

    value: Decimal | None
    period: str
    source: str
    reported_on: date
    person: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureField:
    """A figure that is reported of a kind of subject, with what was last reported of one."""

    code: str
    name: str
    unit: str  # as people read it
    percent: bool
    decimals: int
    signal: bool
    last: Value | None = None


def figure_fields(subject: SubjectInfo, district: int) -> tuple[FigureField, ...]:
    """In the order of the pack; three queries."""
    kinds = FigureKind.objects.filter(district=district, kind=subject.kind).order_by("pk")
    latest = dict(Latest.objects.filter(subject=subject.id).values_list("kind", "period"))
    rows = Figure.objects.filter(
        subject=subject.id, kind__in=latest, period__in=set(latest.values())
    )
    last = {
        row.kind_id: _value(row) for row in rows.order_by("pk") if latest[row.kind_id] == row.period
    }
    return tuple(
        FigureField(
            code=row.code,
            name=named(row),
            unit=named(row, "unit_name") or row.unit,
            percent=row.unit in {"%", ""},
            decimals=row.decimals,
            signal=row.signal,
            last=last.get(row.pk),
        )
        for row in kinds
    )


def reports_figures(district: int, kind: str) -> bool:
    """Whether anything is reported of a kind of subject; one query."""
    return FigureKind.objects.filter(district=district, kind=kind).exists()


def _value(row: Figure) -> Value:
    return Value(
        value=row.value,
        period=row.period,
        source=row.source,
        reported_on=row.reported_on,
        person=row.person,
    )


def reported(subject: int, period: str) -> dict[str, Value]:
    """What counts of one period, by the code of the figure; one query."""
    rows = Figure.objects.filter(subject=subject, period=period).select_related("kind")
    return {row.kind.code: _value(row) for row in rows.order_by("pk")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What a rule would say, and what it says now."""

    demand: Demand
    result: str
    reason: str
    before: str


def foresee(
    district: int,
    subject: SubjectInfo,
    *,
    period: str,
    values: Mapping[str, Decimal | None],
    on: date,
) -> tuple[Foreseen, ...]:
    """What the rules over figures would say if these values were reported; nothing is written.

    Eight queries. Raises BadPeriod.
    """
    versions = in_force(district, on=on, kind=subject.kind, methods=[Method.FIGURE])
    given = {code: None if value is None else float(value) for code, value in values.items()}
    judged = judge_if(versions, subject, period=period, values=given)
    stands = dict(Standing.objects.filter(subject=subject.id).values_list("expectation", "result"))
    called = names(district)
    return tuple(
        Foreseen(
            demand=demand(version),
            result=str(said.result),
            reason=wording.reason(said, version, called),
            before=stands.get(version.expectation_id, "never"),
        )
        for version, said in zip(versions, judged, strict=True)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """One value as it was reported once. `before`: what it corrects; `counts`: nothing later."""

    id: int
    name: str
    unit: str
    period: str
    value: Decimal | None
    before: Decimal | None
    corrects: bool
    counts: bool
    source: str
    reported_on: date
    reason: str
    person: int | None
    at: datetime


def kinds_with_own_figures(district: int) -> set[str]:
    """Kinds of subject that report figures of themselves, not only signals; one query."""
    rows = FigureKind.objects.filter(district=district, signal=False)
    return set(rows.values_list("kind", flat=True))


def figure_history(
    subject: int,
    *,
    codes: Collection[str] | None = None,
    before: int | None = None,
    limit: int = 50,
) -> tuple[Reporting, ...]:
    """All that was reported of a subject, or for these figures, the newest first, corrections
    beside what they correct; two queries."""
    rows = Figure.objects.filter(subject=subject).select_related("kind")
    if codes is not None:
        rows = rows.filter(kind__code__in=codes)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    shown = list(rows.order_by("-pk")[:limit])
    chains: dict[tuple[int, str], list[tuple[int, Decimal | None]]] = defaultdict(list)
    others = Figure.objects.filter(
        subject=subject,
        kind__in={row.kind_id for row in shown},
        period__in={row.period for row in shown},
    )
    for kind, period, id, value in others.order_by("pk").values_list(
        "kind", "period", "pk", "value"
    ):
        chains[(kind, period)].append((id, value))
    return tuple(_reporting(row, chains[(row.kind_id, row.period)]) for row in shown)


def _reporting(row: Figure, chain: list[tuple[int, Decimal | None]]) -> Reporting:
    place = [id for id, _value in chain].index(row.pk)
    return Reporting(
        id=row.pk,
        name=named(row.kind),
        unit=named(row.kind, "unit_name") or row.kind.unit,
        period=row.period,
        value=row.value,
        before=chain[place - 1][1] if place else None,
        corrects=place > 0,
        counts=place == len(chain) - 1,
        source=row.source,
        reported_on=row.reported_on,
        reason=row.reason,
        person=row.person,
        at=row.at,
    )
