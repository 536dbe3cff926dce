"""Sessions that have run out: Django keeps their rows for ever."""

from datetime import datetime

from django.contrib.sessions.models import Session

from luoshi.infra.chores import Piece

ROWS = 1_000


def purge(cursor: int, *, now: datetime) -> Piece:
    """A chore of the night."""
    found = Session.objects.filter(expire_date__lt=now).values_list("pk", flat=True)[:ROWS]
    gone = list(found)
    Session.objects.filter(pk__in=gone).delete()
    return Piece(cursor + 1 if len(gone) == ROWS else None)
