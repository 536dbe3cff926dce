"""What pages are told: values, never rows. Texts come in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language

from luoshi.expectations.models import Version
from luoshi.registry.queries import SubjectInfo


def spoken(zh: str, en: str) -> str:
    """The one of two texts that the reader understands."""
    return zh if (get_language() or "zh").startswith("zh") or not en else en


def named(row: Any, name: str = "name") -> str:
    """A text of a row that has it in both languages."""
    return spoken(getattr(row, name), getattr(row, f"{name}_en"))


@dataclass(frozen=True, slots=True, kw_only=True)
class KindInfo:
    code: str
    name: str
    field: str
    part_of: str
    public: bool
    facts: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceInfo:
    kind: str
    title: str
    date: str
    url: str
    note: str
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """An expectation in the version that holds."""

    id: int
    code: str
    version: int
    version_id: int
    field: str
    kind: str
    method: str
    title: str
    help: str
    source: SourceInfo | None
    named: bool
    severity: str
    days: int
    tier: str
    category: str
    duty: str
    every: int | None
    spec: Mapping[str, Any]
    valid_from: date
    valid_to: date | None
    reason: str


def demand(version: Version, sources: Mapping[tuple[str, str], SourceInfo] | None = None) -> Demand:
    row = version.expectation
    known = (sources or {}).get((row.field, version.source))
    source = known and SourceInfo(
        kind=known.kind,
        title=known.title,
        date=known.date,
        url=known.url,
        note=known.note,
        clause=version.clause,
    )
    return Demand(
        id=row.pk,
        code=row.code,
        version=version.number,
        version_id=version.pk,
        field=row.field,
        kind=row.kind,
        method=row.method,
        title=named(version, "title"),
        help=named(version, "help"),
        source=source,
        named=version.named,
        severity=version.severity,
        days=version.days,
        tier=version.tier,
        category=version.category,
        duty=version.duty,
        every=version.every,
        spec=version.spec,
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        reason=version.reason,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """Where one demand stands for one subject; result "never" when nobody looked yet."""

    demand: Demand
    result: str = "never"
    reason: str = ""
    period: str = ""
    at: datetime | None = None
    since: datetime | None = None
    next_due: date | None = None
    case: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many subjects stand where for one demand; `subjects` is all there are of the kind."""

    demand: Demand
    subjects: int
    met: int = 0
    unmet: int = 0
    unknown: int = 0
    na: int = 0
    waiting: int = 0

    @property
    def never(self) -> int:
        return max(self.subjects - self.met - self.unmet - self.unknown - self.na - self.waiting, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerInfo:
    id: int
    demand: Demand
    result: str
    reason: str
    period: str
    text: str | None
    number: float | None
    choice: str
    pictures: tuple[int, ...] = ()
    case: int | None = None
    joined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInfo:
    """A look with its answers, as it stands on the page of its subject."""

    id: int
    subject: int
    by: str  # person, rule
    person: int | None
    at: datetime
    received_at: datetime
    round: int | None
    case: int | None
    corrects: int | None
    corrected: bool
    reason: str | None
    answers: tuple[AnswerInfo, ...]
    others: "tuple[CheckInfo, ...]" = ()  # of a single look: what it corrects, what corrects it


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureInfo:
    """A reported value and how it was reported."""

    code: str
    name: str
    unit: str
    period: str
    value: Any
    source: str
    reported_on: date
    revisions: int
    reason: str
    signal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordKindInfo:
    id: int
    kind: str  # of subject
    code: str
    name: str
    fields: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInfo:
    """A record as people read it: `told` are names of fields with what they say."""

    id: int
    name: str
    on: date
    told: tuple[tuple[str, Any], ...]
    person: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectPage:
    """All that is expected of one subject, and what was seen."""

    subject: SubjectInfo
    kind: KindInfo
    parent: SubjectInfo | None
    parts: tuple[SubjectInfo, ...]
    stands: tuple[Stands, ...]
    answers_for: Mapping[str, tuple[int, int | None]]  # duty category -> (unit, person)
    checks: tuple[CheckInfo, ...]
    figures: tuple[FigureInfo, ...]
    records: tuple[RecordInfo, ...]
    record_kinds: tuple[RecordKindInfo, ...]
    cases: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundInfo:
    id: int
    name: str
    field: str
    kind: str
    starts: date
    ends: date
    seed: str
    pool: Sequence[int] = ()
    total: int = 0
    done: int = 0
    expectations: Sequence[int] = ()
    by: int | None = None  # who started it
    person: int | None = None  # who carries it out; None: any inspector
    at: datetime | None = None
