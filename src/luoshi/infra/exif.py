"""When and where a picture says it was taken. Anybody can write that there: a hint, no proof."""

import math
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image

_OFFSET = re.compile(r"([+-])(0\d|1[0-4]):([0-5]\d)")
_ACCEPTED = ("JPEG", "PNG", "WEBP")
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    EOFError,
    AttributeError,
    struct.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


@dataclass(frozen=True, slots=True)
class Taken:
    at: datetime | None = None  # naive where the camera does not tell its zone
    lat: float | None = None  # degrees, north positive
    lon: float | None = None  # degrees, east positive


def read_taken(data: bytes) -> Taken:
    """What the EXIF of `data` says; whatever is missing or senseless is None. Never raises."""
    try:
        with Image.open(BytesIO(data), formats=_ACCEPTED) as image:
            exif = image.getexif()
            return _taken(exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo))
    except _BROKEN:
        return Taken()


def _taken(camera: Mapping[int, Any], gps: Mapping[int, Any]) -> Taken:
    # Not DateTime (306): that is when the file was last changed.
    base = ExifTags.Base
    at = _moment(camera.get(base.DateTimeOriginal), camera.get(base.OffsetTimeOriginal)) or _moment(
        camera.get(base.DateTimeDigitized), camera.get(base.OffsetTimeDigitized)
    )
    lat = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), 90)
    lon = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), 180)
    if lat is None or lon is None:
        return Taken(at=at)
    return Taken(at=at, lat=lat, lon=lon)


def _moment(text: object, offset: object) -> datetime | None:
    try:
        naive = datetime.strptime(_plain(text), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return None
    zone = _OFFSET.fullmatch(_plain(offset))
    if zone is None:
        return naive
    sign, hours, minutes = zone.groups()
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    return naive.replace(tzinfo=timezone(-ahead if sign == "-" else ahead))


def _plain(text: object) -> str:
    return str(text).strip("\x00 ")


def _degrees(parts: Any, side: object, limit: int) -> float | None:
    try:
        degree, minute, second = (float(part) for part in parts)
    except _BROKEN:
        return None
    value = degree + minute / 60 + second / 3600
    if not math.isfinite(value) or not 0 <= value <= limit:
        return None
    return -value if _plain(side).upper() in {"S", "W"} else value
