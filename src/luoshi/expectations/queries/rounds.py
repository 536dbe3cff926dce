"""Rounds of checks and what is to be looked at next."""

from dataclasses import dataclass
from datetime import date

from luoshi.expectations.models import Plan, Round, RoundSubject
from luoshi.expectations.queries.facts import Demand, RoundInfo, named
from luoshi.expectations.queries.fields import demands
from luoshi.rules.expectations import Method


@dataclass(frozen=True, slots=True)
class PlanInfo:
    code: str
    name: str
    field: str
    kind: str
    every: int | None
    draw: int | None


def plans(district: int, *, field: str = "") -> tuple[PlanInfo, ...]:
    """What packs suggest to look at again and again."""
    rows = Plan.objects.filter(district=district)
    if field:
        rows = rows.filter(field=field)
    return tuple(
        PlanInfo(row.code, named(row), row.field, row.kind, row.every, row.draw)
        for row in rows.order_by("pk")
    )


def rounds(
    district: int, *, field: str = "", open_on: date | None = None, after: int = 0, limit: int = 30
) -> tuple[RoundInfo, ...]:
    """Rounds, the newest first; `open_on`: only those not over on that day. Two queries."""
    rows = Round.objects.filter(district=district)
    if field:
        rows = rows.filter(field=field)
    if open_on is not None:
        rows = rows.filter(ends__gte=open_on, starts__lte=open_on)
    if after:
        rows = rows.filter(pk__lt=after)
    return tuple(_info(row) for row in rows.prefetch_related("subjects").order_by("-pk")[:limit])


def round_page(district: int, round: int) -> RoundInfo | None:
    """One round with its subjects; two queries."""
    row = Round.objects.filter(pk=round, district=district).prefetch_related("subjects").first()
    return _info(row) if row else None


def _info(row: Round) -> RoundInfo:
    return RoundInfo(
        id=row.pk,
        name=named(row),
        field=row.field,
        kind=row.kind,
        starts=row.starts,
        ends=row.ends,
        seed=row.seed,
        pool=tuple(row.pool),
        subjects=tuple((one.subject, one.done) for one in row.subjects.all()),
        expectations=tuple(row.expectations),
        by=row.by,
        at=row.at,
    )


def questions(
    district: int, kind: str, *, on: date, round: RoundInfo | None = None
) -> tuple[Demand, ...]:
    """What a person is asked about a subject of this kind; of a round only what it looks at."""
    found = [d for d in demands(district, on=on, kind=kind) if d.method == Method.ITEM]
    if round is not None:
        found = [one for one in found if one.id in set(round.expectations)]
    return tuple(found)


def open_round_of(subject: int, *, on: date) -> int | None:
    """A round that still waits for this subject."""
    rows = RoundSubject.objects.filter(
        subject=subject, done=None, round__starts__lte=on, round__ends__gte=on
    )
    return rows.order_by("round__ends").values_list("round", flat=True).first()
