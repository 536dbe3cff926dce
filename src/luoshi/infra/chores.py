"""Chores of the night: what is done once a day, a bounded piece at a time.

`settings.CHORES` names them. Where a chore stands is written after each piece, so a killed worker
goes on where it was, and two workers at most do a piece twice: every piece may be done again.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from luoshi.infra.models import Chore

log = logging.getLogger(__name__)

NIGHT = time(2)
"""Local time, when few people wait for the database."""

AGAIN = timedelta(hours=1)
"""After an error."""

LATE = timedelta(days=2)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Piece:
    """What one piece came to. `cursor`: where to go on, None at the end. `faults`: what it found
    wrong, in words for whoever runs the system."""

    cursor: int | None = None
    faults: tuple[str, ...] = ()


Work = Callable[..., Piece]  # (cursor, *, now); the cursor of a fresh run is 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How chores went: `faults` found in the last run, those that broke off with an error, and
    those that should have ended by now and did not."""

    faults: int = 0
    broken: tuple[str, ...] = ()
    late: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        return not (self.faults or self.broken or self.late)


def step(now: datetime) -> int:
    """One piece of each chore that is due; how many there were. A step of the worker.

    A chore that is new waits for its first night; one whose night was missed is due at once.
    """
    known = {row.name: row for row in Chore.objects.filter(name__in=list(settings.CHORES))}
    done = 0
    for name, path in settings.CHORES.items():
        row = (
            known.get(name)
            or Chore.objects.get_or_create(
                name=name, defaults={"next_at": _next_night(now), "begun_at": now}
            )[0]
        )
        if row.next_at <= now:
            _write(row, _piece(row, import_string(path), now))
            done += 1
    return done


def _piece(row: Chore, work: Work, now: datetime) -> dict[str, object]:
    """The fields of the row after its piece."""
    try:
        piece = work(row.cursor, now=now)
    except Exception as error:
        log.exception("the chore %s broke off", row.name)
        return {"next_at": now + AGAIN, "error": f"{type(error).__name__}: {error}"[:500]}
    for fault in piece.faults:
        log.error("%s: %s", row.name, fault)
    fresh = row.cursor == 0
    lines = [] if fresh else row.found.splitlines()
    changes: dict[str, object] = {
        "error": "",
        "cursor": piece.cursor or 0,
        "faults": len(piece.faults) + (0 if fresh else row.faults),
        "found": "\n".join([*lines, *piece.faults][:SHOWN]),
    }
    if piece.cursor is None:
        changes |= {"next_at": _next_night(now), "finished_at": now}
    return changes


def _write(row: Chore, changes: dict[str, object]) -> None:
    """Unless another worker has written meanwhile: then its piece counts."""
    Chore.objects.filter(pk=row.pk, cursor=row.cursor, next_at=row.next_at).update(**changes)


def _next_night(now: datetime) -> datetime:
    local = timezone.localtime(now)
    night = local.replace(hour=NIGHT.hour, minute=NIGHT.minute, second=0, microsecond=0)
    return night if night > local else night + timedelta(days=1)


def standing(*, now: datetime, prefix: str = "") -> Standing:
    """Of the chores whose name begins so; nothing is wrong before the first run. One query."""
    rows = list(Chore.objects.filter(name__startswith=prefix).order_by("name"))
    return Standing(
        faults=sum(row.faults for row in rows),
        broken=tuple(row.name for row in rows if row.error),
        late=tuple(row.name for row in rows if (row.finished_at or row.begun_at) < now - LATE),
    )
