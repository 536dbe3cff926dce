"""Rounds of checks: everything of a kind in an area, or a draw from a frozen list.

The seed is made after the pool was frozen and is kept with it, so that anybody can draw again.
"""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from luoshi.expectations.models import Expectation, Plan, Round, RoundSubject
from luoshi.infra import ids
from luoshi.registry import queries as registry
from luoshi.rules.expectations import Method, draw_subjects
from luoshi.rules.state import Refused

MOST = 5_000
"""Subjects of one round."""


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
    seed: str | None = None,
) -> int:
    """A round after a plan of the pack; its id. `subjects` names them, else those of the kind in
    the area; `draw` (or the plan) says how many of them are drawn.

    Raises Refused: unknown_plan, nothing_to_check, round_too_large, round_ends_first.
    """
    row = Plan.objects.filter(district=district, code=plan).first()
    if row is None:
        raise Refused("unknown_plan")
    last = ends or starts + timedelta(days=(row.every or 7) - 1)
    if last < starts:
        raise Refused("round_ends_first")
    pool = _pool(district, row.kind, area, subjects)
    size = draw or row.draw
    seed = (seed or secrets.token_hex(16)) if size else ""
    chosen = draw_subjects(pool=pool, seed=seed, size=size) if size else tuple(pool)
    if len(chosen) > MOST:
        raise Refused("round_too_large", most=MOST)
    with transaction.atomic():
        made = Round.objects.create(
            id=ids.new_id(now=now),
            district=district,
            field=row.field,
            plan=row.code,
            kind=row.kind,
            name=row.name,
            name_en=row.name_en,
            expectations=_expectations(district, row),
            seed=seed,
            pool=sorted(pool) if size else [],
            starts=starts,
            ends=last,
            by=by,
            at=now,
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


def _expectations(district: int, plan: Plan) -> list[int]:
    rows = Expectation.objects.filter(district=district, kind=plan.kind, method=Method.ITEM)
    if plan.expectations:
        rows = rows.filter(code__in=plan.expectations)
    return list(rows.order_by("pk").values_list("pk", flat=True))
