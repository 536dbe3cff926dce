"""Many people at once at the doors of a running system: text messages and the public form."""

import json
import re
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException, HTTPResponse
from threading import Lock
from urllib.parse import urlsplit

from django.utils import timezone

from luoshi.doors.sms import signature
from tests.cast import photo

SECRET = "shared with the gateway"
NUMBER = re.compile(r"\b\d{6}-\d{6}\b")
PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def ask(
    url: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> Answer | None:
    """One request; None when no whole answer came back, whatever became of the request."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)
    try:
        connection.request("POST" if body is not None else "GET", path, body, headers or {})
        got: HTTPResponse = connection.getresponse()
        return Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, got.read())
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()


class Message:
    """A text message, which its gateway delivers until it is acknowledged."""

    def __init__(self, number: int) -> None:
        self.id = f"message-{number}"
        self.values = {
            "id": self.id,
            "from": f"138{number:08d}",
            "text": f"第{number}条：绿地被种菜",
        }

    def hand_in(self, url: str) -> str | None:
        body = json.dumps(self.values).encode()
        signed = signature.sign(body=body, secret=SECRET, now=timezone.now())
        headers = {**signed, "Content-Type": "application/json"}
        got = ask(url, "/doors/sms/inbound/", body, headers)
        if got is None:
            return None
        assert got.status == 200, (got.status, got.body[:300])
        return str(json.loads(got.body)["number"])


class Form:
    """The public form with a picture, open in somebody's browser, who presses "send" again."""

    def __init__(self, number: int, url: str) -> None:
        page = ask(url, "/report/")
        assert page is not None
        fields = Hidden.of(page.body.decode()) | {
            "text": f"第{number}条：路灯不亮",
            "place": "示范新村",
        }
        cookie = page.headers["set-cookie"].partition(";")[0]
        self.id = fields["form"]
        boundary = uuid.uuid4().hex
        self.body = _multipart(boundary, fields, photo())
        self.headers = {
            "Cookie": cookie,
            "Content-Type": f"multipart/form-data; boundary={boundary}",
        }

    def hand_in(self, url: str) -> str | None:
        sent = ask(url, "/report/", self.body, self.headers)
        if sent is None:
            return None
        assert sent.status == 302, (sent.status, sent.body.decode()[:2000])
        return sent.headers["location"]


class Hidden(HTMLParser):
    """The hidden fields of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    @classmethod
    def of(cls, page: str) -> dict[str, str]:
        reader = cls()
        reader.feed(page)
        return reader.fields

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("type") == "hidden" and found.get("name"):
            self.fields[str(found["name"])] = found.get("value") or ""


def _multipart(boundary: str, fields: dict[str, str], picture: bytes) -> bytes:
    lines = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="pictures"; filename="a.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    )
    return "".join([*lines, head]).encode() + picture + f"\r\n--{boundary}--\r\n".encode()


Sender = Message | Form


@dataclass(slots=True)
class Storm:
    """Everybody sends at once; `acknowledged` are the receipts that arrived, by the sender's id."""

    senders: list[Sender]
    acknowledged: dict[str, str] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def break_out(self, url: str, *, enough: int, then: Callable[[], None]) -> None:
        """`then` happens as soon as `enough` receipts have arrived, while the others still wait."""
        with ThreadPoolExecutor(len(self.senders)) as pool:
            list(pool.map(lambda sender: self._send(sender, url, enough, then), self.senders))

    def _send(self, sender: Sender, url: str, enough: int, then: Callable[[], None]) -> None:
        receipt = sender.hand_in(url)
        if receipt is None:
            return
        with self._lock:
            self.acknowledged[sender.id] = receipt
            if len(self.acknowledged) == enough:
                then()


def again(senders: Iterable[Sender], url: str) -> dict[str, str]:
    """Everybody sends what he sent before; now everybody gets his receipt."""
    with ThreadPoolExecutor(20) as pool:
        got = list(pool.map(lambda sender: (sender.id, sender.hand_in(url)), senders))
    assert all(receipt for _, receipt in got)
    return {id: str(receipt) for id, receipt in got}


def number_on(receipt: str, url: str) -> str:
    """A text message is acknowledged by a number, a form by the address of a page that shows it."""
    if NUMBER.fullmatch(receipt):
        return receipt
    page = ask(url, receipt)
    assert page is not None
    assert page.status == 200
    found = NUMBER.search(page.body.decode())
    assert found
    return found.group()
