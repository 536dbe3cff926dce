"""Rounds of checks: everything of a kind in an area, or a draw from a frozen list.

The seed is made after the pool was frozen and is kept with it, so that anybody can draw again and
nobody can choose a seed that draws whom he likes.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from luoshi.expectations.models import Expectation, Kind, Plan, Round, RoundSubject
from luoshi.infra import ids
from luoshi.registry import queries as registry
from luoshi.rules.expectations import Method, draw_subjects
from luoshi.rules.state import Refused

MOST = 5_000
"""Subjects of one round."""

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class _What:
    field: str
    kind: str
    name: str
    name_en: str
    expectations: list[int]
    plan: str = ""
    key: str = ""


def start_round(
    *,
    district: int,
    plan: str,
    now: datetime,
    starts: date,
    ends: date | None = None,
    area: int | None = None,
    draw: int | None = None,
    subjects: Sequence[int] = (),
    by: int | None = None,
    person: int | None = None,
) -> int:
    """A round after a plan of the pack; its id. `subjects` names them, else those of the kind in
    the area; `draw` (or the plan) says how many of them are drawn; `person` carries it out.

    Raises Refused: unknown_plan, nothing_to_check, round_too_large, round_ends_first,
    round_too_long, draw_nothing.
    """
    row = Plan.objects.filter(district=district, code=plan).first()
    if row is None:
        raise Refused("unknown_plan")
    what = _What(
        field=row.field,
        kind=row.kind,
        name=row.name,
        name_en=row.name_en,
        expectations=_expectations(district, row.kind, row.expectations),
        plan=row.code,
    )
    last = ends or starts + timedelta(days=(row.every or 7) - 1)
    pool = _pool(district, row.kind, area, subjects)
    size = row.draw if draw is None else draw
    return _start(
        district, what, pool, size, starts=starts, ends=last, by=by, person=person, now=now
    )


def compose_round(
    *,
    district: int,
    kind: str,
    name: str,
    now: datetime,
    starts: date,
    ends: date,
    expectations: Sequence[str] = (),
    area: int | None = None,
    draw: int | None = None,
    subjects: Sequence[int] = (),
    by: int | None = None,
    person: int | None = None,
    plan: str = "",
    key: str = "",
) -> int:
    """A round that somebody puts together: these expectations (by code; none: all) of a kind;
    its id, the same for the same key: nobody draws twice by sending twice.

    `plan` is the one that he began with. Raises as `start_round`, and Refused name_missing.
    """
    if known := _known(district, key):
        return known
    about = Kind.objects.filter(district=district, code=kind).first()
    if about is None:
        raise Refused("nothing_to_check")
    if not name.strip():
        raise Refused("name_missing")
    called = _names(district, plan, name.strip())
    what = _What(
        field=about.field,
        kind=kind,
        name=called[0],
        name_en=called[1],
        expectations=_expectations(district, kind, expectations),
        plan=plan,
        key=key,
    )
    pool = _pool(district, kind, area, subjects)
    try:
        return _start(
            district, what, pool, draw, starts=starts, ends=ends, by=by, person=person,
            now=now,
        )  # fmt: skip
    except IntegrityError:
        if known := _known(district, key):  # the same was sent twice at once
            return known
        raise


def _known(district: int, key: str) -> int | None:
    rows = Round.objects.filter(district=district, key=key) if key else Round.objects.none()
    return rows.values_list("pk", flat=True).first()


def _names(district: int, plan: str, name: str) -> tuple[str, str]:
    """In both languages where the name of the plan was kept."""
    row = Plan.objects.filter(district=district, code=plan).first() if plan else None
    if row is not None and name in {row.name, row.name_en}:
        return row.name, row.name_en
    return name, name


def _start(
    district: int,
    what: _What,
    pool: Sequence[int],
    size: int | None,
    *,
    starts: date,
    ends: date,
    by: int | None,
    person: int | None,
    now: datetime,
) -> int:
    if ends < starts:
        raise Refused("round_ends_first")
    if ends - starts > LONGEST:
        raise Refused("round_too_long")
    if size is not None and size < 1:
        raise Refused("draw_nothing")
    seed = secrets.token_hex(16) if size else ""
    chosen = draw_subjects(pool=pool, seed=seed, size=size) if size else tuple(pool)
    if len(chosen) > MOST:
        raise Refused("round_too_large", most=MOST)
    with transaction.atomic():
        made = Round.objects.create(
            id=ids.new_id(now=now),
            district=district,
            field=what.field,
            plan=what.plan,
            kind=what.kind,
            name=what.name,
            name_en=what.name_en,
            expectations=what.expectations,
            seed=seed,
            pool=sorted(pool) if size else [],
            starts=starts,
            ends=ends,
            by=by,
            person=person,
            at=now,
            key=what.key,
        )
        RoundSubject.objects.bulk_create(
            RoundSubject(round=made, subject=subject) for subject in sorted(chosen)
        )
    return made.pk


def _pool(district: int, kind: str, area: int | None, named: Sequence[int]) -> list[int]:
    if named:
        known = registry.subjects_by_id(named, district=district)
        pool = [id for id, info in known.items() if info.kind == kind and info.active]
    else:
        rows = registry.subjects_page(district, kind=kind, area=area, limit=100_000)
        pool = [info.id for info in rows]
    if not pool:
        raise Refused("nothing_to_check")
    return pool


def _expectations(district: int, kind: str, codes: Sequence[str]) -> list[int]:
    rows = Expectation.objects.filter(district=district, kind=kind, method=Method.ITEM)
    if codes:
        rows = rows.filter(code__in=codes)
    found = list(rows.order_by("pk").values_list("pk", flat=True))
    if not found:
        raise Refused("nothing_to_check")
    return found
