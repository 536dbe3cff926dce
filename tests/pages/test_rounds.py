"""Starting rounds, how far they are, what is due to be looked at again, and the public list."""

import re
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from luoshi.expectations import actions, queries
from luoshi.rules.expectations import draw_subjects
from tests.expectations import conftest as playgrounds
from tests.expectations.conftest import Field
from tests.pages.rooms import body, cost, enter, section
from tests.pages.test_entries import token
from tests.pages.test_fields import demand, many

play = playgrounds.play


@pytest.fixture
def now(settings: Any) -> datetime:
    """Pages ask the clock themselves."""
    settings.RAISED_PERCENT = 0
    return timezone.now()


def begin(there: Field, query: str, who: str = "leader1") -> tuple[Client, str, dict[str, Any]]:
    """The form as it is offered, with what stands in it."""
    client, address = enter(there.cast, who), f"/rounds/new/?{query}"
    page = body(client.get(address))
    given: dict[str, Any] = {
        name: token(page, name) for name in ("token", "name", "starts", "ends")
    }
    checked = r'name="expectations" value="([^"]+)"[^>]* checked'
    return client, address, {**given, "expectations": re.findall(checked, page)}


def started(answer: Any, there: Field) -> queries.RoundInfo:
    assert answer.status_code == 302
    found = queries.round_page(there.district, int(answer.headers["Location"].split("/")[2]))
    assert found
    return found


def test_a_round_is_put_together_and_drawn_once_for_its_form(play: Field, now: datetime) -> None:
    ids = {*many(play, 8), play.playground, play.other}
    client, address, given = begin(play, "kind=playground")
    given |= {"name": "游乐场抽查", "draw": "3", "person": play.cast.people["inspector2"]}
    found = started(client.post(address, given), play)
    assert started(client.post(address, given), play).id == found.id
    assert (found.total, found.done, set(found.pool)) == (3, 0, ids)
    drawn = {one.subject for one in queries.round_subjects(found.id)}
    assert drawn == {*draw_subjects(pool=found.pool, seed=found.seed, size=3)}
    page = body(client.get(f"/rounds/{found.id}/"))
    assert f"{found.seed}:{found.pool[0]}" in page
    assert "inspector2" in page
    mine = enter(play.cast, "inspector2")
    assert "游乐场抽查" in body(mine.get("/rounds/?mine=1"))
    assert "游乐场抽查" not in body(enter(play.cast, "inspector1").get("/rounds/?mine=1"))


def test_a_draw_binds_itself_to_its_seed_and_is_shown_to_everybody_when_it_is_over(
    public: Field, now: datetime
) -> None:
    client, address, given = begin(public, "kind=playground")
    found = started(client.post(address, given | {"draw": "1"}), public)
    [drawn] = queries.round_subjects(found.id)
    visitor = Client(headers={"Accept-Language": "en"})
    before = body(visitor.get(f"/draws/{found.id}/"))
    assert sha256(found.seed.encode()).hexdigest() in before
    assert (found.seed in before, f'/places/{drawn.subject}/"' in before) == (False, False)
    public.look("met", now=now, round=found.id, subject=drawn.subject)
    after = body(visitor.get(f"/draws/{found.id}/"))
    assert (found.seed in after, f'/places/{drawn.subject}/"' in after) == (True, True)


def test_who_draws_again_and_again_is_seen(public: Field, now: datetime) -> None:
    for _ in range(3):
        client, address, given = begin(public, "kind=playground")
        last = started(client.post(address, given | {"draw": "1"}), public)
    page = body(Client(headers={"Accept-Language": "en"}).get(f"/draws/{last.id}/"))
    assert "2 other draws were made among the same kind" in page


def test_a_round_of_everything_has_no_draw_to_show(play: Field, now: datetime) -> None:
    client, address, given = begin(play, "kind=playground")
    made = started(client.post(address, given), play)
    assert Client().get(f"/draws/{made.id}/").status_code == 404


def test_a_plan_fills_the_form_and_keeps_its_name_in_both_languages(
    play: Field, now: datetime
) -> None:
    actions.put_round(
        district=play.district, field="play", code="play.draw", kind="playground", name="抽查",
        name_en="Random checks", draw=1, every=30,
    )  # fmt: skip
    assert "Random checks" in body(enter(play.cast, "inspector1").get("/rounds/new/"))
    client, address, given = begin(play, "plan=play.draw", "inspector1")
    assert given["name"] == "Random checks"
    assert given["expectations"] == ["play.surface"]
    started(client.post(address, {**given, "draw": "1"}), play)
    assert "抽查" in body(enter(play.cast, "inspector1", language="zh-hans").get("/rounds/"))


def test_what_is_wrong_with_a_round_is_said_beside_it(play: Field, now: datetime) -> None:
    client, address, given = begin(play, "kind=playground")
    wrong = {
        "ends": ("2020-01-01", "would end before it begins"),
        "draw": ("0", "Draw at least one place"),
        "name": ("", "Give the round a name"),
        "expectations": ([], "Choose at least one thing"),
    }
    for name, (typed, says) in wrong.items():
        page = body(client.post(address, {**given, name: typed}), 400)
        error = re.search(rf'id="id_{name}_error">(.*?)</ul>', page, re.DOTALL)
        assert error, name
        assert says in error[1]
    assert queries.rounds(play.district) == ()


def test_a_round_tells_what_is_left_and_who_did_what(play: Field, now: datetime) -> None:
    client, address, given = begin(play, "kind=playground")
    made = started(client.post(address, given), play)
    play.look("met", now=now, round=made.id)
    left = body(client.get(f"/rounds/{made.id}/"))
    assert ("西园" in left, "东园" in left, "1 of 2 checked" in left) == (True, False, True)
    done = body(client.get(f"/rounds/{made.id}/?show=done"))
    assert ("东园" in done, "inspector1" in done) == (True, True)


def test_more_rounds_and_more_places_cost_no_more_queries(play: Field, now: datetime) -> None:
    client, address, given = begin(play, "kind=playground")
    given["person"] = play.cast.people["inspector1"]
    made = started(client.post(address, given), play)
    play.look("met", now=now, round=made.id)
    pages = ("/rounds/", f"/rounds/{made.id}/?show=done", "/rounds/new/?kind=playground", "/due/")
    few = [cost(client, page) for page in pages]
    places = many(play, 60)
    for n in range(4):
        more = actions.compose_round(
            district=play.district, kind="playground", name=f"轮 {n}", now=now,
            starts=timezone.localdate(), ends=timezone.localdate(), by=play.cast.people["leader1"],
            person=play.cast.people["inspector1"],
        )  # fmt: skip
    for place in places[:5]:
        play.look("met", now=now, round=more, subject=place, key=f"k{place}")
    assert [cost(client, page) for page in (pages[0], *pages[2:])] == [few[0], *few[2:]]
    assert cost(client, f"/rounds/{more}/?show=done") == few[1]


# ---- Looks that are due ----


def looked(there: Field, ago: int, now: datetime, *subjects: int) -> None:
    for subject in subjects:
        at = now - timedelta(days=ago)
        there.look("met", now=now, at=at, subject=subject, key=f"{subject}-{ago}")


def test_what_is_due_is_listed_by_how_long_and_starts_a_round(play: Field, now: datetime) -> None:
    looked(play, 9, now, play.playground)
    looked(play, 7, now, play.other)
    fresh = many(play, 1)
    looked(play, 1, now, *fresh)
    client = enter(play.cast, "inspector1")
    page = body(client.get("/due/?kind=playground"))
    assert page.index("东园") < page.index("西园")
    assert "2 days overdue" in page
    assert "园 0" not in page
    _, address, given = begin(play, "kind=playground&due=1")
    leader = enter(play.cast, "leader1")
    made = started(leader.post(address, given), play)
    chosen = {one.subject for one in queries.round_subjects(made.id)}
    assert chosen == {play.playground, play.other}


def test_what_is_due_is_filtered_and_paged_and_costs_the_same(play: Field, now: datetime) -> None:
    client, address = enter(play.cast, "desk1"), "/due/?field=play"
    looked(play, 9, now, play.playground, play.other)
    few = cost(client, address)
    looked(play, 8, now, *many(play, 60))
    assert cost(client, address) == few
    seen: list[str] = []
    while address:
        page = body(client.get(address))
        seen += re.findall(r'/subjects/(\d+)/">', page)
        more = re.search(r'rel="next" href="([^"]+)"', page)
        address = more[1].replace("&amp;", "&") if more else ""
    assert len(seen) == len(set(seen)) == 62
    assert client.get("/due/?field=nothing").status_code == 404
    assert client.get("/due/?after=x_1").status_code == 404


def test_an_expectation_that_ended_is_due_no_more(play: Field, now: datetime) -> None:
    looked(play, 9, now, play.playground)
    assert queries.due_looks(play.district, on=timezone.localdate())
    spec = demand(play, "play.surface").spec
    playgrounds.expectation(
        play.district, "play.surface", "item", dict(spec), version=2, every=7, reason="取消",
        valid_from=date(2026, 2, 1), valid_to=date(2026, 2, 2),
    )  # fmt: skip
    assert queries.due_looks(play.district, on=timezone.localdate()) == ()


# ---- The list for everybody ----


@pytest.fixture
def public(play: Field) -> Field:
    actions.put_kind(
        district=play.district, field="play", code="playground", name="游乐场",
        name_en="Playground", facts=[], public=True,
    )  # fmt: skip
    return play


def test_places_are_listed_for_everybody_in_plain_words(public: Field, now: datetime) -> None:
    public.look("unmet", now=now)
    visitor = Client(headers={"Accept-Language": "en"})
    assert 'href="/places/"' in body(visitor.get("/"))
    assert "?kind=playground" in body(visitor.get("/places/"))
    page = body(visitor.get("/places/?kind=playground"))
    assert "1 thing is not in order" in page
    assert "Nobody has looked yet" in page
    named = body(visitor.get("/places/?kind=playground&q=西"))
    assert ("西园" in named, "东园" in named) == (True, False)
    assert "No place of this name" in body(visitor.get("/places/?kind=playground&q=无"))
    assert visitor.get("/places/?kind=stall").status_code == 404


def test_the_page_of_a_place_leads_to_a_report_about_it(public: Field, now: datetime) -> None:
    visitor = Client(headers={"Accept-Language": "en"})
    link = re.search(r'href="(/report/\?place=\d+)"', body(visitor.get(f"/places/{public.other}/")))
    assert link
    page = body(visitor.get(link[1]))
    assert re.search(rf'name="spot" value="{public.other}"[^>]* checked', page)
    assert "东园" not in page
    assert "西园" not in body(visitor.get("/report/?place=99999"))


def test_public_places_cost_the_same_for_many(public: Field, now: datetime) -> None:
    visitor = Client(headers={"Accept-Language": "en"})
    pages = ("/places/?kind=playground", f"/places/{public.playground}/")
    public.look("unmet", now=now)
    few = [cost(visitor, page) for page in pages]
    for place in many(public, 30):
        public.look("met", now=now, subject=place, key=f"p{place}")
    assert [cost(visitor, page) for page in pages] == few


def test_the_check_page_costs_the_same_after_many_checks(play: Field, now: datetime) -> None:
    client, address = enter(play.cast, "inspector1"), f"/subjects/{play.playground}/check/"
    few = cost(client, address)
    for n in range(5):
        play.look("unmet", now=now - timedelta(hours=n + 1), key=f"c{n}")
    assert cost(client, address) == few
    assert "play.surface" in section(body(client.get("/fields/play/")), "Newest findings")
