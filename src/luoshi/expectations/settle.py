"""Writing down what was seen: check and answers, standings and their tally, findings and cases.

The only writer of these tables. Everything happens in the transaction of the caller.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from luoshi.cases import actions as cases
from luoshi.cases.actions import Desk, NewFinding
from luoshi.cases.evidence import Prepared
from luoshi.expectations import wording
from luoshi.expectations.models import (
    Answer,
    Check,
    CheckPicture,
    Finding,
    Standing,
    Tally,
    Version,
)
from luoshi.infra import ids
from luoshi.registry import queries as registry
from luoshi.registry.queries import DutyBook, SubjectInfo
from luoshi.rules.expectations import Judged, Method, Result, fingerprint
from luoshi.trust import vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look at one expectation of one subject said."""

    version: Version
    subject: int
    judged: Judged
    number: float | None = None
    choice: str | None = None
    text: str = ""
    pictures: Sequence[Prepared] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who looked, when, and why; the same for all looks that are settled together."""

    district: int
    now: datetime
    at: datetime
    person: int | None = None
    round: int | None = None
    case: int | None = None  # the case that the visit verifies
    corrects: int | None = None
    reason: int | None = None
    key: str = ""
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A finding and the case that it opened or joined."""

    finding: int
    case: int
    joined: bool
    expectation: str


@dataclass(slots=True)
class Settled:
    """Checks by subject, and the findings."""

    checks: dict[int, int] = field(default_factory=dict)
    findings: list[Found] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Office:
    """What does not change while many looks are settled."""

    desk: Desk
    duties: DutyBook
    today: date


def office(district: int, now: datetime, *, on: date | None = None) -> Office:
    """Clock, people and duties as they are on that day; some queries, once for a run."""
    desk = cases.desk_of(district, now)
    today = on or now.astimezone(desk.clock[1].tz).date()
    return Office(desk, registry.duty_book(district, on=today), today)


def settle(*, visit: Visit, looks: Sequence[Look], there: Office) -> Settled:
    """Write it all down; what is newly unmet opens or joins cases, unless the visit verifies."""
    if not looks:
        return Settled()
    checks = _checks(visit, looks)
    answers = _answers(visit, looks, checks)
    standings = _standings(looks)
    done = Settled(checks={subject: check.pk for subject, check in checks.items()})
    found = {}
    if visit.case is None:
        found = _findings(visit, looks, answers, standings, there)
        done.findings = list(found.values())
    _stand(visit, looks, answers, standings, found)
    return done


def _checks(visit: Visit, looks: Sequence[Look]) -> dict[int, Check]:
    """One for each subject."""
    subjects = dict.fromkeys(look.subject for look in looks)
    rows = {
        subject: Check(
            id=ids.new_id(now=visit.now),
            district=visit.district,
            subject=subject,
            by="rule" if visit.person is None else "person",
            person=visit.person,
            at=visit.at,
            received_at=visit.now,
            lat=None if visit.lat is None else round(visit.lat, 4),
            lon=None if visit.lon is None else round(visit.lon, 4),
            round=visit.round,
            case=visit.case,
            corrects=visit.corrects,
            reason=visit.reason,
            key=visit.key,
        )
        for subject in subjects
    }
    Check.objects.bulk_create(rows.values())
    return rows


def _answers(visit: Visit, looks: Sequence[Look], checks: Mapping[int, Check]) -> list[Answer]:
    rows = [
        Answer(
            id=ids.new_id(now=visit.now),
            check_made=checks[look.subject],
            version=look.version,
            expectation_id=look.version.expectation_id,
            subject=look.subject,
            result=look.judged.result,
            code=look.judged.code,
            period=look.judged.period,
            detail=_detail(look),
            text=_said(visit, look),
        )
        for look in looks
    ]
    Answer.objects.bulk_create(rows)
    pictures = [
        CheckPicture(
            id=ids.new_id(now=visit.now),
            answer=row,
            district=visit.district,
            copy=p.copy,
            thumb=p.thumb,
            original=p.original,
            original_hash=p.original_hash,
            pixel_hash=p.pixel_hash,
            width=p.width,
            height=p.height,
            kind=p.kind,
        )
        for look, row in zip(looks, rows, strict=True)
        for p in look.pictures
    ]
    if pictures:
        CheckPicture.objects.bulk_create(pictures)
    return rows


def _said(visit: Visit, look: Look) -> int | None:
    if not look.text.strip():
        return None
    return vault.store_text(
        district=visit.district, text=look.text.strip(), sealed=False, now=visit.now
    )


def _detail(look: Look) -> dict[str, Any]:
    judged = look.judged
    told: dict[str, Any] = {
        "number": look.number,
        "choice": look.choice,
        "value": judged.value,
        "limit": judged.limit,
        "missing": list(judged.missing),
        "due": judged.due.isoformat() if judged.due else None,
    }
    return {name: value for name, value in told.items() if value not in (None, [])}


# ---- Findings ----


def _findings(
    visit: Visit,
    looks: Sequence[Look],
    answers: Sequence[Answer],
    standings: Mapping[tuple[int, int], Standing],
    there: Office,
) -> dict[int, Found]:
    """By the place of the look: the findings that are new."""
    unmet = {
        place: (look, _print(look, answers[place]))
        for place, look in enumerate(looks)
        if look.judged.result is Result.UNMET
    }
    if not unmet:
        return {}
    marks = [mark for _, mark in unmet.values()]
    rows = Finding.objects.filter(district=visit.district, fingerprint__in=marks)
    known = {bytes(mark) for mark in rows.values_list("fingerprint", flat=True)}
    subjects = registry.subjects_by_id(look.subject for look, _ in unmet.values())
    found: dict[int, Found] = {}
    fresh = []
    for place, (look, mark) in unmet.items():
        if mark in known:
            continue
        earlier = standings.get((look.version.expectation_id, look.subject))
        if earlier is not None and earlier.at > visit.at:
            continue  # sent late or corrected: somebody has looked since, and that look counts
        opened = cases.open_finding(
            finding=_new(visit, look, mark, subjects[look.subject], earlier, there),
            now=visit.now,
            desk=there.desk,
        )
        row = Finding(
            id=ids.new_id(now=visit.now),
            district=visit.district,
            expectation_id=look.version.expectation_id,
            version=look.version,
            answer=answers[place],
            subject=look.subject,
            period=_period(look, answers[place]),
            fingerprint=mark,
            case=opened.case,
            joined=opened.joined,
            at=visit.now,
        )
        fresh.append(row)
        found[place] = Found(row.pk, opened.case, opened.joined, look.version.expectation.code)
    Finding.objects.bulk_create(fresh)
    return found


def _period(look: Look, answer: Answer) -> str:
    """What tells one finding from the next: the visit of a person, else the period judged."""
    if look.version.expectation.method == Method.ITEM:
        return str(answer.check_made_id)
    return look.judged.period


def _print(look: Look, answer: Answer) -> bytes:
    return fingerprint(
        expectation=look.version.expectation.code,
        subject=look.subject,
        period=_period(look, answer),
    )


def _new(
    visit: Visit,
    look: Look,
    mark: bytes,
    subject: SubjectInfo,
    earlier: Standing | None,
    there: Office,
) -> NewFinding:
    version = look.version
    owner, person = there.duties.answers(subject, version.duty) or (subject.operator, None)
    return NewFinding(
        district=visit.district,
        key=mark,
        words=wording.finding(version, subject.name, look.judged, look.text),
        category=version.category,
        tier=version.tier,
        days=version.days,
        subject=subject.id,
        area=subject.area,
        owner=owner,
        person=person,
        earlier=earlier.case if earlier else None,
        by=visit.person,
        pictures=look.pictures,
    )


# ---- Where things stand ----


def _standings(looks: Iterable[Look]) -> dict[tuple[int, int], Standing]:
    pairs = {(look.version.expectation_id, look.subject) for look in looks}
    rows = Standing.objects.select_for_update().filter(
        expectation__in={one for one, _ in pairs}, subject__in={two for _, two in pairs}
    )
    found = {(row.expectation_id, row.subject): row for row in rows.order_by("pk")}
    return {pair: row for pair, row in found.items() if pair in pairs}


def _stand(
    visit: Visit,
    looks: Sequence[Look],
    answers: Sequence[Answer],
    standings: Mapping[tuple[int, int], Standing],
    found: Mapping[int, Found],
) -> None:
    rows, moved = [], Counter[tuple[int, str]]()
    for place, look in enumerate(looks):
        pair = (look.version.expectation_id, look.subject)
        before = standings.get(pair)
        if before is not None and before.at > visit.at:
            continue  # sent late, from a place without signal: somebody has looked since
        result = str(look.judged.result)
        if before is None or before.result != result:
            moved[(pair[0], result)] += 1
            if before is not None:
                moved[(pair[0], before.result)] -= 1
        same = before is not None and before.result == result
        case = found[place].case if place in found else before.case if before else None
        rows.append(
            Standing(
                district=visit.district,
                expectation_id=pair[0],
                subject=look.subject,
                result=result,
                code=look.judged.code,
                period=look.judged.period,
                version=look.version.pk,
                answer=answers[place].pk,
                at=visit.at,
                since=before.since if before is not None and same else visit.at,
                next_due=_next_due(look, visit),
                case=case,
            )
        )
    Standing.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["expectation", "subject"],
        update_fields=[
            "result",
            "code",
            "period",
            "version",
            "answer",
            "at",
            "since",
            "next_due",
            "case",
        ],
    )
    _count(visit.district, moved)


def _next_due(look: Look, visit: Visit) -> date | None:
    """When a person looks again; rules look every night."""
    if look.version.expectation.method != Method.ITEM or not look.version.every:
        return None
    return timezone.localdate(visit.at) + timedelta(days=look.version.every)


def _count(district: int, moved: Mapping[tuple[int, str], int]) -> None:
    changes = {pair: n for pair, n in moved.items() if n}
    Tally.objects.bulk_create(
        [Tally(district=district, expectation_id=one, result=two) for one, two in changes],
        ignore_conflicts=True,
    )
    for (expectation, result), n in sorted(changes.items()):
        Tally.objects.filter(expectation=expectation, result=result).update(count=F("count") + n)
