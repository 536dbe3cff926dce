"""A gateway as tests play it: hands in signed messages, and keeps those that it is given."""

import json
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from luoshi.doors.sms import signature

ADDRESS = "/doors/sms/inbound/"


def hand_in(client: Client, **message: Any) -> Any:
    """One message as JSON; the parts that are not given are those of an ordinary one."""
    values = {"id": "m1", "from": "13800138000", "text": "示范新村绿地被种菜，车位被占"}
    return raw(client, json.dumps({**values, **message}).encode())


def raw(client: Client, body: bytes, *, kind: str = "application/json", **headers: str) -> Any:
    """Any bytes at all, rightly signed unless the headers say otherwise."""
    signed = signature.sign(body=body, secret=settings.SMS_SECRET, now=timezone.now())
    return client.post(ADDRESS, body, content_type=kind, headers={**signed, **headers})


class Kept:
    """A sender that only remembers: (id, to, text)."""

    sent: list[tuple[int, str, str]] = []

    def send(self, *, id: int, to: str, text: str) -> None:
        self.sent.append((id, to, text))
