"""What an upload is, told by its content; a workbook is looked at before anything unpacks it."""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.parsers import expat

from luoshi.doors.sheets import limits
from luoshi.doors.sheets.refused import SheetRefused

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
"""The container of .xls, and of workbooks with a password."""

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    part: str
    hidden: bool = False


def form_of(data: bytes) -> str:
    """xlsx or csv. Raises SheetRefused with what to do instead."""
    if not data:
        raise SheetRefused("empty")
    if len(data) > limits.BYTES:
        raise SheetRefused("too_large", most=limits.BYTES // 2**20)
    if data.startswith(OLE):
        raise SheetRefused("password" if _ENCRYPTED in data else "old_format")
    if data.startswith(b"PK"):
        return "xlsx"
    if data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf")):
        raise SheetRefused("no_table")
    if data.lstrip()[:15].lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise SheetRefused("web_page")
    return "csv"


def sheets(data: bytes) -> tuple[Sheet, ...]:
    """The sheets of a workbook in their order. Raises SheetRefused for what is none, or hostile."""
    with opened(data) as book:
        rels = _relations(book)
        found: list[Sheet] = []

        def start(name: str, given: dict[str, str]) -> None:
            if _local(name) == "sheet":
                id = next((v for k, v in given.items() if _local(k) == "id"), "")
                part = rels.get(id, "")
                hidden = given.get("state", "visible") != "visible"
                # A sheet of charts has no cells.
                if "/worksheets/" in f"/{part}":
                    found.append(Sheet(given.get("name", ""), part, hidden))

        parse(book, "xl/workbook.xml", start)
    if not found:
        raise SheetRefused("no_sheet")
    return tuple(found)


def opened(data: bytes) -> zipfile.ZipFile:
    """The container, once its parts are within limits whatever their headers claim."""
    try:
        book = zipfile.ZipFile(BytesIO(data))
        parts = book.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise SheetRefused("broken") from error
    names = [part.filename for part in parts]
    if len(names) > limits.PARTS or len(set(names)) < len(names):
        raise SheetRefused("hostile")
    if sum(part.file_size for part in parts) > limits.UNPACKED:
        raise SheetRefused("unpacks_too_large", most=limits.UNPACKED // 2**20)
    if any(part.flag_bits & 1 for part in parts):
        raise SheetRefused("password")
    if "xl/workbook.xml" not in names:
        raise SheetRefused("no_workbook")
    return book


def must_be_honest(book: zipfile.ZipFile, data: bytes) -> None:
    """Unpacks every part piece by piece: none is larger than its header says.

    The reader of values trusts these sizes; a part that lies about them could fill the memory.
    """
    for part in book.infolist():
        if part.compress_type == zipfile.ZIP_STORED:
            honest = part.compress_size == part.file_size
        elif part.compress_type == zipfile.ZIP_DEFLATED:
            honest = _unpacked(part, data) <= part.file_size
        else:
            honest = False
        if not honest:
            raise SheetRefused("hostile")


def _unpacked(part: zipfile.ZipInfo, data: bytes) -> int:
    """How many bytes a part unpacks to; stops one piece after its claim."""
    header = part.header_offset
    name, extra = (int.from_bytes(data[header + at : header + at + 2], "little") for at in (26, 28))
    start = header + 30 + name + extra
    packed = memoryview(data)[start : start + part.compress_size]
    inflate, size, rest = zlib.decompressobj(-15), 0, bytes(packed)
    try:
        while rest and not inflate.eof and size <= part.file_size:
            size += len(inflate.decompress(rest, _PIECE))
            rest = inflate.unconsumed_tail
    except zlib.error as error:
        raise SheetRefused("broken") from error
    return size


def parse(book: zipfile.ZipFile, part: str, start: Any, more: Any = None) -> None:
    """Run a part through the parser. A document type is refused: no entity is ever expanded."""
    reader = expat.ParserCreate()
    reader.StartElementHandler = start
    reader.StartDoctypeDeclHandler = _no_doctype
    if more:
        more(reader)
    try:
        with book.open(part) as stream:
            for piece in _pieces(stream):
                reader.Parse(piece, False)
            reader.Parse(b"", True)
    except (expat.ExpatError, zipfile.BadZipFile, zlib.error, KeyError, EOFError) as error:
        raise SheetRefused("broken") from error


def _pieces(stream: Any) -> Iterator[bytes]:
    while piece := stream.read(_PIECE):
        yield piece


def _no_doctype(*_: Any) -> None:
    raise SheetRefused("hostile")


def _relations(book: zipfile.ZipFile) -> dict[str, str]:
    found: dict[str, str] = {}

    def start(name: str, given: dict[str, str]) -> None:
        if _local(name) == "Relationship" and given.get("TargetMode") != "External":
            target = given.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
            found[given.get("Id", "")] = posixpath.normpath(path)

    parse(book, "xl/_rels/workbook.xml.rels", start)
    return found


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def has_macros(data: bytes) -> bool:
    with opened(data) as book:
        return any(name.endswith("vbaProject.bin") for name in book.namelist())
