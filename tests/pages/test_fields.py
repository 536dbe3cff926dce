"""Pages of fields and subjects, a check on the telephone, and the next check of a finding."""

import re
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from luoshi.cases import queries as cases
from luoshi.expectations import actions, queries
from luoshi.registry import actions as registry
from luoshi.rules.expectations import draw_subjects
from luoshi.rules.state import Status
from tests.cast import photo
from tests.expectations import conftest as playgrounds
from tests.expectations.conftest import Field
from tests.expectations.test_findings import fixed, state_of
from tests.pages.rooms import body, cost, enter, section

play = playgrounds.play


@pytest.fixture
def now(settings: Any) -> datetime:
    """Pages ask the clock themselves."""
    settings.RAISED_PERCENT = 0
    return timezone.now()


def demand(there: Field, code: str) -> queries.Demand:
    found = queries.demands(there.district, on=timezone.localdate(), field="play")
    return next(one for one in found if one.code == code)


def begun(there: Field, now: datetime, code: str = "play.surface") -> tuple[int, Client, str]:
    """A claimed finding that its verifier opened: the case, his browser, the start of names."""
    [found] = there.look("unmet", now=now).findings
    verifier = fixed(there, found.case, now)
    there.cast.do(verifier, found.case, "open", now)
    return (
        found.case,
        enter(there.cast, verifier),
        f"look_{demand(there, code).id}_{there.playground}_",
    )


def decide(client: Client, case: int, **given: Any) -> Any:
    seen = re.search(r'name="seen" value="(\d+)"', section(task(client, case), "Your decision"))
    assert seen
    return client.post(f"/case/{case}/do/verify/", {"seen": seen[1], **given})


def task(client: Client, case: int) -> str:
    return body(client.get(f"/verifier/{case}/"))


# ---- The next check of a finding ----


def test_a_finding_is_verified_through_the_page_and_closes(play: Field, now: datetime) -> None:
    case, client, start = begun(play, now)
    decision = section(task(client, case), "Your decision")
    assert "play.surface" in decision
    assert "东园" in decision
    given = {"passed": "yes", f"{start}result": "met", f"{start}text": "换了新的", "text": "好了"}
    assert decide(client, case, **given).status_code == 302
    assert state_of(case).status is Status.CLOSED
    [again, _first] = queries.checks_of(play.district, play.playground)
    assert (again.case, again.answers[0].result) == (case, "met")


def test_without_the_next_look_the_page_says_what_is_missing(play: Field, now: datetime) -> None:
    case, client, _ = begun(play, now)
    page = body(decide(client, case, passed="yes", text="好了"), 409)
    assert "without the next look nothing passes" in page
    assert state_of(case).status is Status.CLAIMED


def test_what_is_still_unmet_is_not_passed_but_may_be_sent_back(play: Field, now: datetime) -> None:
    case, client, start = begun(play, now)
    unmet = {f"{start}result": "unmet", f"{start}text": "还是破的", "text": "没修"}
    page = body(decide(client, case, passed="yes", **unmet), 409)
    assert "still unmet" in page
    assert "还是破的" in page
    assert decide(client, case, passed="no", **unmet).status_code == 302
    assert state_of(case).status is Status.HANDLING


def test_an_unmet_look_without_a_remark_is_asked_for_it_beside_the_field(
    play: Field, now: datetime
) -> None:
    case, client, start = begun(play, now)
    page = body(decide(client, case, passed="no", text="没修", **{f"{start}result": "unmet"}), 400)
    assert f'id="verify_{start}text_error"' in page
    assert "Write what you saw." in page


def test_of_a_rule_the_task_says_how_it_stands_now(play: Field, now: datetime) -> None:
    actions.evaluate(district=play.district, now=now)
    found = queries.new_findings(play.district, field="play")
    case = next(one.case for one in found if one.demand.code == "play.plan")
    verifier = fixed(play, case, now)
    play.cast.do(verifier, case, "open", now)
    client = enter(play.cast, verifier)
    assert "nothing was delivered by 2026-05-10" in section(task(client, case), "Your decision")
    assert "still unmet" in body(decide(client, case, passed="yes", text="好了"), 409)


# ---- Fields and subjects ----


def test_the_overview_counts_and_makes_no_score(play: Field, now: datetime) -> None:
    play.look("unmet", now=now)
    client = enter(play.cast, "leader1")
    assert "Playgrounds" in body(client.get("/fields/"))
    page = body(client.get("/fields/play/"))
    row = next(r for r in page.split("<tr>") if "<b>play.surface</b>" in r)
    numbers = re.findall(r'data-label="([^"]+)" class="right"><span>(?:<a[^>]*>)?(\d+)', row)
    assert dict(numbers) == {
        "met": "0", "unmet": "1", "unknown": "0", "not due yet": "0", "not applicable": "0",
        "never checked": "1",
    }  # fmt: skip
    assert f"/subjects/{play.playground}/" in section(page, "Newest findings")
    assert "No night has run yet" in section(page, "Last night")
    listed = body(client.get(re.search(r'href="(/fields/play/at/\d+/unmet/)"', row)[1]))  # type: ignore[index]
    assert "东园" in listed
    assert "西园" not in listed


def test_subjects_are_listed_page_by_page(play: Field, now: datetime) -> None:
    many(play, 60)
    client, seen, address = enter(play.cast, "desk1"), set(), "/fields/play/playground/"
    while address:
        page = body(client.get(address))
        seen |= set(re.findall(r"/subjects/(\d+)/", page))
        more = re.search(r'rel="next" href="([^"]+)"', page)
        address = more[1] if more else ""
    assert len(seen) == 62


def many(there: Field, n: int) -> list[int]:
    return [
        registry.create_subject(district=there.district, kind="playground", name=f"园 {i}")
        for i in range(n)
    ]


def test_more_subjects_and_findings_cost_no_more_queries(play: Field, now: datetime) -> None:
    client = enter(play.cast, "leader1")
    pages = ("/fields/", "/fields/play/", "/fields/play/playground/",
             f"/fields/play/at/{demand(play, 'play.surface').id}/unmet/")  # fmt: skip

    def look_at(subjects: list[int]) -> None:
        for i, subject in enumerate(subjects):
            play.look("unmet", now=now, subject=subject, key=f"k{len(subjects)}-{i}")

    look_at([play.playground, *many(play, 2)])
    few = [cost(client, page) for page in pages]
    look_at(many(play, 27))
    assert [cost(client, page) for page in pages] == few


def test_the_subject_page_tells_where_it_stands_and_who_answers(play: Field, now: datetime) -> None:
    [found] = play.look("unmet", now=now, said={"pictures": [photo()]}).findings
    page = body(enter(play.cast, "leader1").get(f"/subjects/{play.playground}/"))
    expected = section(page, "What is expected")
    assert "never checked" in expected
    assert "garden" in expected
    assert f"/case/{found.case}/" in section(page, "Cases from findings")
    history = section(page, "Checks so far")
    assert "铺面破损" in history
    picture = re.search(r"/subjects/pictures/\d+/\?small=1", history)
    assert picture
    answer = enter(play.cast, "inspector1").get(picture[0])
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert enter(play.cast, "garden1").get(picture[0]).status_code == 403
    # An erasure of the same picture elsewhere leaves it here.
    copy = sha256(answer.content).hexdigest()
    assert queries.files_among({copy, "0" * 64}) == {copy}


def test_a_longer_history_costs_no_more_queries(play: Field, now: datetime) -> None:
    client, address = enter(play.cast, "leader1"), f"/subjects/{play.playground}/"

    def look(n: int) -> None:
        for i in range(n):
            at = now - timedelta(hours=n - i)
            play.look("unmet", now=at, key=f"{n}-{i}", said={"pictures": [photo()]})

    look(2)
    few = cost(client, address)
    look(12)
    assert cost(client, address) == few


def test_whoever_verified_is_not_named_in_the_history(play: Field, now: datetime) -> None:
    case, client, start = begun(play, now)
    given = {f"{start}result": "unmet", f"{start}text": "还是破的", "text": "没修"}
    decide(client, case, passed="no", **given)
    history = section(
        body(enter(play.cast, "leader1").get(f"/subjects/{play.playground}/")), "Checks so far"
    )
    assert "the drawn verifier" in history
    assert "verifier1" not in history


def test_to_whom_a_case_is_closed_it_is_not_named(play: Field, now: datetime) -> None:
    [found] = play.look("unmet", now=now).findings
    number = cases.numbers([found.case])[found.case]
    for address in ("/fields/play/", f"/subjects/{play.playground}/"):
        page = body(enter(play.cast, "data1").get(address))
        assert number not in page
        assert f"/case/{found.case}/" not in page


# ---- A check on the telephone ----


def checking(there: Field) -> tuple[Client, str, str, dict[str, str]]:
    client, address = enter(there.cast, "inspector1"), f"/subjects/{there.playground}/check/"
    token = re.search(r'name="token" value="([^"]+)"', body(client.get(address)))
    assert token
    return client, address, f"look_{demand(there, 'play.surface').id}_", {"token": token[1]}


def test_a_check_tells_what_it_found_and_which_case_it_opened(play: Field, now: datetime) -> None:
    client, address, start, given = checking(play)
    given |= {f"{start}result": "unmet", f"{start}text": "铺面破了"}
    answer = client.post(address, {**given, f"{start}pictures": upload()})
    assert answer.status_code == 302
    page = body(client.get(answer.headers["Location"]))
    [check] = queries.checks_of(play.district, play.playground)
    assert f"/case/{check.answers[0].case}/" in page
    assert "铺面破了" in page
    assert len(check.answers[0].pictures) == 1
    assert client.post(address, given).headers["Location"] == answer.headers["Location"]
    assert len(queries.checks_of(play.district, play.playground)) == 1


def upload() -> Any:
    return SimpleUploadedFile("a.jpg", photo(), "image/jpeg")


def test_errors_stand_beside_their_question_and_words_are_kept(play: Field, now: datetime) -> None:
    client, address, start, given = checking(play)
    page = body(client.post(address, {**given, f"{start}result": "unmet"}), 400)
    assert f'id="id_{start}text_error"' in page
    page = body(client.post(address, {**given, f"{start}text": "看了一眼"}), 400)
    assert "Say whether this is met or unmet." in page
    assert "看了一眼" in page
    assert "answer at least one question" in body(client.post(address, given), 400)
    assert queries.checks_of(play.district, play.playground) == ()


def test_the_form_asks_in_the_readers_language_and_only_what_a_person_looks_at(
    play: Field, now: datetime
) -> None:
    client, address, _, _ = checking(play)
    page = body(client.get(address))
    assert "Sound?" in page
    assert page.count('<section class="card" id="q') == 1
    chinese = enter(play.cast, "inspector1", language="zh-hans")
    assert "完好？" in body(chinese.get(address))


def test_a_check_of_another_district_is_not_there(play: Field, now: datetime) -> None:
    far = registry.create_district(code="320602", name="崇州", name_en="Other")
    there = registry.create_subject(district=far, kind="playground", name="远园")
    client = enter(play.cast, "inspector1")
    assert client.get(f"/subjects/{there}/").status_code == 404
    assert client.get(f"/subjects/{there}/check/").status_code == 404


def test_a_check_of_all_that_a_round_looks_at_counts_for_it(play: Field, now: datetime) -> None:
    today: date = timezone.localdate()
    actions.put_round(
        district=play.district, field="play", code="play.weekly", kind="playground", name="周检",
        name_en="Weekly",
    )  # fmt: skip
    made = actions.start_round(district=play.district, plan="play.weekly", now=now, starts=today)
    client, address, start, given = checking(play)
    client.post(address, {**given, f"{start}result": "met"})
    found = queries.round_page(play.district, made)
    assert found
    assert found.done == 1


def test_a_check_of_less_than_its_round_leaves_the_round_open(play: Field, now: datetime) -> None:
    number = {"type": "number", "question": "几个？", "question_en": "How many?", "min": 3}
    playgrounds.expectation(play.district, "play.bins", "item", number)
    actions.put_round(
        district=play.district, field="play", code="play.weekly", kind="playground", name="周检",
        name_en="Weekly",
    )  # fmt: skip
    today = timezone.localdate()
    made = actions.start_round(district=play.district, plan="play.weekly", now=now, starts=today)
    client, address, start, given = checking(play)
    answer = client.post(address, {**given, f"{start}result": "met"})
    left = section(body(client.get(answer.headers["Location"])), "Not looked at this time")
    assert "play.bins" in left
    found = queries.round_page(play.district, made)
    assert found
    assert found.done == 0
    client, address, start, given = checking(play)
    bins = f"look_{demand(play, 'play.bins').id}_number"
    page = body(client.post(address, {**given, bins: "viele"}), 400)
    assert "Enter a number in digits." in page
    client.post(address, {**given, f"{start}result": "met", bins: "4"})
    found = queries.round_page(play.district, made)
    assert found
    assert found.done == 1


def test_a_drawn_round_shows_seed_and_pool_with_which_anybody_draws_again(
    play: Field, now: datetime
) -> None:
    actions.put_round(
        district=play.district, field="play", code="play.draw", kind="playground", name="抽查",
        name_en="Random checks", draw=1,
    )  # fmt: skip
    today = timezone.localdate()
    made = actions.start_round(district=play.district, plan="play.draw", now=now, starts=today)
    client = enter(play.cast, "leader1")
    assert f"/rounds/{made}/" in body(client.get("/rounds/"))
    page = body(client.get(f"/rounds/{made}/"))
    found = queries.round_page(play.district, made)
    assert found
    pool = re.search(r'<p class="small num">([\d ]+)</p>', page)
    assert pool
    assert found.seed in page
    drawn = draw_subjects(pool=map(int, pool[1].split()), seed=found.seed, size=1)
    assert [f"/subjects/{id}/" in page for id in drawn] == [True]


# ---- The page for everybody ----


def test_a_public_place_has_a_page_in_plain_words_without_names_or_cases(
    play: Field, now: datetime, settings: Any
) -> None:
    [found] = play.look("unmet", now=now, said={"text": "张三的铺面破损"}).findings
    visitor, address = Client(headers={"Accept-Language": "en"}), f"/places/{play.playground}/"
    assert visitor.get(address).status_code == 404
    actions.put_kind(
        district=play.district, field="play", code="playground", name="游乐场",
        name_en="Playground", facts=[], public=True,
    )  # fmt: skip
    page = body(visitor.get(address))
    assert "Not in order: somebody answers for putting it right" in page
    assert "Nobody has looked yet" in page
    told = (cases.numbers([found.case])[found.case], "inspector1", "张三", "garden")
    assert [word for word in told if word in page] == []
