"""Does what is stored add up? `luoshi check_cases` asks this every night.

Rows, events, log leaves, units, reports, pictures and files are held against each other, some cases
at a time. The system goes on working meanwhile, so whatever looks wrong is read again under the
lock of its case before it is called a fault.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils.module_loading import import_string

from luoshi.cases.check_case import case_faults, load
from luoshi.cases.models import Case, CaseEvent, CaseUnit, IdempotencyKey, Picture, Report
from luoshi.trust import acts, log

CASES = 200
"""With their events a few megabytes, however many there are in all."""

LEAVES = 5_000


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not add up: of which row, and what."""

    row: str
    what: str

    def __str__(self) -> str:
        return f"{self.row}: {self.what}"


Progress = Callable[[int, int], None]


def faults(
    *, progress: Progress = lambda done, total: None, read_files: bool = False
) -> Iterator[Fault]:
    """Everything that is wrong, as it is found. `progress` is told the cases done and their number.

    `read_files`: every picture is read whole and held against its hash, not only looked for.
    """
    yield from _cases(progress, read_files)
    yield from strays()
    last: int | None = 0
    while last is not None:
        last, found = leaves_after(last)
        yield from found


def strays() -> Iterator[Fault]:
    """Rows that belong to nothing, and reports without the key that keeps them single."""
    yield from _strays()
    yield from _keys()


def cases_after(last: int) -> tuple[int | None, tuple[Fault, ...]]:
    """The faults of the next cases by id, and where to go on; None at the end."""
    ids = _next(Case.objects.filter(pk__gt=last), CASES)
    found = (fault for case in _suspects(ids, False) for fault in _looked_at_again(case, False))
    return (ids[-1] if len(ids) == CASES else None), tuple(found)


def _cases(progress: Progress, read_files: bool) -> Iterator[Fault]:
    total, done, last = Case.objects.count(), 0, 0
    while ids := _next(Case.objects.filter(pk__gt=last), CASES):
        for case in _suspects(ids, read_files):
            yield from _looked_at_again(case, read_files)
        done, last = done + len(ids), ids[-1]
        progress(done, max(done, total))


def _next(rows: QuerySet[Case], limit: int) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def _suspects(ids: Sequence[int], read_files: bool) -> list[int]:
    around = load(ids, read_files=read_files)
    return [case for case in ids if any(case_faults(case, around))]


def _looked_at_again(case: int, read_files: bool) -> list[Fault]:
    with transaction.atomic():
        row = Case.objects.select_for_update().get(pk=case)
        around = load([case], read_files=read_files)
        return [Fault(f"case {row.number} ({case})", what) for what in case_faults(case, around)]


# ---- Rows that belong to nothing ----


def _strays() -> Iterator[Fault]:
    """Foreign keys forbid most of these; whoever changes a database behind them does not ask."""
    case = Case.objects.filter(pk=OuterRef("case_id"))
    report = Report.objects.filter(pk=OuterRef("report"))
    for model in (CaseEvent, CaseUnit, Report, Picture, IdempotencyKey):
        yield from _without(model, case, "its case is gone")
    for model in (Picture, IdempotencyKey):
        yield from _without(model, report, "its report is gone", report__isnull=False)


def _without(
    model: type[Model], other: QuerySet[Model], what: str, **only: bool
) -> Iterator[Fault]:
    rows = model._default_manager.filter(~Exists(other), **only).values_list("pk", flat=True)
    for pk in rows.iterator():
        yield Fault(f"{model.__name__} {pk}", what)


def _keys() -> Iterator[Fault]:
    """One statement, so that both counts are of the same moment."""
    reports, keys = Report._meta.db_table, IdempotencyKey._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT count(*) FROM {reports}), (SELECT count(report) FROM {keys})"  # noqa: S608
        )
        found, known = cursor.fetchone()
    if found != known:
        what = f"{found} reports, but {known} keys that keep a retry from doubling one"
        yield Fault("reports", what)


def leaves_after(last: int) -> tuple[int | None, tuple[Fault, ...]]:
    """Of the next leaves those that commit to nothing stored: somebody took a piece of history
    away. And where to go on; None at the end."""
    rows = log.next_rows(after=last, limit=LEAVES)
    # Asked after the leaves were read: an event is written with its leaf, so it is there.
    events = CaseEvent.objects.filter(leaf__in=rows).values_list("leaf", flat=True)
    missing = set(rows) - set(events)
    missing -= acts.leaves_of_acts(missing)
    for path in settings.LEAF_OWNERS:
        missing -= import_string(path)(missing)
    gone = sorted(missing)
    found = tuple(Fault(f"log leaf {leaf}", "what it commits to is gone") for leaf in gone)
    return (rows[-1] if len(rows) == LEAVES else None), found
