"""Is it a picture at all? Judged from the bytes alone, before any decoder sees them."""

import re
import zipfile
from io import BytesIO

MAX_BYTES = 10 * 1024 * 1024
# An ordinary progressive JPEG has about ten scans; thousands are an attack that keeps a
# processor busy for hours.
MAX_SCANS = 200

# Patterns long enough that chance does not produce them in ten million bytes of picture.
_OTHER_CONTENT = re.compile(
    rb"<(?:!doctype\s+html|(?:html|body|script|iframe)[\s>]|svg\s+\w+\s*=)"
    rb"|<\?php\s|%PDF-[12]\.|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c",
    re.IGNORECASE,
)
_HEIF_BRANDS = {
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis",
}  # fmt: skip


class PictureRefused(Exception):
    """`code` says why:

    empty, too_large (over 10 MB), too_many_pixels (over 40 million), animated,
    heic (HEIC and AVIF: the telephone can send JPEG instead),
    unsupported_picture (GIF, BMP, TIFF), not_a_picture, damaged (cut short or not decodable),
    carries_other (a page, a script or an archive hides in the picture).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_bytes(data: bytes) -> None:
    """Raise PictureRefused unless `data` starts as JPEG, PNG or WebP and carries nothing else."""
    if not data:
        raise PictureRefused("empty")
    if len(data) > MAX_BYTES:
        raise PictureRefused("too_large")
    kind = _kind(data)
    if kind not in {"jpeg", "png", "webp"}:
        raise PictureRefused(kind)
    if _carries_other(data):
        raise PictureRefused("carries_other")
    if kind == "jpeg" and data.count(b"\xff\xda") > MAX_SCANS:
        raise PictureRefused("damaged")


def _kind(data: bytes) -> str:
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "heic"
    if data.startswith((b"GIF87a", b"GIF89a", b"BM", b"II*\x00", b"MM\x00*")):
        return "unsupported_picture"
    return "not_a_picture"


def _carries_other(data: bytes) -> bool:
    # An archive is read from its end, so that a file can be a picture and an archive at once.
    archive = b"PK\x01\x02" in data and zipfile.is_zipfile(BytesIO(data))
    return archive or _OTHER_CONTENT.search(data) is not None
