"""The delivery handlers that tell a unit of a case that became its own, or a person of one that was
handed to him: number, category, place, deadline and the link, never a reporter's words or contact.

Mail is read in many places, so of a case that is sealed for the inspection team not even category
and place are named. One delivery for each person, so that an address that is refused keeps nobody
else from knowing; a mail that goes out twice carries the same Message-ID.
"""

from collections.abc import Iterator
from datetime import datetime
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from luoshi.cases import queries
from luoshi.cases.moments import until
from luoshi.cases.queries import Handed
from luoshi.doors.mail import headers, sending
from luoshi.infra import outbox
from luoshi.registry import queries as registry
from luoshi.registry.queries import PersonInfo
from luoshi.trust import limits

MAILS_A_DAY = 40
"""To one person. Above it the list in his room has to do: a night of findings must not fill a
mailbox that other things come to."""

TO_A_PERSON = frozenset({"acknowledged", "handed_over"})


def tell(ref: str, *, delivery_id: int, now: datetime) -> None:
    """Queue a mail to each who has to know of "event:1" and has an address."""
    found = queries.handed(int(ref.removeprefix("event:")))
    if found is None or not found.stands:
        return
    outbox.enqueue_many(
        district=found.district,
        what=[
            ("mail.task", f"{ref}:person:{person}")
            for person in _addresses(_people(found, now))
            if limits.allow(scope="mail-task", key=str(person), limit=MAILS_A_DAY, now=now)
        ],
        due_at=now,
    )


def task(ref: str, *, delivery_id: int, now: datetime) -> None:
    """Send the mail for "event:1:person:2", while the case is still theirs. Raises
    DeliveryFailed."""
    if not settings.MAIL_OUT:  # switched off meanwhile: he has his list
        return
    _event, event, _person, person = ref.split(":")
    found = queries.handed(int(event))
    if found is None or not found.stands:
        return
    address = _addresses([int(person)]).get(int(person))
    if address is None:
        return
    reader = registry.people([int(person)])[int(person)]
    sending.send(_mail(found, int(event), reader, address))


def _people(found: Handed, now: datetime) -> list[int]:
    """Not whoever did it himself: he knows."""
    if found.kind in TO_A_PERSON:
        told = [found.person] if found.person else []
    else:
        on = timezone.localdate(now)
        told = [one.id for one in registry.people_of_unit(found.owner or 0, "handler", on)]
    return [person for person in told if person != found.by]


def _addresses(people: list[int]) -> dict[int, str]:
    found = registry.mail_addresses(people)
    return {person: address for person, address in found.items() if headers.valid(address)}


def _mail(found: Handed, event: int, reader: PersonInfo, address: str) -> EmailMessage:
    domain = settings.MAIL_ADDRESS.rpartition("@")[2]
    with translation.override(reader.language):
        return EmailMessage(
            subject=_("Case %(number)s") % {"number": found.number},
            body="\n".join(_lines(found)) + "\n",
            from_email=formataddr((settings.MAIL_NAME or str(_("Luoshi")), settings.MAIL_ADDRESS)),
            to=[address],
            headers={
                "Message-ID": f"<{sending.TASK}.{event}.{reader.id}@{domain}>",
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
            },
        )


def _lines(found: Handed) -> Iterator[str]:
    known = {"number": found.number}
    if found.kind in TO_A_PERSON:
        yield _("Case %(number)s was handed to you.") % known
    else:
        names = registry.unit_names([found.owner or 0], language=translation.get_language() or "")
        unit = names.get(found.owner or 0, "")
        yield _("Case %(number)s was assigned to %(unit)s.") % {**known, "unit": unit}
    if not found.state.sealed:
        yield from _what_and_where(found)
    if found.state.deadline:
        yield _("To be solved by: %(until)s") % {"until": until(found.state.deadline)}
    yield settings.LUOSHI_PUBLIC_URL + reverse("case:show", args=[found.case])
    yield ""
    yield _("Nobody reads answers to this mail. What you have to say belongs into the case.")


def _what_and_where(found: Handed) -> Iterator[str]:
    state = found.state
    category = queries.category(found.district, state.category)
    if category:
        label = category.label(translation.get_language() or "")
        yield _("Category: %(category)s") % {"category": label}
    subjects = registry.subject_names([state.subject] if state.subject else [])
    areas = registry.area_names([state.area] if state.area else [])
    names = (subjects.get(state.subject or 0), areas.get(state.area or 0))
    if place := " · ".join(name for name in names if name):
        yield _("Place: %(place)s") % {"place": place}
