"""Rounds of checks and what is to be looked at next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q

from luoshi.expectations.models import Check, Plan, Round, RoundSubject
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
    expectations: Sequence[str] = ()  # codes; empty: all


def plans(district: int, *, field: str = "") -> tuple[PlanInfo, ...]:
    """What packs suggest to look at again and again."""
    rows = Plan.objects.filter(district=district)
    if field:
        rows = rows.filter(field=field)
    return tuple(
        PlanInfo(
            row.code, named(row), row.field, row.kind, row.every, row.draw, tuple(row.expectations)
        )
        for row in rows.order_by("pk")
    )


def rounds(
    district: int,
    *,
    field: str = "",
    open_on: date | None = None,
    person: int | None = None,
    after: int = 0,
    limit: int = 30,
) -> tuple[RoundInfo, ...]:
    """Rounds, the newest first; `open_on`: only those not over on that day; `person`: those that
    he carries out. One query."""
    rows = _counted(Round.objects.filter(district=district))
    if field:
        rows = rows.filter(field=field)
    if open_on is not None:
        rows = rows.filter(ends__gte=open_on, starts__lte=open_on)
    if person is not None:
        rows = rows.filter(person=person)
    if after:
        rows = rows.filter(pk__lt=after)
    rows = rows.defer("pool")  # a frozen pool may be long, and a list does not show it
    return tuple(_info(row, pool=()) for row in rows.order_by("-pk")[:limit])


def open_rounds(district: int, *, on: date, person: int | None = None) -> int:
    """How many are under way, of all or of those that one person carries out; one query."""
    rows = Round.objects.filter(district=district, ends__gte=on, starts__lte=on)
    return (rows if person is None else rows.filter(person=person)).count()


def draws_before(district: int, kind: str, *, round: int, since: date) -> int:
    """How many draws among this kind were made since a day before this one: whoever draws again
    and again until he likes it is seen. One query."""
    rows = Round.objects.filter(district=district, kind=kind, pk__lt=round, starts__gte=since)
    return rows.exclude(seed="").count()


def round_page(district: int, round: int) -> RoundInfo | None:
    """One round and how far it is; one query."""
    row = _counted(Round.objects.filter(pk=round, district=district)).first()
    return _info(row, pool=row.pool) if row else None


def _counted(rows: Any) -> Any:
    """With how many subjects there are and how many of them were looked at."""
    made = Q(subjects__done__isnull=False)
    return rows.annotate(n=Count("subjects"), made=Count("subjects", filter=made))


def _info(row: Any, *, pool: Sequence[int]) -> RoundInfo:
    return RoundInfo(
        id=row.pk,
        name=named(row),
        field=row.field,
        kind=row.kind,
        starts=row.starts,
        ends=row.ends,
        seed=row.seed,
        pool=tuple(pool),
        total=row.n,
        done=row.made,
        expectations=tuple(row.expectations),
        by=row.by,
        person=row.person,
        at=row.at,
    )


@dataclass(frozen=True, slots=True)
class Visited:
    """A subject of a round; who looked and when, None while nobody has."""

    subject: int
    check: int | None
    person: int | None
    at: datetime | None


def round_subjects(
    round: int, *, left: bool | None = None, after: int = 0, limit: int = 50
) -> tuple[Visited, ...]:
    """The subjects of a round by id, those that are left or those that are done; two queries."""
    rows = RoundSubject.objects.filter(round=round, subject__gt=after)
    if left is not None:
        rows = rows.filter(done__isnull=left)
    found = list(rows.order_by("subject").values_list("subject", "done")[:limit])
    looks = Check.objects.in_bulk([done for _subject, done in found if done])
    return tuple(
        Visited(subject, done, looks[done].person, looks[done].at)
        if done in looks
        else Visited(subject, done, None, None)
        for subject, done in found
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
