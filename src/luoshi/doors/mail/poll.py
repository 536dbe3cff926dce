"""A step of the worker: look into the mailbox now and then, and take what is there.

First the deed is stored, then the mail is moved. Whatever dies in between, the next look knows the
mail and only moves it.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError

from luoshi.doors.mail import automatic, box, headers, reading, take
from luoshi.doors.mail.box import AUTOMATIC, TAKEN, UNREAD, Box, Failed
from luoshi.doors.mail.headers import Head
from luoshi.doors.mail.models import Mailbox, Unread
from luoshi.doors.mail.reading import Unreadable
from luoshi.doors.mail.wording import FAILURE
from luoshi.infra.files import StorageFull
from luoshi.registry import queries as registry

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
"""For one look: nobody else looks meanwhile."""

MAILS_A_LOOK = 20
"""Then the worker does its other work first."""

LONGEST_PAUSE = timedelta(minutes=30)
"""After failures, so that a wrong password is not tried until the account is locked."""


def step(now: datetime) -> int:
    """One look, when it is time; how many mails were moved."""
    if not settings.MAIL_IMAP:
        return 0
    try:
        district = registry.district(settings.DISTRICT).id
    except registry.NotRegistered:
        return 0
    row, _made = Mailbox.objects.get_or_create(district_id=district, defaults={"next_at": now})
    if row.next_at > now or not _claimed(row, now):
        return 0
    return _look(row, now)


def _claimed(row: Mailbox, now: datetime) -> bool:
    mine = Mailbox.objects.filter(pk=row.pk, next_at=row.next_at).update(next_at=now + LEASE)
    return bool(mine)


def _look(row: Mailbox, now: datetime) -> int:
    pause = timedelta(seconds=settings.MAIL_POLL_SECONDS)
    moved = 0
    try:
        with box.opened() as inbox:
            waiting = inbox.waiting()
            for uid in waiting[:MAILS_A_LOOK]:
                _handle(inbox, uid, row.district_id, now)
                moved += 1
            row.unread = inbox.count(UNREAD)
    except Failed as failed:
        row.failures += 1
        row.error = failed.code
        row.next_at = now + min(pause * (1 << min(row.failures - 1, 10)), LONGEST_PAUSE)
        log.error("the mailbox was not read: %s", FAILURE[failed.code])
    except Exception:
        # Whatever it is: it must be seen on the page, and the next look waits.
        log.exception("the mailbox was not read")
        row.failures += 1
        row.error = "not_stored"
        row.next_at = now + min(pause * (1 << min(row.failures - 1, 10)), LONGEST_PAUSE)
    else:
        more = len(waiting) > MAILS_A_LOOK
        row.failures, row.error, row.read_at = 0, "", now
        row.next_at = now if more else now + pause
    row.save()
    return moved


@dataclass(frozen=True, slots=True)
class _Put:
    folder: str
    reason: str = ""


def _handle(inbox: Box, uid: str, district: int, now: datetime) -> None:
    size = inbox.size(uid)
    if size is None:
        return  # somebody moved it meanwhile
    large = size > reading.MOST_BYTES
    data = inbox.beginning(uid) if large else inbox.whole(uid)
    head = headers.head(data)
    put = _judged(data, head, large=large, district=district, now=now)
    if put.reason:
        key = hashlib.sha256(data[: box.BEGINNING]).digest()
        Unread.objects.update_or_create(
            district_id=district, key=key, defaults={"at": now, "reason": put.reason}
        )
        log.warning("a mail was not read: %s", put.reason)
    inbox.move(uid, put.folder)


def _judged(data: bytes, head: Head, *, large: bool, district: int, now: datetime) -> _Put:
    """In which folder the mail belongs, once what it says is stored. Raises Failed not_stored."""
    try:
        if automatic.is_automatic(head, own=_own()):
            return _Put(AUTOMATIC)
        if large:
            raise Unreadable("too_large")
        take.take(reading.read(data, head), district=district, now=now)
    except Unreadable as why:
        return _Put(UNREAD, why.code)
    except (OperationalError, InterfaceError, StorageFull, OSError) as error:
        # Nothing is wrong with the mail: it waits where it is.
        log.exception("a mail could not be stored")
        raise Failed("not_stored") from error
    except Exception:
        log.exception("a mail could not be read")
        return _Put(UNREAD, "failed")
    return _Put(TAKEN)


def _own() -> frozenset[str]:
    """Only the address that we write from: people may well write from one of the others."""
    return frozenset({settings.MAIL_ADDRESS} - {""})
