"""Records, and what is due by a date with what was delivered for it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from luoshi.expectations import wording
from luoshi.expectations.judging import first_due
from luoshi.expectations.models import Finding, Proof, Record, RecordKind
from luoshi.expectations.queries.facts import Demand, RecordInfo, RecordKindInfo, named, spoken
from luoshi.registry.queries import SubjectInfo
from luoshi.rules.expectations import Judged, due_dates, judge_date
from luoshi.trust import vault

Cursor = tuple[date, int]
"""A day and an id, from which a list by day goes on."""


def record_kinds(district: int, kind: str = "") -> tuple[RecordKindInfo, ...]:
    """What is recorded of a kind of subject, or of all; one query."""
    rows = RecordKind.objects.filter(district=district).order_by("pk")
    if kind:
        rows = rows.filter(kind=kind)
    return tuple(
        RecordKindInfo(
            id=row.pk, kind=row.kind, code=row.code, name=named(row), fields=tuple(row.fields)
        )
        for row in rows
    )


def records_of(
    subject: int, *, record: int | None = None, before: Cursor | None = None, limit: int = 30
) -> tuple[RecordInfo, ...]:
    """The newest records (of one kind), those of one day the last entered first, from the one
    before `before` on; one query."""
    rows = Record.objects.filter(subject=subject).select_related("kind")
    if record is not None:
        rows = rows.filter(kind=record)
    if before is not None:
        day, id = before
        rows = rows.filter(on__lte=day).exclude(on=day, pk__gte=id)
    return tuple(
        RecordInfo(
            id=row.pk,
            name=named(row.kind),
            on=row.on,
            told=tuple(_told(row.kind.fields, row.data)),
            person=row.person,
            at=row.at,
        )
        for row in rows.order_by("-on", "-pk")[:limit]
    )


def _told(fields: Iterable[Mapping[str, Any]], data: Mapping[str, Any]) -> list[tuple[str, Any]]:
    found = []
    for field in fields:
        if (value := data.get(field["code"])) not in (None, ""):
            chosen = {c["code"]: spoken(c["name"], c.get("name_en", "")) for c in _choices(field)}
            name = spoken(field["name"], field.get("name_en", ""))
            found.append((name, chosen.get(value, value)))
    return found


def _choices(field: Mapping[str, Any]) -> Iterable[Mapping[str, str]]:
    return field.get("choices") or ()


# ---- What is due by a date ----


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofInfo:
    """What was delivered: words, and files as {sha256, name, kind}."""

    id: int
    district: int
    subject: int
    due: date
    on: date
    text: str | None
    files: tuple[Mapping[str, str], ...]
    person: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DueInfo:
    """A date by which something is due, and what the rule says of it."""

    due: date
    result: str
    reason: str
    proofs: tuple[ProofInfo, ...]


def due_of(district: int, subject: SubjectInfo, wanted: Demand, *, on: date) -> tuple[DueInfo, ...]:
    """The dates of one expectation of a subject, the latest first: those that the version in force
    names, and those that were missed or delivered before it changed; three queries."""
    days: set[date] = set()
    if first := first_due(wanted.spec, subject.facts):
        repeat = wanted.spec.get("repeat")
        days |= set(due_dates(due=first, repeat=repeat, on=on, since=wanted.valid_from))
    if wanted.valid_to:
        days = {day for day in days if day < wanted.valid_to}
    missed = Finding.objects.filter(expectation=wanted.id, subject=subject.id)
    days |= {date.fromisoformat(day) for day in missed.values_list("period", flat=True) if day}
    by_day: dict[date, list[ProofInfo]] = defaultdict(list)
    for proof in proofs_of(subject.id, wanted.id):
        by_day[proof.due].append(proof)
    found = []
    for day in sorted(days | by_day.keys(), reverse=True):
        first_on = min((proof.on for proof in by_day[day]), default=None)
        said = judge_date(due=day, proof=first_on, on=on)
        found.append(
            DueInfo(
                due=day,
                result=str(said.result),
                reason=_why(said, wanted),
                proofs=tuple(by_day[day]),
            )
        )
    return tuple(found)


def _why(said: Judged, wanted: Demand) -> str:
    due = {"due": said.due.isoformat() if said.due else ""}
    return wording.reason_of(said.code, due, wanted.spec)


def proofs_of(subject: int, expectation: int) -> tuple[ProofInfo, ...]:
    """What was delivered for one expectation, the newest first; two queries."""
    rows = list(Proof.objects.filter(subject=subject, expectation=expectation).order_by("-pk"))
    texts = vault.read_texts({row.text for row in rows if row.text})
    return tuple(_proof(row, texts) for row in rows)


def proof(id: int) -> ProofInfo | None:
    """One delivery, without its words."""
    row = Proof.objects.filter(pk=id).first()
    return _proof(row, {}) if row else None


def _proof(row: Proof, texts: Mapping[int, str | None]) -> ProofInfo:
    return ProofInfo(
        id=row.pk,
        district=row.district,
        subject=row.subject,
        due=row.due,
        on=row.on,
        text=texts.get(row.text) if row.text else None,
        files=tuple(row.files),
        person=row.person,
        at=row.at,
    )
