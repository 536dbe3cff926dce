"""What becomes of a mail: a verdict, more words to a report, or a new report. Exactly once."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from luoshi.cases import actions, queries
from luoshi.cases.actions import NewReport
from luoshi.doors import said, words
from luoshi.doors.mail import threads
from luoshi.doors.mail.models import Inbound
from luoshi.doors.mail.reading import LONGEST_TEXT, Message, Unreadable
from luoshi.doors.mail.threads import Found
from luoshi.registry import queries as registry
from luoshi.trust import limits

DOOR = "mail"
MAILS_A_DAY = 50
"""From one address. What comes above it a person looks at, in the folder of what was not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """`outcome`: received (a new report), replied or verdict; `number` of the report."""

    outcome: str
    number: str
    repeated: bool = False


def take(message: Message, *, district: int, now: datetime) -> Taken:
    """Act on a mail. The same one again changes nothing and gives the same answer.

    Raises Unreadable too_many, and what the store raises when it cannot write.
    """
    known = _known(district, message.key)
    if known:
        return known
    if not limits.allow(scope="mail-in", key=message.sender or "", limit=MAILS_A_DAY, now=now):
        raise Unreadable("too_many")
    found = threads.find(message.tokens, district=district, sender=message.sender)
    try:
        taken = _reply(message, found, district, now) if found else None
    except IntegrityError:
        if known := _known(district, message.key):
            return known
        raise
    return taken or _report(message, found, district, now)


def _known(district: int, key: bytes) -> Taken | None:
    row = Inbound.objects.filter(district_id=district, key=key).first()
    return Taken(outcome=row.outcome, number=row.number, repeated=True) if row else None


def _reply(message: Message, found: Found, district: int, now: datetime) -> Taken | None:
    """Mark and deed stand or fall together; None when the case takes no more words."""
    tracked = queries.tracked(found.report, now=now)
    text = scrubbed(message.own or message.whole or message.subject)[:LONGEST_TEXT]
    with transaction.atomic():
        row = Inbound.objects.create(district_id=district, key=message.key, at=now)
        addressed = words.addressed(text)
        # A number before the word of verdict counts only when it is the one of this mail's report.
        own = addressed is not None and addressed[0] == tracked.number
        outcome = said.said(
            report=found.report,
            whole=_with_left_out(text, message),
            rest=addressed[1] if addressed and own else text,
            now=now,
            may_judge=found.same,
            pictures=message.pictures,
        )
        if outcome is None:
            row.delete()
            return None
        row.outcome, row.number = outcome, tracked.number
        row.save()
    return Taken(outcome=outcome, number=tracked.number)


def _report(message: Message, found: Found | None, district: int, now: datetime) -> Taken:
    """The store knows a report that it has, so that the mark may come after it."""
    received = actions.receive(report=_new(message, found, district, now), now=now)
    Inbound.objects.get_or_create(
        district_id=district,
        key=message.key,
        defaults={"at": now, "outcome": "received", "number": received.number},
    )
    return Taken(outcome="received", number=received.number, repeated=received.repeated)


def _new(message: Message, found: Found | None, district: int, now: datetime) -> NewReport:
    text = _text(message, replied=found is not None)
    confidential = settings.MAIL_INSPECTION in message.to or _follows_confidential(found, now)
    language = said.language(f"{message.subject} {message.own}")
    place = registry.match_place(district, "" if confidential else text)
    with translation.override(language):
        whole = _with_left_out(text, message)
    return NewReport(
        district=district,
        door=DOOR,
        external_id=message.key.hex(),
        text=whole,
        email=message.sender,
        name=message.name or None,
        confidential=confidential,
        # The inspection team sorts what is told in confidence, nobody else.
        category="" if confidential else queries.guess_category(district, text),
        area=place.area,
        subject=place.subject,
        place_open=not (confidential or place.area or place.subject),
        language=language,
        pictures=message.pictures,
    )


def _follows_confidential(found: Found | None, now: datetime) -> bool:
    """What is said after a confidential report is as confidential, even when it opens a new one."""
    return found is not None and queries.tracked(found.report, now=now).track == "confidential"


def _text(message: Message, *, replied: bool) -> str:
    body = (message.own or message.whole) if replied else message.whole
    parts = [message.subject, body]
    if not message.subject or body.startswith(message.subject):
        parts = [body]
    return scrubbed("\n\n".join(part for part in parts if part))


def scrubbed(text: str) -> str:
    """Without the links and tokens of our own mails that somebody quotes: whoever reads the report
    could give the verdict with them."""
    path = re.escape(reverse("public:link", args=["x"]).removesuffix("x/"))
    text = re.sub(rf"({path})[\w=-]+/?", r"\1…", text)
    return re.sub(r"\[#\s*[a-z2-7]{26}\s*\]|(?<![a-z2-7])[a-z2-7]{26}(?![a-z2-7])", "…", text)


def _with_left_out(text: str, message: Message) -> str:
    """The text, at most so long, and what came with it but was not kept."""
    notes = [_("[Not kept: %(type)s]") % {"type": kind} for kind in dict.fromkeys(message.left_out)]
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT]
        notes.insert(0, _("[Longer than a report can be: the rest is in the mailbox]"))
    if not text and message.pictures:
        text = _("[Pictures without words]")
    return "\n".join([text, *notes]).strip()
