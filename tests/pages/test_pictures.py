"""Pictures in grids are small ones; the whole one is behind the link, for the same people."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from luoshi.cases import erasure
from luoshi.cases.models import Picture
from luoshi.infra import files
from luoshi.trust import codes
from tests import cast as casting
from tests.cast import Cast, photo
from tests.pages.rooms import body, enter

WIDE = (1200, 900)


@pytest.fixture
def cast(db: None) -> Cast:
    return casting.build()


@pytest.fixture
def now() -> datetime:
    """Pages ask the clock themselves."""
    return timezone.now()


def reporter(cast: Cast, now: datetime, **given: Any) -> Client:
    """Whoever reported, with his report open; it came with one wide picture."""
    code = codes.new_code()
    cast.report(now, code=code, pictures=[photo(size=WIDE)], **given)
    client = Client(headers={"Accept-Language": "en"})
    client.post("/track/", {"code": code, "by": "code"})
    return client


def shown(page: str) -> list[tuple[str, str]]:
    """Address of each picture's link and of what the grid shows."""
    return re.findall(r'<a href="([^"]+)"><img src="([^"]+)"', page)


def test_the_case_page_shows_small_copies_that_lead_to_the_whole(cast: Cast, now: datetime) -> None:
    case = cast.report(now, pictures=[photo(size=WIDE)]).case
    row, client = Picture.objects.get(), enter(cast, "desk1")
    ((whole, small),) = shown(body(client.get(f"/case/{case}/")))
    assert client.get(whole).content == files.get(row.copy)
    assert client.get(small).content == files.get(row.thumb)


def test_the_verifier_sees_small_copies_on_both_sides(cast: Cast, now: datetime) -> None:
    case, verifier = cast.claimed(now, pictures=[photo(size=WIDE)])
    cast.do(verifier, case, "open", now)
    found = shown(body(enter(cast, verifier).get(f"/verifier/{case}/")))
    assert len(found) == 2
    assert all(small == f"{whole}?small=1" for whole, small in found)


def test_the_reporter_sees_small_copies_too(cast: Cast, now: datetime) -> None:
    client = reporter(cast, now)
    ((whole, small),) = shown(body(client.get("/track/mine/")))
    row = Picture.objects.get()
    assert client.get(whole).content == files.get(row.copy)
    assert client.get(small).content == files.get(row.thumb)


def test_browsers_keep_a_small_copy_for_a_day_and_the_whole_not_at_all(
    cast: Cast, now: datetime
) -> None:
    mine = reporter(cast, now)
    id = Picture.objects.get().pk
    for client, url in ((enter(cast, "desk1"), "/case/picture"), (mine, "/track/mine/picture")):
        small = client.get(f"{url}/{id}/?small=1").headers["Cache-Control"]
        assert small == "private, max-age=86400, immutable"
        assert client.get(f"{url}/{id}/").headers["Cache-Control"] == "private, no-store"


def test_of_a_confidential_case_no_browser_keeps_anything(cast: Cast, now: datetime) -> None:
    mine = reporter(cast, now, confidential=True)
    id = Picture.objects.get().pk
    inspector = enter(cast, "inspector1")
    for client, url in ((inspector, "/case/picture"), (mine, "/track/mine/picture")):
        answer = client.get(f"{url}/{id}/?small=1")
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_small_copies_are_for_the_same_people_as_the_whole(cast: Cast, now: datetime) -> None:
    cast.report(now, confidential=True, pictures=[photo(size=WIDE)])
    id = Picture.objects.get().pk
    for name in cast.people:
        client = enter(cast, name)
        whole = client.get(f"/case/picture/{id}/").status_code
        assert client.get(f"/case/picture/{id}/?small=1").status_code == whole, name
    stranger = Client().get(f"/case/picture/{id}/?small=1")
    assert stranger.headers["Location"].startswith("/sign-in/")
    other = Client().get(f"/track/mine/picture/{id}/?small=1")
    assert other.headers["Location"] == "/track/"


def test_a_picture_whose_file_is_gone_is_no_page(cast: Cast, now: datetime) -> None:
    cast.report(now, pictures=[photo(size=WIDE)])
    row, client = Picture.objects.get(), enter(cast, "desk1")
    files.path(row.thumb).unlink()
    assert client.get(f"/case/picture/{row.pk}/").status_code == 200
    assert client.get(f"/case/picture/{row.pk}/?small=1").status_code == 404


def test_in_the_place_of_an_erased_picture_every_page_says_so(cast: Cast, now: datetime) -> None:
    code = codes.new_code()
    case, verifier = cast.claimed(now, code=code, pictures=[photo(size=WIDE)])
    cast.do(verifier, case, "open", now)
    mine = Client(headers={"Accept-Language": "en"})
    mine.post("/track/", {"code": code, "by": "code"})
    row = Picture.objects.get(purpose="report")
    reason = "asked for by the reporter"
    erasure.pictures(report=row.report or 0, by=cast.people["data1"], reason=reason, now=now)
    desk = enter(cast, "desk1")
    pages = ((desk, f"/case/{case}/"), (enter(cast, verifier), f"/verifier/{case}/"))
    for client, page in (*pages, (mine, "/track/mine/")):
        text = body(client.get(page))
        assert "This picture was lawfully erased." in text, page
        assert f"picture/{row.pk}/" not in text, page
    for client, url in ((desk, "/case/picture"), (mine, "/track/mine/picture")):
        assert client.get(f"{url}/{row.pk}/").status_code == 404
        assert client.get(f"{url}/{row.pk}/?small=1").status_code == 404
