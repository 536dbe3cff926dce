"""The delivery handlers that tell a unit of a case that became its own, came back, was put under
supervision or is its own no longer, and a person of one that was handed to him.

One delivery for each person, so that an address that is refused keeps nobody else from knowing; a
mail that goes out twice carries the same Message-ID. What it says: task_words.
"""

from collections.abc import Iterable
from datetime import datetime
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from luoshi.cases import queries
from luoshi.cases.queries import Handed
from luoshi.doors.mail import headers, sending
from luoshi.doors.mail.task_words import TO_A_PERSON, lines
from luoshi.infra import outbox
from luoshi.registry import queries as registry
from luoshi.registry.queries import PersonInfo
from luoshi.trust import limits

MAILS_A_DAY = 40
"""To one person. Above it the list in his room has to do: a night of findings must not fill a
mailbox that other things come to."""

TO_THE_WHOLE_UNIT = frozenset({"assigned", "transferred", "ruled", "escalated", "missed"})
"""Of these everybody who handles cases there is told; of others the one who handles this case."""


def tell(ref: str, *, delivery_id: int, now: datetime) -> None:
    """Queue a mail to each who has to know of "event:1" and has an address."""
    found = queries.handed(int(ref.removeprefix("event:")))
    if found is None:
        return
    told = _people(found, now)
    left = [person for person in _left(found, now) if person not in told]
    outbox.enqueue_many(
        district=found.district,
        what=[
            ("mail.task", f"{ref}:{part}:{person}")
            for part, some in (("person", told), ("left", left))
            for person in _addresses(some)
            if limits.allow(scope="mail-task", key=str(person), limit=MAILS_A_DAY, now=now)
        ],
        due_at=now,
    )


def task(ref: str, *, delivery_id: int, now: datetime) -> None:
    """Send the mail for "event:1:person:2" while the case is still theirs, for "event:1:left:2"
    while it is not. Raises DeliveryFailed."""
    if not settings.MAIL_OUT:  # switched off meanwhile: he has his list
        return
    _event, event, part, person = ref.split(":")
    left = part == "left"
    found = queries.handed(int(event))
    if found is None or not (found.left if left else found.stands):
        return
    address = _addresses([int(person)]).get(int(person))
    if address is None:
        return
    reader = registry.people([int(person)])[int(person)]
    with translation.override(reader.language):
        text = "\n".join(lines(found, left=left, now=now)) + "\n"
        sending.send(_mail(found, int(event), reader, address, text))


def _people(found: Handed, now: datetime) -> list[int]:
    """Not whoever did it himself: he knows."""
    if not found.stands:
        return []
    if found.kind in TO_A_PERSON:
        told = [found.after.person] if found.after.person else []
    elif found.kind in TO_THE_WHOLE_UNIT:
        told = _handlers(found.after.owner, now)
    else:
        told = _in_charge(found.after.owner, found.after.person, now)
    return [person for person in told if person != found.by]


def _left(found: Handed, now: datetime) -> list[int]:
    told = _in_charge(found.left, found.before.person, now) if found.left else []
    return [person for person in told if person != found.by]


def _in_charge(unit: int | None, person: int | None, now: datetime) -> list[int]:
    """Whoever handles the case; all who could, while nobody does or he is away."""
    there = _handlers(unit, now)
    return [person] if person in there else there


def _handlers(unit: int | None, now: datetime) -> list[int]:
    on = timezone.localdate(now)
    return [one.id for one in registry.people_of_unit(unit or 0, "handler", on)]


def _addresses(people: Iterable[int]) -> dict[int, str]:
    found = registry.mail_addresses(people)
    return {person: address for person, address in found.items() if headers.valid(address)}


def _mail(found: Handed, event: int, reader: PersonInfo, address: str, text: str) -> EmailMessage:
    domain = settings.MAIL_ADDRESS.rpartition("@")[2]
    return EmailMessage(
        subject=_("Case %(number)s") % {"number": found.number},
        body=text,
        from_email=formataddr((settings.MAIL_NAME or str(_("Luoshi")), settings.MAIL_ADDRESS)),
        to=[address],
        headers={
            "Message-ID": f"<{sending.TASK}.{event}.{reader.id}@{domain}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
