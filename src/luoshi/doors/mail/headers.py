"""Headers as people and broken programs write them: RFC 2047, raw GBK, anything."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LONGEST = 4_000
"""Characters of one header that are looked at."""

LONGEST_ADDRESS = 254
_GBK = {"gb2312", "gb_2312-80", "gbk", "cp936", "x-gbk", "936", "gb18030"}


@dataclass(frozen=True, slots=True)
class Head:
    """The headers of a mail, by name, as often as they occur, in order."""

    parsed: "Message[str, str]"

    def all(self, name: str) -> list[str]:
        """Undecoded but for raw bytes; at most LONGEST characters of each."""
        return [_raw(value)[:LONGEST] for value in self.parsed.get_all(name, [])]

    def first(self, name: str) -> str:
        return next(iter(self.all(name)), "").strip()

    def text(self, name: str) -> str:
        """For people: decoded, on one line."""
        return " ".join(decoded(self.first(name)).split())

    def addresses(self, *names: str) -> Iterator[tuple[str, str]]:
        """(name for people, address in lower case) of all headers of these names."""
        # Taken apart before it is decoded: what a name decodes to is never an address.
        given = [value for name in names for value in self.all(name)]
        try:
            found = getaddresses(given)
        except RecursionError:  # thousands of brackets within brackets: no address of anybody
            return
        for name, address in found:
            if valid(address):
                yield " ".join(decoded(name).split()), address.lower()


def head(data: bytes) -> Head:
    """Of a whole mail or of its beginning. Never fails."""
    start = re.split(rb"\r?\n\r?\n", data, maxsplit=1)[0]
    return Head(BytesHeaderParser().parsebytes(start))


def valid(address: str) -> bool:
    if len(address) > LONGEST_ADDRESS:
        return False
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


def decoded(value: str) -> str:
    """`=?gbk?B?…?=` as text. What cannot be decoded stays as it is."""
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError, LookupError):
        return value
    return "".join(
        part if isinstance(part, str) else as_text(part, charset or "") for part, charset in parts
    ).replace("\x00", "")


def as_text(data: bytes, charset: str) -> str:
    """Bytes as text: as they say, else UTF-8, else the largest of the Chinese sets."""
    name = charset.strip().strip("'\"").lower()
    tried = ["gb18030" if name in _GBK else name, "utf-8", "gb18030"]
    for one in tried:
        try:
            return data.decode(one)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    # A declared set with a few broken bytes is still that set.
    known = tried[0] if name in _GBK else "utf-8"
    return data.decode(known, "replace")


def _raw(value: object) -> str:
    """A header whose bytes nobody declared keeps them as surrogates."""
    found = str(value) if isinstance(value, str) else _header_bytes(value)
    try:
        found.encode("ascii")
    except UnicodeEncodeError:
        return as_text(found.encode("utf-8", "surrogateescape"), "")
    return found


def _header_bytes(value: object) -> str:
    # email.header.Header of "unknown-8bit": its own str() has already lost the bytes.
    chunks = getattr(value, "_chunks", ())
    return "".join(text for text, _charset in chunks)
