"""The room of whoever verifies."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from luoshi.cases import actions, queries
from luoshi.cases.actions import Child
from luoshi.registry import actions as registry
from tests import cast as casting
from tests.cast import Cast, photo
from tests.pages.rooms import body, cost, enter, has_section, section


@pytest.fixture
def cast(db: None) -> Cast:
    return casting.build()


@pytest.fixture
def now() -> datetime:
    """Pages ask the clock themselves."""
    return timezone.now()


def others(verifier: str) -> list[str]:
    return [name for name in ("verifier1", "verifier2", "verifier3") if name != verifier]


def test_only_my_own_draws_are_listed(cast: Cast, now: datetime) -> None:
    case, verifier = cast.claimed(now)
    assert f"case-{case}" in body(enter(cast, verifier).get("/verifier/"))
    for other in others(verifier):
        client = enter(cast, other)
        assert f"case-{case}" not in body(client.get("/verifier/"))
        assert client.get(f"/verifier/{case}/").status_code == 404


def test_claim_and_reports_appear_only_after_the_verification_began(
    cast: Cast, now: datetime
) -> None:
    case, verifier = cast.claimed(now, text="a vegetable plot and a lock")
    client = enter(cast, verifier)
    page = body(client.get(f"/verifier/{case}/"))
    assert not has_section(page, "What the unit claims")
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    answer = client.post(f"/case/{case}/do/open/", {"seen": seen[1], "next": f"/verifier/{case}/"})
    assert answer.headers["Location"] == f"/verifier/{case}/"
    page = body(client.get(f"/verifier/{case}/"))
    assert "a vegetable plot and a lock" in section(page, "What was reported")
    assert "已清理" in section(page, "What the unit claims")


def test_the_reporters_pictures_stand_opposite_to_those_of_the_claim(
    cast: Cast, now: datetime
) -> None:
    case, verifier = cast.claimed(now, pictures=[photo(), photo()])
    cast.do(verifier, case, "open", now)
    shown = queries.case_page(case=case, person=cast.people[verifier], now=now)
    assert shown
    page = body(enter(cast, verifier).get(f"/verifier/{case}/"))
    said, claimed = section(page, "What was reported"), section(page, "What the unit claims")
    for picture in shown.pictures:
        there, elsewhere = (said, claimed) if picture.purpose == "report" else (claimed, said)
        assert f"/case/picture/{picture.id}/" in there
        assert f"/case/picture/{picture.id}/" not in elsewhere
    assert said.count("<img") == 2


def test_no_handler_is_named_only_his_unit(cast: Cast, now: datetime) -> None:
    case, verifier = cast.claimed(now)
    cast.do(verifier, case, "open", now)
    page = body(enter(cast, verifier).get(f"/verifier/{case}/"))
    assert "community" in section(page, "What the unit claims")
    assert "community1" not in page


def test_the_task_says_whether_to_go_there_and_how_one_was_drawn(
    cast: Cast, now: datetime, settings: object
) -> None:
    settings.RAISED_PERCENT = 100  # type: ignore[attr-defined]
    case, verifier = cast.claimed(now)
    page = body(enter(cast, verifier).get(f"/verifier/{case}/"))
    assert "raised from the papers by the published random share" in page
    found = queries.case_page(case=case, person=cast.people[verifier], now=now)
    assert found
    seed = next(e.data["seed"] for e in found.entries if e.kind == "drawn")
    assert f"by the seed {seed}" in page
    assert "From 3 people" in page
    settings.RAISED_PERCENT = 0  # type: ignore[attr-defined]
    case, verifier = cast.claimed(now)
    assert "On the papers" in body(enter(cast, verifier).get(f"/verifier/{case}/"))


def test_what_others_found_before_is_there_to_be_checked(cast: Cast, now: datetime) -> None:
    case, verifier = cast.claimed(now)
    cast.do(verifier, case, "open", now)
    cast.do(verifier, case, "verify", now, passed=False, text="half of it", pictures=[photo()])
    cast.do("inspector1", case, "inspect", now, text="forty square metres", pictures=[photo()])
    verifier = cast.name_of(cast.claim("community1", case, now).state.verifier)
    cast.do(verifier, case, "open", now)
    page = body(enter(cast, verifier).get(f"/verifier/{case}/"))
    found = section(page, "What others found before")
    assert "half of it" in found
    assert "forty square metres" in found
    assert "It was sent back before" in section(page, "What to check")


def test_the_decision_leads_back_to_the_list_and_ends_the_task(cast: Cast, now: datetime) -> None:
    case, verifier = cast.claimed(now)
    cast.do(verifier, case, "open", now)
    client = enter(cast, verifier)
    answer = decide(client, cast, case, verifier, passed="yes")
    assert answer.headers["Location"] == "/verifier/"
    assert queries.line(case).state.status == "verdict"  # type: ignore[union-attr]
    assert client.get(f"/verifier/{case}/").status_code == 404
    body(client.get("/verifier/"))


def test_a_failure_without_a_reason_is_refused(cast: Cast, now: datetime) -> None:
    case, verifier = cast.claimed(now)
    cast.do(verifier, case, "open", now)
    answer = decide(enter(cast, verifier), cast, case, verifier, passed="no")
    assert "a reason in your own words" in body(answer, 409)


def test_a_recused_verifier_is_rid_of_the_task(cast: Cast, now: datetime) -> None:
    case, verifier = cast.claimed(now)
    client = enter(cast, verifier)
    seen = queries.line(case).seq  # type: ignore[union-attr]
    answer = client.post(
        f"/case/{case}/do/recuse/", {"seen": seen, "text": "my cousin", "next": "/verifier/"}
    )
    assert answer.headers["Location"] == "/verifier/"
    assert f"case-{case}" not in body(client.get("/verifier/"))


def test_the_parts_of_a_whole_are_listed_with_their_state(cast: Cast, now: datetime) -> None:
    case = cast.handling(now)
    parts = [
        Child(category="estate.green", owner=cast.units["garden"], summary="plant again"),
        Child(category="estate.parking", owner=cast.units["police"], summary="cut the locks"),
    ]
    _, *born = actions.split(case=case, children=parts, actor=cast.actor("desk1"), now=now)
    cast.do("garden1", born[0].case, "acknowledge", now)
    verifier = cast.name_of(cast.claim("garden1", born[0].case, now).state.verifier)
    page = body(enter(cast, verifier).get(f"/verifier/{born[0].case}/"))
    assert "绿地被种菜" in section(page, "Other cases of the same family")


def test_the_words_of_a_confidential_report_stay_sealed(cast: Cast, now: datetime) -> None:
    case = cast.report(now, text="secret words", confidential=True).case
    cast.do("inspector1", case, "classify", now, category="estate.parking", text="parking")
    cast.do("inspector1", case, "assign", now, owner=cast.units["community"])
    cast.do("community1", case, "acknowledge", now)
    verifier = cast.name_of(cast.claim("community1", case, now).state.verifier)
    cast.do(verifier, case, "open", now)
    page = body(enter(cast, verifier).get(f"/verifier/{case}/"))
    assert "secret words" not in page
    assert "sealed or were erased" in section(page, "What was reported")


def test_an_inspector_finds_the_room_only_while_he_is_drawn(cast: Cast, now: datetime) -> None:
    inspector = enter(cast, "inspector1")
    assert inspector.get("/verifier/").status_code == 403
    for name in ("verifier1", "verifier2", "verifier3", "inspector2"):
        registry.set_absence(person=cast.people[name], until=timezone.localdate())
    case, verifier = cast.claimed(now)
    assert verifier == "inspector1"
    assert "/verifier/" in body(inspector.get("/inspector/"))
    assert "/verifier/" in body(inspector.get("/staff/"))
    assert f"case-{case}" in body(inspector.get("/verifier/"))
    cast.do(verifier, case, "open", now)
    answer = decide(inspector, cast, case, verifier, passed="yes")
    assert answer.headers["Location"] == "/staff/"


def test_the_list_costs_the_same_for_five_claims_and_for_sixty(cast: Cast, now: datetime) -> None:
    for name in ("verifier2", "verifier3"):
        registry.set_absence(person=cast.people[name], until=timezone.localdate())
    client = enter(cast, "verifier1")
    for _ in range(5):
        cast.claimed(now)
    few = cost(client, "/verifier/")
    for _ in range(55):
        cast.claimed(now)
    assert cost(client, "/verifier/") <= few


def decide(client: Client, cast: Cast, case: int, verifier: str, **given: str) -> Any:
    page = body(client.get(f"/verifier/{case}/"))
    form = re.search(rf'action="/case/{case}/do/verify/".*?</form>', page, re.DOTALL)
    assert form
    fields = dict(re.findall(r'name="(seen|next)" value="([^"]*)"', form[0]))
    picture = SimpleUploadedFile("now.jpg", photo(), content_type="image/jpeg")
    heard = {"heard": "call", "text": "by phone: it is done"} if given["passed"] == "yes" else {}
    return client.post(
        f"/case/{case}/do/verify/", {**fields, "pictures": [picture], **heard, **given}
    )
