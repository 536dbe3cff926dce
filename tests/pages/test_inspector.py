"""The room of the inspection team."""

import re
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from luoshi.cases import actions, queries
from luoshi.registry import actions as registry
from luoshi.trust import vault
from luoshi.trust.models import RevealRecord
from tests import cast as casting
from tests.cast import Cast, photo
from tests.pages.rooms import body, cost, enter, section

DAY = timedelta(days=1)


@pytest.fixture
def cast(db: None) -> Cast:
    return casting.build()


@pytest.fixture
def now() -> datetime:
    """Pages ask the clock themselves."""
    return timezone.now()


def sealed_open(cast: Cast, now: datetime) -> int:
    """A confidential case that the garden handles."""
    case = cast.report(now, text="secret words", confidential=True).case
    cast.do("inspector1", case, "classify", now, category="estate.parking", text="summary only")
    cast.do("inspector1", case, "assign", now, owner=cast.units["garden"])
    return case


def test_confidential_reports_wait_here_without_their_words(cast: Cast, now: datetime) -> None:
    received = cast.report(now, text="secret words", confidential=True)
    page = body(enter(cast, "inspector1").get("/inspector/"))
    assert f"/inspector/sealed/{received.report}/" in page
    assert "secret words" not in page


def test_a_sealed_text_opens_for_a_reason_which_is_on_record(cast: Cast, now: datetime) -> None:
    received = cast.report(now, text="secret words", confidential=True)
    client, address = enter(cast, "inspector1"), f"/inspector/sealed/{received.report}/"
    assert "secret words" not in body(client.get(address))
    shown = client.post(address, {"reason": "triage of this report"})
    assert "secret words" in body(shown)
    assert "no-store" in shown.headers["Cache-Control"]
    record = RevealRecord.objects.get()
    assert record.by == cast.people["inspector1"]
    assert "secret words" not in body(client.get(address))


@pytest.mark.parametrize("reason", ["", "  ", "x"])
def test_without_a_real_reason_it_stays_sealed(cast: Cast, now: datetime, reason: str) -> None:
    received = cast.report(now, text="secret words", confidential=True)
    client = enter(cast, "inspector1")
    page = body(client.post(f"/inspector/sealed/{received.report}/", {"reason": reason}), 422)
    assert "secret words" not in page
    assert not RevealRecord.objects.exists()


def test_an_erased_text_says_so(cast: Cast, now: datetime) -> None:
    received = cast.report(now, text="secret words", confidential=True)
    found = queries.sealed_report(received.report)
    assert found
    vault.erase(vault_id=found.words[0].text, by=1, reason="ordered by the court", now=now)
    client = enter(cast, "inspector1")
    page = body(client.post(f"/inspector/sealed/{received.report}/", {"reason": "triage it"}), 200)
    assert "lawfully erased" in page


def test_what_a_confidential_reporter_adds_later_is_sealed_and_opened_with_the_rest(
    cast: Cast, now: datetime
) -> None:
    received = cast.report(now, text="secret words", confidential=True)
    actions.act(
        case=received.case,
        command=actions.Command("reply"),
        actor=actions.Actor(report=received.report),
        now=now,
        text="more secret words",
    )
    page = queries.case_page(case=received.case, person=cast.people["inspector1"], now=now)
    assert page
    assert [entry.text for entry in page.entries if entry.kind == "replied"] == [None]
    client = enter(cast, "inspector1")
    told = body(client.post(f"/inspector/sealed/{received.report}/", {"reason": "triage it"}), 200)
    assert "secret words" in told
    assert "more secret words" in told
    assert RevealRecord.objects.count() == 2


def test_an_ordinary_report_has_nothing_to_open_here(cast: Cast, now: datetime) -> None:
    received = cast.report(now)
    client = enter(cast, "inspector1")
    assert client.get(f"/inspector/sealed/{received.report}/").status_code == 404


def test_whoever_is_accused_sees_neither_the_report_nor_its_number(
    cast: Cast, now: datetime
) -> None:
    received = cast.report(
        now, text="secret words", confidential=True, accused=(cast.units["team"],)
    )
    client = enter(cast, "inspector1")
    page = body(client.get("/inspector/"))
    assert str(received.report) not in page
    assert '<span class="count">0</span>' in page
    assert client.get(f"/inspector/sealed/{received.report}/").status_code == 404
    assert received.number not in body(client.get("/inspector/open/?sealed=1"))


def test_open_cases_are_those_of_the_street_with_its_communities(cast: Cast, now: datetime) -> None:
    cast.report(now, text="in the community", subject=None)
    cast.report(now, text="in the street", subject=None, area=cast.street_area)
    cast.report(now, text="somewhere else", subject=None, area=None)
    client = enter(cast, "inspector1")
    everywhere = body(client.get("/inspector/open/"))
    assert "somewhere else" in everywhere
    street = body(client.get(f"/inspector/open/?place={cast.street_area}"))
    assert "in the community" in street
    assert "in the street" in street
    assert "somewhere else" not in street
    community = body(client.get(f"/inspector/open/?place={cast.community_area}"))
    assert "in the street" not in community


def test_confidential_cases_are_listed_apart(cast: Cast, now: datetime) -> None:
    sealed_open(cast, now)
    client = enter(cast, "inspector1")
    assert "summary only" not in body(client.get("/inspector/open/"))
    assert "summary only" in body(client.get("/inspector/open/?sealed=1"))
    assert "summary only" not in body(client.get("/inspector/problems/"))


def test_what_is_on_site_is_recorded_with_pictures_from_the_camera(
    cast: Cast, now: datetime
) -> None:
    case = cast.handling(now)
    client = enter(cast, "inspector1")
    page = body(client.get(f"/inspector/{case}/inspect/"))
    assert 'capture="environment"' in page
    fields = dict(re.findall(r'name="(seen|next)" value="([^"]*)"', page))
    picture = SimpleUploadedFile("now.jpg", photo(), content_type="image/jpeg")
    answer = client.post(
        f"/case/{case}/do/inspect/", {**fields, "text": "three locks", "pictures": [picture]}
    )
    assert answer.headers["Location"] == "/inspector/open/"
    found = queries.case_page(case=case, person=cast.people["inspector1"], now=now)
    assert found
    assert [(p.purpose, p.seat) for p in found.pictures] == [("inspect", "inspector")]


def test_during_a_verification_nothing_is_recorded_on_site(cast: Cast, now: datetime) -> None:
    case, _ = cast.claimed(now)
    client = enter(cast, "inspector1")
    assert f"/inspector/{case}/inspect/" not in body(client.get("/inspector/open/"))
    assert "not possible" in body(client.get(f"/inspector/{case}/inspect/"))


def test_a_case_is_transferred_from_the_list(cast: Cast, now: datetime) -> None:
    case = cast.handling(now)
    client = enter(cast, "inspector1")
    assert f"/inspector/{case}/transfer/" in body(client.get("/inspector/open/"))
    page = body(client.get(f"/inspector/{case}/transfer/"))
    fields = dict(re.findall(r'name="(seen|next)" value="([^"]*)"', page))
    answer = client.post(
        f"/case/{case}/do/transfer/",
        {**fields, "owner": cast.units["street"], "text": "fix it at once"},
    )
    assert answer.status_code == 302
    assert queries.line(case).state.owner == cast.units["street"]  # type: ignore[union-attr]


def test_a_closed_case_is_reopened_from_the_list(cast: Cast, now: datetime) -> None:
    case, verifier = cast.claimed(now, minor=True)
    cast.do(verifier, case, "open", now)
    cast.do(verifier, case, "verify", now, passed=True, pictures=[photo()])
    client = enter(cast, "inspector1")
    assert f"/inspector/{case}/reopen/" in body(client.get("/inspector/closed/"))
    page = body(client.get(f"/inspector/{case}/reopen/"))
    fields = dict(re.findall(r'name="(seen|next)" value="([^"]*)"', page))
    client.post(f"/case/{case}/do/reopen/", {**fields, "text": "the lock is back"})
    assert queries.line(case).state.status == "handling"  # type: ignore[union-attr]


def test_a_closed_case_that_accuses_the_team_is_not_listed(cast: Cast, now: datetime) -> None:
    case, verifier = cast.claimed(now, minor=True, accused=(cast.units["team"],))
    cast.do(verifier, case, "open", now)
    cast.do(verifier, case, "verify", now, passed=True, pictures=[photo()])
    assert f"case-{case}" not in body(enter(cast, "inspector1").get("/inspector/closed/"))


def test_the_problem_list_is_a_table_with_whose_and_until_when(cast: Cast, now: datetime) -> None:
    case = cast.handling(now, text="a plot of vegetables")
    line = queries.line(case)
    assert line
    page = section(body(enter(cast, "inspector1").get("/inspector/problems/")), "Problem list")
    row = re.search(rf"<tr>\s*<td[^>]*><span>1</span>.*?{line.number}.*?</tr>", page, re.DOTALL)
    assert row
    assert "a plot of vegetables" in row[0]
    assert "community" in row[0]
    assert "left" in row[0]
    assert "data-print" in page


def test_the_decision_drawn_for_a_second_check_is_listed(
    cast: Cast, now: datetime, settings: object
) -> None:
    settings.SAMPLE_PERCENT = 100  # type: ignore[attr-defined]
    registry.set_absence(person=cast.people["desk2"], until=timezone.localdate())
    case = cast.report(now).case
    done = cast.do("desk1", case, "answer", now, text="ask the tax office")
    inspector = cast.name_of(done.state.sampler)
    page = body(enter(cast, inspector).get("/inspector/"))
    assert f"/inspector/{case}/check_sample/" in page
    body(enter(cast, inspector).get(f"/inspector/{case}/check_sample/"))


def test_an_unknown_place_is_the_whole_district_and_a_broken_key_no_page(cast: Cast) -> None:
    client = enter(cast, "inspector1")
    assert client.get("/inspector/open/?place=999").status_code == 200
    for part in ("", "open/", "closed/", "problems/"):
        assert client.get(f"/inspector/{part}?after=x").status_code == 404


def test_lists_cost_the_same_for_five_cases_and_for_sixty(cast: Cast, now: datetime) -> None:
    def fill(count: int) -> None:
        for _ in range(count):
            cast.handling(now)
            cast.report(now, confidential=True)
            sealed_open(cast, now)

    client = enter(cast, "inspector1")
    parts = ("", "open/", "open/?sealed=1", "problems/")
    fill(5)
    few = [cost(client, f"/inspector/{part}") for part in parts]
    fill(55)
    many = [cost(client, f"/inspector/{part}") for part in parts]
    assert all(then <= before for then, before in zip(many, few, strict=True))
