"""The nightly evaluation: what rules and the clock say of every subject; only changes are written.

Each chunk of subjects is a transaction of its own and a finding is opened once for its
fingerprint, so a night that was killed is simply run again.
"""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from luoshi.expectations.judging import BY_RULE, Facts, judge
from luoshi.expectations.models import Night, Standing, Tally, Version
from luoshi.expectations.settle import Look, Office, Visit, office, settle
from luoshi.expectations.versions import in_force
from luoshi.registry import queries as registry
from luoshi.rules.expectations import Judged, Method, Result

CHUNK = 20_000
"""Subjects judged together: some 20 MB."""

AT_ONCE = 200
"""Changes written together: what a killed night loses and does again."""

HOUR = 2
"""From this hour on, local time, the worker evaluates the day before it begins."""


@dataclass(slots=True)
class Evaluated:
    """How many subject-expectations were judged, how many changed, by result, and the findings."""

    evaluated: int = 0
    changed: int = 0
    findings: int = 0
    results: Counter[str] = field(default_factory=Counter)


def evaluate(
    *, district: int, now: datetime, on: date | None = None, codes: tuple[str, ...] = ()
) -> Evaluated:
    """Judge everything that rules judge, as of the day `on` (today by default).

    A date or record that is due on a day is missed on the next.
    """
    started = time.monotonic()
    day = on or timezone.localtime(now).date()
    done = Evaluated()
    there = office(district, now, on=day)
    for version in in_force(district, on=day, methods=BY_RULE, codes=codes):
        for subjects in _chunks(district, version.expectation.kind):
            _chunk(version, subjects, there, done, day=day, now=now)
    if not codes:
        _recount(district)
        _keep(district, day, now, done, time.monotonic() - started)
    return done


def nightly(now: datetime) -> int:
    """A step of the worker: once a day, after HOUR; how many changes there were."""
    local = timezone.localtime(now)
    if local.hour < HOUR:
        return 0
    changed = 0
    for info in registry.districts():
        if not Night.objects.filter(district=info.id, day=local.date()).exists():
            changed += evaluate(district=info.id, now=now).changed
    return changed


def _chunks(district: int, kind: str) -> Iterator[Facts]:
    last = 0
    while rows := registry.subject_facts(district, kind=kind, after=last, limit=CHUNK):
        yield dict(rows)
        last = rows[-1][0]


def _chunk(
    version: Version,
    subjects: Facts,
    there: Office,
    done: Evaluated,
    *,
    day: date,
    now: datetime,
) -> None:
    judged = judge(version, subjects, on=day)
    rows = Standing.objects.filter(
        expectation=version.expectation_id,
        subject__gte=min(subjects),
        subject__lte=max(subjects),
    )
    before = {
        subject: (result, code, period)
        for subject, result, code, period in rows.values_list("subject", "result", "code", "period")
    }
    dated = version.expectation.method == Method.FIGURE
    looks = [
        Look(version=version, subject=subject, judged=said)
        for subject, said in judged.items()
        if _moved(before.get(subject), said, dated=dated)
    ]
    done.evaluated += len(judged)
    done.results.update(said.result.value for said in judged.values())
    visit = Visit(district=version.district, now=now, at=now)
    for start in range(0, len(looks), AT_ONCE):
        with transaction.atomic():
            settled = settle(visit=visit, looks=looks[start : start + AT_ONCE], there=there)
        done.changed += len(looks[start : start + AT_ONCE])
        done.findings += len(settled.findings)


def _moved(before: tuple[str, str, str] | None, said: Judged, *, dated: bool) -> bool:
    """Whether the standing changes. A daily record that came as it should moves only its due day:
    that is no news."""
    if before is None:
        return True
    result, code, period = before
    if (result, code) != (said.result, said.code):
        return True
    return period != said.period and (dated or said.result is Result.UNMET)


def _recount(district: int) -> None:
    """The tally from scratch, so that whatever went wrong by day is right in the morning."""
    rows = (
        Standing.objects.filter(district=district)
        .values("expectation", "result")
        .annotate(n=Count("pk"))
        .values_list("expectation", "result", "n")
    )
    with transaction.atomic():
        counted = [
            Tally(district=district, expectation_id=one, result=result, count=n)
            for one, result, n in rows.order_by()
        ]
        Tally.objects.filter(district=district).delete()
        Tally.objects.bulk_create(counted)


def _keep(district: int, day: date, now: datetime, done: Evaluated, seconds: float) -> None:
    Night.objects.update_or_create(
        district=district,
        day=day,
        defaults={
            "at": now,
            "evaluated": done.evaluated,
            "changed": done.changed,
            "findings": done.findings,
            "seconds": seconds,
        },
    )
