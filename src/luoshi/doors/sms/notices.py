"""The delivery handler that tells a reporter by text message what happened to his report.

Runs in the worker, at least once for each event and report; a message that goes out twice carries
the same id. Only here is a reporter's phone opened, with the delivery key.
"""

import base64
from datetime import datetime

from django.utils import translation
from django.utils.crypto import salted_hmac

from luoshi.cases import actions, queries
from luoshi.cases.queries import Notice
from luoshi.doors import messages
from luoshi.doors.messages import Way
from luoshi.doors.sms import senders
from luoshi.infra.outbox import DeliveryFailed
from luoshi.trust import limits, phones, vault
from luoshi.trust.errors import Erased

MESSAGES_A_DAY = 40
"""To one phone, tries that failed included. What comes above waits for the next day: two machines
that answer each other must tire."""


def notice(ref: str, *, delivery_id: int, now: datetime) -> None:
    """Send the message for "event:1:report:2", when there is something to say and a phone to say
    it to. Raises DeliveryFailed."""
    _, event, _, report = ref.split(":")
    found = queries.notice(event=int(event), report=int(report))
    if found is None or not messages.worth_telling(found):
        return
    phone = _phone(found)
    if phone is None:
        return
    if not limits.allow(scope="sms-out", key=phone, limit=MESSAGES_A_DAY, now=now):
        raise DeliveryFailed("this phone got as many messages today as one a day gets")
    with translation.override(found.language):
        text = messages.compose(found, way=Way(link=lambda: _link(found, delivery_id, now)))
    senders.chosen().send(id=delivery_id, to=phone, text=text)


def _phone(found: Notice) -> str | None:
    if found.contact is None:
        return None
    try:
        phone = vault.open_for_delivery(found.contact).phone
    except Erased:
        return None
    return phone if phone and phones.can_text(phone) else None


def _link(found: Notice, delivery_id: int, now: datetime) -> str:
    """The token of a one-time link. Made from the delivery, so that a message that is sent again
    holds the same link: a gateway may drop the second of two with one id."""
    made = salted_hmac("luoshi.sms.link", str(delivery_id), algorithm="sha256").digest()
    token = base64.urlsafe_b64encode(made[:16]).decode().rstrip("=")
    return actions.issue_link(report=found.report, now=now, token=token)
