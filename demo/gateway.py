"""The other end of the line in the demo: a signing gateway, and the resident's phone."""

import json
from datetime import datetime

from django.conf import settings

from luoshi.doors.sms import reading, signature
from luoshi.doors.sms.take import Taken, take

INBOX: list[str] = []
"""What the resident's phone received and nobody has read yet."""


class Phone:
    """A sender (see doors/sms/senders.py) whose messages stay on this machine."""

    def send(self, *, id: int, to: str, text: str) -> None:
        INBOX.append(text)


def read() -> list[str]:
    """The messages since the last time."""
    found = list(INBOX)
    INBOX.clear()
    return found


def hand_in(*, id: str, sender: str, text: str, district: int, now: datetime) -> Taken:
    """What a gateway does with a text message, through the same checks as over HTTP."""
    body = json.dumps({"id": id, "from": sender, "text": text}).encode()
    headers = signature.sign(body=body, secret=settings.SMS_SECRET, now=now)
    signature.check(body=body, headers=headers, secret=settings.SMS_SECRET, now=now)
    return take(reading.read(body, "application/json"), district=district, now=now)
