"""Marks of mails that nobody delivers again."""

from datetime import datetime, timedelta

from django.conf import settings

from luoshi.doors.mail.models import Inbound, Unread
from luoshi.infra.chores import Piece

ROWS = 1_000


def purge(cursor: int, *, now: datetime) -> Piece:
    """A chore of the night: the marks of reports, once they are old, and old reasons.

    A report is kept from doubling by a key of its own, whatever becomes of the mark. A reply or a
    verdict has nothing but its mark: those stay, and so do the tokens of replies.
    """
    old = now - timedelta(days=settings.MAIL_INBOUND_DAYS)
    marks = Inbound.objects.filter(outcome="received", at__lt=old).order_by("pk")
    gone = list(marks.values_list("pk", flat=True)[:ROWS])
    Inbound.objects.filter(pk__in=gone).delete()
    Unread.objects.filter(at__lt=old).delete()
    return Piece(cursor + 1 if len(gone) == ROWS else None)
