"""What becomes of a message: a verdict, more words to a report, or a new report. Exactly once."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from luoshi.cases import actions, queries
from luoshi.cases.actions import Actor, Command, NewReport, Refused
from luoshi.doors.sms import words
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
        outcome = _said(report, message.text, rest, now) if report else None
        if outcome:
            return outcome, number
    return "received", _report(message, district, now)


def _said(report: int, whole: str, rest: str, now: datetime) -> str | None:
    """A verdict or more words on a report of the sender's own; None when neither is possible now,
    so that the message becomes a report, which a person reads."""
    given = words.verdict(rest)
    if given:
        data = {"solved": given.solved, "satisfied": given.satisfied}
        if _act(report, Command("verdict", data), given.text, now):
            return "verdict"
    return "replied" if _act(report, Command("reply"), whole, now) else None


def _act(report: int, command: Command, text: str, now: datetime) -> bool:
    found = queries.tracked(report, now=now)
    if command.kind == "verdict" and not found.may_give_verdict:
        return False
    try:
        actions.act(
            case=found.case.id, command=command, actor=Actor(report=report), now=now, text=text
        )
    except Refused:
        return False
    return True


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
            language=_language(message.text),
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


def _language(text: str) -> str:
    """In which language the sender is answered: his own, as far as the letters tell."""
    chinese = re.search(r"[\u3400-\u9fff\U00020000-\U0003ffff]", text)
    return "zh-hans" if chinese or not re.search(r"[A-Za-z]{2}", text) else "en"
