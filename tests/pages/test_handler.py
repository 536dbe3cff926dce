"""The room of whoever handles cases."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from luoshi.cases import actions, queries
from luoshi.cases.actions import Actor, Child, Command
from luoshi.registry import actions as registry
from tests import cast as casting
from tests.cast import Cast, photo
from tests.pages.rooms import body, cost, enter, has_section, section

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def cast(db: None) -> Cast:
    return casting.build()


@pytest.fixture
def now() -> datetime:
    """Pages ask the clock themselves."""
    return timezone.now()


def assigned(cast: Cast, now: datetime, text: str, *, owner: str = "community") -> int:
    case = cast.report(now, text=text).case
    cast.do("desk1", case, "classify", now, category="estate.parking")
    cast.do("desk1", case, "assign", now, owner=cast.units[owner])
    return case


def mine(cast: Cast, case: int, who: str, now: datetime) -> None:
    cast.do(who, case, "acknowledge", now, person=cast.people[who])


def test_cases_stand_under_what_must_be_done_next(cast: Cast, now: datetime) -> None:
    assigned(cast, now, "to acknowledge")
    mine(cast, assigned(cast, now, "with me"), "community1", now)
    mine(cast, assigned(cast, now, "with another"), "community2", now)
    page = body(enter(cast, "community1").get("/handler/"))
    assert "to acknowledge" in section(page, "To acknowledge")
    assert "with me" in section(page, "Being handled by me")
    assert "with another" in section(page, "Being handled by colleagues")
    assert "community2" in section(page, "Being handled by colleagues")


def test_one_tap_acknowledges_to_the_one_who_taps(cast: Cast, now: datetime) -> None:
    case = assigned(cast, now, "parking")
    client = enter(cast, "community2")
    page = body(client.get("/handler/"))
    form = re.search(rf'action="(/case/{case}/do/acknowledge/)".*?</form>', page, re.DOTALL)
    assert form
    fields = dict(re.findall(r'name="(person|seen|next)" value="([^"]*)"', form[0]))
    answer = client.post(form[1], fields)
    assert answer.headers["Location"] == "/handler/"
    state = queries.line(case).state  # type: ignore[union-attr]
    assert (state.status, state.person) == ("handling", cast.people["community2"])


def test_what_verification_sent_back_stands_with_the_verifiers_words(
    cast: Cast, now: datetime
) -> None:
    case, verifier = cast.claimed(now)
    cast.do(verifier, case, "open", now)
    cast.do(
        verifier, case, "verify", now, passed=False, text="the plot is still there",
        pictures=[photo()],
    )  # fmt: skip
    back = section(body(enter(cast, "community1").get("/handler/")), "Sent back")
    assert "the plot is still there" in back
    assert "The verification found: not done" in back
    assert verifier not in back


def test_what_the_reporter_calls_not_solved_stands_with_his_words(
    cast: Cast, now: datetime
) -> None:
    received = cast.report(now)
    case = received.case
    cast.do("desk1", case, "classify", now, category="estate.parking")
    cast.do("desk1", case, "assign", now, owner=cast.units["community"])
    cast.do("community1", case, "acknowledge", now)
    verifier = cast.name_of(cast.claim("community1", case, now).state.verifier)
    cast.do(verifier, case, "open", now)
    cast.do(verifier, case, "verify", now, passed=True, pictures=[photo()])
    actions.act(
        case=case,
        command=Command("verdict", {"solved": False}),
        actor=Actor(report=received.report),
        now=now,
        text="the lock is back",
    )
    back = section(body(enter(cast, "community1").get("/handler/")), "Sent back")
    assert "the lock is back" in back
    assert "The reporter says: not solved" in back


def test_a_new_claim_takes_the_case_out_of_those_sent_back(cast: Cast, now: datetime) -> None:
    case, verifier = cast.claimed(now)
    cast.do(verifier, case, "open", now)
    cast.do(verifier, case, "verify", now, passed=False, text="not yet", pictures=[photo()])
    cast.claim("community1", case, now)
    page = body(enter(cast, "community1").get("/handler/"))
    assert not has_section(page, "Sent back")
    assert has_section(page, "Waiting for verification")


def test_open_parts_are_listed_under_the_whole(cast: Cast, now: datetime) -> None:
    case = cast.handling(now)
    parts = [
        Child(category="estate.green", owner=cast.units["garden"], summary="plant again"),
        Child(category="estate.parking", owner=cast.units["police"], summary="cut the locks"),
    ]
    actions.split(case=case, children=parts, actor=cast.actor("desk1"), now=now)
    client = enter(cast, "community1")
    waits = section(body(client.get("/handler/")), "Waiting for their parts")
    assert "plant again" in waits
    assert "cut the locks" in waits
    assert f"/handler/{case}/claim/" not in waits
    assert "Parts of this case are still open" in body(client.get(f"/handler/{case}/claim/"))


def test_a_missed_time_is_said_in_words_and_not_hidden_by_the_reminder(
    cast: Cast, now: datetime
) -> None:
    then = now - 20 * DAY
    mine(cast, assigned(cast, then, "late one"), "community1", then)
    for days in range(20):
        actions.tick_due(then + days * DAY)
    page = section(body(enter(cast, "community1").get("/handler/")), "Being handled by me")
    assert re.search(r"<b>Handling</b>.*?overdue", page, re.DOTALL)
    assert "Supervision level" in page


def test_who_handles_for_two_units_sees_the_cases_of_both(cast: Cast, now: datetime) -> None:
    registry.grant_role(
        person=cast.people["community1"],
        unit=cast.units["street"],
        role="handler",
        valid_from=date(2020, 1, 1),
    )
    assigned(cast, now, "of the community")
    assigned(cast, now, "of the street", owner="street")
    assigned(cast, now, "of the garden", owner="garden")
    page = body(enter(cast, "community1").get("/handler/"))
    assert "of the community" in page
    assert "of the street" in page
    assert "of the garden" not in page


def test_the_claim_page_opens_the_camera_and_offers_the_measures(cast: Cast, now: datetime) -> None:
    case = cast.handling(now)
    page = body(enter(cast, "community1").get(f"/handler/{case}/claim/"))
    assert 'accept="image/*" capture="environment"' in page
    assert page.count('type="checkbox" name="measures"') == 4
    single = re.search(r'class="card single".*?</section>', page, re.DOTALL)
    assert single
    assert re.findall(r'<details[^>]*id="(\w+)"', single[0]) == ["claim_why"]
    assert "<details" not in single[0].partition("<form")[0]


def test_a_claim_from_the_phone_is_recorded_with_its_picture(cast: Cast, now: datetime) -> None:
    case = cast.handling(now)
    client = enter(cast, "community1")
    page = body(client.get(f"/handler/{case}/claim/"))
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    answer = client.post(
        f"/case/{case}/do/claim/",
        {
            "seen": seen[1],
            "next": "/handler/",
            "outcome": "fixed",
            "measures": ["cleared"],
            "text": "cleared this morning",
            "pictures": [_upload(), _upload()],
        },
    )
    assert answer.headers["Location"] == "/handler/"
    assert len(queries.case_page(case=case, person=cast.people["desk1"], now=now).pictures) == 2  # type: ignore[union-attr]
    done = section(body(client.get("/handler/")), "Waiting for verification")
    assert f"case-{case}" in done


def test_a_notice_alone_is_refused_with_the_sentence(cast: Cast, now: datetime) -> None:
    case = cast.handling(now)
    client = enter(cast, "community1")
    seen = queries.line(case).seq  # type: ignore[union-attr]
    answer = client.post(
        f"/case/{case}/do/claim/",
        {"seen": seen, "outcome": "fixed", "measures": ["notice"], "text": "notice posted"},
    )
    assert "A notice is not a fix" in body(answer, 409)
    assert queries.line(case).state.status == "handling"  # type: ignore[union-attr]


def test_a_case_is_handed_to_a_colleague_by_name(cast: Cast, now: datetime) -> None:
    case = assigned(cast, now, "parking")
    mine(cast, case, "community1", now)
    client = enter(cast, "community1")
    page = body(client.get(f"/handler/{case}/hand_over/"))
    assert "community2" in page
    answer = client.post(
        f"/case/{case}/do/hand_over/",
        {
            "seen": queries.line(case).seq,  # type: ignore[union-attr]
            "person": cast.people["community2"],
            "next": "/handler/",
        },
    )
    assert answer.status_code == 302
    assert has_section(body(enter(cast, "community2").get("/handler/")), "Being handled by me")


def test_a_command_of_another_part_has_no_page_here(cast: Cast, now: datetime) -> None:
    case = cast.handling(now)
    client = enter(cast, "community1")
    assert client.get(f"/handler/{case}/escalate/").status_code == 404
    assert enter(cast, "garden1").get(f"/handler/{case}/claim/").status_code == 404


def test_a_broken_place_in_the_list_is_no_page(cast: Cast) -> None:
    assert enter(cast, "community1").get("/handler/?after=nonsense").status_code == 404


def test_what_is_done_and_what_waits_for_others_is_folded_away(cast: Cast, now: datetime) -> None:
    case, verifier = cast.claimed(now, minor=True)
    cast.do(verifier, case, "open", now)
    cast.do(verifier, case, "verify", now, passed=True, pictures=[photo()])
    assert queries.line(case).state.status == "closed"  # type: ignore[union-attr]
    page = body(enter(cast, "community1").get("/handler/"))
    assert f"case-{case}" in section(page, "Done lately")


def test_neither_name_nor_phone_of_the_reporter_is_on_any_page(cast: Cast, now: datetime) -> None:
    case = cast.handling(now, phone="13912345678", name="孙桂兰")
    client = enter(cast, "community1")
    for address in ("/handler/", f"/handler/{case}/claim/", f"/handler/{case}/contact/"):
        page = body(client.get(address))
        assert "孙桂兰" not in page
        assert "12345678" not in page


def test_the_list_costs_the_same_for_five_cases_and_for_sixty(cast: Cast, now: datetime) -> None:
    def fill(count: int) -> None:
        for number in range(count):
            case = assigned(cast, now, f"problem {number}")
            if number % 2:
                mine(cast, case, "community1", now)
            if number % 4 == 3:
                cast.claim("community1", case, now)

    client = enter(cast, "community1")
    fill(5)
    few = cost(client, "/handler/")
    fill(55)
    assert cost(client, "/handler/") <= few
    assert few < 60


def _upload() -> object:
    return SimpleUploadedFile("now.jpg", photo(), content_type="image/jpeg")
