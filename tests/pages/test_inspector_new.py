"""A problem that the inspection team records on site: once, and as its own."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from luoshi.cases.models import Case, CaseEvent, Picture, Report
from tests import cast as casting
from tests.cast import Cast
from tests.pages.giving import has_form, upload
from tests.pages.rooms import body, enter

PAGE = "/inspector/new/"


@pytest.fixture
def cast(db: None) -> Cast:
    return casting.build()


@pytest.fixture
def now() -> datetime:
    """Pages ask the clock themselves."""
    return timezone.now()


@pytest.fixture
def inspector(cast: Cast) -> Client:
    return enter(cast, "inspector1")


def draft(client: Client, **fields: Any) -> dict[str, Any]:
    token = re.search(r'name="token" value="([^"]+)"', body(client.get(PAGE)))
    assert token
    return {"token": token[1], "text": "消防通道被占", **fields}


def record(client: Client, **fields: Any) -> Any:
    return client.post(PAGE, draft(client, **fields), follow=True)


def test_the_form_offers_the_camera_and_is_reached_from_the_room(inspector: Client) -> None:
    assert f'href="{PAGE}"' in body(inspector.get("/inspector/"))
    page = body(inspector.get(PAGE))
    assert 'capture="environment"' in page
    assert 'name="phone"' not in page


def test_it_becomes_a_case_of_the_inspection_team(cast: Cast, inspector: Client) -> None:
    answer = record(
        inspector, subject=cast.estate, category="estate.clutter", danger="on", pictures=upload()
    )
    case, report = Case.objects.get(), Report.objects.get()
    assert answer.redirect_chain == [(f"/case/{case.pk}/", 302)]
    page = body(answer)
    assert f"Recorded as {report.number}" in page
    assert (case.origin, case.subject, case.area, case.category, case.urgency) == (
        "inspection",
        cast.estate,
        cast.community_area,
        "estate.clutter",
        "danger",
    )
    assert (report.door, report.reachable, report.contact) == ("inspection", False, None)
    event = CaseEvent.objects.get(kind="received")
    assert (event.seat, event.person) == ("inspector", cast.people["inspector1"])
    assert "Inspection team" in page
    assert "Found by the inspection team itself" in page
    assert Picture.objects.get().seat == "inspector"


def test_the_desk_gives_it_to_a_unit_and_has_no_form_to_answer_it(
    cast: Cast, inspector: Client
) -> None:
    record(inspector)
    case, desk = Case.objects.get().pk, enter(cast, "desk1")
    assert f"/case/{case}/" in body(desk.get("/desk/"))
    page = body(desk.get(f"/case/{case}/"))
    assert has_form(page, "dispatch")
    assert not has_form(page, "answer")
    assert not has_form(page, "decline")


def test_the_same_form_twice_is_one_case(inspector: Client) -> None:
    fields = draft(inspector)
    inspector.post(PAGE, fields)
    again = body(inspector.post(PAGE, fields, follow=True))
    assert Case.objects.count() == 1
    assert "nothing was doubled" in again


def test_two_forms_are_two_cases(inspector: Client) -> None:
    record(inspector)
    record(inspector)
    assert Case.objects.count() == 2


def test_a_forged_token_keeps_what_was_typed_and_records_nothing(inspector: Client) -> None:
    page = body(inspector.post(PAGE, {**draft(inspector), "token": "made up"}), 400)
    assert "lay open for too long" in page
    assert "消防通道被占" in page
    assert not Case.objects.exists()


def test_a_token_of_the_desk_is_none_here(cast: Cast, inspector: Client) -> None:
    page = body(enter(cast, "desk1").get("/desk/new/"))
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token
    body(inspector.post(PAGE, {"token": token[1], "text": "x"}), 400)
    assert not Case.objects.exists()


def test_without_words_it_is_not_taken(inspector: Client) -> None:
    page = body(inspector.post(PAGE, draft(inspector, text=" ")), 400)
    assert "Write down what you found." in page
    assert not Case.objects.exists()


def test_a_file_that_is_no_picture_is_told(inspector: Client) -> None:
    bad = SimpleUploadedFile("a.jpg", b"nothing")
    page = body(inspector.post(PAGE, draft(inspector, pictures=bad)), 400)
    assert "This file is not a picture" in page
    assert "Pictures must be chosen again." in page
    assert not Case.objects.exists()


def test_a_unit_it_speaks_against_is_kept_out(cast: Cast, inspector: Client) -> None:
    record(inspector, accused=cast.units["police"])
    assert Case.objects.get().accused == [cast.units["police"]]


def test_whoever_speaks_against_his_own_team_is_led_back_to_the_room(
    cast: Cast, inspector: Client
) -> None:
    answer = record(inspector, accused=cast.units["team"])
    assert answer.redirect_chain == [("/inspector/", 302)]
    assert "Recorded as" in body(answer)
    assert inspector.get(f"/case/{Case.objects.get().pk}/").status_code == 404


def test_a_place_in_words_is_matched_or_left_to_a_person(cast: Cast, inspector: Client) -> None:
    record(inspector, place="示范新村3幢")
    record(inspector, place="河边那条路")
    matched, open_ = Case.objects.order_by("pk")
    assert (matched.subject, matched.place_open) == (cast.estate, False)
    assert (open_.subject, open_.place_open) == (None, True)
    assert "河边那条路" in body(inspector.get(f"/case/{open_.pk}/"))
