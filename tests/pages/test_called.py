"""Sealed cases that wait for a leader, and cases in which nobody inside may decide."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from luoshi.cases import actions, gather, queries
from luoshi.cases.actions import Actor, Command
from luoshi.cases.models import Case
from luoshi.cases.queries import calls as module
from luoshi.cases.rows import to_state
from luoshi.registry import actions as registry
from tests import cast as casting
from tests.cast import Cast, photo
from tests.pages.rooms import body, cost, counted, enter

DAY = timedelta(days=1)
SECRET = "the head of the garden office takes money"


@pytest.fixture
def cast(db: None) -> Cast:
    return casting.build()


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def listed(page: str) -> list[int]:
    return [int(case) for case in re.findall(r'id="called-(\d+)"', page)]


def on_leaders_page(cast: Cast, name: str = "leader1") -> list[int]:
    return listed(body(enter(cast, name).get("/leader/")))


@contextmanager
def absent(cast: Cast, *roles: str) -> Iterator[None]:
    away = [cast.people[n] for n, (role, _) in casting.PEOPLE.items() if role in roles]
    for person in away:
        registry.set_absence(person=person, until=timezone.localdate())
    yield
    for person in away:
        registry.set_absence(person=person, until=None)


def sealed(cast: Cast, then: datetime, **given: object) -> int:
    return cast.report(then, text=SECRET, confidential=True, **given).case


def sealed_handling(cast: Cast, then: datetime) -> int:
    case = sealed(cast, then)
    cast.do("inspector1", case, "classify", then, category="estate.parking")
    cast.do("inspector1", case, "assign", then, owner=cast.units["community"])
    cast.do("community1", case, "acknowledge", then)
    return case


def without_verifier(cast: Cast, then: datetime) -> int:
    case = sealed_handling(cast, then)
    with absent(cast, "verifier", "inspector", "leader", "panel"):
        assert cast.claim("community1", case, then).state.verifier is None
    return case


def at_the_top(cast: Cast, then: datetime) -> int:
    case = sealed_handling(cast, then)
    for _ in range(3):
        cast.do("leader1", case, "escalate", then, text="at last")
    return case


def returned_twice(cast: Cast, then: datetime, *, confidential: bool = True) -> int:
    case = cast.report(then, text=SECRET, confidential=confidential).case
    decider = "inspector1" if confidential else "desk1"
    garden, community = cast.units["garden"], cast.units["community"]
    cast.do(decider, case, "classify", then, category="estate.parking")
    cast.do(decider, case, "assign", then, owner=garden)
    cast.do("garden1", case, "return", then, right_unit=community, text="not our trees")
    cast.do(decider, case, "rule", then, owner=community, text="yours")
    cast.do("community1", case, "return", then, right_unit=garden, text="not ours")
    return case


def twice_unsolved(cast: Cast, then: datetime) -> int:
    received = cast.report(then, text=SECRET, confidential=True)
    case = received.case
    cast.do("inspector1", case, "classify", then, category="estate.parking")
    cast.do("inspector1", case, "assign", then, owner=cast.units["community"])
    cast.do("community1", case, "acknowledge", then)
    for _ in range(2):
        verifier = cast.name_of(cast.claim("community1", case, then).state.verifier)
        cast.do(verifier, case, "open", then)
        cast.do(verifier, case, "verify", then, passed=True, pictures=[photo()])
        actions.act(
            case=case,
            command=Command("verdict", {"solved": False}),
            actor=Actor(report=received.report),
            now=then,
            text="still there",
        )
    return case


WAITING = {
    "Nobody is left who may verify it": without_verifier,
    "The highest level of supervision is reached": at_the_top,
    "Rule on the second return": returned_twice,
    "Twice not solved": twice_unsolved,
}


@pytest.mark.parametrize("waits_for", WAITING)
def test_a_sealed_case_that_needs_a_leader_is_on_his_list(
    cast: Cast, now: datetime, waits_for: str
) -> None:
    case = WAITING[waits_for](cast, now - DAY)
    page = body(enter(cast, "leader1").get("/leader/"))
    assert listed(page) == [case]
    assert waits_for in page


def test_the_list_tells_no_words_no_place_and_no_unit(cast: Cast, now: datetime) -> None:
    returned_twice(cast, now - DAY)
    page = body(enter(cast, "leader1").get("/leader/"))
    row = page[page.index('id="called-') :].split("</table>")[0]
    assert SECRET not in page
    for hidden in ("community", "garden", "not ours", "inspector1"):
        assert hidden not in row


def test_whoever_is_listed_with_a_link_can_open_the_case(cast: Cast, now: datetime) -> None:
    for waits_for in WAITING.values():
        waits_for(cast, now - DAY)
    leader = enter(cast, "leader1")
    page = body(leader.get("/leader/"))
    table = page[page.index('id="called"') :].split("</table>")[0]
    linked = {int(case) for case in re.findall(r"/case/(\d+)/", table)}
    assert len(listed(page)) == 4
    for case in listed(page):
        assert leader.get(f"/case/{case}/").status_code == (200 if case in linked else 404)
    assert len(linked) >= 2


def test_a_sealed_case_on_which_the_inspection_team_works_is_not_listed(
    cast: Cast, now: datetime
) -> None:
    sealed(cast, now)
    sealed_handling(cast, now)
    assert on_leaders_page(cast) == []
    assert 'id="called"' not in body(enter(cast, "leader1").get("/leader/"))


def test_a_leader_of_a_unit_concerned_is_not_shown_what_a_neutral_one_rules(
    cast: Cast, now: datetime
) -> None:
    case = returned_twice(cast, now - DAY)
    assert on_leaders_page(cast, "leader2") == []
    assert on_leaders_page(cast, "leader1") == [case]


def test_a_leader_whose_unit_is_accused_is_shown_nothing(cast: Cast, now: datetime) -> None:
    case = sealed(cast, now, accused=(cast.units["team"], cast.units["government"]))
    assert on_leaders_page(cast, "leader1") == []
    assert on_leaders_page(cast, "leader2") == [case]


def test_a_case_against_desk_and_inspection_waits_for_a_leader(cast: Cast, now: datetime) -> None:
    case = cast.report(now, accused=(cast.units["desk"], cast.units["team"])).case
    cast.report(now, accused=(cast.units["desk"],))
    assert on_leaders_page(cast) == [case]
    assert enter(cast, "leader1").get(f"/case/{case}/").status_code == 200


def test_ordinary_cases_stay_on_a_leaders_other_lists(cast: Cast, now: datetime) -> None:
    returned_twice(cast, now - DAY, confidential=False)
    assert on_leaders_page(cast) == []


def test_where_every_leader_is_barred_the_panel_has_the_case(cast: Cast, now: datetime) -> None:
    everybody = tuple(cast.units[name] for name in ("desk", "team", "government", "street"))
    against_all = cast.report(now - DAY, accused=everybody).case
    leaders = (cast.units["government"], cast.units["street"])
    ruling = returned_twice(cast, now, confidential=False)
    with absent(cast, "leader"):
        panel = enter(cast, "panel1")
        assert listed(body(panel.get("/panel/"))) == [against_all, ruling]
        assert panel.get(f"/case/{against_all}/").status_code == 200
        assert panel.get(f"/case/{ruling}/").status_code == 200
    assert listed(body(panel.get("/panel/"))) == [against_all]
    assert panel.get(f"/case/{ruling}/").status_code == 404
    sealed_one = sealed(cast, now, accused=(cast.units["team"], *leaders))
    assert set(listed(body(panel.get("/panel/")))) == {against_all, sealed_one}


def test_with_everybody_away_the_panel_has_the_triage_of_the_district(
    cast: Cast, now: datetime
) -> None:
    case = cast.report(now).case
    assert listed(body(enter(cast, "panel1").get("/panel/"))) == []
    with absent(cast, "desk", "inspector", "leader"):
        assert listed(body(enter(cast, "panel1").get("/panel/"))) == [case]


def test_the_list_reckons_the_family_of_a_case_as_the_decision_does(
    cast: Cast, now: datetime
) -> None:
    whole = cast.handling(now)
    part = actions.Child(category="estate.parking", owner=cast.units["police"], summary="lock")
    actions.split(case=whole, children=[part, part], actor=cast.actor("desk1"), now=now)
    older = cast.handling(now, owner="garden")
    cast.do("desk1", older, "transfer", now, owner=cast.units["community"], text="theirs")
    younger = cast.handling(now + timedelta(seconds=1), owner="police")
    actions.merge(case=younger, target=older, actor=cast.actor("desk1"), now=now)
    rows = list(Case.objects.all())
    found = module._families(rows)
    assert len(rows) == 5
    assert any(len(units) > 1 for units in found.values())
    for row in rows:
        reckoned = gather._family_units(row, to_state(row))
        assert found.get(row.pk, frozenset()) == reckoned


def test_nobody_else_enters_the_room_of_the_panel(cast: Cast) -> None:
    assert enter(cast, "panel1").get("/panel/").status_code == 200
    assert enter(cast, "leader1").get("/panel/").status_code == 403


def test_the_first_page_counts_what_waits_in_anothers_place(cast: Cast, now: datetime) -> None:
    returned_twice(cast, now - DAY)
    line = r"Sealed, or nobody else may decide</span><b[^>]*>1</b>"
    assert re.search(line, body(enter(cast, "leader1").get("/staff/")))
    with absent(cast, "leader"):
        assert re.search(line, body(enter(cast, "panel1").get("/staff/")))


def test_pages_of_the_list_follow_each_other_without_gap_or_double(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SCAN", 3)
    mine = []
    for n in range(4):
        mine.append(sealed(cast, now - (9 - n) * DAY, accused=(cast.units["team"],)))
        sealed(cast, now - (9 - n) * DAY)
    for limit in (1, 2, 30):
        found, after = [], ""
        while True:
            page = queries.called(
                cast.district, cast.people["leader1"], now=now, after=after, limit=limit
            )
            found += [row.id for row in page.rows]
            if page.next is None:
                break
            after = page.next
        assert found == mine


def test_the_list_costs_the_same_for_one_case_and_for_twenty(cast: Cast, now: datetime) -> None:
    returned_twice(cast, now - DAY)
    leader = enter(cast, "leader1")
    few = cost(leader, "/leader/")
    for _ in range(19):
        returned_twice(cast, now - DAY)
    assert cost(leader, "/leader/") == few
    with counted() as context:
        queries.called(cast.district, cast.people["leader1"], now=now)
    assert len(context) <= 7


def test_an_after_that_no_page_gave_is_not_found(cast: Cast) -> None:
    assert enter(cast, "panel1").get("/panel/?after=x").status_code == 404
    assert enter(cast, "leader1").get("/leader/?called=x").status_code == 404
