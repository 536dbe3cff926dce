"""A real IMAP server (pymap) and a real SMTP server (aiosmtpd) on this machine, for the door."""

import email.policy
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage, Message
from importlib.util import find_spec
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from imap_tools import MailBoxUnencrypted

from tests import system

USER, PASSWORD = "report", "correct horse"
# A password is hashed half a million times at each look; for one that stands here once is enough.
PYMAP = """
from pymap.main import main
from pysasl.hashing import BuiltinHash
BuiltinHash.__init__.__kwdefaults__["rounds"] = 1
main()
"""
PATIENCE_SECONDS = 30


@contextmanager
def imap_server(*tls: str) -> Iterator[str]:
    """Runs while the block does; yields the address of its mailbox. `tls`: how it says STARTTLS,
    by default not at all."""
    if find_spec("pymap") is None:
        if os.environ.get("REQUIRE_MAIL") == "1":
            raise RuntimeError("REQUIRE_MAIL=1, and no pymap")
        pytest.skip("no mail server to test with: pip install pymap")
    port = system.free_port()
    server = subprocess.Popen(
        [
            sys.executable, "-c", PYMAP, "--host", "127.0.0.1", "--port", str(port),
            *(tls or ("--no-tls",)), "--no-service", "managesieve", "dict", "--demo-user", USER,
            "--demo-password", PASSWORD,
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        system.wait_until(lambda: _listens(port) or server.poll() is not None)
        assert server.poll() is None, "pymap did not start"
        yield f"imap://{USER}@127.0.0.1:{port}/INBOX"
    finally:
        server.terminate()
        server.wait(PATIENCE_SECONDS)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


class Post:
    """The mailbox as its owner sees it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.port = int(url.rpartition(":")[2].partition("/")[0])
        self.imap = MailBoxUnencrypted("127.0.0.1", self.port).login(USER, PASSWORD)

    def empty(self) -> None:
        self.imap.folder.set("INBOX")
        if uids := self.imap.uids():
            self.imap.delete(uids)
        for folder in self.imap.folder.list():
            if folder.name not in {"INBOX", "Luoshi"}:
                self.imap.folder.delete(folder.name)

    def put(self, mail: EmailMessage | bytes) -> None:
        data = mail if isinstance(mail, bytes) else mail.as_bytes(policy=email.policy.SMTP)
        self.imap.append(data, "INBOX")

    def count(self, folder: str) -> int:
        self.imap.client.noop()  # else a server may answer from what this session last saw
        if not self.imap.folder.exists(folder):
            return 0
        return int(self.imap.folder.status(folder)["MESSAGES"])

    @property
    def places(self) -> dict[str, int]:
        """How many mails lie where."""
        names = ("INBOX", "Luoshi/taken", "Luoshi/unread", "Luoshi/automatic")
        found = {name.rpartition("/")[2]: self.count(name) for name in names}
        return {name: count for name, count in found.items() if count}

    def back(self, folder: str) -> None:
        """All mails of a folder into the inbox again, as a person may do."""
        self.imap.folder.set(folder)
        self.imap.move(self.imap.uids(), "INBOX")
        self.imap.folder.set("INBOX")


class Postman:
    """An SMTP server that can be away and come back; `mails` are what it took, as bytes."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.port = system.free_port()
        self.tls = tls
        self.mails: list[Message] = []
        self.senders: list[str | None] = []
        self.refusing = False
        self.running: Controller | None = None

    async def handle_RCPT(  # noqa: N802 (the library asks for this name)
        self, server: Any, session: Any, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.refusing:
            return "550 5.1.1 <" + address + "> unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: Any, session: Any, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    def start(self) -> None:
        self.running = Controller(self, hostname="127.0.0.1", port=self.port, ssl_context=self.tls)
        self.running.start()

    def stop(self) -> None:
        if self.running:
            self.running.stop(no_assert=True)
            self.running = None


def mail(
    text: str = "示范新村绿地被种菜，车位被占",
    *,
    sender: str = "王芳 <Resident@Example.org>",
    subject: str = "小区环境",
    to: str = "report@luoshi.example",
    id: str = "<m1@example.org>",
    pictures: tuple[bytes, ...] = (),
    **headers: str,
) -> EmailMessage:
    """An ordinary mail; further headers with _ for -."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, subject
    if id:
        made["Message-ID"] = id
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    for number, picture in enumerate(pictures):
        made.add_attachment(picture, maintype="image", subtype="jpeg", filename=f"照片{number}.jpg")
    return made
