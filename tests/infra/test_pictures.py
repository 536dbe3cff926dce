import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw
from PIL.ExifTags import GPS, IFD, Base
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import IFDRational

from luoshi.infra import pictures
from luoshi.infra.pictures import PictureRefused, distance, read_taken, rebuild


def scene(size: tuple[int, int] = (160, 120), mode: str = "RGB") -> Image.Image:
    """Sky above, a green below, something dark to the left."""
    image = Image.new("RGB", size, (150, 190, 240))
    draw = ImageDraw.Draw(image)
    width, height = size
    draw.rectangle((0, height // 2, width, height), fill=(60, 150, 60))
    draw.rectangle((width // 10, height // 4, width // 3, height), fill=(30, 30, 30))
    return image.convert(mode)


def hills() -> Image.Image:
    """Soft light and dark everywhere, as in a photo; always the same."""
    rough = Image.frombytes("L", (12, 9), random.Random(7).randbytes(108))
    return rough.resize((800, 600), Image.Resampling.BICUBIC).convert("RGB")


def saved(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def tagged() -> Image.Exif:
    exif = Image.Exif()
    exif[Base.Make] = "Telephone of one person"
    camera = exif.get_ifd(IFD.Exif)
    camera[Base.DateTimeOriginal] = "2020:04:30 15:04:05"
    camera[Base.BodySerialNumber] = "SN-31337"
    gps = exif.get_ifd(IFD.GPSInfo)
    gps[GPS.GPSLatitudeRef], gps[GPS.GPSLatitude] = "N", (32.0, 1.0, 30.0)
    gps[GPS.GPSLongitudeRef], gps[GPS.GPSLongitude] = "E", (120.0, 52.0, 12.0)
    return exif


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def refusal(data: bytes) -> str:
    with pytest.raises(PictureRefused) as caught:
        rebuild(data)
    return caught.value.code


# ---- What is accepted ----


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_three_kinds_that_telephones_send_become_a_jpeg(kind: str) -> None:
    picture = rebuild(saved(scene(), kind))
    image = opened(picture.data)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (160, 120))
    assert (picture.media_type, picture.width, picture.height) == ("image/jpeg", 160, 120)


def test_nothing_but_pixels_is_left_of_a_tagged_photo() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = saved(
        scene(), exif=tagged(), comment=b"of one person", icc_profile=profile, xmp=b"<x:xmpmeta/>"
    )
    rebuilt = rebuild(data).data
    image = opened(rebuilt)
    assert dict(image.getexif()) == {}
    assert image.getexif().get_ifd(IFD.GPSInfo) == {}
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"person" not in rebuilt
    assert b"SN-31337" not in rebuilt


def test_text_in_a_png_is_gone_too() -> None:
    text = PngInfo()
    text.add_text("Author", "of one person")
    data = saved(scene(), "PNG", pnginfo=text, exif=tagged())
    rebuilt = rebuild(data).data
    assert b"person" in data
    assert b"person" not in rebuilt


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_upright(orientation: int) -> None:
    turns: dict[int, list[Image.Transpose]] = {
        1: [],
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    lying = scene()
    for turn in turns[orientation]:
        lying = lying.transpose(turn)
    picture = rebuild(saved(lying, "PNG", exif=exif))
    assert (picture.width, picture.height) == (160, 120)
    assert picture.pixel_sha256 == rebuild(saved(scene(), "PNG")).pixel_sha256


def test_a_large_photo_is_reduced_to_2048_on_its_longer_side() -> None:
    picture = rebuild(saved(scene((5000, 3000))))
    assert (picture.width, picture.height) == (2048, 1229)
    assert opened(picture.data).size == (2048, 1229)


def test_a_small_picture_is_not_enlarged() -> None:
    assert rebuild(saved(scene((3, 2)), "PNG")).width == 3


@pytest.mark.parametrize(
    ("size", "small"), [((5000, 3000), (480, 288)), ((600, 800), (360, 480)), ((481, 1), (480, 1))]
)
def test_a_small_copy_for_grids_comes_along(size: tuple[int, int], small: tuple[int, int]) -> None:
    picture = rebuild(saved(hills().resize(size), exif=tagged()))
    image = opened(picture.small)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", small)
    assert len(picture.small) < len(picture.data)
    assert dict(image.getexif()) == {}
    assert b"person" not in picture.small


def test_a_picture_that_is_small_already_is_its_own_small_copy() -> None:
    picture = rebuild(saved(scene((480, 320))))
    assert picture.small is picture.data


def test_the_small_copy_shows_the_same() -> None:
    picture = rebuild(saved(hills()))
    assert distance(rebuild(picture.small).dhash, picture.dhash) <= 3


def test_what_is_transparent_turns_white_and_shows_nothing_hidden() -> None:
    image = Image.new("RGBA", (40, 40), (255, 0, 0, 0))
    image.paste((0, 0, 255, 255), (0, 0, 20, 40))
    shown = opened(rebuild(saved(image, "PNG")).data)
    red, green, blue = shown.getpixel((35, 20))
    assert min(red, green, blue) > 245
    red, green, blue = shown.getpixel((5, 20))
    assert (red < 20, blue > 235) == (True, True)


def test_a_palette_with_a_transparent_colour_turns_white_there() -> None:
    image = Image.new("P", (20, 20), 0)
    image.putpalette([0, 0, 0, 200, 0, 0])
    shown = opened(rebuild(saved(image, "PNG", transparency=0)).data)
    assert shown.getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "RGB"])
def test_every_mode_of_png_keeps_its_look(mode: str) -> None:
    def cells(image: Image.Image) -> bytes:
        return image.convert("L").resize((8, 6), Image.Resampling.BOX).tobytes()

    shown = cells(opened(rebuild(saved(scene(mode=mode), "PNG")).data))
    assert max(abs(one - other) for one, other in zip(shown, cells(scene()), strict=True)) < 12


def test_a_cmyk_photo_keeps_its_colours() -> None:
    shown = opened(rebuild(saved(scene(mode="CMYK"), quality=95)).data)
    red, green, blue = shown.getpixel((140, 20))
    assert abs(red - 150) < 15
    assert abs(green - 190) < 15
    assert abs(blue - 240) < 15


def test_sixteen_bits_a_pixel_are_scaled_and_not_cut_to_white() -> None:
    image = Image.new("I;16", (20, 20), 0x8080)
    shown = opened(rebuild(saved(image, "PNG")).data)
    assert all(abs(value - 128) <= 1 for value in shown.getpixel((10, 10)))


def test_a_photo_with_a_second_picture_inside_is_an_ordinary_photo() -> None:
    out = io.BytesIO()
    scene().save(out, "MPO", save_all=True, append_images=[scene((80, 60))])
    picture = rebuild(out.getvalue())
    assert (picture.width, picture.height) == (160, 120)


# ---- Telling pictures apart ----


def test_the_hash_of_the_original_is_of_its_very_bytes() -> None:
    data = saved(scene())
    assert rebuild(data).sha256 == sha256(data).hexdigest()


def test_the_same_photo_with_other_metadata_has_the_same_pixels() -> None:
    plain, with_tags = saved(scene()), saved(scene(), exif=tagged(), comment=b"x")
    assert plain != with_tags
    assert rebuild(plain).pixel_sha256 == rebuild(with_tags).pixel_sha256


def test_pixels_of_another_shape_are_another_picture() -> None:
    wide, tall = Image.new("RGB", (20, 10), "red"), Image.new("RGB", (10, 20), "red")
    assert rebuild(saved(wide, "PNG")).pixel_sha256 != rebuild(saved(tall, "PNG")).pixel_sha256


def test_a_photo_saved_anew_smaller_and_worse_looks_nearly_the_same() -> None:
    image = hills()
    again = image.resize((400, 300))
    near = distance(rebuild(saved(image)).dhash, rebuild(saved(again, quality=40)).dhash)
    assert near <= 2


def test_another_look_is_far_away() -> None:
    other = hills().transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    assert distance(rebuild(saved(hills())).dhash, rebuild(saved(other)).dhash) > 20


def test_dhash_fits_a_signed_column_and_distance_counts_bits() -> None:
    bright_to_the_right = Image.linear_gradient("L").transpose(Image.Transpose.ROTATE_90)
    picture = rebuild(saved(bright_to_the_right, "PNG"))
    assert picture.dhash == -1
    assert distance(picture.dhash, 0) == 64
    assert distance(picture.dhash, picture.dhash) == 0


# ---- What is refused ----


def test_nothing_at_all_is_refused() -> None:
    assert refusal(b"") == "empty"


def test_more_than_ten_megabytes_are_refused_before_decoding() -> None:
    assert refusal(saved(scene()) + bytes(10 * 1024 * 1024)) == "too_large"


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        sum_ = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + sum_

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [6400, 11_000, 20_000, 2_000_000_000])
def test_a_small_file_of_enormous_size_is_refused_before_decoding(
    side: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decoded(self: Image.Image) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", decoded)
    assert refusal(png_that_claims(side, side)) == "too_many_pixels"


def test_forty_million_pixels_are_still_taken() -> None:
    image = Image.new("L", (8000, 5000), 128)
    assert rebuild(saved(image, "PNG")).width == 2048


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_file_cut_short_is_refused(kind: str) -> None:
    noisy = Image.effect_noise((200, 200), 80).convert("RGB")
    data = saved(noisy, kind)
    assert refusal(data[: len(data) // 2]) == "damaged"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_moving_pictures_are_refused(kind: str) -> None:
    other = scene().transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    data = saved(scene(), kind, save_all=True, append_images=[other], duration=100)
    assert refusal(data) == "animated"


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF"])
def test_other_kinds_of_picture_are_refused_by_name(kind: str) -> None:
    assert refusal(saved(scene(), kind)) == "unsupported_picture"


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"avif"])
def test_heic_is_refused_with_a_code_of_its_own(brand: bytes) -> None:
    assert refusal(b"\x00\x00\x00\x18ftyp" + brand + bytes(40)) == "heic"


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        b"<!doctype html><html><body>photo.jpg</body></html>",
        b"%PDF-1.7\n",
        b"PK\x03\x04" + bytes(60),
        b"plain words",
        b"RIFF\x00\x00\x00\x00WAVEfmt ",
    ],
)
def test_what_is_no_picture_is_refused_whatever_it_is_called(data: bytes) -> None:
    assert refusal(data) == "not_a_picture"


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as pack:
        pack.writestr("hello.txt", "hello")
    return out.getvalue()


HIDDEN: dict[str, Callable[[], bytes]] = {
    "archive": archive,
    "page": lambda: b"<html><body onload=1>",
    "script": lambda: b"<SCRIPT>1</SCRIPT>",
    "drawing": lambda: b"<svg onload='1'>",
    "program": lambda: b"<?php system(1);",
    "document": lambda: b"%PDF-1.4\n",
}


@pytest.mark.parametrize("what", HIDDEN)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_is_something_else_as_well_is_refused(kind: str, what: str) -> None:
    assert refusal(saved(scene(), kind) + HIDDEN[what]()) == "carries_other"


def test_a_page_in_the_comment_of_a_photo_is_refused() -> None:
    assert refusal(saved(scene(), comment=b"<script>1</script>")) == "carries_other"


def test_a_jpeg_of_endless_scans_is_refused_before_decoding() -> None:
    data = saved(scene(), progressive=True)
    assert rebuild(data).width == 160
    scan = data[data.index(b"\xff\xda") : -2]
    assert refusal(data[:-2] + scan * 200 + data[-2:]) == "damaged"


@settings(max_examples=150)
@given(
    st.sampled_from(["JPEG", "PNG", "WEBP"]),
    st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=12),
    st.floats(0, 1),
)
def test_damaged_bytes_are_a_picture_or_refused_and_nothing_else(
    kind: str, changes: list[tuple[float, int]], keep: float
) -> None:
    data = bytearray(saved(scene((40, 30)), kind, exif=tagged()))
    for where, value in changes:
        data[int(where * len(data))] = value
    cut = bytes(data[: int(keep * len(data))])
    read_taken(cut)
    try:
        picture = rebuild(cut)
    except PictureRefused:
        return
    assert opened(picture.data).size == (picture.width, picture.height)


# ---- When and where ----


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_time_and_place_of_a_photo_are_read(kind: str) -> None:
    taken = read_taken(saved(scene(), kind, exif=tagged()))
    assert taken.at == datetime(2020, 4, 30, 15, 4, 5)  # noqa: DTZ001
    assert taken.lat == pytest.approx(32.025)
    assert taken.lon == pytest.approx(120.87)


def test_south_and_west_are_negative() -> None:
    exif = tagged()
    gps = exif.get_ifd(IFD.GPSInfo)
    gps[GPS.GPSLatitudeRef], gps[GPS.GPSLongitudeRef] = "S", "W"
    taken = read_taken(saved(scene(), exif=exif))
    assert taken.lat == pytest.approx(-32.025)
    assert taken.lon == pytest.approx(-120.87)


def test_the_day_a_file_was_changed_is_not_the_day_it_was_taken() -> None:
    exif = Image.Exif()
    exif[Base.DateTime] = "2020:05:01 00:00:00"
    assert read_taken(saved(scene(), exif=exif)) == pictures.Taken()


@pytest.mark.parametrize(
    ("offset", "hours"),
    [("+08:00", 8), ("-03:30", -3.5), ("Z", None), ("+99:00", None), ("\x00", None)],
)
def test_the_zone_of_the_camera_is_read_where_it_makes_sense(
    offset: str, hours: float | None
) -> None:
    exif = tagged()
    exif.get_ifd(IFD.Exif)[Base.OffsetTimeOriginal] = offset
    at = read_taken(saved(scene(), exif=exif)).at
    assert at is not None
    zone = at.utcoffset()
    assert (zone and zone.total_seconds() / 3600) == hours


def test_one_colour_all_over_is_flat_and_a_yard_at_night_is_not() -> None:
    assert rebuild(saved(Image.new("RGB", (90, 60), "white"))).flat
    dark = scene((90, 60)).point(lambda value: value // 8)
    assert not rebuild(saved(dark)).flat


@pytest.mark.parametrize(
    "text", ["0000:00:00 00:00:00", "    :  :     :  :  ", "yesterday", "2020:13:40 25:00:00"]
)
def test_a_senseless_time_is_no_time(text: str) -> None:
    exif = tagged()
    exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = text
    taken = read_taken(saved(scene(), exif=exif))
    assert taken.at is None
    assert taken.lat is not None


@pytest.mark.parametrize(
    "latitude", [(132.0, 0.0, 0.0), (32.0, 1.0), (IFDRational(1, 0), 0.0, 0.0)]
)
def test_a_senseless_place_is_no_place(latitude: tuple[object, ...]) -> None:
    exif = tagged()
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = latitude
    taken = read_taken(saved(scene(), exif=exif))
    assert (taken.lat, taken.lon) == (None, None)
    assert taken.at is not None


@pytest.mark.parametrize("data", [b"", b"no picture", b"\xff\xd8\xff\xe1\x00\x08Exif"])
def test_no_picture_says_nothing(data: bytes) -> None:
    assert read_taken(data) == pictures.Taken()
