"""The nightly evaluation: what rules and the clock say of every subject; only changes are written.

It goes a bounded piece at a time, some subjects of one expectation, so that other work of the
worker goes on beside it. A finding is opened once for its fingerprint, so a piece that was killed
is simply done again.
"""

import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import DatabaseError, transaction
from django.db.models import Count
from django.utils import timezone

from luoshi.expectations.judging import BY_RULE, judge
from luoshi.expectations.models import Night, Standing, Tally, Version
from luoshi.expectations.settle import Look, Office, Visit, office, settle
from luoshi.expectations.versions import in_force
from luoshi.infra.chores import Piece
from luoshi.registry import queries as registry
from luoshi.rules.expectations import Judged, Method, Result

log = logging.getLogger(__name__)

CHUNK = 20_000
"""Subjects judged together: some 20 MB, less than a second."""

MOST = 4_000
"""Changes of one piece: some twenty seconds when each opens a case."""

PROGRESS = ("expectation", "subject", "evaluated", "changed", "findings", "finished_at")

AT_ONCE = 200
"""Changes written together: what a killed night loses and does again."""


@dataclass(slots=True)
class Evaluated:
    """How many subject-expectations were judged, how many changed, by result, and the findings."""

    evaluated: int = 0
    changed: int = 0
    findings: int = 0
    results: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)  # of the chore; `evaluate` raises them


def evaluate(
    *, district: int, now: datetime, on: date | None = None, codes: tuple[str, ...] = ()
) -> Evaluated:
    """Judge everything that rules judge, as of the day `on` (today by default), to the end.

    A date or record that is due on a day is missed on the next.
    """
    day = on or timezone.localtime(now).date()
    done = Evaluated()
    there = office(district, now, on=day)
    for version in in_force(district, on=day, methods=BY_RULE, codes=codes):
        after: int | None = 0
        while after is not None:
            after = _piece(version, after, there, done, day=day, now=now)
    if not codes:
        _recount(district)
        told = {"evaluated": done.evaluated, "changed": done.changed, "findings": done.findings}
        Night.objects.update_or_create(
            district=district, day=day, defaults={"at": now, "finished_at": now, **told}
        )
    return done


def nightly(cursor: int, *, now: datetime) -> Piece:
    """A chore: one piece of the first district whose night of today is not finished."""
    day = timezone.localtime(now).date()
    finished = set(
        Night.objects.filter(day=day, finished_at__isnull=False).values_list("district", flat=True)
    )
    left = [info.id for info in registry.districts() if info.id not in finished]
    if not left:
        return Piece()
    night, _ = Night.objects.get_or_create(district=left[0], day=day, defaults={"at": now})
    faults = _go_on(night, now)
    over = night.finished_at is not None and len(left) == 1
    return Piece(None if over else cursor + 1, faults)


def _go_on(night: Night, now: datetime) -> tuple[str, ...]:
    """One piece, and the row says how far it came. What is wrong, in words."""
    versions = sorted(
        in_force(night.district, on=night.day, methods=BY_RULE), key=lambda v: v.expectation_id
    )
    version = next((v for v in versions if v.expectation_id >= night.expectation), None)
    done = Evaluated()
    was = Night.objects.filter(
        pk=night.pk, expectation=night.expectation, subject=night.subject, finished_at=None
    )
    if version is None:
        _recount(night.district)
        night.finished_at = now
    else:
        # An expectation that ended meanwhile is passed over; the next begins with its first.
        after = night.subject if version.expectation_id == night.expectation else 0
        there = office(night.district, now, on=night.day)
        last = _tried(version, after, there, done, day=night.day, now=now)
        night.expectation = version.expectation_id + (1 if last is None else 0)
        night.subject = last or 0
        night.evaluated += done.evaluated
        night.changed += done.changed
        night.findings += done.findings
    was.update(  # unless another worker has come further meanwhile
        **{name: getattr(night, name) for name in PROGRESS}
    )
    return tuple(done.faults)


def _tried(
    version: Version, after: int, there: Office, done: Evaluated, *, day: date, now: datetime
) -> int | None:
    """A rule that breaks judges nobody further, and keeps no other from being judged; what the
    database cannot do now is tried again."""
    try:
        return _piece(version, after, there, done, day=day, now=now)
    except DatabaseError:
        raise
    except Exception as error:
        log.exception("%s could not be judged", version.expectation.code)
        done.faults.append(f"{version.expectation.code} version {version.number}: {error!r}")
        return None


def _piece(
    version: Version, after: int, there: Office, done: Evaluated, *, day: date, now: datetime
) -> int | None:
    """Judge the subjects after this one, write at most MOST changes; the last subject that is
    done, or None at the end."""
    rows = registry.subject_facts(
        version.district, kind=version.expectation.kind, after=after, limit=CHUNK
    )
    if not rows:
        return None
    judged = judge(version, dict(rows), on=day)
    looks = _news(version, judged)
    last = rows[-1][0]
    if len(looks) > MOST:
        looks, last = looks[:MOST], looks[MOST - 1].subject
        judged = {subject: said for subject, said in judged.items() if subject <= last}
    done.evaluated += len(judged)
    done.results.update(said.result.value for said in judged.values())
    _write(version, looks, there, done, now=now)
    return last


def _news(version: Version, judged: dict[int, Judged]) -> list[Look]:
    """By subject, those whose standing changes."""
    standings = Standing.objects.filter(
        expectation=version.expectation_id, subject__gte=min(judged), subject__lte=max(judged)
    )
    before = {
        subject: (result, code, period)
        for subject, result, code, period in standings.values_list(
            "subject", "result", "code", "period"
        )
    }
    dated = version.expectation.method == Method.FIGURE
    return [
        Look(version=version, subject=subject, judged=said)
        for subject, said in sorted(judged.items(), key=lambda item: item[0])
        if _moved(before.get(subject), said, dated=dated)
    ]


def _write(
    version: Version, looks: list[Look], there: Office, done: Evaluated, *, now: datetime
) -> None:
    visit = Visit(district=version.district, now=now, at=now)
    for start in range(0, len(looks), AT_ONCE):
        part = looks[start : start + AT_ONCE]
        with transaction.atomic():
            settled = settle(visit=visit, looks=part, there=there)
        done.changed += len(part)
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
