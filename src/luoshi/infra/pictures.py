"""Pictures from outside, rebuilt from their pixels, so that nothing else of the file gets in.

What a file is, its bytes say, never its name. The rebuilt copy is always a JPEG without any
metadata, turned upright, on white where the picture was transparent.
"""

import hashlib
import struct
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, ImageStat

from luoshi.infra.exif import Taken, read_taken
from luoshi.infra.picture_kinds import PictureRefused, check_bytes

__all__ = ["Picture", "PictureRefused", "Taken", "distance", "read_taken", "rebuild"]

MAX_PIXELS = 40_000_000
LONGEST_SIDE = 2048
QUALITY = 88
SMALL_SIDE = 480
"""Wide enough for a grid on a telephone with three points a pixel."""
SMALL_QUALITY = 80
FLAT = 2.0
"""Standard deviation of the brightness (0 to 255), over 64 x 64 cells, below which a picture shows
nothing: one colour has 0 to 1 even with the noise of a camera, a yard at night with one lamp over
8. A white wall in uneven light passes."""
_ACCEPTED = ("JPEG", "PNG", "WEBP")
# What Pillow's decoders raise on bytes that are not what they seem.
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
    MemoryError,
)


@dataclass(frozen=True, slots=True)
class Picture:
    data: bytes  # JPEG
    small: bytes  # the same for lists, 480 pixels at most; `data` itself when that is no larger
    width: int
    height: int
    sha256: str  # of the bytes as they came, hex
    pixel_sha256: str  # of the rebuilt pixels, hex: the same whatever metadata came with them
    dhash: int  # signed 64 bit, as a database column holds it; compare with `distance`
    dhash_down: int  # the same from each cell to the one below it
    turned: tuple[tuple[int, int], ...]  # both hashes of it mirrored, upside down, right, left
    flat: bool  # one colour all over: it shows nothing
    media_type: str = "image/jpeg"


def rebuild(data: bytes) -> Picture:
    """The picture in `data` (JPEG, PNG or WebP, at most 10 MB and 40 million pixels).

    The longer side becomes 2048 pixels at most. The caller seals and stores the original.
    Raises PictureRefused.
    """
    check_bytes(data)
    pixels = _upright(data)
    whole = _jpeg(pixels, QUALITY)
    (dhash, dhash_down), *turned = _looks(pixels)
    return Picture(
        data=whole,
        small=_small(pixels) or whole,
        width=pixels.width,
        height=pixels.height,
        sha256=hashlib.sha256(data).hexdigest(),
        pixel_sha256=_pixel_hash(pixels),
        dhash=dhash,
        dhash_down=dhash_down,
        turned=tuple(turned),
        flat=_flat(pixels),
    )


def distance(one: int, other: int) -> int:
    """How many of the 64 bits of two `dhash` differ: 0 is the same look, over 10 another picture.

    The limit is the usual one for this hash; a picture of one flat colour is near any such.
    """
    return ((one ^ other) & 0xFFFF_FFFF_FFFF_FFFF).bit_count()


def _upright(data: bytes) -> Image.Image:
    try:
        with Image.open(BytesIO(data), formats=_ACCEPTED) as image:
            _check_frame(image)
            # A JPEG is decoded at half or a quarter of its size when that is enough.
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            image.load()
            upright = _turned(image)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
            return _bare(_on_white(upright))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureRefused("too_many_pixels") from None
    except _BROKEN as error:
        raise PictureRefused("damaged") from error


def _check_frame(image: Image.Image) -> None:
    # Nothing is decoded yet: the size is what the header says.
    if image.width * image.height > MAX_PIXELS:
        raise PictureRefused("too_many_pixels")
    # A JPEG with further pictures behind the first (MPO) is an ordinary telephone photo.
    if getattr(image, "is_animated", False) and image.format != "MPO":
        raise PictureRefused("animated")


def _turned(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except _BROKEN:
        return image.copy()  # the pixels are good, the note on how to hold them is not


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        return _from_16_bit(image)
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")


def _from_16_bit(image: Image.Image) -> Image.Image:
    # Pillow's own conversion clips at 255 and leaves a white sheet.
    wide = image.convert("I").point(lambda value: value * (1 / 257))
    return wide.convert("L").convert("RGB")


def _bare(image: Image.Image) -> Image.Image:
    # Pillow carries the comment and the colour profile of the file along, and would save them.
    return Image.frombytes("RGB", image.size, image.tobytes())


def _small(pixels: Image.Image) -> bytes:
    """Empty when the picture is small already."""
    if max(pixels.size) <= SMALL_SIDE:
        return b""
    copy = pixels.copy()
    copy.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS)
    return _jpeg(copy, SMALL_QUALITY)


def _jpeg(pixels: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    pixels.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _pixel_hash(pixels: Image.Image) -> str:
    size = struct.pack(">II", pixels.width, pixels.height)
    return hashlib.sha256(b"RGB" + size + pixels.tobytes()).hexdigest()


def _flat(pixels: Image.Image) -> bool:
    small = pixels.convert("L").resize((64, 64), Image.Resampling.BOX)
    return ImageStat.Stat(small).stddev[0] < FLAT


def _looks(pixels: Image.Image) -> list[tuple[int, int]]:
    """Both hashes: of the picture, then of it mirrored, upside down, turned right, turned left.

    All from the same two grids of 9 x 8 cells, so that the last four cost nothing.
    """
    grey, turn = pixels.convert("L"), Image.Transpose
    across = grey.resize((9, 8), Image.Resampling.BOX)
    down = grey.transpose(turn.TRANSPOSE).resize((9, 8), Image.Resampling.BOX)
    backwards, upside_down = turn.FLIP_LEFT_RIGHT, turn.FLIP_TOP_BOTTOM
    ways: tuple[tuple[Image.Image, Image.Image], ...] = (
        (across, down),
        (across.transpose(backwards), down.transpose(upside_down)),
        (across.transpose(turn.ROTATE_180), down.transpose(turn.ROTATE_180)),
        (down.transpose(backwards), across.transpose(upside_down)),
        (down.transpose(upside_down), across.transpose(backwards)),
    )
    return [(_dhash(one), _dhash(other)) for one, other in ways]


def _dhash(grid: Image.Image) -> int:
    """Difference hash (N. Krawetz, 2013): is each cell of an 8 x 8 grid darker than the next?"""
    small = grid.tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            at = row * 9 + column
            bits = bits << 1 | (small[at] < small[at + 1])
    return bits - (1 << 64) if bits >> 63 else bits
