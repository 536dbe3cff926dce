"""The bench is only run by hand: its parts are kept alive here."""

import itertools
from datetime import datetime

import pytest
from django.db import connection

from bench import nights, plans, suggest, visits
from bench.fill import UNITS, fill
from bench.rows import Row, in_turns, table
from luoshi.cases import queries
from luoshi.cases.models import Case, CaseEvent
from luoshi.cases.search import find
from luoshi.cases.search.tokens import asked
from luoshi.infra.ids import RANDOM_BITS, earliest
from tests import cast as casting


def test_a_table_shows_the_ratio_and_says_which_goal_was_missed() -> None:
    rows = [
        Row(name="quick", database="sqlite", value=2.0, unit="ms", reference=1.0, holds=True),
        Row(name="slow", database="sqlite", value=9.0, unit="ms", goal="less", holds=False),
    ]
    shown = table(rows).splitlines()
    assert shown[1] == "-- sqlite --"
    assert shown[2].split() == ["quick", "2", "ms", "1", "2", "yes"]
    assert shown[3].split() == ["slow", "9", "ms", "less", "NO"]
    assert rows[0].as_json()["ratio"] == 2.0


def test_things_measured_in_turns_are_done_equally_often() -> None:
    done: list[str] = []
    spread = in_turns({"a": lambda: done.append("a"), "b": lambda: done.append("b")}, 3)
    assert done == ["a", "b"] * 4
    assert spread["a"].p50 <= spread["a"].p99


@pytest.mark.django_db
def test_reading_a_whole_table_is_seen_and_reading_by_a_key_is_not() -> None:
    whole = 'SELECT * FROM "cases_case" WHERE "level" > 1'
    assert plans.full_scans(whole) == ["cases_case"]
    if connection.vendor == "sqlite":  # PostgreSQL reads an empty table whole in any case
        assert plans.full_scans('SELECT * FROM "cases_case" WHERE "id" = 1') == []


@pytest.mark.django_db
def test_filled_in_cases_stand_in_the_lists_with_their_words(now: datetime) -> None:
    cast = casting.build()
    fill(cast, count=80, open_count=40, now=now)
    assert Case.objects.exclude(status="closed").count() == 40
    page = queries.newest(cast.district)
    assert "号楼" in page.lines[0].text
    assert queries.unit_cases(cast.district, UNITS).lines
    assert plans.statements(lambda: queries.inbox(cast.district)) == 2


@pytest.mark.django_db
def test_cases_that_are_copied_lie_days_apart_and_keep_what_belongs_to_them(now: datetime) -> None:
    cast = casting.build()
    fill(cast, count=30, open_count=5, now=now, block=10)
    rows = list(Case.objects.order_by("pk"))
    assert [row.number for row in rows] == [f"B{n}" for n in range(30)]
    assert all(a.received_at < b.received_at for a, b in itertools.pairwise(rows))
    assert all(row.pk >> RANDOM_BITS == earliest(row.received_at) >> RANDOM_BITS for row in rows)
    assert all(line.text for line in queries.newest(cast.district, limit=30).lines)
    assert {event.data["text"] for event in CaseEvent.objects.all()} == {row.pk + 1 for row in rows}


@pytest.mark.django_db
def test_a_search_by_words_asks_their_index_and_reading_the_words_does_not(now: datetime) -> None:
    cast = casting.build()
    fill(cast, count=200, open_count=10, now=now)
    by_index = plans.queries(lambda: find.matching(find.every(asked("停电")), limit=5))
    assert all(map(plans.asks_index_of_words, by_index))
    assert not plans.asks_index_of_words("SELECT * FROM \"cases_searchentry\" WHERE words = ''")


@pytest.mark.django_db
def test_a_visit_goes_on_to_later_pages_and_refuses_a_page_that_shows_nothing(
    now: datetime,
) -> None:
    cast = casting.build()
    fill(cast, count=40, open_count=20, now=now)
    first = visits.Visit(visits._signed_in(cast.people["desk1"]), "/cases/?all=1", 'href="/case/')
    second = first.later(1)
    oldest = f"/case/{Case.objects.order_by('pk')[0].pk}/"
    assert oldest in second()
    assert oldest not in first()
    with pytest.raises(RuntimeError, match="no further page"):
        second.later(1)
    with pytest.raises(RuntimeError, match="without"):
        visits.Visit(first.client, "/cases/?all=1", "what nobody wrote")()


@pytest.mark.django_db
def test_a_night_opens_a_case_for_each_subject_that_fell_below_its_limit(now: datetime) -> None:
    cast = casting.build()
    rows = nights.measure(cast, now, lambda what: None, subjects=30, findings=10)
    assert Case.objects.filter(origin="finding").count() == 10
    assert [row.unit for row in rows] == ["s", "queries", "ms"]


def test_what_suggestions_are_worth_is_counted_without_the_silent_ones() -> None:
    found = suggest.Outcome(
        [("a", "a", "a", "a", "b"), ("b", "b", "", "a", "b"), ("b", "a", "a", "a", "b")], 1.0
    )
    assert found.precision == 0.5
    assert found.silent == pytest.approx(1 / 3)
    assert found.f1(1) == pytest.approx(2 / 3)
    assert found.f1(3) == pytest.approx(0.25)
