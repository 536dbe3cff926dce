"""What people keep of the list of all cases: saved views, and a note of what was taken along.

Nothing of it is a command on a case.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from luoshi.cases.models import ListTaken, SavedView

MOST = 30
"""Views of one person: more would be a list to search through."""


class NotKept(ValueError):
    """`code`: empty, taken (another of his views has the name) or too_many."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def keep_view(*, district: int, person: int, name: str, query: str) -> None:
    """A new view, or the one of that name with other filters. Raises NotKept."""
    name = _named(name)
    mine = _of(district, person)
    if mine.count() >= MOST and not mine.filter(name=name).exists():
        raise NotKept("too_many")
    # Two tabs at once: whoever comes second finds the first one's row.
    SavedView.objects.update_or_create(
        district_id=district, person=person, name=name, defaults={"query": query[:600]}
    )


def rename_view(*, district: int, person: int, view: int, name: str) -> bool:
    """False when there is no such view of his. Raises NotKept."""
    try:
        with transaction.atomic():
            return bool(_of(district, person).filter(pk=view).update(name=_named(name)))
    except IntegrityError as no:
        raise NotKept("taken") from no


def delete_view(*, district: int, person: int, view: int) -> bool:
    return bool(_of(district, person).filter(pk=view).delete()[0])


def choose_view(*, district: int, person: int, view: int, chosen: bool) -> bool:
    """Make it what he sees first, or no longer. False when there is no such view of his."""
    with transaction.atomic():
        mine = _of(district, person)
        list(mine.select_for_update().order_by("pk"))  # two tabs choose one after the other
        mine.filter(default=True).update(default=False)
        return bool(mine.filter(pk=view).update(default=chosen))


def note_taken(*, district: int, person: int, kind: str, query: str, now: datetime) -> int:
    """Somebody takes a list along; written before the first row goes out."""
    row = ListTaken.objects.create(
        district_id=district, person=person, kind=kind, query=query[:600], at=now
    )
    return row.pk


def note_rows(*, taken: int, rows: int) -> None:
    """How many went out in the end."""
    ListTaken.objects.filter(pk=taken).update(rows=rows)


def _of(district: int, person: int) -> QuerySet[SavedView]:
    return SavedView.objects.filter(district_id=district, person=person)


def _named(name: str) -> str:
    found = " ".join(name.replace("\x00", "").split())[:60]
    if not found:
        raise NotKept("empty")
    return found
