"""The list of all cases: whatever is wanted, exactly what fits and may be seen, page by page."""

import itertools
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luoshi.cases import actions, queries, views
from luoshi.cases.models import Case, SavedView
from luoshi.cases.queries import TooShort, Wanted
from luoshi.infra import ids
from tests import cast as casting
from tests.cast import Cast

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def cast(db: None, now: datetime) -> Cast:
    return casting.build(spoken=True)


@pytest.fixture
def many(cast: Cast, now: datetime) -> list[int]:
    """Of every sort, the newest first."""
    found = []
    for n in range(9):
        at = now - 10 * DAY + n * DAY
        found.append(cast.report(at, text=f"楼道堆放杂物{n}", subject=None).case)
        found.append(cast.handling(at + HOUR, owner="garden" if n % 2 else "community"))
    found.append(cast.claimed(now - 9 * DAY)[0])
    found.append(cast.report(now, confidential=True, text="秘密", phone=None).case)
    found.append(cast.report(now, text="种菜", accused=(cast.units["garden"],)).case)
    for n in range(3):
        old = actions.OldRecord(
            district=cast.district,
            ledger="旧台账",
            line=str(n),
            text="种菜",
            happened_at=now - (20 - 5 * n) * DAY,
            category="estate.green",
            area=cast.street_area,
        )
        found.append(actions.record_old(record=old, by=cast.actor("desk1"), now=now))
    cast.do("leader1", found[1], "escalate", now, text="久拖不决")
    return sorted(found, reverse=True)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few in one reading that every page takes several."""
    monkeypatch.setattr("luoshi.cases.queries.walking.SCAN", 6)
    monkeypatch.setattr("luoshi.cases.queries.walking.LEAST", 2)


def ask(cast: Cast, wanted: Wanted, now: datetime, who: str = "desk1", **more: Any) -> Any:
    return queries.listed(cast.district, wanted, person=cast.people[who], now=now, **more)


def all_pages(cast: Cast, wanted: Wanted, now: datetime, who: str = "desk1") -> list[int]:
    """Down to the end, in pages of nine."""
    page = ask(cast, wanted, now, who, limit=9)
    found = [line.id for line in page.lines]
    while page.older is not None:
        page = ask(cast, wanted, now, who, limit=9, after=page.older)
        found += [line.id for line in page.lines]
    return found


def fits(row: Case, wanted: Wanted, now: datetime) -> bool:
    """The same said once more, row by row."""
    still = row.status != "closed"
    late = (
        still and row.status not in ("claimed", "verdict") and row.deadline and row.deadline < now
    )
    return all((
        not wanted.status or row.status == wanted.status or (wanted.status == "open" and still),
        not wanted.category or row.category == wanted.category,
        not wanted.areas or row.area in wanted.areas,
        not wanted.owner or row.owner == wanted.owner,
        not wanted.overdue or late,
        row.level >= wanted.level,
        not wanted.origin or row.origin == wanted.origin,
        not wanted.since or row.received_at >= wanted.since,
        not wanted.until or row.received_at < wanted.until,
    ))  # fmt: skip


def choices(cast: Cast, now: datetime) -> list[dict[str, Any]]:
    return [
        {"status": "open"}, {"status": "handling"}, {"status": "closed"},
        {"category": "estate.parking"}, {"areas": (cast.community_area, cast.street_area)},
        {"areas": (cast.street_area,)}, {"owner": cast.units["garden"]}, {"overdue": True},
        {"level": 1}, {"origin": "report"}, {"origin": "ledger"},
        {"since": now - 8 * DAY}, {"until": now - 3 * DAY},
    ]  # fmt: skip


@pytest.mark.usefixtures("short")
def test_every_pair_of_filters_shows_what_fits_and_nothing_else(
    cast: Cast, many: list[int], now: datetime
) -> None:
    rows = list(Case.objects.order_by("-pk"))
    for who, alone in (("desk1", False), ("inspector1", True), ("garden1", True)):
        mine = queries.open_to(many, district=cast.district, person=cast.people[who], now=now)
        for one, two in itertools.combinations([{}, *choices(cast, now)], 2):
            if alone and one:
                continue
            wanted = replace(Wanted(**one), **two)
            told = [row.pk for row in rows if row.pk in mine and fits(row, wanted, now)]
            assert all_pages(cast, wanted, now, who) == told, (wanted, who)


@pytest.mark.usefixtures("short")
def test_up_again_leads_through_the_same_pages(cast: Cast, many: list[int], now: datetime) -> None:
    for wanted in (Wanted(), Wanted(until=now - 3 * DAY), Wanted(status="open", level=0)):
        whole = all_pages(cast, wanted, now, "inspector1")
        page = ask(cast, wanted, now, "inspector1", after=whole[-1], limit=4)
        assert page.newer is not None
        found: list[int] = []
        before: int | None = ids.earliest(now - 400 * DAY)  # below everything
        while before is not None and len(found) < len(whole):
            page = ask(cast, wanted, now, "inspector1", before=before, limit=4)
            if page.newer is None:
                break
            found = [*(line.id for line in page.lines), *found]
            before = page.newer
        assert found == whole[len(whole) - len(found) :]
        assert len(whole) - len(found) <= 4
        assert [line.id for line in page.lines] == whole[:4]


def test_what_arrives_meanwhile_moves_no_page(cast: Cast, many: list[int], now: datetime) -> None:
    first = ask(cast, Wanted(), now, limit=5)
    second = [line.id for line in ask(cast, Wanted(), now, after=first.older, limit=5).lines]
    new = cast.report(now + HOUR).case
    again = ask(cast, Wanted(), now, after=first.older, limit=5)
    assert [line.id for line in again.lines] == second
    assert ask(cast, Wanted(), now, limit=5).lines[0].id == new
    up = ask(cast, Wanted(), now, before=again.newer, limit=5)
    assert [line.id for line in up.lines] == [line.id for line in first.lines]
    assert up.newer is not None  # the new one stands above


def test_words_of_two_characters_and_beginnings_of_numbers_narrow_it_down(
    cast: Cast, many: list[int], now: datetime
) -> None:
    told = [line.text for line in ask(cast, Wanted(words="杂物"), now).lines]
    assert len(told) == 9
    assert set(told) == {""}  # a reporter's words are in no list that may be taken along
    wanted = Wanted(words="种菜", status="closed")
    assert len(ask(cast, wanted, now).lines) == 3
    assert ask(cast, wanted, now, "community1").lines == ()
    number = Case.objects.get(pk=many[-1]).number
    for beginning in (number[:9], number.replace("-", "")[:9]):
        found = ask(cast, Wanted(words=beginning), now)
        assert many[-1] in {line.id for line in found.lines}
    with pytest.raises(TooShort):
        ask(cast, Wanted(words="菜"), now)


def test_the_list_costs_the_same_for_twenty_and_for_two_hundred(cast: Cast, now: datetime) -> None:
    def cost() -> list[int]:
        found = []
        for wanted in (Wanted(), Wanted(status="open"), Wanted(words="种菜", level=0)):
            with CaptureQueriesContext(connection) as asked:
                assert len(ask(cast, wanted, now, limit=15).lines) == 15
            found.append(len(asked))
        return found

    for n in range(20):
        cast.report(now + n * HOUR)
    cost()  # what is kept in memory is read
    few = cost()
    for n in range(20, 200):
        cast.report(now + n * HOUR)
    assert cost() == few
    assert max(few) <= 7


def test_each_filter_alone_reads_no_table_from_end_to_end(
    cast: Cast, many: list[int], now: datetime
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads a small table whole in any case; the bench asks it at size")
    from bench import plans

    wanted = [Wanted(**one) for one in choices(cast, now)]
    for one in (*wanted, Wanted(words="种菜"), Wanted()):
        for who in ("desk1", "garden1"):
            for statement in plans.queries(lambda one=one, who=who: ask(cast, one, now, who)):
                assert plans.full_scans(statement) == []
                sorts = _plan(statement)
                assert not [line for line in sorts if line.startswith("SCAN c")], statement


def _plan(statement: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement.replace('%', '%%')}", ())
        return [str(row[-1]) for row in cursor.fetchall()]


def test_views_are_each_persons_own(cast: Cast) -> None:
    mine = {"district": cast.district, "person": cast.people["desk1"]}
    views.keep_view(**mine, name=" 超期的 ", query="overdue=1")
    views.keep_view(**mine, name="打开的", query="status=open")
    views.keep_view(**mine, name="超期的", query="overdue=1&level=2")
    kept = queries.saved_views(*mine.values())
    assert {(view.name, view.query) for view in kept} == {
        ("超期的", "overdue=1&level=2"), ("打开的", "status=open")
    }  # fmt: skip
    one, other = (view.id for view in kept)
    theirs = {**mine, "person": cast.people["desk2"]}
    for act in (views.delete_view, views.choose_view, views.rename_view):
        more = {"chosen": True} if act is views.choose_view else {}
        more = {"name": "我的"} if act is views.rename_view else more
        assert act(**theirs, view=one, **more) is False  # type: ignore[operator]
    with pytest.raises(views.NotKept, match="taken"):
        views.rename_view(**mine, view=one, name=next(v.name for v in kept if v.id == other))
    with pytest.raises(views.NotKept, match="empty"):
        views.keep_view(**mine, name="  ", query="")
    for view in (one, other):
        assert views.choose_view(**mine, view=view, chosen=True)
    assert SavedView.objects.filter(default=True).count() == 1
    assert views.delete_view(**mine, view=other)
    assert queries.default_view(*mine.values()) is None


def test_nobody_keeps_views_without_end(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST", 2)
    mine = {"district": cast.district, "person": cast.people["desk1"]}
    for name in "ab":
        views.keep_view(**mine, name=name, query="")
    with pytest.raises(views.NotKept, match="too_many"):
        views.keep_view(**mine, name="c", query="")
