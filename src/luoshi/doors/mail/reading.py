"""Reading one mail: bytes from anybody into a message, or a reason why not.

Nothing of an attachment is executed, unpacked or kept, but pictures, which are rebuilt later. The
bytes are counted before they are taken apart, so that no mail keeps a worker busy for long.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message as Part

from luoshi.doors.mail import bodies, headers, sending
from luoshi.doors.mail.headers import Head
from luoshi.infra import pictures
from luoshi.infra.pictures import PictureRefused

MOST_BYTES = 25 * 1024 * 1024
MOST_LINES = 600_000
MOST_PARTS = 100
MOST_NESTED = 30
LONGEST_TEXT = 20_000
"""Characters of a report; the rest stays in the mailbox, and the report says so."""
MOST_PICTURES = 9
SMALLEST_PICTURE = 24
"""Pixels of the longer side: what is smaller is a trace or a bullet of a signature."""

_MULTIPART = re.compile(rb"^content-type:\s*multipart/", re.IGNORECASE | re.MULTILINE)
_PART = re.compile(
    rb"^content-(?:type|disposition|transfer-encoding):", re.IGNORECASE | re.MULTILINE
)
_LONG_HEADER = re.compile(rb"^content-(?:type|disposition):(?:[^\n]|\n[ \t]){8000}",
                          re.IGNORECASE | re.MULTILINE)  # fmt: skip
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*")
_OURS = "([a-z2-7]{26})"
_IN_ADDRESS = re.compile(rf"\+{_OURS}@")
_IN_ID = re.compile(rf"<{_OURS}\.[^<>@\s]*@")
_IN_SUBJECT = re.compile(rf"\[#\s*{_OURS}\s*\]", re.IGNORECASE)
_TO_STAFF = re.compile(rf"<{sending.TASK}\.\d+\.\d+@")
_REPLIED = re.compile(
    r"^\s*((re|aw|fw|fwd|回复|答复|回覆|转发|轉寄)\s*(\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE
)
_SIGNED = {"application/pgp-signature", "application/pkcs7-signature",
           "application/x-pkcs7-signature"}  # fmt: skip
_ENCRYPTED = {"application/pgp-encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}
_WINMAIL = {"application/ms-tnef", "application/vnd.ms-tnef"}
_RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")


class Unreadable(Exception):
    """`code`: too_large, too_long, too_many_parts, nested, encrypted, winmail, empty, broken, spam,
    to_staff (an answer to a mail of sending.TASK), too_many (from one sender on one day), failed
    (our own mistake; the log has it)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`key` is the same whenever this mail comes. `sender` and `name` are what the mail claims.
    `whole` is the text as it came, `own` without what it quotes. `left_out` are types of
    attachments that are not kept. `tokens` were found where replies carry them."""

    key: bytes
    sender: str | None
    name: str
    to: frozenset[str]
    subject: str
    whole: str
    own: str
    pictures: tuple[bytes, ...]
    left_out: tuple[str, ...]
    tokens: tuple[str, ...]


@dataclass(slots=True)
class _Found:
    plain: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    pictures: list[bytes] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return bodies.tidy("\n\n".join(self.plain)) or "\n\n".join(self.pages).strip()


def read(data: bytes, head: Head) -> Message:
    """The message in a whole mail. Raises Unreadable."""
    _check(data, head)
    try:
        found = _collect(message_from_bytes(data))
    except RecursionError as error:
        raise Unreadable("nested") from error
    text, subject = found.text, subject_of(head)
    kept, left_out = _pictures(found)
    if not (text or kept or subject):
        raise Unreadable(_why_empty(found))
    name, sender = next(iter(head.addresses("From")), ("", None))
    return Message(
        key=_key(head, text, found),
        sender=sender,
        name=name[:80],
        to=frozenset(address for _name, address in head.addresses(*_RECIPIENTS)),
        subject=subject,
        whole=text,
        own=bodies.own_words(text),
        pictures=kept,
        left_out=left_out,
        tokens=tuple(dict.fromkeys(_tokens(head))),
    )


def subject_of(head: Head) -> str:
    """Without Re:, and without a token: whoever reads the report must not be able to answer it."""
    return _REPLIED.sub("", _IN_SUBJECT.sub("", head.text("Subject"))).strip()[:200]


def _check(data: bytes, head: Head) -> None:
    if len(data) > MOST_BYTES:
        raise Unreadable("too_large")
    if data.count(b"\n") > MOST_LINES or _LONG_HEADER.search(data):
        raise Unreadable("too_long")
    if len(_MULTIPART.findall(data)) > MOST_NESTED:
        raise Unreadable("nested")
    if len(_PART.findall(data)) > 3 * MOST_PARTS:
        raise Unreadable("too_many_parts")
    if head.first("X-Spam-Flag").lower() == "yes":
        raise Unreadable("spam")
    if any(_TO_STAFF.search(id) for id in head.all("In-Reply-To") + head.all("References")):
        raise Unreadable("to_staff")


def _why_empty(found: _Found) -> str:
    types = set(found.left_out)
    if types & _ENCRYPTED:
        return "encrypted"
    return "winmail" if types & _WINMAIL else "empty"


def _key(head: Head, text: str, found: _Found) -> bytes:
    """Not the Message-ID alone: whoever uses somebody else's must not swallow his mail. Without
    one the date tells two mails with the same words apart."""
    named = head.first("Message-ID") or head.first("Date")
    digest = hashlib.sha256(b"luoshi/v1/mail\n")
    for said in (named, head.first("From"), head.first("Subject"), text, *found.left_out):
        digest.update(hashlib.sha256(said.encode("utf-8", "replace")).digest())
    for picture in found.pictures:
        digest.update(hashlib.sha256(picture).digest())
    return digest.digest()


def _tokens(head: Head) -> Iterator[str]:
    for name in ("In-Reply-To", "References"):
        for value in head.all(name):
            yield from _IN_ID.findall(value.lower())
    for _name, address in head.addresses(*_RECIPIENTS):
        yield from _IN_ADDRESS.findall(address)
    yield from (token.lower() for token in _IN_SUBJECT.findall(head.text("Subject")))


# ---- Parts ----


def _collect(part: "Part[str, str]", depth: int = 0) -> _Found:
    if depth > MOST_NESTED:
        raise Unreadable("nested")
    children = part.get_payload()
    if part.get_content_maintype() == "multipart" and isinstance(children, list):
        if len(children) > MOST_PARTS:
            raise Unreadable("too_many_parts")
        each = [_collect(child, depth + 1) for child in children if isinstance(child, Part)]
        return _one_of(each) if part.get_content_subtype() == "alternative" else _all_of(each)
    return _leaf(part)


def _all_of(each: list[_Found]) -> _Found:
    """In a mixed mail each branch gives its plain text, or its page where it has no other."""
    found = _Found()
    for one in each:
        found.plain += one.plain or one.pages
        found.pictures += one.pictures
        found.left_out += one.left_out
    if not any(one.plain for one in each):
        found.pages, found.plain = found.plain, []
    return found


def _one_of(each: list[_Found]) -> _Found:
    """Of alternatives the first with plain text, else the last page; pictures of all."""
    plain = next((one.plain for one in each if any(text.strip() for text in one.plain)), [])
    pages = next((one.pages for one in reversed(each) if one.pages), [])
    return _Found(
        plain=plain,
        pages=[] if plain else pages,
        pictures=[picture for one in each for picture in one.pictures],
        left_out=[kind for one in each for kind in one.left_out],
    )


def _leaf(part: "Part[str, str]") -> _Found:
    kind = part.get_content_type()
    data = _payload(part)
    if kind in {"text/plain", "text/html"} and not _attached(part):
        text = headers.as_text(data, str(part.get_content_charset("") or ""))
        if kind == "text/html":
            return _Found(pages=[bodies.page_text(text)])
        return _Found(plain=[bodies.tidy(text)])
    if not data or kind in _SIGNED:
        return _Found()
    # What a file is, its bytes say: telephones send pictures as application/octet-stream.
    if kind.startswith("image/") or data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n")):
        return _Found(pictures=[data])
    return _Found(left_out=[_type(kind)])


def _attached(part: "Part[str, str]") -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _payload(part: "Part[str, str]") -> bytes:
    if part.is_multipart():
        return b"?"  # a mail within the mail: it has a type, and is not opened
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _type(kind: str) -> str:
    """A type as it may stand in a report: nothing but its two words."""
    found = _TYPE.fullmatch(kind[:80].lower())
    return found[0] if found else "application/octet-stream"


def _pictures(found: _Found) -> tuple[tuple[bytes, ...], tuple[str, ...]]:
    """Those that can be rebuilt, each once and nine at most, and the types of what is left out."""
    kept: dict[str, bytes] = {}
    left_out = [kind for kind in found.left_out if kind not in _WINMAIL]
    for data in dict.fromkeys(found.pictures):
        if len(kept) == MOST_PICTURES:
            left_out.append("image/*")
            continue
        try:
            rebuilt = pictures.rebuild(data)
        except PictureRefused:
            left_out.append("image/*")
            continue
        if max(rebuilt.width, rebuilt.height) >= SMALLEST_PICTURE:
            kept.setdefault(rebuilt.pixel_sha256, data)
    return tuple(kept.values()), tuple(left_out)
