"""How the mailbox does, for those who rely on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.functional import Promise

from luoshi.doors.mail.models import Mailbox, Unread
from luoshi.doors.mail.wording import FAILURE, REASON

LATELY = timedelta(days=30)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Reason:
    at: datetime
    text: str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`unread` mails lie in the folder `folder` for a person to look at; `reasons` of the last
    ones. `fault`: why the mailbox cannot be read now, None when it can; `since` the last look that
    went well."""

    unread: int
    folder: str
    reasons: Sequence[Reason]
    fault: str | Promise | None
    since: datetime | None


def standing(district: int, *, now: datetime) -> Standing | None:
    """None when no mailbox is set up, or it was never looked into. At most two queries."""
    if not settings.MAIL_IMAP:
        return None
    row = Mailbox.objects.filter(district_id=district).first()
    if row is None:
        return None
    return Standing(
        unread=row.unread,
        folder=f"{settings.MAIL_FOLDERS}/unread",
        reasons=_reasons(district, now) if row.unread else (),
        fault=FAILURE.get(row.error),
        since=row.read_at,
    )


def _reasons(district: int, now: datetime) -> tuple[Reason, ...]:
    rows = Unread.objects.filter(district_id=district, at__gte=now - LATELY).order_by("-at")
    return tuple(Reason(row.at, REASON.get(row.reason, row.reason)) for row in rows[:SHOWN])
