"""All cases on a page: filters in the address, views, and files that hold the very same."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from luoshi.cases.models import Case, ListTaken
from luoshi.web.cases import out
from tests import cast as casting
from tests.cast import Cast
from tests.pages.rooms import body, cost, enter, rows_of, weight

DAY = timedelta(days=1)
HEAD = [
    "Case number", "Received on", "Category", "Place", "Summary", "Status", "Responsible unit",
    "Deadline", "Supervision level", "Brought by",
]  # fmt: skip


@pytest.fixture
def cast(db: None) -> Cast:
    return casting.build(spoken=True)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def numbers(page: str) -> list[str]:
    table = re.search(r"<tbody>.*</tbody>", page, re.DOTALL)
    return re.findall(r'/case/\d+/">.*?(\d{6}-\d+)', table[0]) if table else []


def some(cast: Cast, now: datetime) -> None:
    for n in range(3):
        cast.report(now - n * DAY, text=f"=杂物{n}", subject=None)
    for n in range(2):
        at = now - n * DAY
        case = cast.report(at).case
        cast.do("desk1", case, "classify", at, category="estate.green", text="=1+1 楼道")
        cast.do("desk1", case, "assign", at, owner=cast.units["community"])
        cast.do("community1", case, "acknowledge", at)


def test_the_filters_are_the_address_and_the_page_says_what_it_does_not_understand(
    cast: Cast, now: datetime
) -> None:
    some(cast, now)
    client = enter(cast, "desk1")
    assert len(numbers(body(client.get("/cases/")))) == 5
    page = body(client.get("/cases/?status=handling&overdue="))
    assert len(numbers(page)) == 2
    assert '<option value="handling" selected>' in page
    today = timezone.localdate(now)
    assert len(numbers(body(client.get(f"/cases/?since={today}&until={today}")))) == 2
    street = cast.street_area
    assert len(numbers(body(client.get(f"/cases/?area={street}&q=杂物")))) == 3
    for wrong in ("q=%E8%8F%9C", "status=nonsense", "since=x", "area=99", "owner=1+1"):
        page = body(client.get(f"/cases/?{wrong}"), 400)
        assert "was not understood" in page, wrong
        assert numbers(page) == []
    for key in ("after=x", "before=-1", "after=99999999999999999999"):
        assert client.get(f"/cases/?{key}").status_code == 404


def test_pages_lead_down_and_up_with_their_filters(cast: Cast, now: datetime) -> None:
    for n in range(35):
        cast.report(now - n * DAY / 50)
    client = enter(cast, "leader1")
    first = body(client.get("/cases/?status=new"))
    assert weight(first) <= 150_000
    down = re.search(r'rel="next" href="([^"]+)"', first)
    assert down
    assert "status=new" in down[1]
    second = body(client.get(down[1].replace("&amp;", "&")))
    assert len(numbers(first) + numbers(second)) == 35 == len({*numbers(first), *numbers(second)})
    up = re.search(r'rel="prev" href="([^"]+)"', second)
    assert up
    assert numbers(body(client.get(up[1].replace("&amp;", "&")))) == numbers(first)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_file_holds_the_rows_and_columns_of_the_screen(
    cast: Cast, now: datetime, kind: str
) -> None:
    some(cast, now)
    client = enter(cast, "desk1")
    for query in ("", "status=handling", "q=杂物"):
        page = body(client.get(f"/cases/?all=1&{query}"))
        head, *rows = rows_of(client.get(f"/cases/cases.{kind}?{query}"))
        assert head.split("|") == HEAD == re.findall(r'<th scope="col">([^<]+)', page)
        listed = [row.split("|")[0] for row in rows if re.match(r"\d{6}-", row)]
        assert listed == numbers(page)
        # Nothing a reporter wrote, and nothing that a spreadsheet would reckon.
        assert not any("杂物" in row and row[:1].isdigit() for row in rows)
    taken = ListTaken.objects.order_by("pk")
    assert [one.rows for one in taken] == [5, 2, 3]
    assert "杂物" not in "".join(one.query for one in taken)
    assert {one.person for one in taken} == {cast.people["desk1"]}


@pytest.mark.parametrize("status", ["handling", "claimed"])
def test_a_term_that_ends_at_midnight_ends_on_the_same_day_on_the_screen_and_in_the_file(
    cast: Cast, now: datetime, status: str
) -> None:
    case = cast.handling(now) if status == "handling" else cast.claimed(now)[0]
    day = timezone.localtime(Case.objects.get(pk=case).deadline) - timedelta(minutes=1)
    client = enter(cast, "desk1")
    page = body(client.get(f"/cases/?status={status}"))
    assert f"{day.day} {day:%B %Y}, 24:00" in page
    rows = rows_of(client.get(f"/cases/cases.csv?status={status}"))
    assert f"{day:%Y-%m-%d} 23:59" in rows[1]


def test_a_cell_that_begins_like_a_formula_is_text(cast: Cast, now: datetime) -> None:
    some(cast, now)
    rows = rows_of(enter(cast, "desk1").get("/cases/cases.csv?status=handling"))
    assert "|'=1+1 楼道|" in rows[1]


def test_what_is_sealed_has_no_words_in_the_list(cast: Cast, now: datetime) -> None:
    case = cast.report(now, confidential=True, phone=None, text="密").case
    cast.do("inspector1", case, "classify", now, category="estate.green", text="虚报清运费")
    client = enter(cast, "inspector1")
    page = body(client.get("/cases/"))
    assert len(numbers(page)) == 1
    assert "Confidential" in page
    told = page + str(rows_of(client.get("/cases/cases.csv")))
    assert "清运" not in told
    assert numbers(body(enter(cast, "desk1").get("/cases/"))) == []


def test_a_file_that_was_cut_says_so(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(out, "MOST", 2)
    some(cast, now)
    client = enter(cast, "desk1")
    for kind in ("xlsx", "csv"):
        rows = rows_of(client.get(f"/cases/cases.{kind}"))
        assert len([row for row in rows if re.match(r"\d{6}-", row)]) == 2
        assert any("Only the newest 2 are here" in row for row in rows)
    assert "Only the newest" not in str(rows_of(client.get("/cases/cases.csv?status=handling")))


def test_views_are_kept_renamed_and_shown_first(cast: Cast, now: datetime) -> None:
    some(cast, now)
    client = enter(cast, "desk1")
    kept = client.post("/cases/views/save/", {"name": "在办", "query": "status=handling&x=1"})
    assert kept.headers["Location"] == "/cases/?status=handling"
    page = body(client.get("/cases/views/"))
    at = re.search(r"/cases/views/\d+/", page)
    assert at
    client.post(at[0], {"do": "rename", "name": "正在办"})
    client.post(at[0], {"do": "first"})
    assert client.get("/cases/").headers["Location"] == "/cases/?status=handling"
    assert "正在办" in body(client.get("/cases/?all=1"))
    assert enter(cast, "desk2").get("/cases/").status_code == 200
    assert enter(cast, "desk2").post(at[0], {"do": "delete"}).status_code == 404
    assert client.post(at[0], {"do": "nonsense"}).status_code == 404
    client.post(at[0], {"do": "delete"})
    assert client.get("/cases/").status_code == 200
    told = body(client.post("/cases/views/save/", {"name": " ", "query": ""}, follow=True))
    assert "Give the view a name" in told


def test_a_handler_has_the_cases_of_his_units_alone(cast: Cast, now: datetime) -> None:
    some(cast, now)
    assert len(numbers(body(enter(cast, "community1").get("/cases/")))) == 2
    assert len(numbers(body(enter(cast, "street1").get("/cases/")))) == 2
    assert numbers(body(enter(cast, "garden1").get("/cases/"))) == []
    for name in ("verifier1", "panel1", "data1"):
        assert enter(cast, name).get("/cases/cases.xlsx").status_code == 403
    assert Client().get("/cases/cases.csv").headers["Location"].startswith("/sign-in/")


def test_the_page_costs_the_same_for_few_and_for_many(cast: Cast, now: datetime) -> None:
    for n in range(3):
        cast.report(now - n * DAY)
    client = enter(cast, "desk1")
    few = cost(client, "/cases/?status=open")
    for n in range(25):
        cast.report(now - n * DAY)
    assert cost(client, "/cases/?status=open") == few
