"""Keeping the words of cases findable: written with the case, in its transaction.

Into the index go the numbers of a case and its reports, the desk's summary, the names of its area
and subject, and what ordinary reporters wrote, the place in their words included. Of a sealed case
there is nothing. An erased text leaves with its erasure; a chore compares everything by night.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from luoshi.cases.models import Case, Report, SearchEntry
from luoshi.cases.search import find
from luoshi.cases.search.schema import TABLE
from luoshi.cases.search.tokens import document, grown, mark
from luoshi.infra.chores import Piece
from luoshi.registry import queries as registry
from luoshi.trust import vault

_INSERT = f"INSERT INTO {TABLE} (case_id, words) VALUES (%s, %s)"  # noqa: S608
_UPDATE = f"UPDATE {TABLE} SET words = %s WHERE case_id = %s"  # noqa: S608
AT_ONCE = 500
"""Cases of one piece of the nightly comparison."""


def enter(
    row: Case, *, texts: Mapping[int, str], numbers: Iterable[str] = (), more: bool = False
) -> None:
    """A new case, whose words are at hand. `more`: a report that joins a known one.

    Plain statements: the ORM would double the cost that this adds to taking in a report, and a
    delivery to the worker costs as much and three more commits later.
    """
    if row.sealed:
        return
    names = registry.place_names(area=row.area, subject=row.subject)
    words = document(numbers=(row.number, *numbers), names=names, texts=texts)
    known = None
    if more:
        known = SearchEntry.objects.filter(pk=row.pk).values_list("words", flat=True).first()
    with connection.cursor() as cursor:
        if known is None:
            cursor.execute(_INSERT, [row.pk, words])
        else:
            cursor.execute(_UPDATE, [grown(known, words), row.pk])


@dataclass(frozen=True, slots=True)
class New:
    """A new case that came with one report, none of it sealed."""

    case: int
    number: str
    area: int | None
    subject: int | None
    text: int
    said: str


def enter_many(found: Sequence[New]) -> None:
    """`enter` for many new cases; three statements."""
    areas = registry.area_names({one.area for one in found if one.area})
    subjects = registry.subject_names({one.subject for one in found if one.subject})
    rows = []
    for one in found:
        names = [areas.get(one.area or 0, ""), subjects.get(one.subject or 0, "")]
        words = document(numbers=(one.number,), names=names, texts={one.text: one.said})
        rows.append((one.case, words))
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, rows)


def renew(row: Case) -> None:
    """All words of a case, read again. Up to six statements."""
    if not row.sealed:
        _write([row], {})


def forget(vault_id: int) -> None:
    """A text was erased: no word of it stays, unless another text has it. For
    settings.ERASURE_HOOKS; runs in the transaction of the erasure."""
    for row in _locked(find.with_token(mark(vault_id))):
        _write([row], {})


def heal(cursor: int, *, now: datetime) -> Piece:
    """A piece of the nightly comparison: what is missing or out of date is written anew.

    A missing one is told: it should have been written with its case.
    """
    ids = Case.objects.filter(pk__gt=cursor).order_by("pk").values_list("pk", flat=True)
    with transaction.atomic():
        return _healed(_locked(list(ids[:AT_ONCE])))


def _locked(cases: Iterable[int]) -> list[Case]:
    """So that nobody writes words back that somebody erases at the same time."""
    return list(Case.objects.select_for_update().filter(pk__in=list(cases)).order_by("pk"))


def _healed(rows: list[Case]) -> Piece:
    if not rows:
        return Piece()
    known = dict(SearchEntry.objects.filter(pk__in=[r.pk for r in rows]).values_list("pk", "words"))
    sealed = [row.pk for row in rows if row.sealed and row.pk in known]
    SearchEntry.objects.filter(pk__in=sealed).delete()
    missing = [row for row in rows if not row.sealed and row.pk not in known]
    _write([row for row in rows if not row.sealed], known)
    faults = [f"case {row.number} was missing in the search; added" for row in missing]
    faults += [f"sealed case {pk} was in the search; taken out" for pk in sealed]
    return Piece(rows[-1].pk if len(rows) == AT_ONCE else None, tuple(faults))


def _write(rows: list[Case], known: Mapping[int, str]) -> None:
    """Where the words differ from those known."""
    fresh = [
        SearchEntry(case_id=pk, words=words)
        for pk, words in _documents(rows).items()
        if known.get(pk) != words
    ]
    if fresh:
        SearchEntry.objects.bulk_create(
            fresh, update_conflicts=True, unique_fields=["case"], update_fields=["words"]
        )


def _documents(rows: list[Case]) -> dict[int, str]:
    """Five queries for any number of cases."""
    reports = Report.objects.filter(case__in=[row.pk for row in rows], track="ordinary")
    numbers: dict[int, list[str]] = {row.pk: [row.number] for row in rows}
    wanted: dict[int, list[int]] = {row.pk: [row.summary] if row.summary else [] for row in rows}
    for case, number, text in reports.values_list("case", "number", "text"):
        numbers[case].append(number)
        wanted[case] += [text] if text else []
    every = {id for ids in wanted.values() for id in ids}
    texts = vault.read_texts(every) if every else {}
    names = _names(rows)
    return {
        pk: document(
            numbers=numbers[pk],
            names=names.get(pk, ()),
            texts={id: said for id in ids if (said := texts[id]) is not None},
        )
        for pk, ids in wanted.items()
    }


def _names(rows: list[Case]) -> dict[int, list[str]]:
    """The registered names of where each case is; two queries, or none."""
    areas = {row.area for row in rows if row.area}
    subjects = {row.subject for row in rows if row.subject}
    area_names = registry.area_names(areas) if areas else {}
    subject_names = registry.subject_names(subjects) if subjects else {}
    return {
        row.pk: [
            name
            for name in (area_names.get(row.area or 0), subject_names.get(row.subject or 0))
            if name
        ]
        for row in rows
    }
