"""What the desk writes down for itself: notes for the next shift, and calls that nobody answered.

Nothing of it is a command on a case: no rule asks for it and no figure counts it.
"""

from datetime import datetime, timedelta

from django.db import transaction

from luoshi.cases.models import Handover, PhoneTry
from luoshi.infra.ids import new_id
from luoshi.trust import vault

AGAIN = timedelta(hours=2)
"""When somebody who did not answer is phoned again; who was put off, at the end of the list."""


def leave_note(*, district: int, by: int, text: str, now: datetime) -> int:
    """A note for the next shift; its id. The text lies in the vault, where it can be erased."""
    with transaction.atomic():
        note = vault.store_text(district=district, text=text, sealed=False, now=now)
        row = Handover(id=new_id(now=now), district_id=district, by=by, at=now, note=note)
        row.save(force_insert=True)
    return row.pk


def take_over(*, district: int, handover: int, by: int, now: datetime) -> bool:
    """Acknowledge a note once, by somebody else than its writer; False when it was not open."""
    rows = Handover.objects.filter(pk=handover, district_id=district, taken_by=None)
    return bool(rows.exclude(by=by).update(taken_by=by, taken_at=now))


def not_reached(*, district: int, case: int, by: int, rang: bool, now: datetime) -> None:
    """Nobody answered (`rang`), or the call was put off."""
    PhoneTry.objects.create(
        district_id=district, case=case, by=by, at=now, again_at=now + AGAIN, rang=rang
    )
