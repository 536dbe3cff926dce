"""The room of whoever supervises, and the first page after the sign-in."""

import re
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone, translation

from luoshi.cases import actions, check, queries
from luoshi.cases.actions import Actor, Command
from luoshi.cases.models import Case
from luoshi.cases.queries import counts as counting
from luoshi.infra import chores
from luoshi.registry import actions as registry
from luoshi.rules.figures import Rate
from luoshi.web.figures import rate
from luoshi.web.leader.reasons import owes
from tests import cast as casting
from tests.cast import Cast, photo
from tests.pages.rooms import body, cost, enter, section

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def cast(db: None) -> Cast:
    return casting.build()


@pytest.fixture
def now() -> datetime:
    """Pages ask the clock themselves."""
    return timezone.now()


def counts(page: str) -> dict[str, str]:
    found = re.findall(r'kind=(\w+)"[^>]*>\s*<b>([\d+]+)</b>', page)
    return dict(found)


def listed(page: str) -> set[int]:
    return {int(case) for case in re.findall(r'id="case-(\d+)"', page)}


def overdue(cast: Cast, now: datetime, **given: object) -> int:
    return cast.handling(now - 20 * DAY, **given)


def returned_twice(cast: Cast, now: datetime) -> int:
    then = now - DAY
    case = cast.report(then).case
    cast.do("desk1", case, "classify", then, category="estate.parking")
    cast.do("desk1", case, "assign", then, owner=cast.units["garden"])
    cast.do(
        "garden1", case, "return", then, right_unit=cast.units["community"], text="not our trees"
    )
    cast.do("desk1", case, "rule", then, owner=cast.units["community"], text="yours")
    cast.do(
        "community1", case, "return", then, right_unit=cast.units["garden"], text="not ours either"
    )
    return case


def no_verifier(cast: Cast, now: datetime) -> int:
    for name in casting.PEOPLE:
        if casting.PEOPLE[name][0] in {"verifier", "inspector", "leader", "panel"}:
            registry.set_absence(person=cast.people[name], until=timezone.localdate())
    case = cast.handling(now)
    assert cast.claim("community1", case, now).state.verifier is None
    for name in casting.PEOPLE:
        registry.set_absence(person=cast.people[name], until=None)
    return case


def twice_unsolved(cast: Cast, now: datetime) -> int:
    received = cast.report(now)
    case = received.case
    cast.do("desk1", case, "classify", now, category="estate.parking")
    cast.do("desk1", case, "assign", now, owner=cast.units["community"])
    cast.do("community1", case, "acknowledge", now)
    for _ in range(2):
        verifier = cast.name_of(cast.claim("community1", case, now).state.verifier)
        cast.do(verifier, case, "open", now)
        cast.do(verifier, case, "verify", now, passed=True, pictures=[photo()])
        actions.act(
            case=case,
            command=Command("verdict", {"solved": False}),
            actor=Actor(report=received.report),
            now=now,
            text="still there",
        )
    return case


def past_review(cast: Cast, now: datetime) -> int:
    case = overdue(cast, now)
    then = now - 2 * DAY
    review = (now - DAY).isoformat()
    cast.do("leader1", case, "defer", then, review_at=review, text="waiting for the money")
    return case


def bouncing(cast: Cast, now: datetime) -> int:
    case, verifier = cast.claimed(now, minor=True)
    for _ in range(2):
        cast.do(verifier, case, "open", now)
        cast.do(verifier, case, "verify", now, passed=True, pictures=[photo()])
        cast.do("inspector1", case, "reopen", now, text="it is back")
        verifier = cast.name_of(cast.claim("community1", case, now).state.verifier)
    return case


def top_level(cast: Cast, now: datetime) -> int:
    case = cast.handling(now)
    for _ in range(3):
        cast.do("leader1", case, "escalate", now, text="at last")
    return case


STUCK = {
    "overdue": overdue,
    "no_verifier": no_verifier,
    "ruling": returned_twice,
    "bouncing": bouncing,
    "past_review": past_review,
    "twice_unsolved": twice_unsolved,
    "top_level": top_level,
}


DECISIONS = {
    "ruling": ("Rule on a second return", "/leader/{case}/rule/"),
    "twice_unsolved": ("Conclude, or let it go on", "/leader/{case}/conclude/"),
    "no_verifier": ("Find a verifier", "/case/{case}/"),
    "past_review": ("Review what was deferred", "/leader/{case}/resume/"),
    "top_level": ("Escalated to the highest level", "/papers/case/{case}/supervision/"),
}


@pytest.mark.parametrize("kind", STUCK)
def test_each_reason_has_its_count_and_its_list(cast: Cast, now: datetime, kind: str) -> None:
    cast.handling(now)
    case = STUCK[kind](cast, now)
    page = body(enter(cast, "leader1").get(f"/leader/?kind={kind}"))
    assert counts(page)[kind] == "1"
    assert listed(page) == {case}


def test_each_decision_stands_on_the_first_page_with_its_way(cast: Cast, now: datetime) -> None:
    made = {kind: STUCK[kind](cast, now) for kind in DECISIONS}
    page = body(enter(cast, "leader1").get("/leader/"))
    for kind, way in DECISIONS.items():
        part = section(page, rf'<b class="num">1</b> {way[0]}')
        assert way[1].format(case=made[kind]) in part, kind


def test_who_leads_a_unit_concerned_reads_that_another_decides(cast: Cast, now: datetime) -> None:
    case = returned_twice(cast, now)
    page = body(enter(cast, "leader2").get("/leader/"))
    assert f"/leader/{case}/rule/" not in page
    assert "another leader rules" in page
    assert f"/leader/{case}/rule/" in body(enter(cast, "leader1").get("/leader/"))


def test_a_request_for_more_time_is_shown_and_left_to_the_desk(cast: Cast, now: datetime) -> None:
    case = cast.handling(now)
    cast.do("community1", case, "ask_extension", now, days=3, text="rain")
    page = section(body(enter(cast, "leader1").get("/leader/")), r'<b class="num">1</b> More time')
    assert "The desk decides." in page
    assert f"/leader/{case}/decide_extension/" not in page


def test_where_the_desk_and_the_team_are_away_the_leader_decides_on_more_time(
    cast: Cast, now: datetime
) -> None:
    case = cast.handling(now)
    cast.do("community1", case, "ask_extension", now, days=3, text="rain")
    for name in ("desk1", "desk2", "inspector1", "inspector2"):
        registry.set_absence(person=cast.people[name], until=timezone.localdate())
    client = enter(cast, "leader1")
    assert f"/leader/{case}/decide_extension/" in body(client.get("/leader/"))
    assert f"/case/{case}/do/decide_extension/" in body(
        client.get(f"/leader/{case}/decide_extension/")
    )


def test_a_review_of_today_is_a_decision_of_today(cast: Cast, now: datetime) -> None:
    case = overdue(cast, now)
    tonight = timezone.localtime(now).replace(hour=23, minute=59, second=0)
    cast.do("leader1", case, "defer", now - DAY, review_at=tonight.isoformat(), text="money")
    page = body(enter(cast, "leader1").get("/leader/"))
    assert f"/leader/{case}/resume/" in section(page, r'<b class="num">1</b> Review')


def test_who_was_deferred_twice_is_told_apart(cast: Cast, now: datetime) -> None:
    case = overdue(cast, now)
    later = (now + 9 * DAY).isoformat()
    cast.do("leader1", case, "defer", now - 2 * DAY, review_at=later, text="money")
    client = enter(cast, "leader1")
    assert counts(body(client.get("/leader/?kind=deferred_again")))["deferred_again"] == "0"
    cast.do("leader1", case, "resume", now - DAY, text="the money is there")
    cast.do("leader1", case, "defer", now, review_at=later, text="it is gone")
    assert listed(body(client.get("/leader/?kind=deferred_again"))) == {case}


def owed(case: int, unit: str = "Demin") -> str:
    found = queries.line(case)
    assert found is not None
    return str(owes(found.state, unit))


def test_the_next_step_is_owed_by_whoever_has_the_case(cast: Cast, now: datetime) -> None:
    with translation.override("en"):
        case = cast.handling(now)
        assert owed(case) == "Demin"
        cast.claim("community1", case, now)
        assert owed(case) == "the verifier who was drawn"
        assert owed(cast.report(now).case, "") == "the desk"
        assert owed(returned_twice(cast, now)) == "a leader of no unit concerned"
        assert owed(no_verifier(cast, now)) == "whoever keeps the register of people"
        assert owed(past_review(cast, now)) == "a leader"


def test_a_quiet_district_says_so(cast: Cast) -> None:
    page = body(enter(cast, "leader1").get("/leader/"))
    for words in ("Nothing waits for your decision", "Nothing is stuck", "Nothing came back"):
        assert words in page


def test_a_card_says_whose_it_is_how_long_and_the_last_words(cast: Cast, now: datetime) -> None:
    case = overdue(cast, now)
    cast.do("community1", case, "note", now, text="the owner is abroad")
    page = body(enter(cast, "leader1").get("/leader/?kind=overdue"))
    assert "Whose turn: community" in page
    assert "in this state" in page
    assert "the owner is abroad" in page


def test_the_words_of_reporters_replies_stay_off_the_list(cast: Cast, now: datetime) -> None:
    received = cast.report(now - 20 * DAY)
    actions.act(
        case=received.case,
        command=Command("reply"),
        actor=Actor(report=received.report),
        now=now - 19 * DAY,
        text="I live at number 3",
    )
    cast.do("desk1", received.case, "classify", now - 19 * DAY, category="estate.parking")
    cast.do("desk1", received.case, "assign", now - 19 * DAY, owner=cast.units["community"])
    page = body(enter(cast, "leader1").get("/leader/?kind=overdue"))
    assert "I live at number 3" not in page


@pytest.mark.parametrize(
    ("kind", "command", "typed"),
    [
        ("overdue", "escalate", {"text": "at last"}),
        ("overdue", "defer", {"text": "no money", "review_at": "2099-01-01"}),
        ("ruling", "rule", {"text": "a tree is a tree", "owner": "garden"}),
        ("twice_unsolved", "conclude", {"text": "beyond our means"}),
        ("past_review", "resume", {"text": "the money is there"}),
    ],
)
def test_one_click_leads_to_the_form_and_the_form_back(
    cast: Cast, now: datetime, kind: str, command: str, typed: dict[str, str]
) -> None:
    case = STUCK[kind](cast, now)
    client = enter(cast, "leader1")
    assert f"/leader/{case}/{command}/" in body(client.get(f"/leader/?kind={kind}"))
    page = body(client.get(f"/leader/{case}/{command}/"))
    fields = dict(re.findall(r'name="(seen|next)" value="([^"]*)"', page))
    given = {k: str(cast.units.get(v, v)) for k, v in typed.items()}
    if "review_at" in given:
        given["review_at"] = (timezone.localdate() + 10 * DAY).isoformat()
    answer = client.post(f"/case/{case}/do/{command}/", {**fields, **given})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert answer.headers["Location"] == "/leader/"


def test_a_leader_of_a_unit_concerned_reads_why_he_may_not_conclude(
    cast: Cast, now: datetime
) -> None:
    case = twice_unsolved(cast, now)
    page = body(enter(cast, "leader2").get(f"/leader/{case}/conclude/"))
    assert f"/case/{case}/do/conclude/" not in page
    assert "not possible" in page


def test_a_case_that_accuses_his_unit_is_neither_listed_nor_counted(
    cast: Cast, now: datetime
) -> None:
    case = overdue(cast, now, accused=(cast.units["government"],))
    client = enter(cast, "leader1")
    page = body(client.get("/leader/?kind=overdue"))
    assert listed(page) == set()
    assert counts(page)["overdue"] == "0"
    assert f"/case/{case}/" not in body(client.get("/leader/"))
    assert counts(body(enter(cast, "leader2").get("/leader/")))["overdue"] == "1"


def test_confidential_cases_are_not_a_leaders(cast: Cast, now: datetime) -> None:
    then = now - 30 * DAY
    case = cast.report(then, confidential=True).case
    cast.do("inspector1", case, "classify", then, category="estate.parking")
    cast.do("inspector1", case, "assign", then, owner=cast.units["garden"])
    client = enter(cast, "leader1")
    page = body(client.get("/leader/?kind=overdue"))
    assert counts(page)["overdue"] == "0"
    assert listed(page) == set()
    assert f"/case/{case}/" not in body(client.get("/leader/"))


def test_the_load_of_verifications_is_told_by_tier(
    cast: Cast, now: datetime, settings: object
) -> None:
    settings.RAISED_PERCENT = 0  # type: ignore[attr-defined]
    cast.claimed(now)
    settings.RAISED_PERCENT = 100  # type: ignore[attr-defined]
    cast.claimed(now)
    case = cast.report(now).case
    cast.do("desk1", case, "classify", now, category="estate.green", tier="site")
    cast.do("desk1", case, "assign", now, owner=cast.units["garden"])
    cast.do("garden1", case, "acknowledge", now)
    cast.claim("garden1", case, now)
    page = body(enter(cast, "leader1").get("/leader/"))
    assert re.search(r"On site</dt><dd>2<", page)
    assert re.search(r"random share</dt><dd>1<", page)
    assert re.search(r"On the papers</dt><dd>1<", page)
    assert re.search(r"Verifiers today</dt><dd>3<", page)


def test_a_count_stops_one_beyond_the_most(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST", 2)
    for _ in range(4):
        overdue(cast, now)
    assert queries.stuck_counts(cast.district, now=now)["overdue"] == 3


def test_figures_are_counts_until_there_are_thirty() -> None:
    with translation.override("en"):
        assert rate(Rate(7, 9)) == "7 of 9"
        assert rate(Rate(21, 30)) == "70% (21 of 30)"


def test_figures_are_those_of_the_district_and_nothing_is_made_up(
    cast: Cast, now: datetime
) -> None:
    client = enter(cast, "leader1")
    assert "No case yet of which a figure could speak." in body(client.get("/leader/"))
    cache.clear()
    cast.claimed(now)
    page = body(client.get("/leader/"))
    assert re.search(r"Acknowledged in time</dt><dd>1 of 1<", page)


def test_the_page_costs_the_same_for_five_cases_and_for_thirty(cast: Cast, now: datetime) -> None:
    client = enter(cast, "leader1")
    for _ in range(5):
        overdue(cast, now)
    few = cost(client, "/leader/?kind=overdue")
    for _ in range(25):
        overdue(cast, now)
    assert cost(client, "/leader/?kind=overdue") <= few
    assert few < 45


# ---- What waits for me ----


def waits(page: str) -> dict[str, str]:
    lines = re.findall(r"<span>([^<]+)</span><b[^>]*>([\d+]+)</b>", page)
    return dict(lines)


def test_each_room_says_what_waits_in_it(cast: Cast, now: datetime) -> None:
    cast.report(now)
    cast.report(now, confidential=True)
    _, verifier = cast.claimed(now)
    overdue(cast, now)
    assert waits(body(enter(cast, "desk1").get("/staff/")))["To triage"] == "1"
    assert waits(body(enter(cast, verifier).get("/staff/")))["Drawn for me to verify"] == "1"
    inspector = waits(body(enter(cast, "inspector1").get("/staff/")))
    assert inspector["Confidential reports to triage"] == "1"
    assert waits(body(enter(cast, "leader1").get("/staff/")))["Overdue"] == "1"
    handler = waits(body(enter(cast, "community1").get("/staff/")))
    assert handler["Due within a day, or late"] == "1"


def test_somebody_with_two_rooms_has_both_on_one_page(cast: Cast, now: datetime) -> None:
    registry.grant_role(
        person=cast.people["leader1"],
        unit=cast.units["garden"],
        role="handler",
        valid_from=casting.SINCE,
    )
    case = cast.report(now).case
    cast.do("desk1", case, "classify", now, category="estate.green")
    cast.do("desk1", case, "assign", now, owner=cast.units["garden"])
    found = waits(body(enter(cast, "leader1").get("/staff/")))
    assert found["To acknowledge"] == "1"
    assert "Overdue" in found


def test_whoever_keeps_the_data_sees_his_drafts(cast: Cast) -> None:
    assert waits(body(enter(cast, "data1").get("/staff/")))["Drafts"] == "0"


def test_more_than_a_hundred_are_not_counted_out(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "claims_waiting", lambda person: 101)
    found = waits(body(enter(cast, "verifier1").get("/staff/")))
    assert found["Drawn for me to verify"] == "100+"


# ---- The nightly check ----


def test_a_fault_of_the_nightly_check_stands_on_top_and_a_good_night_says_nothing(
    cast: Cast, now: datetime
) -> None:
    cast.report(now)
    chores.step(now=now - DAY)
    chores.step(now=now)
    assert "nightly check" not in body(enter(cast, "leader1").get("/leader/"))
    Case.objects.update(reports=7)
    chores.step(now=now + DAY)
    assert "The nightly check found 1 place" in body(enter(cast, "leader1").get("/leader/"))


def test_a_check_that_broke_off_is_told(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: object) -> None:
        raise OSError("no such disk")

    monkeypatch.setattr(check, "cases_after", broken)
    chores.step(now=now - DAY)
    chores.step(now=now)
    assert "The nightly check did not end" in body(enter(cast, "leader1").get("/leader/"))
