"""What becomes of a message: a verdict, more words to a report, or a new report. Exactly once."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from luoshi.cases import actions, queries
from luoshi.cases.actions import NewReport
from luoshi.doors import said, words
from luoshi.doors.sms.models import Inbound
from luoshi.doors.sms.reading import Message
from luoshi.registry import queries as registry
from luoshi.trust import phones
from luoshi.trust.errors import BadPhone

DOOR = "sms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """`outcome`: received (a new report), replied or verdict; `number` of the report."""

    outcome: str
    number: str
    repeated: bool = False


def take(message: Message, *, district: int, now: datetime) -> Taken:
    """Act on a message. The same id again changes nothing and gives the same answer."""
    key = hashlib.sha256(b"luoshi/v1/sms\n" + message.id.encode()).digest()
    known = _known(district, key)
    if known:
        return known
    try:
        with transaction.atomic():
            # First the mark, then the deed: whoever brings the message at the same time waits here.
            row = Inbound.objects.create(district_id=district, key=key, at=now)
            row.outcome, row.number = _deed(message, district, now)
            row.save()
            return Taken(outcome=row.outcome, number=row.number)
    except IntegrityError:
        if known := _known(district, key):
            return known
        raise


def _known(district: int, key: bytes) -> Taken | None:
    row = Inbound.objects.filter(district_id=district, key=key).first()
    return Taken(outcome=row.outcome, number=row.number, repeated=True) if row else None


def _deed(message: Message, district: int, now: datetime) -> tuple[str, str]:
    """The outcome, and the number of the report that it is about."""
    addressed = words.addressed(message.text)
    if addressed:
        number, rest = addressed
        report = queries.by_phone(district, number, message.sender)
        outcome = (
            said.said(report=report, whole=message.text, rest=rest, now=now) if report else None
        )
        if outcome:
            return outcome, number
    return "received", _report(message, district, now)


def _report(message: Message, district: int, now: datetime) -> str:
    place = registry.match_place(district, message.text)
    received = actions.receive(
        report=NewReport(
            district=district,
            door=DOOR,
            external_id=message.id,
            text=message.text.strip(),
            phone=_phone(message.sender),
            category=queries.guess_category(district, message.text),
            area=place.area,
            subject=place.subject,
            place_open=not (place.area or place.subject),
            language=said.language(message.text),
        ),
        now=now,
    )
    return received.number


def _phone(sender: str) -> str | None:
    """None for what nobody can call back, such as a service's short number."""
    try:
        return phones.normalise(sender)
    except BadPhone:
        return None
