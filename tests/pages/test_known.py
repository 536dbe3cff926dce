"""What is known already: for residents while they write, and for the desk while it sorts."""

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from luoshi.cases.models import Case, CaseEvent, Report, StormOrder
from luoshi.registry import queries as registry
from luoshi.trust import limits
from luoshi.web.typed import told
from tests import cast as casting
from tests.cast import Cast, photo
from tests.pages.public_forms import filled, hidden, jpeg, resident, text
from tests.pages.rooms import body, cost, counted, enter

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
THEIRS = "王阿姨家楼下停电两小时"
NOTHING = '<input type="hidden" name="known_shown" value="1">'
"""That it was asked, and no case."""


@pytest.fixture
def cast(db: None) -> Cast:
    limits.forget()
    return casting.build()


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def client() -> Client:
    return resident()


def handled(cast: Cast, at: datetime, **given: object) -> int:
    """A power cut that is being handled, with a summary of the desk."""
    case = cast.report(at, **{"text": THEIRS, **given}).case
    cast.do("desk1", case, "classify", at, category="estate.parking", text="三号楼片区停电")
    cast.do("desk1", case, "assign", at, owner=cast.units["community"])
    return case


def typing(client: Client, **given: Any) -> str:
    values = filled(client, text="三号楼停电了，电梯不动", place="示范新村", **given)
    return text(client.post("/report/known/", values))


# ---- The report form ----


def test_what_the_script_has_asked_in_vain_is_not_asked_again_on_sending(
    cast: Cast, client: Client
) -> None:
    assert "known_shown" in client.post("/report/known/", filled(client)).content.decode()

    def sent(**given: Any) -> int:
        values = filled(client, text="三号楼停电了，电梯不动", place="示范新村", **given)
        with counted() as asked:
            assert client.post("/report/", values).status_code == 302
        return len(asked)

    assert sent(known_shown="1") < sent()


def test_while_somebody_types_the_known_case_appears_in_the_words_of_the_desk(
    cast: Cast, client: Client, now: datetime
) -> None:
    handled(cast, now - DAY)
    page = typing(client)
    assert "The same: add my voice" in page
    assert "三号楼片区停电" in page
    assert "示范新村" in page
    assert "Why: same place; text" in " ".join(page.split())
    assert "王阿姨" not in page
    assert Report.objects.count() == 1  # typing sends nothing


def test_only_a_category_that_the_desk_chose_rules_others_out(cast: Cast) -> None:
    district = registry.district_by_id(cast.district)
    typed = {"text": "三号楼停电了，电梯不动", "category": "estate.clutter"}
    by_resident, by_desk = (
        told(district, typed, spot="spot"),
        told(district, typed, spot="subject", by_desk=True),
    )
    assert by_resident
    assert by_desk
    assert by_resident.category == by_desk.category == "estate.clutter"
    assert (by_resident.sorted, by_desk.sorted) == (False, True)


def test_what_waits_for_the_desk_or_accuses_or_is_sealed_or_closed_never_appears(
    cast: Cast, client: Client, now: datetime
) -> None:
    cast.report(now, text=THEIRS)
    accusing = handled(cast, now - DAY)
    Case.objects.filter(pk=accusing).update(accused=[cast.units["police"]])
    cast.report(now, text=THEIRS, confidential=True)
    claimed, _ = cast.claimed(now, text=THEIRS)
    assert Case.objects.get(pk=claimed).status == "claimed"
    assert typing(client).strip() == NOTHING


def test_what_others_wrote_cannot_be_guessed_by_trying(
    cast: Cast, client: Client, now: datetime
) -> None:
    handled(cast, now - DAY, text="张师傅的电动车在北门着火了")
    tried = filled(client, text="张师傅的电动车在北门着火", place="示范新村")
    assert text(client.post("/report/known/", tried)).strip() == NOTHING
    assert "The same" in typing(client)  # by what the desk wrote for all it is found


def test_what_is_not_for_everybody_is_not_offered_to_anybody(
    cast: Cast, client: Client, now: datetime
) -> None:
    unsaid = cast.report(now - DAY, text=THEIRS).case
    cast.do("desk1", unsaid, "classify", now - DAY, category="estate.parking")
    cast.do("desk1", unsaid, "assign", now - DAY, owner=cast.units["community"])
    asked = handled(cast, now - DAY)
    Case.objects.filter(pk=asked).update(urgency="enquiry")
    assert typing(client).strip() == NOTHING


def test_neither_number_nor_id_of_a_case_stands_in_the_form(
    cast: Cast, client: Client, now: datetime
) -> None:
    case = handled(cast, now - DAY)
    page = typing(client)
    assert "The same" in page
    assert (str(case) in page, Case.objects.get(pk=case).number in page) == (False, False)


def test_a_few_letters_and_other_words_bring_nothing(
    cast: Cast, client: Client, now: datetime
) -> None:
    handled(cast, now - DAY)
    values = filled(client, text="停", place="示范新村")
    assert text(client.post("/report/known/", values)).strip() == NOTHING
    values = filled(client, text="有人种菜浇粪臭", place="示范新村")
    assert text(client.post("/report/known/", values)).strip() == NOTHING


def test_without_a_script_it_stands_on_the_form_before_it_is_sent(
    cast: Cast, client: Client, now: datetime
) -> None:
    case = handled(cast, now - DAY)
    values = filled(client, text="三号楼停电了，电梯不动", phone="13900139000")
    page = text(client.post("/report/", {**values, "pictures": jpeg()}))
    assert "Not sent yet" in page
    assert Report.objects.count() == 1
    kept = hidden(page, "kept")
    choice = _choices(page)[0]
    sent = client.post("/report/", {**values, "known_shown": "1", "known": choice, "kept": kept})
    assert sent.status_code == 302
    mine = Report.objects.order_by("pk").last()
    assert mine is not None
    assert mine.case_id == case
    assert Case.objects.get(pk=case).reporters == 2
    assert Case.objects.count() == 1
    assert text(client.get(sent.headers["Location"]))


def test_none_of_these_is_a_case_of_its_own(cast: Cast, client: Client, now: datetime) -> None:
    case = handled(cast, now - DAY)
    values = filled(client, text="三号楼停电了，电梯不动", known_shown="1", known="")
    client.post("/report/", values)
    assert Case.objects.count() == 2
    assert Case.objects.get(pk=case).reporters == 1


def test_a_choice_that_the_form_did_not_offer_joins_nothing(
    cast: Cast, client: Client, now: datetime
) -> None:
    case = handled(cast, now - DAY)
    foreign = _choices(typing(resident()))[0]  # of another form
    for made_up in (str(case), f"{case}:x", foreign):
        values = filled(client, text="三号楼停电", known_shown="1", known=made_up)
        client.post("/report/", values)
    assert Case.objects.get(pk=case).reporters == 1


def test_the_confidential_form_asks_nothing_and_joins_nothing(
    cast: Cast, client: Client, now: datetime
) -> None:
    case = handled(cast, now - DAY)
    page = text(client.get("/report/confidential/"))
    assert "data-known" not in page
    values = filled(client, "/report/confidential/", text=THEIRS, known_shown="1", known=str(case))
    client.post("/report/confidential/", values)
    assert Case.objects.filter(sealed=True).count() == 1


def _choices(page: str) -> list[str]:
    found = re.findall(r'name="known" value="([^"]+)"', page)
    return [unescape(value) for value in found]


# ---- The page of a case that waits for triage ----


def test_the_desk_sees_the_same_with_the_reasons_and_merges_in_one_go(
    cast: Cast, now: datetime
) -> None:
    older = handled(cast, now - DAY)
    mine = cast.report(now, text="示范新村三号楼停电").case
    client = enter(cast, "desk1")
    assert f'hx-get="/case/{mine}/earlier/"' in body(client.get(f"/case/{mine}/"))
    page = body(client.get(f"/case/{mine}/earlier/", headers={"HX-Request": "true"}))
    assert "<html" not in page
    assert "Perhaps already known" in page
    assert "same place" in page
    assert re.search(r'<q lang="zh-Hans">[^<]*停电</q>', page)
    form = re.search(r"<form[^>]*do/merge/.*?</form>", page, re.DOTALL)
    assert form
    sent = {name: hidden(form[0], name)[0] for name in ("seen", "number", "text", "next")}
    answer = client.post(f"/case/{mine}/do/merge/", sent)
    assert answer.headers["Location"] == "/desk/next/"
    assert Case.objects.get(pk=mine).merged_into == older


def test_a_handler_is_shown_no_other_cases(cast: Cast, now: datetime) -> None:
    cast.report(now - DAY, text=THEIRS)
    mine = handled(cast, now)
    client = enter(cast, "community1")
    assert "/earlier/" not in body(client.get(f"/case/{mine}/"))
    assert client.get(f"/case/{mine}/earlier/").status_code == 404


def test_without_scripts_what_came_before_is_a_page_of_its_own(cast: Cast, now: datetime) -> None:
    older = handled(cast, now - DAY)
    mine = cast.report(now, text="示范新村三号楼停电").case
    page = body(enter(cast, "desk1").get(f"/case/{mine}/earlier/"))
    assert "<html" in page
    assert f"/case/{older}/" in page
    assert f'href="/case/{mine}/"' in page


def test_where_nothing_came_before_the_desk_is_told_so(cast: Cast, now: datetime) -> None:
    mine = cast.report(now).case
    assert "Nothing like it is open" in body(enter(cast, "desk1").get(f"/case/{mine}/earlier/"))


def test_merging_by_hand_offers_the_older_cases_of_the_place(cast: Cast, now: datetime) -> None:
    older = handled(cast, now - DAY)
    mine = cast.report(now, text="别的事").case
    client = enter(cast, "desk1")
    number = Case.objects.get(pk=older).number
    assert number not in body(client.get(f"/case/{mine}/"))
    offered = body(client.get(f"/case/{mine}/older/"))
    assert f'value="{number}"' in offered
    assert "Choose a case" not in offered  # nothing was sent yet that could be wrong


def test_of_a_confidential_report_nothing_earlier_is_fetched(cast: Cast, now: datetime) -> None:
    sealed = cast.report(now, confidential=True, phone=None).case
    page = body(enter(cast, "inspector1").get(f"/case/{sealed}/"))
    assert "/do/merge/" in page
    assert "/earlier/" not in page


def test_what_came_back_is_reopened_and_says_so_and_of_another_kind_is_linked(
    cast: Cast, now: datetime
) -> None:
    closed = cast.handling(now - 9 * DAY)
    verifier = cast.name_of(cast.claim("community1", closed, now - 8 * DAY).state.verifier)
    cast.do(verifier, closed, "open", now - 8 * DAY)
    cast.do(verifier, closed, "verify", now - 8 * DAY, passed=True, pictures=[photo()])
    Case.objects.filter(pk=closed).update(status="closed", closed_at=now - DAY, resolution="fixed")
    other = cast.report(now, text="同一地点堆物", category="estate.clutter").case
    page = body(enter(cast, "desk1").get(f"/case/{other}/earlier/"))
    assert "Closed lately at this place" in page
    assert f"/case/{closed}/" in page


def test_of_what_was_closed_at_the_place_the_desk_sees_only_what_it_may_open(
    cast: Cast, now: datetime
) -> None:
    place = {"subject": cast.estate, "area": cast.community_area}
    old = cast.report(now - DAY, text="受理岗的人收了好处", **place).case
    mine = cast.report(now, text="楼道灯坏了", **place).case
    client = enter(cast, "desk1")
    Case.objects.filter(pk=old).update(status="closed", resolution="answered", closed_at=now)
    assert "收了好处" in body(client.get(f"/case/{mine}/earlier/"))
    Case.objects.filter(pk=old).update(accused=[cast.units["desk"]])
    assert client.get(f"/case/{old}/").status_code == 404
    assert "收了好处" not in body(client.get(f"/case/{mine}/earlier/"))


def test_the_same_again_reopens_and_its_page_says_that_it_came_back(
    cast: Cast, now: datetime
) -> None:
    case = cast.report(now - 3 * DAY, category="estate.parking").case
    cast.do("desk1", case, "answer", now - 2 * DAY, answer="x", text="已答复")
    again = cast.report(now, category="estate.parking", text="地锁又装上了")
    assert (again.case, again.joined) == (case, True)
    page = body(enter(cast, "desk1").get(f"/case/{case}/"))
    assert "地锁又装上了" in page
    event = CaseEvent.objects.get(case=case, kind="reopened")
    assert event.data["cause"] == "recurrence"
    assert "The same problem at the same place was reported again" in page


# ---- Many at once ----


def dispatch(cast: Cast, case: int, now: datetime) -> None:
    if not Case.objects.get(pk=case).category:
        cast.do("desk1", case, "classify", now, category="estate.green")
    cast.do("desk1", case, "assign", now, owner=cast.units["garden"])


def storm(cast: Cast, now: datetime, count: int = 4) -> list[int]:
    return [
        cast.report(now - (count - n) * MINUTE, text=f"三号楼停电{n}").case for n in range(count)
    ]


def test_many_alike_are_one_line_and_the_others_stand_below(cast: Cast, now: datetime) -> None:
    cases = storm(cast, now)
    cast.report(now, text="有人种菜")
    page = body(enter(cast, "desk1").get("/desk/"))
    assert "4 alike:" in page
    assert page.count('class="queue-link"') == 1
    for case in cases:
        assert f'name="case" value="{case}"' in page


def test_going_on_to_the_next_does_not_walk_through_a_group(cast: Cast, now: datetime) -> None:
    storm(cast, now)
    single = cast.report(now, text="有人种菜").case
    danger = storm(cast, now, 1)[0]
    Case.objects.filter(pk=danger).update(urgency="danger")
    client = enter(cast, "desk1")
    assert client.get("/desk/next/").headers["Location"] == f"/case/{danger}/"
    cast.do("desk1", danger, "classify", now, category="danger.manhole")
    dispatch(cast, danger, now)
    assert client.get("/desk/next/").headers["Location"] == f"/case/{single}/"
    dispatch(cast, single, now)
    page = body(client.get("/desk/next/", follow=True))
    assert "Only a group of cases that are alike waits now" in page
    assert "4 alike:" in page


def test_what_next_costs_does_not_grow_with_a_group(cast: Cast, now: datetime) -> None:
    cast.report(now, text="有人种菜")
    client = enter(cast, "desk1")

    def asked() -> int:
        client.get("/desk/next/")
        with counted() as statements:
            assert client.get("/desk/next/").status_code == 302
        return len(statements)

    storm(cast, now)
    few = asked()
    storm(cast, now, 20)
    assert asked() == few


def test_a_look_before_merging_says_that_not_all_are_known_to_be_at_one_place(
    cast: Cast, now: datetime
) -> None:
    cases, warning = storm(cast, now), "not all known to be at one place"
    client = enter(cast, "desk1")
    assert warning not in body(client.post("/desk/merge/", {"case": cases}))
    lost = cast.report(now, text="三号楼停电", subject=None, area=None, place_open=True).case
    page = body(client.post("/desk/merge/", {"case": [*cases, lost]}))
    assert warning in page
    assert "Place not found in the register" in page


def test_a_group_that_is_late_says_so(cast: Cast, now: datetime) -> None:
    first = storm(cast, now)[0]
    Case.objects.filter(pk=first).update(
        missed=["triage"], late_since=now - MINUTE, next_at=now + 2 * DAY
    )
    page = body(enter(cast, "desk1").get("/desk/"))
    group = page.split("4 alike:")[1].split("Look and merge")[0]
    assert "chip-bad" in group


def test_ticked_ones_are_looked_at_merged_and_taken_back(cast: Cast, now: datetime) -> None:
    one, two, three, four = storm(cast, now)
    client = enter(cast, "desk1")
    page = body(client.post("/desk/merge/", {"case": [two, three, four]}))
    assert page.count(" checked") >= 3
    sent = {"step": "merge", "case": [two, three], "target": str(two), "text": "同一处停电"}
    page = body(client.post("/desk/merge/", sent))
    assert Case.objects.get(pk=three).merged_into == two
    assert Case.objects.get(pk=four).status == "new"
    assert "Take all of these back" in page
    page = body(client.post("/desk/unmerge/", {"case": [three]}))
    assert Case.objects.get(pk=three).status == "new"
    assert "Merges taken back" in page
    assert Case.objects.get(pk=one).status == "new"


def test_what_is_refused_is_told_row_by_row(cast: Cast, now: datetime) -> None:
    one, two, three, four = storm(cast, now)
    sent = {"step": "merge", "case": [one, two, four], "target": str(one), "text": "停电"}
    number = Case.objects.get(pk=three).number
    page = body(enter(cast, "desk1").post("/desk/merge/", {**sent, "number": number}))
    assert "2 cases were left as they are" in page
    assert Case.objects.get(pk=four).merged_into == three


@pytest.mark.parametrize(
    "wrong",
    [{"target": ""}, {"text": ""}, {"number": "1"}, {"further": "on", "until": ""},
     {"further": "on", "until": "2020-01-01T10:00"}, {"target": "x"}],
    ids=str,
)  # fmt: skip
def test_a_form_that_lacks_something_comes_back_and_merges_nothing(
    cast: Cast, now: datetime, wrong: dict[str, str]
) -> None:
    cases = storm(cast, now)
    sent = {"step": "merge", "case": cases, "target": str(cases[0]), "text": "停电"}
    answer = enter(cast, "desk1").post("/desk/merge/", {**sent, **wrong})
    assert answer.status_code == 400
    assert not Case.objects.filter(status="closed").exists()


def test_one_tick_is_not_enough(cast: Cast, now: datetime) -> None:
    answer = enter(cast, "desk1").post("/desk/merge/", {"case": storm(cast, now)[:1]}, follow=True)
    assert "Tick two cases at least." in body(answer)


def test_cases_that_he_may_not_see_are_not_merged(cast: Cast, now: datetime) -> None:
    cases = storm(cast, now)
    blamed = cast.report(now, text="停电", accused=(cast.units["desk"],)).case
    sent = {"step": "merge", "case": [*cases, blamed], "target": str(cases[0]), "text": "停电"}
    enter(cast, "desk1").post("/desk/merge/", sent)
    assert Case.objects.get(pk=blamed).status == "new"


def test_a_standing_instruction_is_seen_by_all_at_the_desk_and_ended_by_anyone(
    cast: Cast, now: datetime
) -> None:
    cases = storm(cast, now)
    until = f"{timezone.localtime(now + timedelta(hours=2)):%Y-%m-%dT%H:%M}"
    sent = {"step": "merge", "case": cases, "target": str(cases[0]), "text": "停电"}
    enter(cast, "desk1").post("/desk/merge/", {**sent, "further": "on", "until": until})
    order = StormOrder.objects.get()
    assert order.person == cast.people["desk1"]
    client = enter(cast, "desk2")
    assert "Standing instructions" in body(client.get("/desk/"))
    page = body(client.post(f"/desk/storm/{order.pk}/end/", follow=True))
    assert "It merged nothing." in page
    assert "Standing instructions" not in body(client.get("/desk/"))


def test_the_list_costs_the_same_for_a_small_storm_and_a_larger_one(
    cast: Cast, now: datetime
) -> None:
    client = enter(cast, "desk1")
    storm(cast, now)
    few = cost(client, "/desk/")
    storm(cast, now, 20)
    assert cost(client, "/desk/") == few


# ---- The search of all staff ----


def test_everybody_finds_what_he_may_see(cast: Cast, now: datetime) -> None:
    mine = handled(cast, now)
    cast.report(now, text=THEIRS)
    page = body(enter(cast, "community1").get("/staff/find/", {"q": "停电"}))
    assert page.count('class="case-card') == 1
    assert f"/case/{mine}/" in page
    assert body(enter(cast, "desk1").get("/staff/find/", {"q": "停电"})).count("case-card ") == 2


def test_a_key_that_no_page_gave_out_is_none(cast: Cast) -> None:
    client = enter(cast, "desk1")
    for after in ("x", "-1", "9" * 30):
        got = client.get("/staff/find/", {"q": "停电", "after": after})
        assert got.status_code == 404
