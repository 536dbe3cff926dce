"""Open cases that may be the same, and the storm."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from luoshi.cases import queries
from luoshi.cases.models import Case
from luoshi.cases.queries import Told, Where
from luoshi.registry import actions as registry
from luoshi.rules.guards import MERGEABLE
from tests.cast import Cast

MINUTE = timedelta(minutes=1)
NEAR = "三号楼下面的绿地被人种菜了"


def likely(cast: Cast, now: datetime, text: str = NEAR, **known: object) -> list[int]:
    told = Told(text=text, **{"subject": cast.estate, "area": cast.community_area, **known})  # type: ignore[arg-type]
    return [one.line.id for one in queries.likely(cast.district, told, now=now)]


def likely_to(cast: Cast, case: int, now: datetime) -> tuple[queries.Likely, ...]:
    line = line_of(case)
    return queries.likely_to(line, text=line.text, **asking(cast, now))


def earlier(cast: Cast, case: int, now: datetime) -> queries.Earlier:
    found = queries.earlier(case=case, person=cast.people["desk1"], now=now)
    assert found
    return found


def line_of(case: int) -> queries.Line:
    found = queries.line(case)
    assert found
    return found


def asking(cast: Cast, now: datetime) -> dict[str, Any]:
    return {"district": cast.district, "person": cast.people["desk1"], "now": now}


def test_an_open_case_on_the_same_place_and_words_is_named_with_the_reason(
    cast: Cast, now: datetime
) -> None:
    case = cast.report(now, text="楼后绿地种菜，臭").case
    (one,) = queries.likely(cast.district, Told(text=NEAR, subject=cast.estate), now=now)
    assert one.line.id == case
    assert one.fit.where is Where.SUBJECT
    assert one.fit.shared == ("绿地", "种菜")


def test_a_place_that_only_the_words_name_counts_as_well(cast: Cast, now: datetime) -> None:
    other = registry.create_subject(
        district=cast.district, kind="estate", name="样板家园", area=cast.street_area
    )
    elsewhere = cast.report(now, text="楼下绿地种菜，臭", subject=other, area=cast.street_area).case
    here = cast.report(now + MINUTE, text="示范新村楼下绿地种菜，臭", subject=None, area=None).case
    mine = cast.report(
        now + 2 * MINUTE, text="示范新村楼下绿地有人种菜，臭", subject=None, area=None
    ).case
    found = [one.line.id for one in earlier(cast, mine, now).same]
    assert here in found
    assert elsewhere not in found


def test_other_words_on_the_same_place_are_another_problem(cast: Cast, now: datetime) -> None:
    cast.report(now, text="电梯坏了三天没人修")
    assert likely(cast, now) == []


def test_closed_old_sealed_and_split_cases_are_never_named(cast: Cast, now: datetime) -> None:
    shut = cast.report(now).case
    cast.do("desk1", shut, "answer", now, answer="x", text="已答复")
    cast.report(now - timedelta(days=91))
    cast.report(now, confidential=True, phone=None)
    split = cast.handling(now)
    Case.objects.filter(pk=split).update(children=2)
    assert likely(cast, now) == []


def test_at_most_five_and_the_best_first(cast: Cast, now: datetime) -> None:
    for n in range(7):
        cast.report(now + n * MINUTE, text="楼下绿地种菜", subject=None)
    best = cast.report(now + 8 * MINUTE, text=NEAR).case
    found = likely(cast, now)
    assert len(found) == 5
    assert found[0] == best


def test_a_case_is_only_compared_with_older_ones_that_may_take_it(
    cast: Cast, now: datetime
) -> None:
    one, two, three = (cast.report(now + n * MINUTE).case for n in range(3))
    assert [like.line.id for like in likely_to(cast, two, now)] == [one]
    cast.do("desk1", three, "classify", now, category="estate.green")
    cast.do("desk1", three, "assign", now, owner=cast.units["garden"])
    assert likely_to(cast, three, now) == ()  # an assigned case goes into an assigned one
    assert Case.objects.get(pk=three).status in MERGEABLE


def test_a_storm_is_one_line_and_other_cases_stay_outside(cast: Cast, now: datetime) -> None:
    words = ("突然停电了", "又停电，电梯也停了", "全黑了，停电两小时", "请问为什么停电？")
    dark = [cast.report(now + n * MINUTE, text=f"示范新村{words[n % 4]}").case for n in range(8)]
    cast.report(now, text="示范新村有人种菜")
    cast.report(now, text="别处停电", subject=None, area=cast.street_area)
    (storm,) = queries.storms(cast.district, now=now)
    assert list(storm.cases) == dark
    assert storm.subject == cast.estate


def test_different_reports_are_no_storm(cast: Cast, now: datetime) -> None:
    letters = [chr(0x4E00 + 31 * n) for n in range(60)]
    for n in range(20):
        cast.report(now + n * MINUTE, text="".join(letters[n * 3 : n * 3 + 3]), subject=None)
    assert queries.storms(cast.district, now=now) == ()


def test_storms_cost_the_same_queries_for_few_and_for_many(cast: Cast, now: datetime) -> None:
    from bench import plans

    for n in range(3):
        cast.report(now + n * MINUTE)
    queries.storms(cast.district, now=now)  # what is kept in memory is read
    few = plans.statements(lambda: queries.storms(cast.district, now=now))
    for n in range(6):
        cast.report(now + n * MINUTE)
    assert plans.statements(lambda: queries.storms(cast.district, now=now)) == few
    assert len(queries.storms(cast.district, now=now)[0].cases) == 9


def test_what_was_closed_lately_at_the_place_may_have_come_back(cast: Cast, now: datetime) -> None:
    shut = cast.report(now).case
    cast.do("desk1", shut, "answer", now, answer="x", text="已答复")
    again = cast.report(now + MINUTE, text="绿地又种菜", category="estate.clutter").case
    assert again != shut  # another category: it links, and does not reopen by itself
    assert [line.id for line in earlier(cast, again, now).closed] == [shut]
    late = now + timedelta(days=settings.RECURRENCE_DAYS + 1)
    assert earlier(cast, again, late).closed == ()


def test_whoever_triages_sees_what_is_open_and_what_was_closed_at_once(
    cast: Cast, now: datetime
) -> None:
    from bench import plans

    shut = cast.report(now).case
    cast.do("desk1", shut, "answer", now, answer="x", text="已答复")
    still = cast.report(now + MINUTE, category="estate.clutter").case
    again = cast.report(now + 2 * MINUTE, category="estate.parking").case
    found = earlier(cast, again, now)
    assert [one.line.id for one in found.same] == [still]
    assert [line.id for line in found.closed] == [shut]
    assert found.same[0].line.text == found.closed[0].text == found.case.text
    asked = plans.queries(lambda: earlier(cast, again, now))
    assert len([sql for sql in asked if "infra_stamp" not in sql]) == 5


def test_those_of_the_same_category_come_first_among_the_closed(cast: Cast, now: datetime) -> None:
    same, other = (
        cast.report(now + n * MINUTE, category=category).case
        for n, category in enumerate(("estate.clutter", "estate.green"))
    )
    for case in (same, other):
        cast.do("desk1", case, "answer", now + 2 * MINUTE, answer="x", text="已答复")
    again = cast.report(now + 3 * MINUTE, text="又来了", category="", subject=cast.estate).case
    assert [line.id for line in earlier(cast, again, now).closed] == [other, same]
    cast.do("desk1", again, "classify", now, category="estate.clutter")
    assert [line.id for line in earlier(cast, again, now).closed] == [same, other]


def test_only_who_triages_is_told_and_only_of_a_new_case(cast: Cast, now: datetime) -> None:
    case = cast.report(now).case
    assert queries.earlier(case=case, person=cast.people["community1"], now=now) is None
    sealed = cast.report(now, confidential=True, phone=None).case
    assert queries.earlier(case=sealed, person=cast.people["inspector1"], now=now) is None
    assert queries.earlier(case=cast.handling(now), person=cast.people["desk1"], now=now) is None
