"""Ways to send a text message. Which one is a setting: SMS_SENDER."""

import json
import sys
from typing import Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.utils.module_loading import import_string

from luoshi.doors.sms import signature
from luoshi.infra.outbox import DeliveryFailed

TIMEOUT_SECONDS = 10


class Sender(Protocol):
    """Hands a message on, or raises DeliveryFailed, and is then asked again later.

    `id` is the same whenever a message has to be sent again: two with one id are one.
    `to` is in the form +8613812345678.
    """

    def send(self, *, id: int, to: str, text: str) -> None: ...


class Console:
    """Writes to the worker's output. Keeps nothing, and shows no whole number."""

    def send(self, *, id: int, to: str, text: str) -> None:
        sys.stdout.write(f"[sms {id} to {to[:-8]}****{to[-4:]}] {text}\n")
        sys.stdout.flush()


class Http:
    """Posts {"id", "to", "text"} to a gateway, signed; any 2xx means that it took the message."""

    def __init__(self) -> None:
        self.url = settings.SMS_URL
        if urlsplit(self.url).scheme not in {"http", "https"}:
            raise ImproperlyConfigured("LUOSHI_SMS_URL must say where the gateway takes messages")

    def send(self, *, id: int, to: str, text: str) -> None:
        body = json.dumps({"id": str(id), "to": to, "text": text}, ensure_ascii=False).encode()
        headers = signature.sign(body=body, secret=settings.SMS_SECRET, now=timezone.now())
        headers |= {"Content-Type": "application/json", "Idempotency-Key": str(id)}
        request = Request(self.url, data=body, headers=headers, method="POST")  # noqa: S310 (above)
        try:
            with build_opener(_NoRedirect).open(request, timeout=TIMEOUT_SECONDS):
                pass
        except HTTPError as error:
            raise DeliveryFailed(f"the gateway answered {error.code}") from error
        except (URLError, OSError) as error:
            raise DeliveryFailed("the gateway did not answer") from error


class _NoRedirect(HTTPRedirectHandler):
    """A redirected POST would arrive as a GET, without the message, and look like success."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


SENDERS = {
    "console": f"{__name__}.Console",
    "http": f"{__name__}.Http",
}


def chosen() -> Sender:
    """The sender of the settings: one of SENDERS by name, or any class by its dotted path."""
    found: Sender = import_string(SENDERS.get(settings.SMS_SENDER, settings.SMS_SENDER))()
    return found
