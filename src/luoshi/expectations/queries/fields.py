"""The overview of a field: what is demanded of which kind, and how many subjects stand where."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from luoshi.expectations.models import (
    Field,
    FigureKind,
    Finding,
    Kind,
    Night,
    Source,
    Standing,
    Tally,
    Version,
)
from luoshi.expectations.queries.facts import (
    Counted,
    Demand,
    KindInfo,
    SourceInfo,
    demand,
    named,
    spoken,
)
from luoshi.expectations.versions import in_force
from luoshi.registry import queries as registry


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldInfo:
    code: str
    name: str
    about: str
    counts: tuple[tuple[str, int], ...] = ()  # (result, subject-expectations)


def fields(district: int) -> tuple[FieldInfo, ...]:
    """All fields with their counts; three queries."""
    of = dict(_field_of(district))
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows = Tally.objects.filter(district=district, count__gt=0)
    for expectation, result, n in rows.values_list("expectation", "result", "count"):
        counts[of.get(expectation, "")][result] += n
    return tuple(
        FieldInfo(
            code=row.code,
            name=named(row),
            about=named(row, "about"),
            counts=tuple(sorted(counts[row.code].items())),
        )
        for row in Field.objects.filter(district=district).order_by("pk")
    )


def _field_of(district: int) -> list[tuple[int, str]]:
    rows = Version.objects.filter(district=district, number=1)
    return list(rows.values_list("expectation", "expectation__field"))


def field(district: int, code: str) -> FieldInfo | None:
    """One field."""
    row = Field.objects.filter(district=district, code=code).first()
    return (
        None
        if row is None
        else FieldInfo(code=row.code, name=named(row), about=named(row, "about"))
    )


def kinds(district: int, *, field: str = "") -> tuple[KindInfo, ...]:
    """Kinds of subject, of a field when given."""
    rows = Kind.objects.filter(district=district)
    if field:
        rows = rows.filter(field=field)
    return tuple(_kind(row) for row in rows.order_by("pk"))


def kind(district: int, code: str) -> KindInfo | None:
    """One kind of subject."""
    row = Kind.objects.filter(district=district, code=code).first()
    return _kind(row) if row else None


def _kind(row: Kind) -> KindInfo:
    return KindInfo(
        code=row.code,
        name=named(row),
        field=row.field,
        part_of=row.part_of,
        public=row.public,
        facts=tuple(row.facts),
    )


def sources(district: int, *, field: str = "") -> dict[tuple[str, str], SourceInfo]:
    """Sources by field and code."""
    rows = Source.objects.filter(district=district)
    if field:
        rows = rows.filter(field=field)
    return {
        (row.field, row.code): SourceInfo(
            kind=row.kind,
            title=named(row, "title"),
            date=row.date,
            url=row.url,
            note=named(row, "note"),
        )
        for row in rows
    }


def names(district: int) -> dict[str, str]:
    """What figures and facts are called, by code; two queries."""
    found = {
        fact["code"]: spoken(fact["name"], fact["name_en"])
        for facts in Kind.objects.filter(district=district).values_list("facts", flat=True)
        for fact in facts
    }
    rows = FigureKind.objects.filter(district=district)
    found.update({row.code: named(row) for row in rows})
    return found


def demands(district: int, *, on: date, field: str = "", kind: str = "") -> tuple[Demand, ...]:
    """What is demanded on that day; two queries."""
    known = sources(district, field=field)
    return tuple(demand(v, known) for v in in_force(district, on=on, field=field, kind=kind))


def overview(district: int, field: str, *, on: date) -> tuple[Counted, ...]:
    """For each demand of the field how many subjects stand where; five queries for any number.

    Never a score: what is unknown or was never looked at stands beside what is met.
    """
    wanted = demands(district, on=on, field=field)
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Tally.objects.filter(expectation__in=[one.id for one in wanted])
    for expectation, result, n in rows.values_list("expectation", "result", "count"):
        counts[expectation][result] = max(n, 0)
    subjects = registry.subject_counts(district, kinds={one.kind for one in wanted})
    return tuple(
        Counted(demand=one, subjects=subjects.get(one.kind, 0), **counts[one.id]) for one in wanted
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A subject on a list with what is unmet and unknown there."""

    subject: registry.SubjectInfo
    unmet: int
    unknown: int
    looked: bool


def places(
    district: int,
    kind: str,
    *,
    area: int | None = None,
    text: str = "",
    after: int = 0,
    limit: int = 50,
) -> tuple[Place, ...]:
    """Subjects of a kind by id, from the one after `after`; two queries."""
    found = registry.subjects_page(
        district, kind=kind, area=area, text=text, after=after, limit=limit
    )
    return _with_counts(found)


def standing_at(
    expectation: int, result: str, *, after: int = 0, limit: int = 50
) -> tuple[Place, ...]:
    """Subjects for which a demand stands at this result; three queries."""
    rows = Standing.objects.filter(expectation=expectation, result=result, subject__gt=after)
    ids = list(rows.order_by("subject").values_list("subject", flat=True)[:limit])
    known = registry.subjects_by_id(ids)
    return _with_counts([known[id] for id in ids if id in known])


def _with_counts(subjects: Sequence[registry.SubjectInfo]) -> tuple[Place, ...]:
    stands: dict[int, list[str]] = defaultdict(list)
    rows = Standing.objects.filter(subject__in=[one.id for one in subjects])
    for subject, result in rows.values_list("subject", "result"):
        stands[subject].append(result)
    return tuple(
        Place(
            subject=one,
            unmet=stands[one.id].count("unmet"),
            unknown=stands[one.id].count("unknown"),
            looked=bool(stands[one.id]),
        )
        for one in subjects
    )


@dataclass(frozen=True, slots=True)
class NightInfo:
    day: date
    at: datetime
    evaluated: int
    changed: int
    findings: int


def last_night(district: int) -> NightInfo | None:
    """The last nightly evaluation."""
    row = (
        Night.objects.filter(district=district, finished_at__isnull=False).order_by("-day").first()
    )
    return (
        None
        if row is None
        else NightInfo(row.day, row.at, row.evaluated, row.changed, row.findings)
    )


def findings_by_demand(
    district: int, field: str, *, since: datetime, until: datetime
) -> dict[int, int]:
    """How many findings of a span each demand (expectation id) of a field has; one query."""
    rows = Finding.objects.filter(
        district=district, expectation__field=field, at__gte=since, at__lt=until
    )
    counted = rows.order_by("expectation").values("expectation").annotate(n=Count("pk"))
    return dict(counted.values_list("expectation", "n"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingInfo:
    id: int
    demand: Demand
    subject: int
    period: str
    case: int
    joined: bool
    at: object


def new_findings(
    district: int, *, field: str = "", after: int = 0, limit: int = 20
) -> tuple[FindingInfo, ...]:
    """The newest findings; keyset by id; one query."""
    rows = Finding.objects.filter(district=district).select_related("version__expectation")
    if field:
        rows = rows.filter(expectation__field=field)
    if after:
        rows = rows.filter(pk__lt=after)
    return tuple(
        FindingInfo(
            id=row.pk,
            demand=demand(row.version),
            subject=row.subject,
            period=row.period,
            case=row.case,
            joined=row.joined,
            at=row.at,
        )
        for row in rows.order_by("-pk")[:limit]
    )
