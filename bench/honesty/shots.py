"""Pictures as a telephone would bring them, drawn: places, a step aside, changed copies."""

import random
from collections.abc import Callable, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image, ImageDraw, ImageEnhance, ImageFilter

SIZE = (800, 600)
Turn = Image.Transpose


def scene(seed: str, *, clean: bool = False) -> Image.Image:
    """A yard with houses under a light of its own; `clean`: what lay on the ground is gone."""
    draw = random.Random(seed)
    wide, high = SIZE
    image = Image.new("RGB", SIZE, (190 + draw.randrange(50), 215, 235))
    pen = ImageDraw.Draw(image)
    ground = draw.randrange(280, 400)
    pen.rectangle((0, ground, wide, high), fill=(90 + draw.randrange(70), 130, 85))
    for _ in range(draw.randrange(3, 7)):
        left, width = draw.randrange(-40, wide - 60), draw.randrange(80, 220)
        top, shade = draw.randrange(30, ground - 60), draw.randrange(110, 225)
        pen.rectangle((left, top, left + width, ground + 20), fill=(shade, shade - 15, shade - 30))
        for row in range(top + 15, ground - 20, 42):
            for column in range(left + 12, left + width - 22, 38):
                pen.rectangle((column, row, column + 16, row + 22), fill=(80, 100, 125))
    things = random.Random(f"{seed} things")
    for _ in range(0 if clean else things.randrange(5, 12)):
        x, y = things.randrange(0, wide - 80), things.randrange(ground, high - 40)
        hue = (things.randrange(60, 200), things.randrange(50, 150), things.randrange(30, 110))
        pen.ellipse((x, y, x + things.randrange(30, 110), y + things.randrange(15, 50)), fill=hue)
    return _lit(image, draw)


def _lit(image: Image.Image, draw: random.Random) -> Image.Image:
    """Light and shade in large patches: flat drawings look more alike than two real places do."""
    patches = Image.frombytes("L", (9, 7), draw.randbytes(63)).resize(
        SIZE, Image.Resampling.BICUBIC
    )
    shade = Image.new("RGB", SIZE, (40, 45, 55))
    return Image.composite(image, shade, patches.point(lambda value: 120 + value // 2))


def night(seed: str) -> Image.Image:
    """The same by the light of one lamp."""
    dark = ImageEnhance.Brightness(scene(seed)).enhance(0.12)
    lamp = Image.new("L", SIZE, 0)
    x, y = (random.Random(seed).randrange(150, 650), 150)
    ImageDraw.Draw(lamp).ellipse((x - 90, y - 90, x + 90, y + 160), fill=220)
    return Image.composite(scene(seed), dark, lamp.filter(ImageFilter.GaussianBlur(40)))


def _step_aside(image: Image.Image, by: int) -> Image.Image:
    """From a spot `by` pixels further, held a little askew."""
    wide, high = image.size
    turned = image.rotate(by / 12, Image.Resampling.BICUBIC)
    return turned.crop((by, by // 2, wide - by // 3, high - by // 4)).resize(SIZE)


def _cut(image: Image.Image, percent: float, *, corner: bool = False) -> Image.Image:
    wide, high = image.size
    x, y = int(wide * percent / 100), int(high * percent / 100)
    return image.crop((0, 0, wide - 2 * x, high - 2 * y) if corner else (x, y, wide - x, high - y))


def _screen(image: Image.Image) -> Image.Image:
    """Taken off a screen: askew, with a frame, stripes and a reflection."""
    frame = Image.new("RGB", SIZE, (25, 25, 28))
    frame.paste(image.resize((620, 465)), (90, 70))
    pen = ImageDraw.Draw(frame)
    for line in range(70, 535, 4):
        pen.line((90, line, 710, line), fill=(120, 120, 125))
    pen.ellipse((480, 90, 660, 200), fill=(235, 235, 235))
    return Image.blend(frame, frame.rotate(4, Image.Resampling.BICUBIC), 0.5)


def _stamped(image: Image.Image) -> Image.Image:
    copy = image.copy()
    ImageDraw.Draw(copy).rectangle((10, 540, 250, 590), fill=(30, 30, 30))
    return copy


CHANGES: Mapping[str, Callable[[Image.Image, int], Image.Image]] = {
    "as it is": lambda image, _: image,
    "half the size": lambda image, _: image.resize((400, 300)),
    "grey": lambda image, _: image.convert("L").convert("RGB"),
    "brighter": lambda image, _: ImageEnhance.Brightness(image).enhance(1.15),
    "more contrast": lambda image, _: ImageEnhance.Contrast(image).enhance(1.3),
    "stamped": lambda image, _: _stamped(image),
    "mirrored": lambda image, _: image.transpose(Turn.FLIP_LEFT_RIGHT),
    "turned": lambda image, _: image.transpose(Turn.ROTATE_90),
    "upside down": lambda image, _: image.transpose(Turn.ROTATE_180),
    "askew": lambda image, by: image.rotate(by, Image.Resampling.BICUBIC),
    "cut": lambda image, by: _cut(image, by),
    "cut at a corner": lambda image, by: _cut(image, by, corner=True),
    "cut and mirrored": lambda image, by: _cut(image, by).transpose(Turn.FLIP_LEFT_RIGHT),
    "a step aside": _step_aside,
    "off a screen": lambda image, _: _screen(image),
}


def shot(
    *, of: str, kind: str = "scene", change: str = "as it is", by: int = 0, quality: int = 88,
    taken: datetime | None = None, at: tuple[float, float] | None = None, zone: str = "",
) -> bytes:  # fmt: skip
    """The file. `of` names the place: the same name is the same place; `kind` scene, clean (the
    same put right), night, blank, black or notice; `taken` and `at` go into its EXIF."""
    draw: dict[str, Callable[[], Image.Image]] = {
        "scene": lambda: scene(of),
        "clean": lambda: scene(of, clean=True),
        "night": lambda: night(of),
        "blank": lambda: Image.new("RGB", SIZE, "white"),
        "black": lambda: Image.effect_noise(SIZE, 2).point(lambda v: v // 12).convert("RGB"),
    }
    image = CHANGES[change](draw[kind](), by)
    out = BytesIO()
    image.save(out, "JPEG", quality=quality, exif=_exif(taken, at, zone))
    return out.getvalue()


def as_png(data: bytes) -> bytes:
    """The very same pixels in another kind of file."""
    out = BytesIO()
    Image.open(BytesIO(data)).save(out, "PNG")
    return out.getvalue()


def _exif(taken: datetime | None, at: tuple[float, float] | None, zone: str) -> Image.Exif:
    exif = Image.Exif()
    if taken is not None:
        camera: dict[int, Any] = exif.get_ifd(ExifTags.IFD.Exif)
        camera[ExifTags.Base.DateTimeOriginal] = taken.strftime("%Y:%m:%d %H:%M:%S")
        if zone:
            camera[ExifTags.Base.OffsetTimeOriginal] = zone
    if at is not None:
        gps: dict[int, Any] = exif.get_ifd(ExifTags.IFD.GPSInfo)
        for axis, degrees, sides in ((1, at[0], "NS"), (3, at[1], "EW")):
            gps[axis] = sides[degrees < 0]
            gps[axis + 1] = _parts(abs(degrees))
    return exif


def _parts(degrees: float) -> tuple[float, float, float]:
    whole, minutes = int(degrees), degrees % 1 * 60
    return (float(whole), float(int(minutes)), round(minutes % 1 * 60, 3))
