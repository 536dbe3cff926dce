"""What everybody may read of cases: the desk's summary, codes and days, and of whom nothing."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from luoshi.cases import actions
from luoshi.cases.models import Case, Report
from luoshi.registry.models import Unit
from luoshi.rules.figures import Rate
from luoshi.web.names_of_cases import case_of, name_of
from luoshi.web.open import counts
from luoshi.web.public import figures
from tests import cast as casting
from tests.cast import Cast
from tests.pages.rooms import body

DAY = timedelta(days=1)
URGENCY = {"estate.parking": "ordinary", "enquiry.policy": "enquiry"}
ENGLISH = Client(headers={"Accept-Language": "en"})


@pytest.fixture
def cast(db: None) -> Cast:
    cache.clear()
    return casting.build(spoken=True)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def handled(cast: Cast, at: datetime, summary: str, **given: Any) -> int:
    """A case that a unit was given, with the summary of the desk (or of the inspection team)."""
    sealed = given.get("confidential", False)
    who = "inspector1" if sealed else "desk1"
    category = given.pop("category", "estate.parking")
    case = cast.report(at, text="反映人的原话", **given).case
    cast.do(who, case, "classify", at, category=category, urgency=URGENCY[category], text=summary)
    cast.do(who, case, "assign", at, owner=cast.units["community"])
    return case


def listed(query: str = "") -> list[str]:
    return re.findall(r'<h2><a href="/open/\w+/">(.*?)</a>', body(ENGLISH.get(f"/open/{query}")))


def test_only_what_a_unit_was_given_is_public_and_nothing_that_accuses(
    cast: Cast, now: datetime
) -> None:
    shown = handled(cast, now, "车位被占")
    blamed = (cast.units["garden"],)
    hidden = [
        handled(cast, now, "暗中的事", confidential=True),
        handled(cast, now, "告某单位", accused=blamed),
        cast.report(now, text="还没有人看").case,
        handled(cast, now, ""),
        handled(cast, now, "问政策", category="enquiry.policy"),
    ]
    lifted = handled(cast, now, "曾告某单位", accused=blamed)
    cast.do("inspector1", lifted, "lift_accusation", now, unit=blamed[0], text="查无此事")
    whispered = handled(cast, now, "另有人密报")
    Report.objects.filter(case=whispered).update(track="confidential")
    assert listed() == ["车位被占"]
    for case in (*hidden, lifted, whispered):
        assert ENGLISH.get(f"/open/{name_of(case)}/").status_code == 404
    page = body(ENGLISH.get(f"/open/{name_of(shown)}/"))
    assert "Given to a unit that must solve it" in page


def test_neither_words_nor_number_nor_minute_of_a_report_are_told(
    cast: Cast, now: datetime
) -> None:
    at = now.replace(hour=3, minute=17)
    case = handled(cast, at - DAY, "车位被占")
    row = Case.objects.get(pk=case)
    one = f"/open/{name_of(case)}/"
    pages = [body(ENGLISH.get(url)) for url in ("/open/", one, "/open/streets/", "/open/feed.xml")]
    clock = timezone.localtime(at).strftime("%H:%M")
    for page in pages[:2]:
        for never in ("反映人的原话", row.number, str(case), clock, "13800138000", "德民物业"):
            assert never not in page
    assert "反映人的原话" not in "".join(pages)


def test_the_list_is_narrowed_down_and_read_page_by_page(cast: Cast, now: datetime) -> None:
    for n in range(23):
        handled(cast, now - n * DAY / 50, f"第{n}件")
    first = body(ENGLISH.get("/open/?state=open"))
    down = re.search(r'rel="next" href="([^"]+)"', first)
    assert down
    second = body(ENGLISH.get(down[1].replace("&amp;", "&")))
    assert re.findall(r">第(\d+)件<", first + second) == [str(n) for n in range(23)]
    up = re.search(r'rel="prev" href="([^"]+)"', second)
    assert up
    assert re.findall(r">第(\d+)件<", body(ENGLISH.get(up[1].replace("&amp;", "&"))))[0] == "0"
    assert listed("?state=closed") == []
    assert len(listed(f"?street={cast.street_area}&category=estate.parking")) == 20
    for wrong in ("?street=1x", "?state=x", "?after=nonsense", "?category=x"):
        assert ENGLISH.get(f"/open/{wrong}").status_code == 404


def test_the_list_costs_the_same_for_few_and_for_many(cast: Cast, now: datetime) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            body(ENGLISH.get("/open/"))
        return len(asked)

    handled(cast, now, "一")
    cost()  # what is kept in memory is read
    few = cost()
    for n in range(15):
        handled(cast, now - n * DAY, "又一")
    assert cost() == few


def test_fewer_than_five_are_no_number(cast: Cast, now: datetime) -> None:
    for _ in range(4):
        handled(cast, now, "车位")
    assert counts.counted(cast.district, now).streets[0].cases is None
    assert "fewer than 5" in body(ENGLISH.get("/open/streets/"))
    cache.clear()
    handled(cast, now, "车位")
    handled(cast, now, "秘密", confidential=True)
    found = counts.counted(cast.district, now)
    assert [(street.name, street.cases, street.held) for street in found.streets] == [
        ("城东街道", 5, 0)
    ]


def test_the_feed_has_what_was_closed_after_a_check(cast: Cast, now: datetime) -> None:
    case = handled(cast, now, "车位已清")
    cast.do("community1", case, "acknowledge", now)
    drawn = cast.name_of(cast.claim("community1", case, now).state.verifier)
    assert "车位已清" not in body(ENGLISH.get("/open/feed.xml"))
    cast.do(drawn, case, "open", now)
    cast.do(drawn, case, "verify", now, passed=True, text="属实", pictures=[casting.photo()])
    row = Case.objects.get(pk=case)
    if row.status != "closed":
        actions.tick_due(now + 20 * DAY)
    assert Case.objects.get(pk=case).status == "closed"
    answer = ENGLISH.get("/open/feed.xml")
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    assert "车位已清" in body(answer)
    assert name_of(case) in body(answer)
    page = body(ENGLISH.get(f"/open/{name_of(case)}/"))
    assert "Checked by somebody independent: it held" in page


@given(st.integers(min_value=0, max_value=2**63 - 1))
def test_a_name_leads_back_to_its_case_and_looks_like_nothing(case: int) -> None:
    name = name_of(case)
    assert case_of(name) == case
    assert re.fullmatch("[a-z2-7]{13}", name)


@pytest.mark.parametrize("name", ["nothing", "", "0", "a" * 40, "a-b", "é", "b" * 21, "é" * 13])
def test_what_was_never_a_name_leads_nowhere(name: str) -> None:
    assert case_of(name) is None


def test_the_elder_mode_is_kept_until_it_is_left(cast: Cast) -> None:
    unit = cast.units["desk"]
    client = Client(headers={"Accept-Language": "en"})
    assert 'class="text-normal"' in body(client.get("/"))
    client.get("/prefer/?elder=1&next=/")
    for url in (
        "/",
        "/help/",
        "/report/",
        "/track/",
        "/open/",
        "/open/streets/",
        "/n/",
        "/places/",
    ):
        page = body(client.get(url))
        assert '<html lang="en" class="elder"' in page, url
        assert page.count("Leave this mode") == 2, url
    home = body(client.get("/"))
    assert "tel:" not in home
    assert "The district in figures" not in home

    Unit.objects.filter(pk=unit).update(phone="0513-55550100")
    assert 'href="tel:0513-55550100"' in body(client.get("/"))
    client.get("/prefer/?elder=0&next=/")
    assert "Leave this mode" not in body(client.get("/"))


def test_over_fewer_than_thirty_there_are_counts_and_no_rate() -> None:
    with translation.override("en"):
        few, many = (figures.rate_of("x", Rate(n - 1, n), "y") for n in (29, 30))
    assert [item.value for item in few] == ["28 of 29"]
    assert [item.value for item in many] == ["97%"]
    assert figures.rate_of("x", Rate(0, 0), "y") == []
