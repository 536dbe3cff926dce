"""What is reported: figures, records, and what is delivered by a date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from luoshi.expectations.models import (
    Expectation,
    Figure,
    FigureKind,
    Latest,
    Proof,
    Record,
    RecordKind,
)
from luoshi.expectations.periods import period_end, period_start
from luoshi.expectations.reading import LARGEST
from luoshi.infra import ids
from luoshi.registry import queries as registry
from luoshi.rules.state import Refused
from luoshi.trust import vault


class FiguresRefused(ValueError):
    """Values that cannot be taken; `errors` tells by code what to do. Nothing was stored."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{code}: {text}" for code, text in errors.items()))
        self.errors = dict(errors)


@dataclass(frozen=True, slots=True)
class Reported:
    """How many values are new, how many say what was known already."""

    new: int
    same: int


def report_figures(
    *,
    district: int,
    subject: int,
    period: str,
    values: Mapping[str, Decimal | None],
    source: str,
    reported_on: date,
    now: datetime,
    person: int | None = None,
    reason: str = "",
) -> Reported:
    """Take in the figures of one subject for one period; None says "not known".

    A value that differs from the one reported before for the same period is a revision and needs
    a `reason`. Raises FiguresRefused (all that is wrong), BadPeriod, Refused: source_missing,
    report_from_the_future (the day or the period has not begun).
    """
    end = period_end(period)
    if not source.strip():
        raise Refused("source_missing")
    if max(reported_on, period_start(period)) > timezone.localdate(now):
        # What counts is the last period that anything tells of: one of 2202 would count for good.
        raise Refused("report_from_the_future")
    info = registry.subject(subject)
    kinds = {row.code: row for row in FigureKind.objects.filter(district=district, kind=info.kind)}
    _must_fit(values, kinds)
    with transaction.atomic():
        # The same report sent twice at once is written once: the second waits and finds it there.
        wanted = FigureKind.objects.filter(pk__in=[kinds[c].pk for c in values]).order_by("pk")
        list(wanted.select_for_update())
        before = _before(subject, [kinds[code] for code in values], period)
        fresh = {
            code: value
            for code, value in values.items()
            if kinds[code].pk not in before or before[kinds[code].pk] != value
        }
        revised = [code for code in fresh if kinds[code].pk in before]
        if revised and not reason.strip():
            raise FiguresRefused(dict.fromkeys(revised, "differs from what was reported: say why"))
        Figure.objects.bulk_create(
            Figure(
                id=ids.new_id(now=now),
                district=district,
                subject=subject,
                kind=kinds[code],
                period=period,
                value=value,
                source=source.strip(),
                reported_on=reported_on,
                person=person,
                reason=reason.strip() if code in revised else "",
                at=now,
            )
            for code, value in fresh.items()
        )
        _remember(subject, {kinds[code]: value for code, value in fresh.items()}, period, end)
    return Reported(len(fresh), len(values) - len(fresh))


def _must_fit(values: Mapping[str, Decimal | None], kinds: Mapping[str, FigureKind]) -> None:
    errors = {}
    for code, value in values.items():
        if code not in kinds:
            errors[code] = "no such figure for this kind of subject"
        elif value is not None and not (value.is_finite() and abs(value) < LARGEST):
            errors[code] = "this is no number that can be taken"
        elif value is not None and value != round(value, max(kinds[code].decimals, 0)):
            errors[code] = f"at most {kinds[code].decimals} decimals"
    if errors:
        raise FiguresRefused(errors)


def _before(subject: int, kinds: Sequence[FigureKind], period: str) -> dict[int, Decimal | None]:
    rows = Figure.objects.filter(subject=subject, kind__in=kinds, period=period).order_by("pk")
    return dict(rows.values_list("kind", "value"))


def _remember(
    subject: int, values: Mapping[FigureKind, Decimal | None], period: str, end: date
) -> None:
    """What counts now; an earlier period that comes late changes nothing of it."""
    later = set(
        Latest.objects.filter(
            subject=subject, kind__in=list(values), period_end__gt=end
        ).values_list("kind", flat=True)
    )
    Latest.objects.bulk_create(
        [
            Latest(
                kind=kind,
                subject=subject,
                period=period,
                period_end=end,
                value=None if value is None else float(value),
            )
            for kind, value in values.items()
            if kind.pk not in later
        ],
        update_conflicts=True,
        unique_fields=["kind", "subject"],
        update_fields=["period", "period_end", "value"],
    )


def add_record(
    *,
    district: int,
    subject: int,
    record: str,
    on: date,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    person: int | None = None,
    key: str = "",
) -> int:
    """One record of something done on a day; its id, the same for the same key.

    Raises Refused: unknown_record, record_from_the_future, record_incomplete (details: fields).
    """
    info = registry.subject(subject)
    kind = RecordKind.objects.filter(district=district, kind=info.kind, code=record).first()
    if kind is None:
        raise Refused("unknown_record")
    if on > timezone.localdate(now):
        raise Refused("record_from_the_future")
    given = {code: value for code, value in (data or {}).items() if value not in (None, "")}
    missing = [f["code"] for f in kind.fields if f.get("required") and f["code"] not in given]
    if missing:
        raise Refused("record_incomplete", fields=missing)
    row = Record(
        id=ids.new_id(now=now),
        district=district,
        subject=subject,
        kind=kind,
        on=on,
        data={f["code"]: given[f["code"]] for f in kind.fields if f["code"] in given},
        person=person,
        at=now,
        key=key,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        known = Record.objects.filter(district=district, key=key).first() if key else None
        if known is None:
            raise
        return known.pk
    return row.pk


def deliver(
    *,
    district: int,
    subject: int,
    expectation: str,
    due: date,
    on: date,
    now: datetime,
    text: str = "",
    files: Sequence[Mapping[str, str]] = (),
    person: int | None = None,
    key: str = "",
) -> int:
    """What was promised for a date is there; the id of the proof, the same for the same key.

    `files` as {sha256, name, kind} of stored files. Raises Refused: unknown_expectation,
    proof_from_the_future, proof_missing (neither words nor a file).
    """
    row = Expectation.objects.filter(district=district, code=expectation, method="date").first()
    if row is None or registry.subject(subject).kind != row.kind:
        raise Refused("unknown_expectation")
    if on > timezone.localdate(now):
        raise Refused("proof_from_the_future")
    if not (text.strip() or files):
        raise Refused("proof_missing")
    try:
        with transaction.atomic():
            words = None
            if text.strip():
                said = text.strip()
                words = vault.store_text(district=district, text=said, sealed=False, now=now)
            return Proof.objects.create(
                id=ids.new_id(now=now),
                district=district,
                subject=subject,
                expectation=row,
                due=due,
                on=on,
                text=words,
                files=[dict(file) for file in files],
                person=person,
                at=now,
                key=key,
            ).pk
    except IntegrityError:
        known = Proof.objects.filter(district=district, key=key).first() if key else None
        if known is None:
            raise
        return known.pk
