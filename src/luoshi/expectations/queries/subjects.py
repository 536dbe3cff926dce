"""The page of a subject: what is expected of it, who answers, what was seen."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from django.db.models import Q

from luoshi.expectations import wording
from luoshi.expectations.models import (
    Answer,
    Check,
    CheckPicture,
    Figure,
    Finding,
    Proof,
    Standing,
)
from luoshi.expectations.periods import period_end
from luoshi.expectations.queries.facts import (
    AnswerInfo,
    CheckInfo,
    Demand,
    FigureInfo,
    KindInfo,
    Stands,
    SubjectPage,
    demand,
    named,
)
from luoshi.expectations.queries.fields import demands, kind, names, sources
from luoshi.expectations.queries.kept import record_kinds, records_of
from luoshi.registry import queries as registry
from luoshi.trust import vault

CHECKS = 20
"""How many checks a page shows; older ones are a page further."""


def subject_page(
    district: int, subject: int, *, on: date, before: int | None = None
) -> SubjectPage | None:
    """Everything of one subject; a constant number of queries. None when it is not of the
    district. `before` is the id of the check from which older ones are wanted."""
    info = registry.subjects_by_id([subject], district=district).get(subject)
    about = kind(district, info.kind) if info else None
    if info is None:
        return None
    about = about or KindInfo(
        code=info.kind, name=info.kind, field="", part_of="", public=False, facts=()
    )
    wanted = demands(district, on=on, kind=info.kind)
    stands = standings(district, wanted, subject)
    book = registry.duty_book(district, on=on)
    duties = {one.duty for one in wanted}
    answers = {duty: book.answers(info, duty) for duty in duties}
    parent = registry.subjects_by_id([info.parent]).get(info.parent) if info.parent else None
    return SubjectPage(
        subject=info,
        kind=about,
        parent=parent,
        parts=registry.parts_of(subject),
        stands=stands,
        answers_for={duty: who for duty, who in answers.items() if who},
        checks=checks_of(district, subject, before=before),
        figures=figures_of(subject),
        records=records_of(subject),
        record_kinds=record_kinds(district, info.kind),
        cases=tuple(cases_of(subject)),
    )


def standings(district: int, wanted: Sequence[Demand], subject: int) -> tuple[Stands, ...]:
    """Where each of the demands stands for a subject; four queries."""
    rows = {row.expectation_id: row for row in Standing.objects.filter(subject=subject)}
    details = Answer.objects.in_bulk([row.answer for row in rows.values()])
    called = names(district)
    found = []
    for one in wanted:
        row = rows.get(one.id)
        if row is None:
            found.append(Stands(demand=one))
            continue
        detail = details[row.answer].detail if row.answer in details else {}
        found.append(
            Stands(
                demand=one,
                result=row.result,
                reason=wording.reason_of(row.code, detail, one.spec, called),
                period=row.period,
                at=row.at,
                since=row.since,
                next_due=row.next_due,
                case=row.case,
            )
        )
    return tuple(found)


def checks_of(
    district: int,
    subject: int,
    *,
    before: int | None = None,
    case: int | None = None,
    limit: int = CHECKS,
) -> tuple[CheckInfo, ...]:
    """The checks of a subject, the newest first, or those that verify a case; seven queries."""
    rows = Check.objects.filter(subject=subject, district=district)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if case is not None:
        rows = rows.filter(case=case)
    return _infos(district, list(rows.order_by("-pk")[:limit]))


def check(district: int, check: int) -> CheckInfo | None:
    """One check, with what it corrects or is corrected by."""
    whole = Q(pk=check) | Q(corrects=check)
    earlier = Check.objects.filter(pk=check).values("corrects")
    rows = Check.objects.filter(whole | Q(pk__in=earlier), district=district).order_by("pk")
    found = {one.id: one for one in _infos(district, list(rows))}
    asked = found.pop(check, None)
    return replace(asked, others=tuple(found.values())) if asked else None


def _infos(district: int, rows: Sequence[Check]) -> tuple[CheckInfo, ...]:
    ids = [row.pk for row in rows]
    answers = list(
        Answer.objects.filter(check_made__in=ids)
        .select_related("version__expectation")
        .order_by("pk")
    )
    pictures: dict[int, list[int]] = defaultdict(list)
    shown = CheckPicture.objects.filter(answer__in=[one.pk for one in answers]).order_by("pk")
    for answer, picture in shown.values_list("answer", "pk"):
        pictures[answer].append(picture)
    found = {
        row.answer_id: row for row in Finding.objects.filter(answer__in=[a.pk for a in answers])
    }
    texts = vault.read_texts(
        {one.text for one in answers if one.text} | {row.reason for row in rows if row.reason}
    )
    corrected = set(Check.objects.filter(corrects__in=ids).values_list("corrects", flat=True))
    known, called = sources(district), names(district)
    by_check: dict[int, list[AnswerInfo]] = defaultdict(list)
    for one in answers:
        finding = found.get(one.pk)
        by_check[one.check_made_id].append(
            AnswerInfo(
                id=one.pk,
                demand=demand(one.version, known),
                result=one.result,
                reason=wording.reason_of(one.code, one.detail, one.version.spec, called),
                period=one.period,
                text=texts.get(one.text) if one.text else None,
                number=one.detail.get("number"),
                choice=one.detail.get("choice", ""),
                pictures=tuple(pictures[one.pk]),
                case=finding.case if finding else None,
                joined=bool(finding and finding.joined),
            )
        )
    return tuple(
        CheckInfo(
            id=row.pk,
            subject=row.subject,
            by=row.by,
            person=row.person,
            at=row.at,
            received_at=row.received_at,
            round=row.round,
            case=row.case,
            corrects=row.corrects,
            corrected=row.pk in corrected,
            reason=texts.get(row.reason) if row.reason else None,
            answers=tuple(by_check[row.pk]),
        )
        for row in rows
    )


def figures_of(subject: int, *, period: str = "", limit: int = 400) -> tuple[FigureInfo, ...]:
    """Reported values, the last revision of each period, newest period first; one query."""
    rows = Figure.objects.filter(subject=subject).select_related("kind")
    if period:
        rows = rows.filter(period=period)
    last: dict[tuple[int, str], Figure] = {}
    revisions = Counter[tuple[int, str]]()
    for row in reversed(rows.order_by("-pk")[:limit]):
        last[(row.kind_id, row.period)] = row
        revisions[(row.kind_id, row.period)] += 1
    ordered = sorted(last.items(), key=lambda item: item[0][0])
    ordered.sort(key=lambda item: period_end(item[0][1]), reverse=True)
    return tuple(
        FigureInfo(
            code=row.kind.code,
            name=named(row.kind),
            unit=named(row.kind, "unit_name") or row.kind.unit,
            period=row.period,
            value=row.value,
            source=row.source,
            reported_on=row.reported_on,
            revisions=revisions[key] - 1,
            reason=row.reason,
            signal=row.kind.signal,
        )
        for key, row in ordered
    )


def cases_of(subject: int, *, limit: int = 20) -> list[int]:
    """Cases that findings of this subject opened or joined, the newest first."""
    rows = Finding.objects.filter(subject=subject).order_by("-pk").values_list("case", flat=True)
    return list(dict.fromkeys(rows[: limit * 3]))[:limit]


def files_among(names: Iterable[str]) -> set[str]:
    """Which of these stored files belong to a check or a proof. Reads them all: asked for an
    erasure only. Two queries."""
    wanted = set(names)
    some = Q(copy__in=wanted) | Q(thumb__in=wanted) | Q(original__in=wanted)
    rows = CheckPicture.objects.filter(some).values_list("copy", "thumb", "original")
    found = {name for row in rows for name in row}
    proofs = Proof.objects.exclude(files=[]).values_list("files", flat=True)
    found |= {
        one[key]
        for files in proofs.iterator()
        for one in files
        for key in ("sha256", "thumb", "original")
        if key in one
    }
    return wanted & found


def picture(picture: int) -> CheckPicture | None:
    """A picture of a check, with its files."""
    return CheckPicture.objects.select_related("answer").filter(pk=picture).first()
