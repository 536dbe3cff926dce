"""Lists and ledgers: every row is on them, and of cases only what their reader may open."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from luoshi.cases import queries as cases
from luoshi.expectations import actions, queries
from luoshi.registry import actions as registry
from luoshi.rules.state import Status
from tests.expectations import conftest as playgrounds
from tests.expectations.conftest import Field
from tests.expectations.test_findings import fixed, state_of, verify
from tests.pages.rooms import body, cost, enter
from tests.paper import text_of

play = playgrounds.play


@pytest.fixture
def now(settings: Any) -> datetime:
    settings.RAISED_PERCENT = 0
    return timezone.now()


def printed(there: Field, paper: str, who: str = "leader1", query: str = "") -> str:
    client = enter(there.cast, who, language="zh-hans")
    return text_of(client.get(f"/papers/field/play/{paper}/{query}"))


def unmet(there: Field, now: datetime, **more: Any) -> int:
    key = f"{now.isoformat()}-{more.get('subject')}"
    [found] = there.look("unmet", now=now, **{"key": key, **more}).findings
    return int(found.case)


def put_right(there: Field, case: int, now: datetime) -> None:
    verify(there, case, fixed(there, case, now), "met", now)
    assert state_of(case).status is Status.CLOSED


def number(case: int) -> str:
    return cases.lines_of([case])[case].number


def test_the_findings_list_has_every_finding_with_its_owner(play: Field, now: datetime) -> None:
    first, second = unmet(play, now), unmet(play, now, subject=play.other)
    text = printed(play, "findings")
    for words in ("问题清单", "东园", "西园", "play.surface", "铺面破损", "依据：指南", "garden"):
        assert words in text, words
    assert number(first) in text
    assert number(second) in text


def test_the_ledger_follows_a_finding_until_it_is_struck_off(play: Field, now: datetime) -> None:
    case = unmet(play, now)
    assert "维修" not in printed(play, "rectification")
    put_right(play, case, now)
    text = printed(play, "rectification")
    for words in ("整改台账", number(case), "维修", "属实，通过", "办结：已解决"):
        assert words in text, words


def test_looking_back_says_what_a_later_check_saw(play: Field, now: datetime) -> None:
    case = unmet(play, now)
    assert "尚无销号的" in printed(play, "look_back")
    put_right(play, case, now)
    assert "尚未再次检查" in printed(play, "look_back")
    play.look("met", now=now + timedelta(hours=1))
    text = printed(play, "look_back")
    assert number(case) in text
    assert "尚未再次检查" not in text
    assert "符合" in text


def test_the_duty_list_says_where_nobody_is_named(play: Field, now: datetime) -> None:
    text = printed(play, "duties")
    assert "责任清单" in text
    assert "未落实到人" in text
    registry.create_duty(
        district=play.district, unit=play.cast.units["garden"], valid_from=date(2026, 1, 1),
        category="estate", subject=play.playground, person=play.cast.people["garden1"],
    )  # fmt: skip
    [named] = [
        row
        for row in queries.duty_points(play.district, on=timezone.localdate(), field="play").rows
        if row.person
    ]
    assert (named.subject.name, named.unit) == ("东园", play.cast.units["garden"])
    text = printed(play, "duties")
    assert "garden1" in text
    asked = {one.title for one in queries.demands(play.district, on=timezone.localdate())}
    assert set(named.tasks) <= asked
    assert named.tasks[0] in text
    assert "estate.environment" not in text


def test_a_point_for_which_nobody_answers_is_on_the_list(play: Field, now: datetime) -> None:
    registry.create_district(code="320600", name="别处")
    actions.put_kind(
        district=play.district, field="play", code="pool", name="泳池", name_en="Pool", facts=[]
    )
    playgrounds.expectation(
        play.district, "pool.clean", "item", {"type": "yesno"}, kind="pool", category="water.pool"
    )
    registry.create_subject(
        district=play.district, kind="pool", name="南池", area=play.cast.community_area
    )
    assert "无责任单位" in printed(play, "duties", query="?kind=pool")


def test_kind_place_and_days_narrow_a_list(play: Field, now: datetime) -> None:
    unmet(play, now - timedelta(days=5))
    street, day = play.cast.street_area, timezone.localdate(now)
    assert "东园" in printed(play, "findings", query=f"?kind=playground&place={street}")
    old = (day - timedelta(days=5)).isoformat()
    assert "东园" in printed(play, "findings", query=f"?from={old}&to={old}")
    assert "没有发现" in printed(play, "findings", query=f"?from={day.isoformat()}")
    client = enter(play.cast, "leader1")
    wrong = ("?from=yesterday", "?to=2026-13-01", "?kind=nothing")
    answers = [client.get(f"/papers/field/play/findings/{query}") for query in wrong]
    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_an_empty_list_says_so(play: Field, now: datetime) -> None:
    for paper in ("findings", "rectification"):
        assert "没有发现不符合要求的事项" in printed(play, paper)


def test_a_list_that_is_cut_says_so(
    play: Field, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    unmet(play, now)
    unmet(play, now + timedelta(minutes=1), subject=play.other)
    [row] = queries.ledger(play.district, most=1).rows
    assert row.subject == play.other  # the newest are kept
    assert queries.ledger(play.district, most=1).cut
    assert not queries.ledger(play.district, most=2).cut
    real = queries.ledger
    monkeypatch.setattr(queries, "ledger", lambda *a, **k: real(*a, **k, most=1))
    assert "本表已截断" in printed(play, "findings")


def test_who_may_not_open_a_case_reads_nothing_of_it(play: Field, now: datetime) -> None:
    case = unmet(play, now)
    text = printed(play, "rectification", "data1")
    assert "东园" in text
    assert number(case) not in text
    assert "案件不在您查看范围内" in text


def test_a_round_has_its_own_lists(play: Field, now: datetime) -> None:
    actions.put_round(
        district=play.district, field="play", code="play.weekly", kind="playground", name="周检",
        name_en="Weekly",
    )  # fmt: skip
    today = timezone.localdate()
    round = actions.start_round(district=play.district, plan="play.weekly", now=now, starts=today)
    unmet(play, now, round=round, key="in the round")
    unmet(play, now + timedelta(minutes=1), subject=play.other)
    client = enter(play.cast, "inspector1", language="zh-hans")
    text = text_of(client.get(f"/papers/round/{round}/findings/"))
    assert "周检" in text
    assert "东园" in text
    assert "西园" not in text
    assert client.get(f"/papers/round/{round}/duties/").status_code == 404
    assert f"/papers/round/{round}/rectification/" in body(client.get(f"/rounds/{round}/"))


def test_pages_lead_to_their_documents(play: Field, now: datetime) -> None:
    client = enter(play.cast, "inspector1")
    assert "/papers/field/play/duties/" in body(client.get("/fields/play/"))
    kind = body(client.get("/fields/play/playground/"))
    assert "/papers/field/play/look_back/?kind=playground" in kind
    assert "/papers/problems/" in body(client.get("/inspector/problems/"))


def test_a_ledger_costs_the_same_for_one_row_and_for_many(play: Field, now: datetime) -> None:
    client = enter(play.cast, "leader1")
    unmet(play, now)
    before = {paper: cost(client, f"/papers/field/play/{paper}/") for paper in PAPERS}
    for n in range(8):
        other = registry.create_subject(
            district=play.district, kind="playground", name=f"园{n}", area=play.cast.community_area
        )
        unmet(play, now + timedelta(minutes=n + 1), subject=other)
    assert {paper: cost(client, f"/papers/field/play/{paper}/") for paper in PAPERS} == before


PAPERS = ("findings", "duties", "rectification", "look_back")
