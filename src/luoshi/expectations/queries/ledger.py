"""Rows for lists and ledgers: what was found, with what a later look says; who answers where.

Each list is cut at MOST rows and says so. What became of the cases is asked of
`cases.queries.courses`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from luoshi.expectations import wording
from luoshi.expectations.models import Finding, Standing
from luoshi.expectations.queries.broken import findings_in
from luoshi.expectations.queries.facts import Demand, demand, named
from luoshi.expectations.queries.fields import last_night, names, sources
from luoshi.expectations.versions import in_force
from luoshi.registry import queries as registry
from luoshi.registry.queries import SubjectInfo
from luoshi.rules.expectations import Method
from luoshi.trust import vault

MOST = 2_000
SEEN = frozenset({"as_answered", "choice_unmet"})
"""Somebody saw it: there is nothing measured to tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One finding. `reason` is what was measured, if anything, `said` what the inspector wrote;
    `result` is where it stands now, as of `looked_at`."""

    id: int
    at: datetime
    demand: Demand
    subject: int
    reason: str
    said: str
    case: int
    joined: bool
    result: str = ""
    looked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """`cut`: there were more than MOST, and the oldest of them are left out."""

    rows: tuple[LedgerRow, ...]
    cut: bool


def ledger(
    district: int,
    *,
    field: str = "",
    kind: str = "",
    areas: Collection[int] = (),
    round: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    most: int = MOST,
) -> Ledger:
    """Findings in the order in which they were made: of a field, a kind, some areas, a round, or
    made from `since` until before `until`. Ten queries for any number."""
    rows = Finding.objects.filter(district=district)
    given = {
        "expectation__field": field,
        "expectation__kind": kind,
        "answer__check_made__round": round,
        "at__gte": since,
        "at__lt": until,
    }
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    ids = _newest(rows, district, kind, areas, most + 1)
    found = Finding.objects.filter(pk__in=ids[:most]).order_by("pk")
    told = found.select_related("version__expectation", "answer")
    return Ledger(_rows(district, list(told)), len(ids) > most)


def found_in(district: int, case: int) -> tuple[LedgerRow, ...]:
    """What was found unmet in a case: the last of each expectation and subject."""
    ids = [row.pk for row in findings_in(case)]
    found = Finding.objects.filter(pk__in=ids).order_by("pk")
    return _rows(district, list(found.select_related("version__expectation", "answer")))


def _newest(
    rows: QuerySet[Finding], district: int, kind: str, areas: Collection[int], limit: int
) -> list[int]:
    """Ids, the newest first. The register knows areas, so those are looked up there once."""
    ordered = rows.order_by("-pk")
    if not areas:
        return list(ordered.values_list("pk", flat=True)[:limit])
    here = registry.subjects_in(district, areas, kind=kind)
    found: list[int] = []
    for id, subject in ordered.values_list("pk", "subject").iterator():
        if subject in here:
            found.append(id)
            if len(found) == limit:
                break
    return found


def _rows(district: int, found: list[Finding]) -> tuple[LedgerRow, ...]:
    if not found:
        return ()
    known, called = sources(district), names(district)
    texts = vault.read_texts({row.answer.text for row in found if row.answer.text})
    stands = _standings(found)
    night = last_night(district)
    made = []
    for row in found:
        version, answer = row.version, row.answer
        stand = stands.get((row.expectation_id, row.subject))
        looked = stand.at if stand else None
        if looked and night and version.expectation.method != Method.ITEM:
            looked = max(looked, night.at)  # rules look every night and note only what changed
        made.append(
            LedgerRow(
                id=row.pk,
                at=row.at,
                demand=demand(version, known),
                subject=row.subject,
                reason=""
                if answer.code in SEEN
                else wording.reason_of(answer.code, answer.detail, version.spec, called),
                said=texts.get(answer.text or 0) or "",
                case=row.case,
                joined=row.joined,
                result=stand.result if stand else "",
                looked_at=looked,
            )
        )
    return tuple(made)


def _standings(found: Iterable[Finding]) -> dict[tuple[int, int], Standing]:
    pairs = {(row.expectation_id, row.subject) for row in found}
    rows = Standing.objects.filter(
        expectation__in={one for one, _ in pairs}, subject__in={two for _, two in pairs}
    )
    return {(row.expectation_id, row.subject): row for row in rows}


# ---- Who answers where ----


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A subject and one who answers there, and for what: the titles of what is expected. `unit`
    None: nobody does."""

    subject: SubjectInfo
    kind: str
    tasks: tuple[str, ...]
    unit: int | None = None
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Points:
    """`cut`: there are more than MOST subjects of a kind."""

    rows: tuple[Point, ...]
    cut: bool


def duty_points(
    district: int,
    *,
    on: date,
    field: str = "",
    kind: str = "",
    area: int | None = None,
    most: int = MOST,
) -> Points:
    """For every subject of the kinds of a field who answers on that day for what is demanded of
    it, as the one who a finding would go to. Three queries and one for each kind."""
    book = registry.duty_book(district, on=on)
    wanted: dict[str, dict[str, list[str]]] = {}  # by kind and duty
    for version in in_force(district, on=on, field=field, kind=kind):
        by_duty = wanted.setdefault(version.expectation.kind, {})
        by_duty.setdefault(version.duty, []).append(named(version, "title"))
    made: list[Point] = []
    cut = False
    for code, duties in wanted.items():
        found = registry.subjects_page(district, kind=code, area=area, limit=most + 1)
        cut = cut or len(found) > most
        for subject in found[:most]:
            made += _answering(subject, code, duties, book)
    return Points(tuple(made[:most]), cut or len(made) > most)


def _answering(
    subject: SubjectInfo, kind: str, duties: Mapping[str, Sequence[str]], book: registry.DutyBook
) -> list[Point]:
    """One point for each who answers, with all that he answers for."""
    grouped: dict[tuple[int | None, int | None], list[str]] = {}
    for duty, titles in sorted(duties.items()):
        who = book.answers(subject, duty) or (subject.operator, None)
        grouped.setdefault(who, []).extend(titles)
    return [
        Point(subject=subject, kind=kind, tasks=tuple(found), unit=unit, person=person)
        for (unit, person), found in grouped.items()
    ]
