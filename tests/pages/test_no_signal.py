"""What an inspector's phone needs from the server to go on without signal and to send later."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from luoshi.expectations import actions, queries
from tests.cast import Cast
from tests.expectations import conftest as playgrounds
from tests.expectations.conftest import Field
from tests.pages.rooms import body, enter
from tests.pages.test_fields import demand

play = playgrounds.play
KEY = "0123456789abcdef" * 2


@dataclass
class Phone:
    """Somebody's phone with a check of a playground on it; it never saw the form's token."""

    there: Field
    who: str = "inspector1"

    def send(self, **given: Any) -> Any:
        client = enter(self.there.cast, self.who)
        start = f"look_{demand(self.there, 'play.surface').id}_"
        address = f"/subjects/{self.there.playground}/check/"
        return client.post(address, {f"{start}result": "met", "key": KEY, **given})

    def checks(self) -> tuple[queries.CheckInfo, ...]:
        return queries.checks_of(self.there.district, self.there.playground)


@pytest.fixture
def phone(play: Field) -> Phone:
    return Phone(play)


def started(there: Field, *, days_ago: int, now: datetime) -> int:
    """A round of all playgrounds that lasted three days."""
    actions.put_round(
        district=there.district, field="play", code="play.weekly", kind="playground", name="周检",
        name_en="Weekly", every=3,
    )  # fmt: skip
    then = now - timedelta(days=days_ago)
    return actions.start_round(
        district=there.district, plan="play.weekly", now=then, starts=timezone.localdate(then)
    )


def test_a_check_that_waited_on_the_phone_counts_from_when_it_was_made(phone: Phone) -> None:
    assert phone.send(waited=3 * 3600).status_code == 302
    [check] = phone.checks()
    assert timedelta(hours=3) <= check.received_at - check.at < timedelta(hours=3, minutes=1)


def test_sent_again_under_its_key_it_is_the_same_check_with_the_same_answer(phone: Phone) -> None:
    first, again = phone.send(waited=60), phone.send(waited=90)
    assert first.status_code == again.status_code == 302
    assert first.headers["Location"] == again.headers["Location"]
    assert len(phone.checks()) == 1


def test_the_key_of_one_person_is_no_key_of_another(phone: Phone) -> None:
    phone.send()
    phone.who = "inspector2"
    phone.send()
    assert len(phone.checks()) == 2


@pytest.mark.parametrize("key", ["", "short", KEY.upper(), KEY + "0"])
def test_without_a_key_of_the_right_form_the_form_needs_its_own_token(
    phone: Phone, key: str
) -> None:
    assert "lay open for too long" in body(phone.send(key=key), 400)
    assert phone.checks() == ()


def test_a_check_that_waited_too_long_is_refused_in_words(phone: Phone) -> None:
    assert 'id="errors"' in body(phone.send(waited=15 * 24 * 3600), 400)
    assert phone.checks() == ()


@pytest.mark.parametrize("waited", ["", "-5", "1.5", "soon", "9" * 30, "三"])
def test_a_waiting_time_that_is_none_counts_as_none(phone: Phone, waited: str) -> None:
    phone.send(waited=waited)
    [check] = phone.checks()
    assert check.at == check.received_at


def test_it_counts_for_the_round_of_the_day_on_which_it_was_made(phone: Phone) -> None:
    made = started(phone.there, days_ago=6, now=timezone.now())
    phone.send(waited=5 * 24 * 3600)
    found = queries.round_page(phone.there.district, made)
    assert found
    assert found.done == 1
    assert phone.checks()[0].round == made


@pytest.mark.parametrize(
    ("lat", "lon", "stored"),
    [("32.0123", "120.8612", True), ("nan", "1", False), ("91", "1", False), ("", "", False)],
)
def test_where_he_stood_is_stored_when_he_said_so(
    phone: Phone, lat: str, lon: str, stored: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[dict[str, Any]] = []
    record = actions.record_check

    def noting(**values: Any) -> Any:
        given.append(values)
        return record(**values)

    monkeypatch.setattr(actions, "record_check", noting)
    assert phone.send(lat=lat, lon=lon).status_code == 302
    assert ({"lat", "lon"} <= given[0].keys()) is stored


# ---- Signal, and who is signed in ----


def test_the_token_that_one_fetches_is_good_for_sending(play: Field) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(play.cast, "inspector1"))
    address = f"/subjects/{play.playground}/check/"
    given = {f"look_{demand(play, 'play.surface').id}_result": "met", "key": KEY}
    assert client.post(address, given).status_code == 403
    here = client.get("/rounds/here/")
    assert "no-store" in here.headers["Cache-Control"]
    assert here.json()["person"] == str(play.cast.people["inspector1"])
    sent = client.post(address, given, headers={"X-CSRFToken": here.json()["token"]})
    assert sent.status_code == 302


def person(cast: Cast, name: str) -> Any:
    return get_user_model().objects.get(pk=cast.people[name])


def test_whoever_is_signed_out_is_told_by_being_sent_elsewhere(db: None) -> None:
    assert Client().get("/rounds/here/").status_code == 302


# ---- What may lie on a phone ----


def test_the_worker_may_answer_for_the_whole_site_and_an_old_one_does_not_stay(db: None) -> None:
    answer = Client().get("/check-worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert b"addEventListener" in answer.content


def test_a_round_is_offered_to_whoever_checks_with_what_still_waits(play: Field) -> None:
    now = timezone.now()
    made = started(play, days_ago=0, now=now)
    play.look("met", now=now, round=made)
    page = body(enter(play.cast, "inspector1").get(f"/rounds/{made}/"))
    assert f'data-take="/subjects/{play.other}/check/"' in page
    assert "data-take" not in body(enter(play.cast, "leader1").get(f"/rounds/{made}/"))


def test_no_page_but_those_of_checks_and_rounds_keeps_anything(play: Field) -> None:
    client = enter(play.cast, "inspector1")
    keeps = re.compile(r"luoshi/phone/(?:check|round)\.js")
    pages = {
        address: bool(keeps.search(body(client.get(address))))
        for address in ("/staff/", "/inspector/", "/inspector/open/", "/fields/", "/rounds/",
                        f"/subjects/{play.playground}/", f"/subjects/{play.playground}/check/")
    }  # fmt: skip
    kept = {address for address, keeps in pages.items() if keeps}
    assert kept == {"/rounds/", f"/subjects/{play.playground}/check/"}


def test_each_form_that_signs_out_takes_along_what_lies_on_the_phone(play: Field) -> None:
    client = enter(play.cast, "desk1")
    mine = f'data-person="{play.cast.people["desk1"]}"'
    for address in ("/desk/", "/sign-in/out/"):
        page = body(client.get(address))
        forms = re.findall(r'<form[^>]*action="/sign-in/out/"[^>]*>', page)
        assert forms
        assert all(mine in form and "data-leave" in form for form in forms)
        assert "luoshi/phone/leave.js" in page
