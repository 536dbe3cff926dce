"""The mailbox, over IMAP. Mails are read and moved into a folder, never deleted or changed."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import unquote, urlsplit

from django.conf import settings
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from luoshi.doors.mail import tls

TIMEOUT_SECONDS = 10
BEGINNING = 64 * 1024
"""Bytes that hold the headers of any honest mail."""

TAKEN, UNREAD, AUTOMATIC = "taken", "unread", "automatic"
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class Failed(Exception):
    """The mailbox cannot be used. `code`: address_wrong, unreachable, certificate, login_refused,
    no_folder, broken_off, not_stored (our own store takes nothing at the moment)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Box:
    """An open mailbox. Numbers of mails are IMAP UIDs, as text."""

    def __init__(self, imap: BaseMailBox) -> None:
        self.imap = imap
        self.delimiter = self._delimiter()
        self.known: set[str] = set()

    def waiting(self) -> list[str]:
        """Mails in the folder that is read, the oldest first; not those marked as deleted."""
        return sorted(self.imap.uids("UNDELETED", charset=None), key=int)

    def size(self, uid: str) -> int | None:
        """Bytes; None when it is gone."""
        answer = self._fetch(uid, "(RFC822.SIZE)")
        found = next((_SIZE.search(part) for part in _lines(answer) if _SIZE.search(part)), None)
        return int(found[1]) if found else None

    def beginning(self, uid: str) -> bytes:
        return self._body(uid, f"BODY.PEEK[]<0.{BEGINNING}>")

    def whole(self, uid: str) -> bytes:
        return self._body(uid, "BODY.PEEK[]")

    def move(self, uid: str, folder: str) -> None:
        """Into one of our folders, which is made when it is not there."""
        name = self._made(folder)
        self.imap.move(uid, name)

    def count(self, folder: str) -> int:
        name = self.name(folder)
        if not self.imap.folder.exists(name):
            return 0
        return self.imap.folder.status(name, ["MESSAGES"])["MESSAGES"]

    def name(self, folder: str) -> str:
        return f"{settings.MAIL_FOLDERS}{self.delimiter}{folder}"

    def _made(self, folder: str) -> str:
        name = self.name(folder)
        if name not in self.known:
            if not self.imap.folder.exists(name):
                self.imap.folder.create(name)
                with suppress(ImapToolsError):  # a courtesy to people's mail programs
                    self.imap.folder.subscribe(name, True)
            self.known.add(name)
        return name

    def _delimiter(self) -> str:
        found = self.imap.folder.list("", "INBOX")
        return found[0].delim if found and found[0].delim not in {"", "NIL"} else "/"

    def _fetch(self, uid: str, what: str) -> list[object]:
        kind, answer = self.imap.client.uid("fetch", uid, what)
        if kind != "OK":
            raise Failed("broken_off")
        return list(answer)

    def _body(self, uid: str, what: str) -> bytes:
        """Empty when the mail is gone."""
        for part in self._fetch(uid, f"({what})"):
            if isinstance(part, tuple) and len(part) > 1:
                return bytes(part[1])
        return b""


def _lines(answer: list[object]) -> Iterator[bytes]:
    for part in answer:
        if isinstance(part, bytes):
            yield part
        elif isinstance(part, tuple):
            yield part[0]


@contextmanager
def opened() -> Iterator[Box]:
    """The mailbox of the settings. Raises Failed, also for what goes wrong while it is open."""
    try:
        imap = _signed_in()
        try:
            yield Box(imap)
        finally:
            with suppress(imaplib.IMAP4.error, ImapToolsError, OSError):
                imap.logout()
    except ssl.SSLCertVerificationError as error:
        raise Failed("certificate") from error
    except (imaplib.IMAP4.error, ImapToolsError) as error:
        raise Failed("broken_off") from error
    except OSError as error:
        raise Failed("unreachable") from error


def _signed_in() -> BaseMailBox:
    url = urlsplit(settings.MAIL_IMAP)
    if url.scheme not in {"imap", "imaps"} or not (url.hostname and url.username):
        raise Failed("address_wrong")
    imap = _connected(url.scheme, url.hostname, url.port)
    try:
        login = imap.login if settings.MAIL_PASSWORD.isascii() else imap.login_utf8
        login(unquote(url.username), settings.MAIL_PASSWORD, None)
        _learn(imap)
        imap.folder.set(unquote(url.path.strip("/")) or "INBOX")
    except MailboxFolderSelectError as error:
        raise Failed("no_folder") from error
    except (MailboxLoginError, imaplib.IMAP4.error) as error:
        if isinstance(error, imaplib.IMAP4.abort):
            raise
        raise Failed("login_refused") from error
    return imap


def _learn(imap: BaseMailBox) -> None:
    """What the server can do for somebody who is signed in, MOVE above all: before that many do
    not say, and imaplib asks only then."""
    kind, answer = imap.client.capability()
    if kind == "OK" and answer and isinstance(answer[0], bytes):
        imap.client.capabilities = tuple(answer[0].decode("ascii", "replace").upper().split())


def _connected(scheme: str, host: str, port: int | None) -> BaseMailBox:
    """Encrypted, but for a server on this machine."""
    if scheme == "imaps":
        return MailBox(host, port or 993, timeout=TIMEOUT_SECONDS, ssl_context=tls.context())
    if host in _LOOPBACK:
        return MailBoxUnencrypted(host, port or 143, timeout=TIMEOUT_SECONDS)
    return MailBoxStartTls(host, port or 143, timeout=TIMEOUT_SECONDS, ssl_context=tls.context())
