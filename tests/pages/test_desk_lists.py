"""The lists of the desk: what waits, in which order, and what nobody there may see."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from luoshi.cases import actions
from luoshi.registry import actions as registry
from tests import cast as casting
from tests.cast import Cast
from tests.pages.rooms import body, cost, enter

DAY = timedelta(days=1)


@pytest.fixture
def cast(db: None) -> Cast:
    return casting.build()


@pytest.fixture
def now() -> datetime:
    """Pages ask the clock themselves."""
    return timezone.now()


def listed(page: str) -> list[str]:
    """The words of the rows, in their order."""
    return [words.strip() for words in re.findall(r'class="queue-link"[^>]*>(.*?)</a>', page)]


@pytest.mark.parametrize("address", ["/desk/", "/desk/next/", "/desk/new/", "/desk/old/"])
def test_the_room_is_the_desks_alone(cast: Cast, address: str) -> None:
    for name in ("inspector1", "leader1", "community1", "verifier1", "panel1", "data1"):
        assert enter(cast, name).get(address).status_code == 403
    assert Client().get(address).headers["Location"].startswith("/sign-in/")
    assert enter(cast, "desk1").get(address).status_code in {200, 302}


def test_whatever_waits_longest_comes_first_even_when_it_was_missed(
    cast: Cast, now: datetime
) -> None:
    cast.report(now - DAY, text="yesterday")
    cast.report(now, text="today")
    long_ago = cast.report(now - 9 * DAY, text="long ago").case
    # The clock has reminded meanwhile, so its next time lies after that of the others.
    assert actions.tick(case=long_ago, now=now)
    page = body(enter(cast, "desk1").get("/desk/"))
    assert listed(page) == ["long ago", "yesterday", "today"]


def test_danger_to_life_stands_above_all(cast: Cast, now: datetime) -> None:
    cast.report(now - DAY, text="yesterday")
    case = cast.report(now, text="gas", danger=True).case
    client = enter(cast, "desk1")
    page = body(client.get("/desk/"))
    assert listed(page) == ["gas", "yesterday"]
    assert "Danger to life: first" in page
    assert client.get("/desk/next/").headers["Location"] == f"/case/{case}/"


def test_a_row_says_place_door_due_time_and_what_it_may_be(cast: Cast, now: datetime) -> None:
    cast.report(now, text="这里脏乱")
    page = body(enter(cast, "desk1").get("/desk/"))
    for told in ("示范新村 · 德民社区居委会", "Text message", "Triage", "estate.environment?"):
        assert told in page, told
    assert "Place not found in the register" not in page


def test_a_place_that_is_not_in_the_register_is_flagged(cast: Cast, now: datetime) -> None:
    cast.report(now, text="某处", subject=None, area=None, place_open=True)
    assert "Place not found in the register" in body(enter(cast, "desk1").get("/desk/"))


def test_words_that_speak_of_danger_are_marked(cast: Cast, now: datetime) -> None:
    cast.report(now, text="井盖没有了")
    assert "Danger to life?" in body(enter(cast, "desk1").get("/desk/"))


def test_confidential_reports_are_in_no_list_of_the_desk(cast: Cast, now: datetime) -> None:
    case = cast.report(now, confidential=True, text="秘密").case
    cast.do("inspector1", case, "classify", now, category="estate.parking", text="sealed summary")
    client = enter(cast, "desk1")
    assert listed(body(client.get("/desk/?tab=open"))) == []
    cast.do("inspector1", case, "assign", now, owner=cast.units["garden"])
    cast.do("garden1", case, "return", now, right_unit=cast.units["police"], text="不是")
    for tab in ("triage", "rulings", "extensions", "unverified", "samples", "open"):
        page = body(client.get(f"/desk/?tab={tab}"))
        assert listed(page) == [], tab


def test_cases_against_ones_own_unit_are_in_none_either(cast: Cast, now: datetime) -> None:
    registry.grant_role(
        person=cast.people["desk2"],
        unit=cast.units["police"],
        role="handler",
        valid_from=casting.SINCE,
    )
    cast.report(now, text="about them", accused=(cast.units["police"],))
    cast.report(now, text="about others")
    assert listed(body(enter(cast, "desk2").get("/desk/"))) == ["about others"]
    assert len(listed(body(enter(cast, "desk1").get("/desk/")))) == 2


@pytest.mark.parametrize(
    "tab", ["triage", "rulings", "extensions", "unverified", "samples", "open"]
)
def test_an_empty_list_says_so(cast: Cast, tab: str) -> None:
    page = body(enter(cast, "desk1").get(f"/desk/?tab={tab}"))
    assert "Nothing waits here" in page


def test_each_list_shows_its_own(cast: Cast, now: datetime, settings: Any) -> None:
    settings.SAMPLE_PERCENT = 100
    returned = cast.report(now, text="returned").case
    cast.do("desk1", returned, "classify", now, category="estate.parking")
    cast.do("desk1", returned, "assign", now, owner=cast.units["community"])
    right = cast.units["garden"]
    cast.do("community1", returned, "return", now, right_unit=right, text="不是")
    asked = cast.handling(now, text="more time")
    cast.do("community1", asked, "ask_extension", now, days=2, text="雨天")
    answered = cast.report(now, text="answered").case
    sampler = cast.do("desk1", answered, "answer", now, text="答复").state.sampler
    client = enter(cast, "desk1")
    assert listed(body(client.get("/desk/?tab=rulings"))) == ["returned"]
    assert listed(body(client.get("/desk/?tab=extensions"))) == ["more time"]
    assert sorted(listed(body(client.get("/desk/?tab=open")))) == ["more time", "returned"]
    checker = enter(cast, cast.name_of(sampler))
    assert listed(body(checker.get("/desk/?tab=samples"))) == ["answered"]


def test_a_claim_for_which_nobody_could_be_drawn_is_seen(cast: Cast, now: datetime) -> None:
    for name, (role, _unit) in casting.PEOPLE.items():
        if role in {"verifier", "inspector", "panel", "leader"}:
            registry.set_absence(person=cast.people[name], until=timezone.localdate() + DAY)
    case = cast.handling(now, text="nobody left")
    cast.claim("community1", case, now)
    assert listed(body(enter(cast, "desk1").get("/desk/?tab=unverified"))) == ["nobody left"]


def test_open_cases_can_be_narrowed(cast: Cast, now: datetime) -> None:
    cast.report(now, text="still new")
    cast.handling(now, text="at work")
    client = enter(cast, "desk1")
    assert len(listed(body(client.get("/desk/?tab=open")))) == 2
    page = body(client.get("/desk/?tab=open&status=handling"))
    assert listed(page) == ["at work"]
    assert '<option value="handling" selected>' in page
    page = body(client.get("/desk/?tab=open&category=estate.green"))
    assert listed(page) == []
    page = body(client.get(f"/desk/?tab=open&area={cast.community_area}&category=estate.parking"))
    assert listed(page) == ["at work"]


def test_pages_follow_each_other_without_gap_or_repetition(cast: Cast, now: datetime) -> None:
    for n in range(35):
        # Each a word of its own: alike ones would be one line.
        cast.report(now - n * timedelta(minutes=1), text=f"report{n:02}")
    client = enter(cast, "desk1")
    first = body(client.get("/desk/"))
    link = re.search(r'rel="next" href="([^"]+)"', first)
    assert link
    second = body(client.get(link[1].replace("&amp;", "&")))
    found = listed(first) + listed(second)
    assert found == [f"report{n:02}" for n in reversed(range(35))]


@pytest.mark.parametrize("after", ["nonsense", "2020|x", "|"])
def test_a_key_that_no_page_gave_out_is_no_page(cast: Cast, after: str) -> None:
    assert enter(cast, "desk1").get("/desk/", {"after": after}).status_code == 404


def test_a_number_leads_to_its_case(cast: Cast, now: datetime) -> None:
    received = cast.report(now)
    secret = cast.report(now, confidential=True)
    client = enter(cast, "desk1")
    answer = client.get("/staff/find/", {"q": f" {received.number} "})
    assert answer.headers["Location"] == f"/case/{received.case}/"
    for asked, told in ((secret.number, "Nothing found"), ("1", "Type two characters at least")):
        assert told in body(client.get("/staff/find/", {"q": asked}))


def test_sixty_cases_cost_no_more_queries_than_five(cast: Cast, now: datetime) -> None:
    def reported(count: int, start: int) -> None:
        # Unlike one another: alike ones would be one line.
        for n in range(start, start + count):
            words = f"{chr(0x4E00 + 97 * n)}{chr(0x5E00 + 89 * n)}路{n:02}号"
            cast.report(now, text=words, danger=n == 0)

    client = enter(cast, "desk1")
    reported(5, 0)
    few = cost(client, "/desk/"), cost(client, "/desk/?tab=open")
    reported(55, 5)
    assert body(client.get("/desk/")).count("queue-link") == 30
    assert (cost(client, "/desk/"), cost(client, "/desk/?tab=open")) == few
    assert max(few) < 30
