"""A person's look at a subject: answers judged, written down, findings opened; once for its key."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from django.db import IntegrityError, transaction
from django.utils import timezone

from luoshi.cases import evidence
from luoshi.expectations.judging import judge
from luoshi.expectations.models import Answer, Check, Finding, RoundSubject, Version
from luoshi.expectations.settle import Found, Look, Settled, Visit, office, settle
from luoshi.expectations.versions import in_force
from luoshi.registry import queries as registry
from luoshi.rules.expectations import BadAnswer, Given, Method, judge_item
from luoshi.rules.state import Refused
from luoshi.trust import vault

AHEAD = timedelta(minutes=10)
"""How far a telephone's clock may run ahead of ours."""

OLDEST = timedelta(days=14)
"""How long a check may wait on a telephone without signal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The answer to one question. `pictures` are uploads as they came; `subject` says of which
    subject, where a check is about several."""

    expectation: str
    subject: int | None = None
    result: str | None = None
    number: float | None = None
    choice: str | None = None
    text: str = ""
    pictures: Sequence[bytes] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """The check, what it found, and whether it was here already (sent twice)."""

    check: int
    findings: tuple[Found, ...] = ()
    repeated: bool = False


class AnswersRefused(ValueError):
    """Answers that cannot be taken; `errors` tells by the code of the expectation what to do about
    this subject. Nothing was stored."""

    def __init__(self, errors: Mapping[str, BadAnswer], subject: int) -> None:
        super().__init__("; ".join(f"{code}: {error}" for code, error in errors.items()))
        self.errors = dict(errors)
        self.subject = subject


@dataclass(slots=True)
class _Judging:
    looks: list[Look] = field(default_factory=list)
    errors: dict[str, BadAnswer] = field(default_factory=dict)


def record_check(
    *,
    district: int,
    subject: int,
    answers: Sequence[Said],
    person: int,
    now: datetime,
    key: str,
    at: datetime | None = None,
    round: int | None = None,
    lat: float | None = None,
    lon: float | None = None,
) -> Checked:
    """One visit of one subject. `at` is when he looked, when that is earlier than `now`.

    Judged by the versions that held then. The same `key` again gives the same check. Raises
    AnswersRefused, Refused (no_answers, check_from_the_future, check_too_old, unknown_subject,
    pictures), PictureRefused, StorageFull.
    """
    at = at or now
    if not answers:
        raise Refused("no_answers")
    if at > now + AHEAD:
        raise Refused("check_from_the_future")
    if at < now - OLDEST:
        raise Refused("check_too_old")
    _must_be_there(district, subject)
    versions = _versions(district, answers, at)
    looks = _judged(versions, subject, answers)
    visit = Visit(
        district=district,
        now=now,
        at=min(at, now),
        person=person,
        round=round,
        key=key,
        lat=lat,
        lon=lon,
    )
    return once(visit, looks)


def once(visit: Visit, looks: Sequence[Look]) -> Checked:
    """Settle one visit unless its key is here already."""
    if known := _known(visit.district, visit.key):
        return known
    try:
        with transaction.atomic():
            there = office(visit.district, visit.now)
            done = settle(visit=visit, looks=looks, there=there)
            check = next(iter(done.checks.values()))
            if visit.round is not None:
                RoundSubject.objects.filter(
                    round=visit.round, subject=looks[0].subject, done=None
                ).update(done=check)
    except IntegrityError:
        if known := _known(visit.district, visit.key):  # the same was sent twice at once
            return known
        raise
    return Checked(check, tuple(done.findings))


def _known(district: int, key: str) -> Checked | None:
    if not key:
        return None
    row = Check.objects.filter(district=district, key=key).first()
    if row is None:
        return None
    rows = Finding.objects.filter(answer__check_made=row).select_related("expectation")
    found = tuple(Found(f.pk, f.case, f.joined, f.expectation.code) for f in rows)
    return Checked(row.pk, found, repeated=True)


def _must_be_there(district: int, subject: int) -> None:
    info = registry.subjects_by_id([subject], district=district).get(subject)
    if info is None or not info.active:
        raise Refused("unknown_subject")


def _versions(district: int, answers: Iterable[Said], at: datetime) -> dict[str, Version]:
    codes = [said.expectation for said in answers]
    day = timezone.localtime(at).date()
    found = in_force(district, on=day, codes=codes)
    return {version.expectation.code: version for version in found}


def _judged(
    versions: Mapping[str, Version],
    subject: int,
    answers: Sequence[Said],
    kept: Mapping[str, int] = MappingProxyType({}),
) -> list[Look]:
    """`kept`: pictures that are there already. Raises AnswersRefused with all that is wrong, not
    only the first."""
    done = _Judging()
    kind = registry.subject(subject).kind
    for said in answers:
        version = versions.get(said.expectation)
        if version is None or version.expectation.kind != kind:
            text = "nothing of this name is expected here on that day"
            done.errors[said.expectation] = BadAnswer("not_expected", text)
            continue
        _judge_one(version, subject, said, done, kept.get(said.expectation, 0))
    if done.errors:
        raise AnswersRefused(done.errors, subject)
    return done.looks


def _judge_one(version: Version, subject: int, said: Said, done: _Judging, kept: int) -> None:
    if version.expectation.method != Method.ITEM:
        text = "this is not looked at but reported"
        done.errors[said.expectation] = BadAnswer("not_a_question", text)
        return
    given = Given(
        result=said.result,
        number=said.number,
        choice=said.choice,
        text=bool(said.text.strip()),
        pictures=len(said.pictures) + kept,
    )
    try:
        judged = judge_item(version.spec, given)
    except BadAnswer as error:
        done.errors[said.expectation] = error
        return
    done.looks.append(
        Look(
            version=version,
            subject=subject,
            judged=judged,
            number=said.number,
            choice=said.choice,
            text=said.text,
            pictures=evidence.prepare(said.pictures),
        )
    )


def correct_check(
    *,
    check: int,
    answers: Sequence[Said],
    reason: str,
    person: int,
    now: datetime,
    key: str,
) -> Checked:
    """Say it again, rightly, with the reason; the first word stays on record.

    Pictures of the first word still stand for it. A case that the wrong word opened goes its way:
    its claim may say that it was unfounded. Raises as `record_check`, and Refused reason_missing,
    unknown_check, check_corrected (somebody has).
    """
    if not reason.strip():
        raise Refused("reason_missing")
    if not answers:
        raise Refused("no_answers")
    first = Check.objects.filter(pk=check, by="person", case=None).first()
    if first is None:
        raise Refused("unknown_check")
    if known := _known(first.district, key):
        return known
    if Check.objects.filter(corrects=check).exists():
        raise Refused("check_corrected")
    rows = Answer.objects.filter(check_made=first).select_related("version__expectation")
    versions = {row.version.expectation.code: row.version for row in rows}
    kept = {row.version.expectation.code: row.pictures.count() for row in rows}
    looks = _judged(versions, first.subject, answers, kept)
    why = vault.store_text(district=first.district, text=reason.strip(), sealed=False, now=now)
    visit = Visit(
        district=first.district,
        now=now,
        at=first.at,  # it says what he saw then: whoever looked since has the last word
        person=person,
        corrects=first.pk,
        reason=why,
        key=key,
    )
    try:
        return once(visit, looks)
    except IntegrityError as error:  # somebody corrected it at the same time
        raise Refused("check_corrected") from error


def check_again(
    *,
    case: int,
    district: int,
    versions: Mapping[int, Sequence[Version]],
    answers: Sequence[Said],
    person: int,
    now: datetime,
) -> int | None:
    """The drawn verifier's next check, on the versions that were broken; the id of the first,
    None when he answered nothing.

    `versions` by subject; with several, each answer names its own. Rules are asked again by
    themselves. In the caller's transaction.
    """
    there = office(district, now)
    alone = next(iter(versions)) if len(versions) == 1 else None
    given = {(said.subject or alone, said.expectation): said for said in answers}
    looks: list[Look] = []
    for subject, broken in versions.items():
        items = [v for v in broken if v.expectation.method == Method.ITEM]
        asked = ((subject, v.expectation.code) for v in items)
        said = [given[one] for one in asked if one in given]
        looks += _judged({v.expectation.code: v for v in items}, subject, said)
        looks += _by_rule([v for v in broken if v not in items], subject, now)
    visit = Visit(district=district, now=now, at=now, person=person, case=case)
    done: Settled = settle(visit=visit, looks=looks, there=there)
    return next(iter(done.checks.values()), None)


def _by_rule(versions: Iterable[Version], subject: int, now: datetime) -> list[Look]:
    facts = {subject: registry.subject(subject).facts}
    today = timezone.localtime(now).date()
    return [
        Look(version=version, subject=subject, judged=judge(version, facts, on=today)[subject])
        for version in versions
    ]
