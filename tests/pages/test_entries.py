"""Entering figures, records and proofs through the pages, and correcting a check."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from luoshi.expectations import actions, queries
from luoshi.registry import actions as registry
from luoshi.registry import queries as asked
from luoshi.rules.state import Refused
from tests.cast import photo
from tests.expectations import conftest as playgrounds
from tests.expectations.conftest import Field
from tests.pages.rooms import body, cost, enter, section
from tests.pages.test_fields import demand, many

play = playgrounds.play
PDF = b"%PDF-1.4\n% a plan\n"


@pytest.fixture
def now(settings: Any) -> datetime:
    """Pages ask the clock themselves."""
    settings.RAISED_PERCENT = 0
    return timezone.now()


def token(page: str, name: str = "token") -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, f"no {name}"
    return found[1]


# ---- Figures ----


def figures(there: Field) -> tuple[Client, str, dict[str, str]]:
    given = {
        "period": "2025", "of-swings": "1,0", "of-checked": "",
        "return-source": "园林处年报", "return-day": "2026-01-10",
    }  # fmt: skip
    return enter(there.cast, "data1"), f"/subjects/{there.playground}/figures/", given


def save(client: Client, address: str, given: dict[str, str]) -> Any:
    """The preview first, then what it showed."""
    seen = token(body(client.post(address, given)), "seen")
    return client.post(address, {**given, "step": "save", "seen": seen})


def test_a_preview_says_what_the_rules_will_say_and_saves_nothing(
    play: Field, now: datetime
) -> None:
    client, address, given = figures(play)
    page = body(client.post(address, {**given, "of-swings": "12", "of-checked": "９.0"}))
    preview = section(page, "Not saved yet")
    assert "75 %, at least 80 % is demanded" in preview
    assert "unmet" in preview
    assert queries.reported(play.playground, "2025") == {}


def test_figures_are_saved_once_and_judged_at_night(play: Field, now: datetime) -> None:
    client, address, given = figures(play)
    given |= {"of-swings": "12", "of-checked": "9"}
    seen = token(body(client.post(address, given)), "seen")
    for _again in range(2):
        answer = client.post(address, {**given, "step": "save", "seen": seen})
        assert answer.headers["Location"] == f"{address}?period=2025"
    assert len(queries.figure_history(play.playground)) == 2
    page = body(client.get(answer.headers["Location"]))
    assert 'value="12"' in page
    assert "Last reported" in page
    night = actions.evaluate(district=play.district, now=now)
    assert night.results["unmet"] >= 1


def test_what_was_not_previewed_is_previewed_and_not_saved(play: Field, now: datetime) -> None:
    client, address, given = figures(play)
    given |= {"of-swings": "12", "of-checked": "9"}
    seen = token(body(client.post(address, given)), "seen")
    page = body(client.post(address, {**given, "of-checked": "12", "step": "save", "seen": seen}))
    assert "100 %" in section(page, "Not saved yet")
    assert queries.figure_history(play.playground) == ()


def test_an_empty_field_is_said_to_be_not_reported(play: Field, now: datetime) -> None:
    client, address, given = figures(play)
    page = body(client.post(address, {**given, "of-swings": "12"}))
    assert "not reported: Swings" not in section(page, "Not saved yet")
    assert "unknown" in section(page, "Not saved yet")
    save(client, address, {**given, "of-swings": "12"})
    assert queries.reported(play.playground, "2025")["checked"].value is None
    history = section(body(client.get(address)), "What was reported so far")
    assert "not reported" in history


def test_a_correction_needs_a_reason_and_both_values_stay(play: Field, now: datetime) -> None:
    client, address, given = figures(play)
    save(client, address, {**given, "of-swings": "12", "of-checked": "9"})
    page = body(client.post(address, {**given, "of-swings": "12", "of-checked": "11"}), 400)
    assert "Say why, since this was reported otherwise before: Checked" in page
    mended = {**given, "of-swings": "12", "of-checked": "11", "reason": "漏报两架"}
    assert save(client, address, mended).status_code == 302
    history = section(body(client.get(address)), "What was reported so far")
    assert ("漏报两架" in history, "replaced" in history, "before:" in history) == (True,) * 3
    assert queries.reported(play.playground, "2025")["checked"].value == 11


WRONG = [
    ("of-swings", "zwölf", "This is no number"),
    ("of-swings", "1,23", "Commas and spaces are not where thousands are"),
    ("of-swings", "1.5", "Fewer decimals are kept"),
    ("of-swings", "12%", "without the percent sign"),
    ("period", "soon", "This is no period"),
    ("period", "2202", "This period has not begun"),
    ("return-source", "", "Say who reported it"),
    ("return-day", "2199-01-01", "This day is still to come"),
]


def test_what_is_wrong_is_named_by_its_field(play: Field, now: datetime) -> None:
    client, address, given = figures(play)
    for name, typed, says in WRONG:
        page = body(client.post(address, {**given, "of-swings": "12", name: typed}), 400)
        error = re.search(rf'id="id_{name}_error">(.*?)</ul>', page, re.DOTALL)
        assert error, name
        assert says in error[1]
    assert queries.figure_history(play.playground) == ()


def test_nothing_at_all_is_refused(play: Field, now: datetime) -> None:
    client, address, given = figures(play)
    assert "Nothing is entered" in body(client.post(address, {**given, "of-swings": ""}), 400)


def test_each_signal_keeps_the_department_that_reported_it(play: Field, now: datetime) -> None:
    for code in ("calls", "visits"):
        actions.put_figure_kind(
            district=play.district, field="play", kind="playground", code=code, name=code,
            name_en=code, unit="call", signal=True,
        )  # fmt: skip
    client, address, _given = figures(play)
    given = {"period": "2026-01", "of-calls": "3", "of-visits": "1", "of-calls-source": "12345热线",
             "of-calls-day": "2026-02-01"}  # fmt: skip
    page = body(client.post(address, given), 400)
    assert 'id="id_of-visits-source_error"' in page
    given |= {"of-visits-source": "公安分局", "of-visits-day": "2026-02-03"}
    assert save(client, address, given).status_code == 302
    told = queries.reported(play.playground, "2026-01")
    assert {code: one.source for code, one in told.items()} == {
        "calls": "12345热线", "visits": "公安分局",
    }  # fmt: skip
    save(client, address, {"period": "2026-01", "of-calls": "3", "of-calls-source": "12345热线",
                           "of-calls-day": "2026-02-01"})  # fmt: skip
    assert queries.reported(play.playground, "2026-01")["visits"].value == Decimal(1)


def test_a_period_still_to_come_is_refused_by_every_door(play: Field, now: datetime) -> None:
    with pytest.raises(Refused, match="report_from_the_future"):
        actions.report_figures(
            district=play.district, subject=play.playground, period="2202", values={},
            source="x", reported_on=timezone.localdate(), now=now,
        )  # fmt: skip


def test_a_longer_history_of_figures_costs_no_more_queries(play: Field, now: datetime) -> None:
    client, address, _given = figures(play)

    def report(years: range) -> None:
        for year in years:
            actions.report_figures(
                district=play.district, subject=play.playground, period=str(year),
                values={"swings": Decimal(year), "checked": None}, source="年报",
                reported_on=date(year + 1, 1, 1), person=play.cast.people["data1"], now=now,
            )  # fmt: skip

    report(range(2001, 2003))
    few = cost(client, address)
    report(range(2003, 2023))
    assert cost(client, address) == few


# ---- Records ----


def test_a_record_is_kept_once_for_its_form_and_several_times_a_day(
    play: Field, now: datetime
) -> None:
    client, address = enter(play.cast, "data1"), f"/subjects/{play.playground}/records/round/"
    given = {"on": timezone.localdate().isoformat(), "told-by": "管理员"}
    for _again in range(2):
        form = token(body(client.get(address)))
        for _click in range(2):
            assert client.post(address, {**given, "token": form}).status_code == 302
    assert len(queries.records_of(play.playground)) == 2
    assert "管理员" in section(body(client.get(address)), "The last records")
    assert "管理员" in section(body(client.get(f"/subjects/{play.playground}/")), "Records kept")


def test_a_record_of_tomorrow_or_without_its_fields_is_refused_beside_them(
    play: Field, now: datetime
) -> None:
    client, address = enter(play.cast, "data1"), f"/subjects/{play.playground}/records/round/"
    form = token(body(client.get(address)))
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    page = body(client.post(address, {"on": tomorrow, "token": form}), 400)
    assert 'id="id_on_error"' in page
    assert "Fill in: who." in page
    assert queries.records_of(play.playground) == ()
    with pytest.raises(Refused, match="record_from_the_future"):
        actions.add_record(
            district=play.district, subject=play.playground, record="round",
            on=date.fromisoformat(tomorrow), data={"by": "甲"}, now=now,
        )  # fmt: skip


def test_a_zero_is_an_answer(play: Field, now: datetime) -> None:
    field = {"code": "n", "name": "数", "name_en": "n", "type": "number", "required": True}
    actions.put_record_kind(
        district=play.district, field="play", kind="playground", code="count", name="计数",
        name_en="Count", fields=[field],
    )  # fmt: skip
    client, address = enter(play.cast, "data1"), f"/subjects/{play.playground}/records/count/"
    given = {"on": timezone.localdate().isoformat(), "token": token(body(client.get(address)))}
    assert "This is no number" in body(client.post(address, {**given, "told-n": "drei"}), 400)
    assert client.post(address, {**given, "told-n": "0"}).status_code == 302
    [kept] = queries.records_of(play.playground)
    assert kept.told == (("n", 0),)


def test_records_are_paged_and_more_cost_no_more_queries(play: Field, now: datetime) -> None:
    client, address = enter(play.cast, "data1"), f"/subjects/{play.playground}/records/round/"

    def keep(days: range) -> None:
        for n in days:
            actions.add_record(
                district=play.district, subject=play.playground, record="round",
                on=date(2026, 1, 1) + timedelta(days=n // 2), data={"by": f"人{n}"},
                person=play.cast.people["data1"], now=now,
            )  # fmt: skip

    keep(range(3))
    few = cost(client, address)
    keep(range(3, 70))
    assert cost(client, address) == few
    seen, more = [], address
    while more:
        page = body(client.get(more))
        seen += re.findall(r"人\d+", section(page, "The last records"))
        found = re.search(r'rel="next" href="([^"]+)"', page)
        more = found[1] if found else ""
    assert len(seen) == len(set(seen)) == 70


# ---- Proofs ----


def proving(there: Field, who: str, sort: str = "text") -> tuple[Client, str, dict[str, str]]:
    code = "play.plan"
    if sort != "text":
        code = f"play.{sort}"
        spec = {"due": "2026-05-10", "proof": sort}
        playgrounds.expectation(there.district, code, "date", spec, category="estate.clutter")
    client = enter(there.cast, who)
    address = f"/subjects/{there.playground}/proof/{demand(there, code).id}/"
    return client, address, {"token": token(body(client.get(address)))}


def test_a_proof_is_delivered_once_and_shown_with_its_day(play: Field, now: datetime) -> None:
    client, address, given = proving(play, "data1")
    due = f"{address}?due=2026-05-10"
    page = body(client.post(due, {**given, "text": "", "on": "2026-05-08"}), 400)
    assert "Write what was done" in page
    for _click in range(2):
        answer = client.post(due, {**given, "text": "方案已交", "on": "2026-05-08"})
        assert answer.headers["Location"] == due
    page = section(body(client.get(due)), "Due on 10 May 2026")
    assert page.count("方案已交") == 1
    assert "8 May 2026" in page
    actions.evaluate(district=play.district, now=now)
    stands = queries.standings(play.district, [demand(play, "play.plan")], play.playground)
    assert stands[0].result == "met"


def test_a_document_is_a_pdf_by_its_bytes_and_is_saved_never_shown(
    play: Field, now: datetime
) -> None:
    client, address, given = proving(play, "inspector1", "document")
    due, today = f"{address}?due=2026-05-10", timezone.localdate().isoformat()
    given |= {"on": today}
    assert "Add the document" in body(client.post(due, given), 400)
    false = SimpleUploadedFile("plan.pdf", b"<script>", "application/pdf")
    assert "This is no PDF" in body(client.post(due, {**given, "document": false}), 400)
    true = SimpleUploadedFile('年度 "计划".pdf', PDF, "text/html")
    assert client.post(due, {**given, "document": true}).status_code == 302
    link = re.search(r'href="(/entries/proofs/[^"]+)"', body(client.get(due)))
    assert link
    answer = client.get(link[1])
    assert answer.content == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert enter(play.cast, "garden1").get(link[1]).status_code == 200
    assert enter(play.cast, "police1").get(link[1]).status_code == 403


def test_a_picture_stands_for_a_proof_that_asks_for_one(play: Field, now: datetime) -> None:
    client, address, given = proving(play, "garden1", "picture")
    assert "Add at least one picture" in body(client.post(address, given), 400)
    picture = SimpleUploadedFile("a.jpg", photo(), "image/jpeg")
    assert client.post(address, {**given, "pictures": picture}).status_code == 302
    shown = re.search(r"/entries/proofs/\d+/0/\?small=1", body(client.get(address)))
    assert shown
    assert client.get(shown[0]).headers["Content-Type"] == "image/jpeg"
    proof = queries.proof(int(shown[0].split("/")[3]))
    assert proof
    [file] = proof.files
    # So that an erasure of the same picture elsewhere leaves it here.
    assert queries.files_among({file["thumb"], "0" * 64}) == {file["thumb"]}


def test_a_unit_cannot_say_that_its_proof_was_there_earlier(play: Field, now: datetime) -> None:
    client, address, given = proving(play, "garden1")
    assert 'name="on"' not in body(client.get(address))
    client.post(address, {**given, "text": "已交", "on": "2026-05-01"})
    [proof] = queries.proofs_of(play.playground, demand(play, "play.plan").id)
    assert proof.on == timezone.localdate()


def test_a_date_that_is_not_due_is_not_there(play: Field, now: datetime) -> None:
    client, address, given = proving(play, "data1")
    assert client.get(f"{address}?due=2026-05-11").status_code == 404
    assert client.post(f"{address}?due=x", {**given, "text": "x"}).status_code == 404


# ---- Who enters what ----


def test_only_the_unit_that_answers_or_operates_enters_its_records(
    play: Field, now: datetime
) -> None:
    """The garden answers for estate everywhere; the police operate the other place."""
    record = f"/subjects/{play.playground}/records/round/"
    assert enter(play.cast, "garden1").get(record).status_code == 200
    assert enter(play.cast, "police1").get(record).status_code == 403
    own = registry.create_subject(
        district=play.district, kind="playground", name="警园", operator=play.cast.units["police"]
    )
    police = enter(play.cast, "police1")
    assert police.get(f"/subjects/{own}/records/round/").status_code == 200
    listed = body(police.get("/entries/"))
    assert ("警园" in listed, "东园" in listed) == (True, False)
    assert "东园" in body(enter(play.cast, "garden1").get("/entries/"))


def operated(play: Field) -> tuple[Client, int, str]:
    own = registry.create_subject(
        district=play.district, kind="playground", name="警园", operator=play.cast.units["police"]
    )
    return enter(play.cast, "police1"), own, f"/subjects/{own}/figures/"


def test_whoever_operates_a_place_reports_its_figures_and_nobody_elses(
    play: Field, now: datetime
) -> None:
    client, own, address = operated(play)
    assert address in body(client.get("/entries/"))
    given = figures(play)[2] | {"of-swings": "12", "of-checked": "9"}
    assert save(client, address, given).status_code == 302
    assert queries.reported(own, "2025")["swings"].person == play.cast.people["police1"]
    assert save(client, address, {**given, "of-checked": "10", "reason": "漏数"}).status_code == 302
    assert client.get(f"/subjects/{play.playground}/figures/").status_code == 403
    # The garden answers for every estate; that makes it no operator of this one.
    assert enter(play.cast, "garden1").get(address).status_code == 403
    assert address not in body(enter(play.cast, "garden1").get("/entries/"))


def test_what_others_reported_does_not_give_way_to_the_one_it_is_about(
    play: Field, now: datetime
) -> None:
    client, own, address = operated(play)
    office, _address, given = figures(play)
    given |= {"of-swings": "12", "of-checked": "2"}
    assert save(office, address, given).status_code == 302
    page = body(client.post(address, {**given, "of-checked": "12", "reason": "改"}), 400)
    assert "only the data office corrects it" in page
    assert queries.reported(own, "2025")["checked"].value == 2


def test_signals_that_departments_report_are_not_for_the_one_they_are_about(
    play: Field, now: datetime
) -> None:
    actions.put_figure_kind(
        district=play.district, field="play", kind="playground", code="complaints",
        name="投诉", name_en="Complaints", signal=True,
    )  # fmt: skip
    client, own, address = operated(play)
    actions.report_figures(
        district=play.district, subject=own, period="2025", source="热线", now=now,
        reported_on=date(2026, 1, 2), values={"complaints": Decimal(7)},
        person=play.cast.people["data1"], reason="",
    )  # fmt: skip
    assert "Complaints" in body(enter(play.cast, "data1").get(address))
    assert "Complaints" not in body(client.get(address))
    given = figures(play)[2] | {"of-swings": "1", "of-checked": "1", "of-complaints": "0"}
    save(client, address, given)
    assert queries.reported(own, "2025")["complaints"].value == 7


def test_a_nearer_duty_takes_the_place_off_the_list_of_the_other(
    play: Field, now: datetime
) -> None:
    for category in ("estate.environment", "estate.green", "estate.clutter"):
        registry.create_duty(
            district=play.district, unit=play.cast.units["police"], category=category,
            valid_from=date(2026, 1, 1), subject=play.playground,
        )  # fmt: skip
    listed = body(enter(play.cast, "garden1").get("/entries/"))
    assert ("东园" in listed, "西园" in listed) == (False, True)
    assert "东园" in body(enter(play.cast, "police1").get("/entries/"))


def test_more_places_of_a_unit_cost_no_more_queries(play: Field, now: datetime) -> None:
    client = enter(play.cast, "garden1")
    few = cost(client, "/entries/")
    many(play, 70)
    assert cost(client, "/entries/") == few
    page = body(client.get("/entries/"))
    assert re.search(r'rel="next" href="/entries/\?after=\d+"', page)


def test_the_subject_page_tells_the_person_or_that_there_is_none(
    play: Field, now: datetime
) -> None:
    client, address = enter(play.cast, "leader1"), f"/subjects/{play.playground}/"
    assert "no person is named" in section(body(client.get(address)), "What is expected")
    registry.create_duty(
        district=play.district, unit=play.cast.units["garden"], valid_from=date(2026, 1, 1),
        category="estate.environment", subject=play.playground,
        person=play.cast.people["garden1"],
    )  # fmt: skip
    assert "garden1" in section(body(client.get(address)), "What is expected")
    for duty in asked.duties(play.district, on=timezone.localdate()):
        registry.end_duty(duty=duty.id, on=date(2026, 2, 1))
    assert "no unit has this duty here" in section(body(client.get(address)), "What is expected")


def test_the_case_page_tells_who_was_responsible_on_that_day(play: Field, now: datetime) -> None:
    registry.create_duty(
        district=play.district, unit=play.cast.units["garden"], valid_from=date(2026, 1, 1),
        category="estate.environment", subject=play.playground,
        person=play.cast.people["garden1"],
    )  # fmt: skip
    [found] = play.look("unmet", now=now).findings
    page = body(enter(play.cast, "leader1").get(f"/case/{found.case}/"))
    facts = section(page, "The case")
    assert "Responsible on that day" in facts
    assert "garden · garden1" in facts
    report = play.cast.handling(now)
    assert "Responsible on that day" not in body(
        enter(play.cast, "leader1").get(f"/case/{report}/")
    )


# ---- Correcting a check ----


def test_a_correction_says_why_and_both_are_shown(play: Field, now: datetime) -> None:
    first = play.look("unmet", now=now - timedelta(hours=2))
    client = enter(play.cast, "inspector1")
    look = f"/subjects/{play.playground}/checked/{first.check}/"
    address = f"{look}correct/"
    assert address in body(client.get(look))
    page = body(client.get(address))
    start = f"look_{demand(play, 'play.surface').id}_"
    given = {"token": token(page), f"{start}result": "unmet", f"{start}text": "铺面破损"}
    assert "Say what was wrong" in body(client.post(address, given), 400)
    same = body(client.post(address, {**given, "reason": "看错"}), 400)
    assert "Nothing differs from what was said first" in same
    mended = {**given, f"{start}result": "met", "reason": "看的是隔壁"}
    answer = client.post(address, mended)
    assert answer.status_code == 302
    assert client.post(address, mended).status_code in {200, 302}
    checks = queries.checks_of(play.district, play.playground)
    assert len(checks) == 2
    page = body(client.get(answer.headers["Location"]))
    assert ("看的是隔壁" in page, "铺面破损" in page) == (True, True)
    assert "看的是隔壁" in section(body(client.get(look)), "The correction")
    assert "corrected already" in body(client.get(address))
    assert enter(play.cast, "inspector2").get(address).status_code == 403


def test_a_correction_does_not_outdo_a_later_look(play: Field, now: datetime) -> None:
    first = play.look("unmet", now=now - timedelta(hours=3), key="a")
    play.look("unmet", now=now - timedelta(hours=1), key="b")
    actions.correct_check(
        check=first.check, answers=[actions.Said(expectation="play.surface", result="met")],
        reason="看错", person=play.cast.people["inspector1"], now=now, key="c",
    )  # fmt: skip
    [stands] = queries.standings(play.district, [demand(play, "play.surface")], play.playground)
    assert stands.result == "unmet"
