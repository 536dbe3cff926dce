"""Marks of messages that no gateway delivers again."""

from datetime import datetime, timedelta

from django.conf import settings

from luoshi.doors.sms.models import Inbound
from luoshi.infra.chores import Piece

ROWS = 1_000


def purge(cursor: int, *, now: datetime) -> Piece:
    """A chore of the night: the marks of reports, once they are old.

    A report is kept from doubling by a key of its own, whatever becomes of the mark. A reply or a
    verdict has nothing but its mark, and without it a late repetition would be taken for a new
    report: those marks stay.
    """
    old = now - timedelta(days=settings.SMS_INBOUND_DAYS)
    rows = Inbound.objects.filter(outcome="received", at__lt=old).order_by("pk")
    gone = list(rows.values_list("pk", flat=True)[:ROWS])
    Inbound.objects.filter(pk__in=gone).delete()
    return Piece(cursor + 1 if len(gone) == ROWS else None)
