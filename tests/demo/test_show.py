"""`make demo` is the first thing anybody sees: it tells the whole story and leaves a district."""

from datetime import UTC, datetime

import pytest

from demo import district, population, story, waiting
from demo.show import SINCE
from demo.walk import Walk
from luoshi.cases import figures, queries
from luoshi.packs import load
from luoshi.registry import queries as registry
from luoshi.web import figures as figure_texts
from luoshi.web.leader.spreading import spreading


@pytest.fixture
def walk(db: None) -> Walk:
    now = datetime(2026, 6, 24, 8, 0, tzinfo=UTC)
    demo = district.build(today=now.date(), password="x")
    load.install(district=demo.district, now=now - SINCE)
    calendar = registry.calendar(demo.district)
    return Walk(demo, calendar=calendar, until=now, seed=1)


def test_the_story_goes_from_the_notice_to_the_thanks(walk: Walk) -> None:
    told: list[str] = []
    end = story.tell(walk, now=walk.until, out=told.append)
    state = walk.state(end.case)
    assert (state.status, state.resolution, state.verdict) == ("closed", "fixed", "solved")
    assert state.children == 3
    refusals = [line for line in told if "贴一张提醒单" in line]
    assert len(refusals) == 1
    assert story.THANKS in told[-1]
    moments = [line[:11] for line in told if line[:1].isdigit()]
    assert moments == sorted(moments)
    page = queries.case_page(case=end.case, person=walk.demo.people["desk1"], now=walk.until)
    assert page is not None
    kinds = [entry.kind for entry in page.entries]
    assert kinds.index("imported") < kinds.index("reopened") < kinds.index("joined")
    assert kinds.count("verified") == 2
    assert {line.state.resolution for line in page.kin.children} == {"fixed"}


def test_a_single_case_is_told_as_one_of_one_without_a_rate(walk: Walk) -> None:
    story.tell(walk, now=walk.until, out=lambda _line: None)
    since = walk.until.replace(month=1)
    found = figures.district_figures(walk.demo.district, since=since, until=walk.until)
    assert (found.solved.count, found.solved.of) == (1, 1)
    assert "%" not in figure_texts.rate(found.solved)


def test_whoever_signs_in_finds_work(walk: Walk) -> None:
    waiting.leave(walk, now=walk.until)
    office, day = walk.demo.story.street_office, walk.until
    waits = queries.unit_waiting(walk.demo.district, [office], now=day)
    assert (waits["acknowledge"], waits["handling"]) == (1, 2)
    drawn = queries.claimed_for(walk.demo.people[waiting.VERIFIER]).lines
    assert {line.state.tier for line in drawn if not line.state.raised} == {"site", "papers"}
    assert all(line.state.next_at > day for line in drawn if line.state.next_at)


def test_the_population_leaves_finished_and_open_cases_of_every_kind(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(population, "FINISHED", 25)
    monkeypatch.setattr(population, "OPEN", 15)
    population.populate(walk, now=walk.until)
    district = walk.demo.district
    closed = queries.district_cases(district, status="closed", limit=100).lines
    still_open = queries.district_cases(district, sealed=True, limit=100).lines
    assert len(closed) + len(still_open) == 40 + population.SPREADING
    risen = spreading(district, walk.until).rows
    assert [row.category for row in risen if row.area][:1] == [population.SPREADS]
    assert len(still_open) >= 10
    assert all(line.state.closed_at <= walk.until for line in closed if line.state.closed_at)
    assert all(line.text for line in closed)
