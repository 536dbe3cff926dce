"""The gate in front of staff pages, and the bar that shows only one's own rooms."""

import re
from datetime import date

import pytest
from django.test import Client

from luoshi.registry import actions
from tests.pages.conftest import District, SignIn

ROOM_OF = {
    "desk": "/desk/",
    "handler": "/handler/",
    "verifier": "/verifier/",
    "panel": "/verifier/",
    "inspector": "/inspector/",
    "leader": "/leader/",
}


@pytest.mark.parametrize(("role", "room"), ROOM_OF.items())
def test_a_room_opens_to_its_role_and_to_no_other(sign_in: SignIn, role: str, room: str) -> None:
    client = sign_in(role)
    for address in set(ROOM_OF.values()):
        assert client.get(address).status_code == (200 if address == room else 403)


@pytest.mark.parametrize(("role", "room"), ROOM_OF.items())
def test_the_bar_shows_only_ones_own_rooms(sign_in: SignIn, role: str, room: str) -> None:
    body = sign_in(role).get(room).content.decode()
    bar = re.search(r'<ul class="rooms">(.*?)</ul>', body, re.DOTALL)
    assert bar
    wide = ["/cases/", "/fields/"]
    more = {"panel": ["/panel/"], "desk": [*wide, "/sheets/"], "inspector": wide, "leader": wide,
            "handler": ["/cases/"]}  # fmt: skip
    own = [room, *more.get(role, ())]
    assert re.findall(r'href="([^"]+)"', bar[1]) == own
    assert 'aria-current="true"' in bar[1]


def test_whoever_holds_two_roles_has_both_rooms(sign_in: SignIn, district: District) -> None:
    unit = actions.create_unit(district=district.id, name="巡察组", kind="team")
    actions.grant_role(
        person=district.people["leader"],
        unit=unit,
        role="inspector",
        valid_from=date(2021, 1, 1),
    )
    client = sign_in("leader")
    home = client.get("/staff/").content.decode()
    assert 'href="/inspector/"' in home
    assert 'href="/leader/"' in home
    assert client.get("/leader/").status_code == 200


def test_the_refusal_is_a_page_with_words(sign_in: SignIn) -> None:
    body = sign_in("desk").get("/leader/").content.decode()
    assert "Your roles do not include this part." in body


def test_without_a_role_one_is_told_whom_to_ask(sign_in: SignIn) -> None:
    answer = sign_in("nobody").get("/staff/")
    assert answer.status_code == 200
    assert "Ask your administrator" in answer.content.decode()


def test_a_role_that_ended_opens_nothing(sign_in: SignIn, district: District) -> None:
    actions.end_role(
        person=district.people["desk"], unit=district.unit, role="desk", on=date(2021, 1, 1)
    )
    assert sign_in("desk").get("/desk/").status_code == 403


def test_a_staff_page_is_never_kept_by_a_cache(sign_in: SignIn) -> None:
    kept = sign_in("desk").get("/desk/").headers["Cache-Control"]
    assert "no-store" in kept
    assert "private" in kept


def test_a_part_asked_for_after_the_session_ended_moves_the_whole_page(db: None) -> None:
    answer = Client().get("/desk/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/sign-in/?next=/desk/"
