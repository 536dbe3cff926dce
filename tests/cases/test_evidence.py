"""Pictures of a case on disk: the whole copy, the small one, the sealed original."""

from datetime import datetime
from io import BytesIO

from PIL import Image

from luoshi.cases import check, evidence, queries
from luoshi.cases.models import Picture
from luoshi.infra import files
from tests.cast import Cast, photo

WIDE = (1200, 900)


def size(name: str) -> tuple[int, int]:
    return Image.open(BytesIO(files.get(name))).size


def test_a_small_copy_is_made_once_when_the_picture_comes_in() -> None:
    (ready,) = evidence.prepare([photo(size=WIDE)])
    assert size(ready.copy) == WIDE
    assert size(ready.thumb) == (480, 360)


def test_a_small_picture_is_stored_once() -> None:
    (ready,) = evidence.prepare([photo()])
    assert ready.thumb == ready.copy


def test_both_copies_are_told_to_whoever_sees_the_case(cast: Cast, now: datetime) -> None:
    received = cast.report(now, pictures=[photo(size=WIDE)])
    page = queries.case_page(case=received.case, person=cast.people["desk1"], now=now)
    row = Picture.objects.get()
    assert page
    assert [(p.copy, p.thumb, p.sealed) for p in page.pictures] == [(row.copy, row.thumb, False)]


def test_a_lost_small_copy_is_found(cast: Cast, now: datetime) -> None:
    cast.report(now, pictures=[photo(size=WIDE)])
    row = Picture.objects.get()
    assert list(check.faults()) == []
    files.path(row.thumb).unlink()
    found = [str(fault) for fault in check.faults()]
    assert len(found) == 1
    assert f"file {row.thumb} of picture {row.pk} is missing" in found[0]
