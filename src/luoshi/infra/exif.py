"""When and where a picture says it was taken. Anybody can write that there: a hint, no proof."""

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image

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
    at: datetime | None = None  # naive: the camera's own clock, its zone unknown
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
    at = _moment(camera.get(ExifTags.Base.DateTimeOriginal)) or _moment(
        camera.get(ExifTags.Base.DateTimeDigitized)
    )
    lat = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), 90)
    lon = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), 180)
    if lat is None or lon is None:
        return Taken(at=at)
    return Taken(at=at, lat=lat, lon=lon)


def _moment(text: object) -> datetime | None:
    try:
        return datetime.strptime(str(text).strip("\x00 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return None


def _degrees(parts: Any, side: object, limit: int) -> float | None:
    try:
        degree, minute, second = (float(part) for part in parts)
    except _BROKEN:
        return None
    value = degree + minute / 60 + second / 3600
    if not math.isfinite(value) or not 0 <= value <= limit:
        return None
    return -value if str(side).strip("\x00 ").upper() in {"S", "W"} else value
