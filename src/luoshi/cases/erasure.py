"""What cases keep of a reporter goes when it is erased: what was made from a text or a contact, and
the pictures that he sent.

`replies` and `phones` are for settings.ERASURE_HOOKS: each runs in the transaction of the erasure.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.module_loading import import_string

from luoshi.cases.models import MADE_FROM_IT, Picture, ReplyMark, Report
from luoshi.infra import files, outbox
from luoshi.infra.chores import Piece
from luoshi.infra.outbox import DeliveryFailed
from luoshi.trust import acts

NOTHING = dict.fromkeys(name.removesuffix("__isnull") for name in MADE_FROM_IT)
LATE = timedelta(days=1)
AT_ONCE = 200
NO_FILES = {"copy": "", "thumb": "", "original": ""}


def replies(vault_id: int) -> None:
    """The marks by which a repeated reply is found."""
    ReplyMark.objects.filter(reply__text=vault_id).delete()


def phones(vault_id: int) -> None:
    """The tag by which a report is found with a phone; its access code still opens it."""
    Report.objects.filter(contact=vault_id).update(phone_tag=None)


# ---- Pictures ----


def pictures(*, report: int, by: int, reason: str, now: datetime) -> int:
    """Erase every picture that came with a report or from its reporter later; how many there were.

    Their rows and the record of it are committed together; the files go afterwards, by the worker.
    The hashes by which reuse is found go as well: they are made from his picture, and would tell
    whoever has it that it was in this report. Raises ReasonRefused.
    """
    act = acts.checked(by=by, reason=reason, now=now)
    with transaction.atomic():
        his = Picture.objects.select_for_update().filter(report=report, erased_at=None)
        found = {row.pk: row for row in his}
        for id, row in found.items():
            acts.record_erasure(act, district=row.district_id, picture_id=id)
        Picture.objects.filter(pk__in=found).update(erased_at=now, width=0, height=0, **NOTHING)
        if found:
            _queue(report, list(found.values()), now)
    return len(found)


def _queue(report: int, found: Sequence[Picture], now: datetime) -> None:
    """For these alone: a delivery that runs just now has read which there are, and ends with that.
    What was sent within the hour would only be tried in vain."""
    stored = max(one.at for one in found) + timedelta(seconds=files.IDLE)
    outbox.enqueue(
        district=found[0].district_id,
        handler="erase.files",
        ref=f"report:{report}:from:{min(one.pk for one in found)}",
        due_at=max(now, stored),
    )


def remove_files(ref: str, *, delivery_id: int, now: datetime) -> None:
    """The delivery handler that takes the files of a report's erased pictures away, but not what
    another picture shares with them. May run again. Raises DeliveryFailed."""
    report = int(ref.split(":")[1])
    gone = list(Picture.objects.filter(report=report, erased_at__isnull=False).exclude(copy=""))
    names = {name for row in gone for name in (row.copy, row.thumb, row.original)}
    try:
        for name in sorted(names - _in_use(names)):
            files.discard(name)
    except files.JustStored as just:
        raise DeliveryFailed("the same picture was sent again a moment ago") from just
    except OSError as error:
        raise DeliveryFailed(f"the disk refused ({error.strerror})") from error
    Picture.objects.filter(pk__in=[row.pk for row in gone]).update(**NO_FILES)


def nightly(cursor: int, *, now: datetime) -> Piece:
    """A chore of the night: files of erased pictures that are still there a day later are asked for
    again, whatever became of the delivery, and told."""
    late = Picture.objects.filter(erased_at__lt=now - LATE, pk__gt=cursor).exclude(copy="")
    found = list(late.order_by("pk")[:AT_ONCE])
    for row in found:
        _queue(row.report or 0, [row], now)
    faults = tuple(f"picture {row.pk} is erased, its files are still there" for row in found)
    return Piece(found[-1].pk if len(found) == AT_ONCE else None, faults)


def _in_use(names: Iterable[str]) -> set[str]:
    """Those that belong to another picture, of a case or of what settings.FILE_OWNERS name."""
    wanted = set(names)
    some = Q(copy__in=wanted) | Q(thumb__in=wanted) | Q(original__in=wanted)
    rows = Picture.objects.filter(some, erased_at=None)
    found = {name for row in rows.values_list("copy", "thumb", "original") for name in row}
    for path in settings.FILE_OWNERS:
        found |= import_string(path)(wanted)
    return wanted & found
