"""The page of a case: who sees it, and what of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from luoshi.cases import actions
from luoshi.cases.actions import Actor, Child, Command
from luoshi.cases.models import CaseEvent, Picture
from luoshi.registry import actions as registry
from tests import cast as casting
from tests.cast import Cast, photo
from tests.pages.giving import form_of, has_form
from tests.pages.rooms import body, cost, enter

DAY = timedelta(days=1)
PHONE, NAME = "13800138000", "王小明"


@pytest.fixture
def cast(db: None) -> Cast:
    return casting.build()


@pytest.fixture
def now() -> datetime:
    """Pages ask the clock themselves."""
    return timezone.now()


# ---- Who may open it ----


def test_only_those_with_a_part_in_the_case_find_it(cast: Cast, now: datetime) -> None:
    case, verifier = cast.claimed(now)
    others = {"verifier1", "verifier2", "verifier3"} - {verifier}
    open_to = {"desk1", "inspector1", "leader1", "leader2", "street1", "community1", verifier}
    for name in cast.people:
        expected = 200 if name in open_to | {"desk2", "inspector2", "community2"} else 404
        assert enter(cast, name).get(f"/case/{case}/").status_code == expected, name
    assert others


def test_without_signing_in_one_is_asked_to(cast: Cast, now: datetime) -> None:
    case = cast.report(now).case
    for address in (f"/case/{case}/", f"/case/{case}/do/note/", f"/case/{case}/reveal/1/"):
        answer = Client().get(address)
        assert answer.headers["Location"].startswith("/sign-in/")


def test_a_confidential_case_is_not_the_desks(cast: Cast, now: datetime) -> None:
    case = cast.report(now, confidential=True, text="有人收钱").case
    assert enter(cast, "desk1").get(f"/case/{case}/").status_code == 404
    page = body(enter(cast, "inspector1").get(f"/case/{case}/"))
    assert "有人收钱" not in page
    assert "Confidential: the text is sealed." in page
    assert has_form(page, "dispatch")


def test_there_is_no_page_for_a_case_that_is_none(cast: Cast) -> None:
    assert enter(cast, "desk1").get("/case/1/").status_code == 404


# ---- What is never on it ----


@pytest.mark.parametrize("who", ["desk1", "inspector1", "leader1", "community1", "street1"])
def test_nobody_reads_on_it_who_reported(cast: Cast, now: datetime, who: str) -> None:
    case = cast.handling(now, name=NAME, phone=PHONE)
    page = body(enter(cast, who).get(f"/case/{case}/"))
    assert NAME not in page
    assert PHONE not in page
    assert "The reporter can be reached" in page


@pytest.mark.parametrize("who", ["desk1", "inspector1", "leader1", "community1", "street1"])
def test_the_verifier_stays_hidden_until_the_case_is_closed(
    cast: Cast, now: datetime, who: str
) -> None:
    case, verifier = cast.claimed(now, phone=None)
    cast.do(verifier, case, "open", now)
    seed = CaseEvent.objects.get(case=case, kind="drawn").data["seed"]
    client = enter(cast, who)
    page = body(client.get(f"/case/{case}/"))
    assert "Verification begun" in page
    # With seed and pool anybody could draw again, so they wait as well.
    for secret in (verifier, seed, "pool"):
        assert secret not in page
    cast.do(verifier, case, "verify", now, passed=True, text="好", pictures=[photo()])
    page = body(client.get(f"/case/{case}/"))
    for told in (verifier, seed, "How it was drawn"):
        assert told in page


def test_the_verifier_knows_himself(cast: Cast, now: datetime) -> None:
    case, verifier = cast.claimed(now)
    page = body(enter(cast, verifier).get(f"/case/{case}/"))
    assert "How it was drawn" in page


def test_a_second_checker_stays_hidden_until_he_has_spoken(
    cast: Cast, now: datetime, settings: Any
) -> None:
    settings.SAMPLE_PERCENT = 100
    case = cast.report(now).case
    state = cast.do("desk1", case, "answer", now, text="答复").state
    sampler = cast.name_of(state.sampler)
    client = enter(cast, "desk1")
    assert f"Drawn</span> {sampler}" not in body(client.get(f"/case/{case}/"))
    cast.do(sampler, case, "check_sample", now, right=True)
    assert f"Drawn</span> {sampler}" in body(client.get(f"/case/{case}/"))


def test_who_is_accused_is_told_to_those_who_direct_not_to_those_who_handle(
    cast: Cast, now: datetime
) -> None:
    case = cast.report(now, accused=(cast.units["police"],)).case
    cast.do("desk1", case, "classify", now, category="estate.parking")
    cast.do("desk1", case, "assign", now, owner=cast.units["garden"])
    for who in ("desk1", "inspector1", "leader1"):
        page = body(enter(cast, who).get(f"/case/{case}/"))
        assert "The reporter names a unit of ours: police." in page
    page = body(enter(cast, "garden1").get(f"/case/{case}/"))
    assert "Accused" not in page
    cast.do("inspector1", case, "lift_accusation", now, unit=cast.units["police"], text="无关")
    page = body(enter(cast, "garden1").get(f"/case/{case}/"))
    assert "Accusation lifted" not in page
    assert "无关" not in page


# ---- What one can do ----


def test_what_is_not_possible_is_greyed_with_the_reason(cast: Cast, now: datetime) -> None:
    case = cast.handling(now)
    cast.do("community1", case, "ask_extension", now, days=2, text="雨天")
    page = body(enter(cast, "community1").get(f"/case/{case}/"))
    assert not has_form(page, "ask_extension")
    assert "More time can be asked for only once." in page
    assert has_form(page, "withdraw_extension")
    assert not has_form(page, "transfer")


def test_the_likely_next_step_stands_open(cast: Cast, now: datetime) -> None:
    case = cast.report(now).case
    page = body(enter(cast, "desk1").get(f"/case/{case}/"))
    assert page.count("<details open>") == 1
    assert page.index("<details open>") < page.index("/do/dispatch/")
    contact = cast.handling(now)
    page = body(enter(cast, "community1").get(f"/case/{contact}/"))
    opened = page[page.index("<details open>") :]
    assert opened.index("/do/contact/") < opened.index("</details>")


def test_the_form_suggests_what_the_words_speak_of(cast: Cast, now: datetime) -> None:
    case = cast.report(
        now, text="示范新村的井盖没有了", subject=None, area=None, place_open=True
    ).case
    page = body(enter(cast, "desk1").get(f"/case/{case}/"))
    form = form_of(page, case, "dispatch")
    assert '<option value="danger.manhole" selected>' in form
    assert f'<option value="{cast.estate}" selected>示范新村' in form
    assert f'<option value="{cast.community_area}" selected>' in form
    assert "Place not found in the register" in page


def test_a_desk_person_of_the_owning_unit_is_told_why_he_cannot_act(
    cast: Cast, now: datetime
) -> None:
    registry.grant_role(
        person=cast.people["desk2"],
        unit=cast.units["community"],
        role="handler",
        valid_from=casting.SINCE,
    )
    case = cast.handling(now)
    page = body(enter(cast, "desk2").get(f"/case/{case}/"))
    assert "Your unit answers for this case: somebody else decides in your place." in page
    assert not has_form(page, "transfer")
    assert "somebody else decides" not in body(enter(cast, "desk1").get(f"/case/{case}/"))


def test_a_desk_person_of_an_accused_unit_does_not_find_the_case(cast: Cast, now: datetime) -> None:
    registry.grant_role(
        person=cast.people["desk2"],
        unit=cast.units["police"],
        role="handler",
        valid_from=casting.SINCE,
    )
    case = cast.report(now, accused=(cast.units["police"],)).case
    assert enter(cast, "desk2").get(f"/case/{case}/").status_code == 404


# ---- What happened, and with what it is connected ----


def test_the_history_tells_deadlines_measures_and_who(cast: Cast, now: datetime) -> None:
    case = cast.handling(now)
    cast.do("community1", case, "ask_extension", now, days=3, text="等雨停")
    cast.do("desk1", case, "decide_extension", now, granted=True, days=3)
    cast.claim("community1", case, now)
    page = body(enter(cast, "desk1").get(f"/case/{case}/"))
    for told in (
        "Text message",  # the door
        "3 working days",
        "Granted",
        "New deadline",
        "Original deadline",
        "Cleared or removed on the spot",
        "Responsible unit · community1, community",
        "等雨停",
        "With the claim",
    ):
        assert told in page, told
    assert "24:00" in page
    assert ", 00:00" not in page


def test_a_family_is_shown_from_both_sides(cast: Cast, now: datetime) -> None:
    case = cast.handling(now)
    parts = [
        Child(category="estate.green", owner=cast.units["garden"], summary="清除菜地"),
        Child(category="estate.parking", owner=cast.units["police"], summary="清理地锁"),
    ]
    _, green, _ = actions.split(case=case, children=parts, actor=cast.actor("desk1"), now=now)
    client = enter(cast, "desk1")
    page = body(client.get(f"/case/{case}/"))
    assert "清除菜地" in page
    assert "清理地锁" in page
    assert "Parts of this case are still open" in body(
        enter(cast, "community1").get(f"/case/{case}/")
    )
    page = body(client.get(f"/case/{green.case}/"))
    assert "Part of" in page
    assert f"/case/{case}/" in page


def test_the_reporters_words_stand_as_his(cast: Cast, now: datetime) -> None:
    received = cast.report(now)
    actions.act(
        case=received.case,
        command=Command("reply"),
        actor=Actor(report=received.report),
        now=now,
        text="今天又来了",
    )
    page = body(enter(cast, "desk1").get(f"/case/{received.case}/"))
    assert '<div class="said">今天又来了</div>' in page


def test_both_languages_are_spoken(cast: Cast, now: datetime) -> None:
    case = cast.handling(now)
    page = body(enter(cast, "desk1", language="zh-hans").get(f"/case/{case}/"))
    for told in ("诉求内容", "改派", "主办单位", "办理过程"):
        assert told in page


# ---- Pictures ----


def test_a_picture_is_served_to_those_who_may_open_the_case(cast: Cast, now: datetime) -> None:
    case = cast.report(now, pictures=[photo()]).case
    picture = Picture.objects.get(case=case).pk
    answer = enter(cast, "desk1").get(f"/case/picture/{picture}/")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert "private" in answer.headers["Cache-Control"]
    assert answer.content.startswith(b"\xff\xd8\xff")
    for name in ("community1", "verifier1", "data1"):
        assert enter(cast, name).get(f"/case/picture/{picture}/").status_code == 404
    assert enter(cast, "desk1").get("/case/picture/1/").status_code == 404


def test_a_picture_of_a_confidential_case_is_not_the_desks(cast: Cast, now: datetime) -> None:
    case = cast.report(now, confidential=True, pictures=[photo()]).case
    picture = Picture.objects.get(case=case).pk
    assert enter(cast, "desk1").get(f"/case/picture/{picture}/").status_code == 404
    assert enter(cast, "inspector1").get(f"/case/picture/{picture}/").status_code == 200


# ---- What it costs ----


def test_a_long_history_costs_no_more_queries_than_a_short_one(cast: Cast, now: datetime) -> None:
    short, long = cast.handling(now), cast.handling(now)
    cast.do("community1", short, "note", now, text="看过", pictures=[photo()])
    for n in range(30):
        cast.do("community1", long, "note", now, text=f"第 {n} 次", pictures=[photo()])
    client = enter(cast, "community1")
    assert CaseEvent.objects.filter(case=long).count() > 30
    assert cost(client, f"/case/{long}/") == cost(client, f"/case/{short}/")
    assert cost(client, f"/case/{long}/") < 60
