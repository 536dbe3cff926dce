"""Putting good rows in, a bounded piece at a time, each piece one transaction.

Rows are read anew: what changed since they were checked counts. A row is marked in the transaction
that takes it in, and doors know their rows by name, so nothing comes twice.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import DataError, IntegrityError, transaction

from luoshi.cases.wording import refusal
from luoshi.doors.sheets import staging
from luoshi.doors.sheets.kinds import Kind, NotPossible, Reading, make
from luoshi.doors.sheets.models import Import, Mark, Row, Stage
from luoshi.infra import files
from luoshi.rules.state import Refused

ROWS = 500

FAULTS = (DataError, IntegrityError, ValueError, Refused)
"""What one row may be to blame for; a full disk or a lost database is nobody's fault."""


def piece(of: Import, now: datetime) -> None:
    """The next rows; after the last one the import is done. Raises NotPossible."""
    with transaction.atomic():
        here = Import.objects.select_for_update().get(pk=of.pk)
        if here.stage != Stage.IMPORTING:
            return
        rows = list(here.rows.filter(mark=Mark.GOOD).order_by("number")[:ROWS])
        kind = make(
            here.kind, district=here.district, target=here.target, options=here.options, now=now
        )
        readings = kind.read([staging.by_code(here, row) for row in rows])
        _put_in(here, kind, rows, readings, now)
        _count(here, rows)
        if len(rows) < ROWS:
            here.stage, here.finished_at = Stage.DONE, now
        here.tries, here.error = 0, {}
        here.save()
    if here.stage == Stage.DONE:
        files.remove(here.file)


def _put_in(
    of: Import, kind: Kind, rows: Sequence[Row], readings: Sequence[Reading], now: datetime
) -> None:
    good: list[tuple[Row, Reading]] = []
    for row, reading in zip(rows, readings, strict=True):
        staging.judge(of, row, reading, {})
        if row.mark == Mark.GOOD:
            good.append((row, reading))
    try:
        with transaction.atomic():
            became = kind.do([one for _, one in good], person=of.person, now=now)
    except NotPossible:
        raise
    except FAULTS:
        became = [_alone(of, kind, row, reading, now) for row, reading in good]
    for (row, _), ref in zip(good, became, strict=True):
        row.ref = ref
        if row.mark == Mark.GOOD:
            row.mark = Mark.DONE if ref is not None else Mark.KNOWN
    for row in rows:
        if row.mark != Mark.BAD:
            row.cells = None
    staging.keep(rows)


def _alone(of: Import, kind: Kind, row: Row, reading: Reading, now: datetime) -> int | None:
    """One row of a piece that did not go in as a whole; the one to blame is told."""
    try:
        with transaction.atomic():
            return kind.do([reading], person=of.person, now=now)[0]
    except FAULTS as error:
        said = refusal(error.code) if isinstance(error, Refused) else ""
        said = str(error) if isinstance(error, ValueError) else said
        row.mark, row.faults = Mark.BAD, [[-1, "not_taken", {"why": said[:200]}]]
        return None


def _count(of: Import, rows: Sequence[Row]) -> None:
    marks: Counter[str] = Counter(of.counts.get("marks", {}))
    marks[Mark.GOOD] -= len(rows)
    marks.update(row.mark for row in rows)
    counts: dict[str, Any] = {**of.counts, "marks": {mark: n for mark, n in marks.items() if n}}
    of.counts = counts
