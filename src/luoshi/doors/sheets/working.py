"""The worker's part: a piece of the import that waits longest, in every round."""

import logging
from datetime import datetime, timedelta

from django.conf import settings

from luoshi.doors.sheets import importing, staging
from luoshi.doors.sheets.kinds import NotPossible
from luoshi.doors.sheets.models import AT_WORK, OVER, Import, Row, Stage
from luoshi.doors.sheets.refused import SheetRefused
from luoshi.infra import files
from luoshi.infra.chores import Piece

log = logging.getLogger(__name__)

TRIES = 3
PIECES = {
    Stage.READING: staging.read_piece,
    Stage.CHECKING: staging.check_piece,
    Stage.IMPORTING: importing.piece,
}
AT_ONCE = 100
"""Imports of which the night takes the rest away in one piece."""


def step(now: datetime) -> int:
    """One piece of one import; 0 when none waits. A step of the worker."""
    of = Import.objects.filter(stage__in=AT_WORK, tries__lt=TRIES).order_by("tries", "pk").first()
    if of is None:
        return 0
    # Counted before: a piece that kills the worker must not come first for ever. What goes well
    # puts it back.
    Import.objects.filter(pk=of.pk).update(tries=of.tries + 1)
    try:
        PIECES[Stage(of.stage)](of, now)
    except (SheetRefused, NotPossible) as no:
        _refuse(of, no.code, getattr(no, "details", {}), now)
    except Exception as error:
        # It is tried again; who waits for it sees that something is wrong, and may stop it.
        log.exception("a piece of import %s broke off", of.pk)
        name = type(error).__name__
        Import.objects.filter(pk=of.pk).update(error={"broke_off": name})
    return 1


def _refuse(of: Import, code: str, details: dict[str, object], now: datetime) -> None:
    Import.objects.filter(pk=of.pk, stage=of.stage).update(
        stage=Stage.REFUSED, error={"code": code, "details": details}, finished_at=now
    )
    Row.objects.filter(of=of.pk).exclude(mark="done").delete()
    files.remove(of.file)


def purge(cursor: int, *, now: datetime) -> Piece:
    """A chore of the night: rows of imports that are long over, and uploads that nobody went on
    with, since both name people. Counts stay."""
    old = now - timedelta(days=settings.SHEET_DAYS)
    waiting = Import.objects.filter(at__lt=old, finished_at=None)
    waiting = waiting.exclude(stage__in=AT_WORK, tries__lt=TRIES)
    for one in waiting[:AT_ONCE]:
        Import.objects.filter(pk=one.pk).update(stage=Stage.CANCELLED, finished_at=now)
        files.remove(one.file)
        Row.objects.filter(of=one.pk).delete()
    over = Import.objects.filter(stage__in=OVER, finished_at__lt=old, pk__gt=cursor)
    found = list(over.order_by("pk").values_list("pk", "file")[:AT_ONCE])
    ids = [pk for pk, _ in found]
    for _, file in found:
        files.remove(file)  # left where a process died between its commit and this
    Row.objects.filter(of__in=ids).delete()
    return Piece(ids[-1] if len(ids) == AT_ONCE else None)
