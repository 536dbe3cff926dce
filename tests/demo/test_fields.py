"""Each of the six fields ends as its story says: closed after verification, or it says what for."""

from datetime import UTC, datetime

import pytest

from demo import district, fields
from demo.show import SINCE
from demo.walk import Walk
from luoshi.expectations import actions, queries
from luoshi.packs import load
from luoshi.registry import queries as registry


@pytest.fixture(scope="module")
def now() -> datetime:
    return datetime(2026, 6, 24, 8, 0, tzinfo=UTC)


def walk_at(now: datetime) -> Walk:
    demo = district.build(today=now.date(), password="x")
    load.install(district=demo.district, now=now - SINCE)
    calendar = registry.calendar(demo.district)
    return Walk(demo, calendar=calendar, until=now, seed=1)


def test_the_six_fields_end_as_they_say(db: None, now: datetime) -> None:
    walk, told = walk_at(now), list[str]()
    cases = fields.tell(walk, now=now, out=told.append)

    def states(field: str) -> list[str]:
        return [str(walk.state(case).status) for case in cases[field]]

    assert states("inspection") == ["closed"]
    assert states("markets") == ["closed", "closed"]
    assert states("finance") == ["closed"] * 4
    assert states("preschools") == ["deferred"]
    assert states("assistance") == ["closed", "handling", "handling", "handling"]
    assert states("information") == ["closed"]
    found = queries.new_findings(walk.demo.district, limit=100)
    untold = {one.case for one in found} - {case for some in cases.values() for case in some}
    assert untold == set()
    text = "\n".join(told)
    assert "78.33 %" in text
    assert "42.10 %" in text
    assert text.count("拒绝：") == 1  # the warning cannot be lifted by words
    assert text.count("未知，不判断") == 4


def test_the_two_batches_and_the_reserve_are_there_and_claim_nothing_that_nobody_gave(
    db: None, now: datetime
) -> None:
    walk = walk_at(now)
    fields.tell(walk, now=now, out=lambda line: None)
    district = walk.demo.district
    rules = [f"assistance.batch.{x}" for x in ("arrive", "full")]
    rules += [f"finance.reserve.{x}" for x in ("reform", "counsel", "filing")]
    before = queries.new_findings(district, limit=100)
    actions.evaluate(district=district, now=now, codes=rules)
    assert queries.new_findings(district, limit=100) == before
    batches = registry.subjects(district, kind="fund_batch")
    assert len(batches) == 2
    for batch in batches:
        page = queries.subject_page(district, batch.id, on=now.date())
        assert page is not None
        assert {one.result for one in page.stands} == {"unknown"}
    files = registry.subject_facts(district, kind="reserve")
    assert sorted(str(facts["tier"]) for _, facts in files) == ["core", "filing", "seed"]


def test_each_field_is_told_in_the_order_of_time(db: None, now: datetime) -> None:
    told: list[str] = []
    fields.tell(walk_at(now), now=now, out=told.append)
    part: list[str] = []
    for line in [*told, ""]:
        if line[:1].isdigit():
            part.append(line[:11])
        elif not line:
            assert part == sorted(part)
            part = []
