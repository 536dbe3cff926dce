"""What came back, what is spreading, what the week asks of whom, and the same on paper."""

import random
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from bench import fill as filling
from luoshi.cases import actions, queries
from luoshi.cases.actions import Actor, Command
from luoshi.cases.models import Category
from luoshi.registry import actions as registry
from luoshi.rules.spreading import week
from tests import cast as casting
from tests.cast import Cast, photo
from tests.pages.rooms import body, cost, enter, section
from tests.paper import pages_of, text_of

DAY, WEEK = timedelta(days=1), timedelta(days=7)


@pytest.fixture
def cast(db: None) -> Cast:
    return casting.build()


@pytest.fixture
def now() -> datetime:
    """Pages ask the clock themselves."""
    return timezone.now()


def there(cast: Cast, at: datetime, *, category: str = "estate.green", **given: object) -> int:
    """A case of a category at a place."""
    case = cast.report(at, subject=None, **given).case
    cast.do("desk1", case, "classify", at, category=category)
    return case


def weeks_of(cast: Cast, now: datetime, *counts: int, **given: object) -> None:
    """So many cases in each week, the last of them this one."""
    for back, n in enumerate(reversed(counts)):
        for _ in range(n):
            there(cast, now - WEEK * back - DAY, **given)


# ---- What came back ----


def test_each_way_back_is_counted_and_leads_to_its_case(cast: Cast, now: datetime) -> None:
    sent, verifier = cast.claimed(now)
    cast.do(verifier, sent, "open", now)
    cast.do(
        verifier, sent, "verify", now, passed=False, text="nothing was done", pictures=[photo()]
    )
    received = cast.report(now)
    cast.do("desk1", received.case, "decline", now, reason="not_ours", text="ask the landlord")
    actions.act(
        case=received.case,
        command=Command("reopen"),
        actor=Actor(report=received.report),
        now=now,
        text="it is yours",
    )
    found = queries.came_back(cast.district, since=now - WEEK, until=now)
    assert found.counts == {"recurred": 0, "disputed": 1, "sent_back": 1, "reopened": 0}
    page = section(body(enter(cast, "leader1").get("/leader/")), "What came back")
    assert f"/case/{sent}/" in page
    assert f"/case/{received.case}/" in page


def test_a_recurrence_is_told_apart_from_a_dispute(cast: Cast, now: datetime) -> None:
    case, verifier = cast.claimed(now, minor=True)
    cast.do(verifier, case, "open", now)
    cast.do(verifier, case, "verify", now, passed=True, pictures=[photo()])
    cast.report(now, category="estate.parking", text="私占")
    found = queries.came_back(cast.district, since=now - WEEK, until=now)
    assert found.counts["recurred"] == 1
    assert [line.id for line, _at in found.latest["recurred"]] == [case]


def test_what_accuses_his_unit_or_is_sealed_does_not_come_back_to_him(
    cast: Cast, now: datetime
) -> None:
    case, verifier = cast.claimed(now, accused=(cast.units["government"],))
    cast.do(verifier, case, "open", now)
    cast.do(verifier, case, "verify", now, passed=False, text="no", pictures=[photo()])
    assert "Nothing came back" in body(enter(cast, "leader1").get("/leader/"))
    assert f"/case/{case}/" in body(enter(cast, "leader2").get("/leader/"))


# ---- New and spreading ----


def test_three_after_none_are_spreading_and_their_cases_are_one_click_away(
    cast: Cast, now: datetime
) -> None:
    weeks_of(cast, now, 1, 0, 0, 0, 0, 0, category="estate.clutter")
    cases = [there(cast, now - DAY) for _ in range(3)]
    client = enter(cast, "leader1")
    page = section(body(client.get("/leader/")), "New and spreading")
    assert "Called spreading from" in page
    assert "0 in the 5 weeks before" in page
    [link] = re.findall(r'href="(/leader/spreading/[^"]+)"', page)
    listed = body(client.get(link.replace("&amp;", "&")))
    assert {int(found) for found in re.findall(r'id="case-(\d+)"', listed)} == set(cases)


def test_two_are_said_as_two_and_never_called_spreading(cast: Cast, now: datetime) -> None:
    weeks_of(cast, now, 1, 0, 0, 0, 0, 0, category="estate.clutter")
    weeks_of(cast, now, 2)
    page = section(body(enter(cast, "leader1").get("/leader/")), "New and spreading")
    assert "Nothing is above its own past." in page
    assert "2 cases, none in the 5 weeks before" in body(enter(cast, "leader1").get("/leader/"))


def test_a_place_is_compared_with_its_own_past_only(cast: Cast, now: datetime) -> None:
    weeks_of(cast, now, 4, 4, 4, 4, 5)
    weeks_of(cast, now, 0, 0, 0, 0, 4, category="estate.clutter", area=cast.street_area)
    found = {one.category: week(one.weeks[4:]) for one in queries.weeks(cast.district, now=now)}
    assert not found["estate.green"].spreading
    assert found["estate.clutter"].spreading


def test_a_young_district_is_not_compared_with_weeks_it_did_not_have(
    cast: Cast, now: datetime
) -> None:
    weeks_of(cast, now, 1, 9)
    page = section(body(enter(cast, "leader1").get("/leader/")), "New and spreading")
    assert "1 full week of records" in page


def test_confidential_cases_and_accused_offices_are_in_no_count(cast: Cast, now: datetime) -> None:
    there(cast, now - DAY, accused=(cast.units["garden"],))
    case = cast.report(now - DAY, confidential=True, subject=None).case
    cast.do("inspector1", case, "classify", now - DAY, category="estate.green")
    assert queries.weeks(cast.district, now=now) == ()


def test_a_category_from_three_places_is_looked_at_over_the_district(
    cast: Cast, now: datetime
) -> None:
    weeks_of(cast, now, 1, 0, 0, 0, 0, 0, category="estate.clutter")
    codes = {f"32061300100{n}": name for n, name in enumerate("甲乙丙", start=2)}
    areas = [
        registry.create_area(
            district=cast.district, code=code, name=name, kind="community", parent=cast.street_area
        )
        for code, name in codes.items()
    ]
    for area in areas:
        there(cast, now - DAY, area=area)
    page = section(body(enter(cast, "leader1").get("/leader/")), "New and spreading")
    assert "The whole district" in page


def test_a_wrong_address_of_a_spreading_place_is_no_page(cast: Cast) -> None:
    client = enter(cast, "leader1")
    for query in ("", "?category=none", "?category=estate.green&area=x"):
        assert client.get(f"/leader/spreading/{query}").status_code == 404


# ---- The load of verification ----


def due_soon(cast: Cast, now: datetime, *, owner: str = "community", **given: object) -> int:
    """An ordinary case in hand: its five working days end within a week or a little later."""
    return cast.handling(now - 4 * DAY, owner=owner, **given)


def cells(page: str, pool: str) -> list[str]:
    """The numbers of a pool's row, the last table first."""
    row = re.findall(rf"<tr[^>]*>\s*<td[^>]*><span>{pool}.*?</tr>", page, re.DOTALL)[-1]
    return [re.sub(r"<[^>]+>|\s", "", cell) for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)]


@pytest.fixture
def a_tenth(settings: Any) -> None:
    """The random share as it is in life."""
    settings.RAISED_PERCENT = 10


@pytest.mark.usefixtures("a_tenth")
def test_a_week_asks_of_each_pool_by_its_people(cast: Cast, now: datetime) -> None:
    for _ in range(3):
        due_soon(cast, now)
    cast.claimed(now)
    page = body(enter(cast, "leader1").get("/leader/load/"))
    pool = cells(page, "pool")
    assert pool[1] == "3"
    # One claim waits; three are expected, a tenth of them raised to the site by chance.
    assert float(pool[2]) + float(pool[3]) == 1
    assert pool[4:] == ["0.3(raised0.3)", "2.7", "1.3"]


@pytest.mark.usefixtures("a_tenth")
def test_what_if_shows_before_and_after_and_changes_nothing(cast: Cast, now: datetime) -> None:
    for _ in range(2):
        due_soon(cast, now)
    before = list(Category.objects.order_by("pk").values())
    client = enter(cast, "leader1")
    page = body(client.get("/leader/load/?category=estate.parking&tier=site&share="))
    assert cells(page, "pool")[1:5] == ["0.2", "2", "1.8", "0"]
    assert "estate.parking" in section(page, "What would another tier")
    assert "Nothing was changed" in page
    page = body(client.get("/leader/load/?category=&tier=site&share=50"))
    assert cells(page, "pool")[1:5] == ["0.2", "1", "1.8", "1"]
    assert list(Category.objects.order_by("pk").values()) == before


def test_a_share_beyond_a_hundred_is_refused_in_words(cast: Cast) -> None:
    page = body(enter(cast, "leader1").get("/leader/load/?category=&share=400"))
    assert "Please correct this first" in page
    assert "Nothing was changed" not in page


def test_a_week_without_work_says_so(cast: Cast) -> None:
    page = body(enter(cast, "leader1").get("/leader/load/"))
    assert "Nothing is asked of anybody this week" in page


def test_overdue_cases_are_told_beside_the_week(cast: Cast, now: datetime) -> None:
    cast.handling(now - 30 * DAY)
    page = body(enter(cast, "leader1").get("/leader/load/"))
    assert "1 case is overdue and not yet claimed" in page


def test_a_claim_without_a_verifier_stands_on_the_load_and_is_not_waived(
    cast: Cast, now: datetime
) -> None:
    for name, (role, _unit) in casting.PEOPLE.items():
        if role in {"verifier", "inspector", "leader", "panel"}:
            registry.set_absence(person=cast.people[name], until=timezone.localdate())
    case = cast.handling(now)
    cast.claim("community1", case, now)
    registry.set_absence(person=cast.people["leader1"], until=None)
    page = body(enter(cast, "leader1").get("/leader/load/"))
    assert "Without a verifier: 1" in page
    assert "none is waved through" in page


# ---- On paper ----


def test_the_brief_is_one_page_with_what_the_screen_says(cast: Cast, now: datetime) -> None:
    weeks_of(cast, now, 1, 0, 0, 0, 3)
    case = cast.handling(now - 20 * DAY, owner="garden")
    number = queries.line(case).number  # type: ignore[union-attr]
    text = text_of(enter(cast, "leader1", language="zh-hans").get("/leader/brief.pdf"))
    assert number in text
    english = text_of(enter(cast, "leader1").get("/leader/brief.pdf"))
    for words in ("Whataleaderhastodecidetoday", "Stuck,andwhy", "Overdue", "garden", "Page1of1"):
        assert words in english, words


def test_the_brief_of_a_quiet_day_says_so(cast: Cast) -> None:
    text = text_of(enter(cast, "leader1").get("/leader/brief.pdf"))
    assert "Nothingwaitsforyourdecision." in text
    assert "Nothingisstuck." in text


# ---- However many there are ----


def test_twenty_cases_cost_as_many_queries_as_two_thousand(cast: Cast, now: datetime) -> None:
    client = enter(cast, "leader1")
    _some(cast, now, range(1_980, 2_000), *ONE_OF_EACH)
    load = "/leader/load/?category=estate.green&tier=papers"
    few = cost(client, "/leader/"), cost(client, load)
    _some(cast, now, range(1_980))
    # What is reckoned once in ten minutes goes through its period in chunks: here it is warm.
    assert cost(client, "/leader/") <= few[0] <= 60
    assert cost(client, load) <= few[1]
    [sheet] = pages_of(client.get("/leader/brief.pdf").content)
    assert "100+" in sheet


ONE_OF_EACH: tuple[dict[str, object], ...] = (
    {"status": "returned", "returns": 2},
    {"status": "handling", "extension": "asked", "level": 3},
    {"status": "handling", "sealed": True, "level": 3},
    {"status": "handling", "deadline": datetime(2020, 1, 1, tzinfo=UTC)},
)


def _some(cast: Cast, now: datetime, numbers: range, *given: dict[str, object]) -> None:
    """Of two thousand cases of a month, a quarter of them closed."""
    draw = random.Random(len(numbers))
    cases = [filling._case(cast, draw, n, 500, 1_500, now) for n in numbers]
    for case, more in zip(cases, given, strict=False):
        case |= more
    for case in cases:  # else a list of few needs no query for names of subjects or for words
        case |= {"subject": cast.estate, "summary": None}
    filling._write(cases)
