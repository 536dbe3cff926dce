"""What the pages ask on which figures, records and proofs are entered."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from luoshi.expectations import wording
from luoshi.expectations.judging import first_due, judge_if
from luoshi.expectations.models import (
    Figure,
    FigureKind,
    Finding,
    Latest,
    Proof,
    Record,
    RecordKind,
    Standing,
)
from luoshi.expectations.queries.facts import (
    Demand,
    RecordInfo,
    RecordKindInfo,
    demand,
    named,
    spoken,
)
from luoshi.expectations.queries.fields import demands, names
from luoshi.expectations.versions import in_force
from luoshi.registry import queries as registry
from luoshi.registry.queries import SubjectInfo
from luoshi.rules.expectations import Judged, Method, due_dates, judge_date
from luoshi.trust import vault

Cursor = tuple[date, int]


def entrusted(
    district: int, units: Collection[int], *, on: date, after: int = 0, limit: int = 50
) -> tuple[tuple[SubjectInfo, ...], int | None]:
    """Subjects by id that units operate or answer for and of which something is recorded or
    delivered; with the id after which there are more. Ten queries at most."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for wanted in demands(district, on=on):
        if wanted.method in {Method.RECORD, Method.DATE}:
            kinds[wanted.kind].add(wanted.duty)
    found = registry.subjects_of_units(
        district, units, kinds=kinds, on=on, after=after, limit=limit + 1
    )
    book, shown = registry.duty_book(district, on=on), []
    for one in found[:limit]:
        answer = {one.operator} | {
            who[0] for duty in kinds[one.kind] if (who := book.answers(one, duty))
        }
        if answer & set(units):
            shown.append(one)
    return tuple(shown), found[limit - 1].id if len(found) > limit else None


def answering(district: int, subject: SubjectInfo, *, on: date) -> frozenset[int]:
    """The units that operate it or answer on that day for anything expected of it; four queries."""
    book = registry.duty_book(district, on=on)
    duties = {one.duty for one in demands(district, on=on, kind=subject.kind)}
    units = {who[0] for duty in duties if (who := book.answers(subject, duty))}
    return frozenset(units | ({subject.operator} if subject.operator else set()))


# ---- Figures ----


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value as it was reported; None: said to be not known."""

    value: Decimal | None
    period: str
    source: str
    reported_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureField:
    """A figure that is reported of a kind of subject, with what was last reported of one."""

    code: str
    name: str
    unit: str  # as people read it
    percent: bool
    decimals: int
    signal: bool
    last: Value | None = None


def figure_fields(subject: SubjectInfo, district: int) -> tuple[FigureField, ...]:
    """In the order of the pack; three queries."""
    kinds = FigureKind.objects.filter(district=district, kind=subject.kind).order_by("pk")
    latest = dict(Latest.objects.filter(subject=subject.id).values_list("kind", "period"))
    rows = Figure.objects.filter(
        subject=subject.id, kind__in=latest, period__in=set(latest.values())
    )
    last = {
        row.kind_id: _value(row) for row in rows.order_by("pk") if latest[row.kind_id] == row.period
    }
    return tuple(
        FigureField(
            code=row.code,
            name=named(row),
            unit=named(row, "unit_name") or row.unit,
            percent=row.unit in {"%", ""},
            decimals=row.decimals,
            signal=row.signal,
            last=last.get(row.pk),
        )
        for row in kinds
    )


def reports_figures(district: int, kind: str) -> bool:
    """Whether anything is reported of a kind of subject; one query."""
    return FigureKind.objects.filter(district=district, kind=kind).exists()


def _value(row: Figure) -> Value:
    return Value(value=row.value, period=row.period, source=row.source, reported_on=row.reported_on)


def reported(subject: int, period: str) -> dict[str, Value]:
    """What counts of one period, by the code of the figure; one query."""
    rows = Figure.objects.filter(subject=subject, period=period).select_related("kind")
    return {row.kind.code: _value(row) for row in rows.order_by("pk")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What a rule would say, and what it says now."""

    demand: Demand
    result: str
    reason: str
    before: str


def foresee(
    district: int,
    subject: SubjectInfo,
    *,
    period: str,
    values: Mapping[str, Decimal | None],
    on: date,
) -> tuple[Foreseen, ...]:
    """What the rules over figures would say if these values were reported; nothing is written.

    Eight queries. Raises BadPeriod.
    """
    versions = in_force(district, on=on, kind=subject.kind, methods=[Method.FIGURE])
    given = {code: None if value is None else float(value) for code, value in values.items()}
    judged = judge_if(versions, subject, period=period, values=given)
    stands = dict(Standing.objects.filter(subject=subject.id).values_list("expectation", "result"))
    called = names(district)
    return tuple(
        Foreseen(
            demand=demand(version),
            result=str(said.result),
            reason=wording.reason(said, version, called),
            before=stands.get(version.expectation_id, "never"),
        )
        for version, said in zip(versions, judged, strict=True)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """One value as it was reported once. `before`: what it corrects; `counts`: nothing later."""

    id: int
    name: str
    unit: str
    period: str
    value: Decimal | None
    before: Decimal | None
    corrects: bool
    counts: bool
    source: str
    reported_on: date
    reason: str
    person: int | None
    at: datetime


def figure_history(
    subject: int, *, before: int | None = None, limit: int = 50
) -> tuple[Reporting, ...]:
    """All that was reported of a subject, the newest first, corrections beside what they correct;
    two queries."""
    rows = Figure.objects.filter(subject=subject).select_related("kind")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    shown = list(rows.order_by("-pk")[:limit])
    chains: dict[tuple[int, str], list[tuple[int, Decimal | None]]] = defaultdict(list)
    others = Figure.objects.filter(
        subject=subject,
        kind__in={row.kind_id for row in shown},
        period__in={row.period for row in shown},
    )
    for kind, period, id, value in others.order_by("pk").values_list(
        "kind", "period", "pk", "value"
    ):
        chains[(kind, period)].append((id, value))
    return tuple(_reporting(row, chains[(row.kind_id, row.period)]) for row in shown)


def _reporting(row: Figure, chain: list[tuple[int, Decimal | None]]) -> Reporting:
    place = [id for id, _value in chain].index(row.pk)
    return Reporting(
        id=row.pk,
        name=named(row.kind),
        unit=named(row.kind, "unit_name") or row.kind.unit,
        period=row.period,
        value=row.value,
        before=chain[place - 1][1] if place else None,
        corrects=place > 0,
        counts=place == len(chain) - 1,
        source=row.source,
        reported_on=row.reported_on,
        reason=row.reason,
        person=row.person,
        at=row.at,
    )


# ---- Records ----


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


# ---- Looks that are due again ----


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLook:
    """A subject that somebody must look at again since `due`, and for what."""

    subject: int
    due: date
    demands: tuple[Demand, ...]


def due_looks(
    district: int,
    *,
    on: date,
    field: str = "",
    kind: str = "",
    after: Cursor | None = None,
    limit: int = 50,
) -> tuple[DueLook, ...]:
    """Those whose next look is due on that day or was before, the longest overdue first, from the
    one after `after` on; five queries. Whoever was never looked at is not among them."""
    wanted = _looked_at(district, on, field, kind)
    rows = _due(district, on, wanted)
    if after is not None:
        day, subject = after
        rows = rows.filter(next_due__gte=day).exclude(next_due=day, subject__lte=subject)
    pairs = list(
        rows.order_by("next_due", "subject").values_list("next_due", "subject").distinct()[:limit]
    )
    if not pairs:
        return ()
    found: dict[Cursor, list[Demand]] = defaultdict(list)
    inside = _due(district, pairs[-1][0], wanted).filter(
        next_due__gte=pairs[0][0], subject__in={subject for _day, subject in pairs}
    )
    for day, subject, expectation in inside.order_by("expectation").values_list(
        "next_due", "subject", "expectation"
    ):
        found[(day, subject)].append(wanted[expectation])
    return tuple(DueLook(subject=s, due=d, demands=tuple(found[(d, s)])) for d, s in pairs)


def due_subjects(district: int, kind: str, *, on: date, limit: int) -> tuple[int, ...]:
    """The subjects of a kind of which anything is due to be looked at again; four queries."""
    rows = _due(district, on, _looked_at(district, on, "", kind))
    return tuple(rows.order_by("subject").values_list("subject", flat=True).distinct()[:limit])


def _looked_at(district: int, on: date, field: str, kind: str) -> dict[int, Demand]:
    found = demands(district, on=on, field=field, kind=kind)
    return {one.id: one for one in found if one.method == Method.ITEM}


def _due(district: int, on: date, wanted: Mapping[int, Demand]) -> Any:
    return Standing.objects.filter(
        district=district, next_due__lte=on, expectation__in=list(wanted)
    )
