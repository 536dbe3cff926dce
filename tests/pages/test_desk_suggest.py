"""What earlier cases suggest, on the form of whoever triages: shown, taken, counted."""

import json
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.utils import timezone

from luoshi.cases import actions, catalogue, queries
from luoshi.cases.models import Suggested
from luoshi.cases.suggest import training
from luoshi.cases.suggest.examples import Example
from luoshi.registry import actions as registry
from tests import cast as casting
from tests.cases.test_suggest import OWNERS, history, learn
from tests.cast import Cast
from tests.pages.giving import fill, form_of, give
from tests.pages.rooms import body, cost, enter

TEXT = "草坪挖了种菜，请处理"
SELECTED = 'value="estate.green" selected'


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def cast(db: None, monkeypatch: pytest.MonkeyPatch, now: datetime) -> Cast:
    """With a night behind it, after which such words mean estate.green and the garden."""
    built = casting.build()

    def read(district: int, target: str) -> list[Example]:
        owner = {code: str(built.units[name]) for code, name in OWNERS.items()}
        label = (lambda code: code) if target == "category" else (lambda code: owner[code])
        return [Example(one.words, "", label(one.label)) for one in history()]

    monkeypatch.setattr(training, "examples", read)
    monkeypatch.setattr(training, "NEEDED", 20)
    learn(now)
    return built


def test_the_form_shows_it_with_the_words_that_decided_and_chooses_nothing(
    cast: Cast, now: datetime
) -> None:
    case = cast.report(now, text=TEXT, subject=None, area=None).case
    form = form_of(body(enter(cast, "desk1").get(f"/case/{case}/")), case, "dispatch")
    assert "Earlier cases suggest:" in form
    assert "<q>" in form
    assert f'data-owner="{cast.units["garden"]}"' in form
    assert SELECTED not in form
    assert queries.line(case).state.category == ""  # type: ignore[union-attr]


def test_without_scripts_its_button_fills_the_form_in_and_gives_nothing(
    cast: Cast, now: datetime
) -> None:
    case = cast.report(now, text=TEXT, subject=None, area=None).case
    client = enter(cast, "desk1")
    page = body(client.get(f"/case/{case}/"))
    sent = fill(page, case, "dispatch", text="已写的摘要") | {"take_suggestion": "1"}
    form = form_of(body(client.post(f"/case/{case}/do/dispatch/", sent)), case, "dispatch")
    assert SELECTED in form
    assert f'value="{cast.units["garden"]}" selected' in form
    assert "已写的摘要" in form
    assert queries.line(case).state.category == ""  # type: ignore[union-attr]


def test_it_is_kept_whether_the_desk_took_it(cast: Cast, now: datetime) -> None:
    client, units = enter(cast, "desk1"), cast.units
    for category, owner in (("estate.green", "garden"), ("estate.parking", "police")):
        case = cast.report(now, text=TEXT).case
        give(client, case, "dispatch", category=category, owner=units[owner], text="")
        row = Suggested.objects.get(case=case)
        assert (row.category, row.owner) == ("estate.green", units["garden"])
        assert row.taken is row.owner_taken is (owner == "garden")
    silent = cast.report(now, text="The lift is broken").case
    give(client, silent, "dispatch", category="estate.parking", owner=units["police"], text="")
    page = body(enter(cast, "data1").get("/desk/suggestions/"))
    assert "Of 2 suggestions 1 were taken and 1 overruled; for 1 cases there was none." in page


def test_a_refused_dispatch_is_not_counted(cast: Cast, now: datetime) -> None:
    case = cast.report(now, text=TEXT, accused=(cast.units["garden"],)).case
    client = enter(cast, "desk1")
    owner = cast.units["garden"]
    answer = give(client, case, "dispatch", category="estate.green", owner=owner, text="")
    assert answer.status_code == 409
    assert not Suggested.objects.exists()


def test_an_accused_unit_is_never_suggested(cast: Cast, now: datetime) -> None:
    garden = cast.units["garden"]
    case = cast.report(now, text=TEXT, subject=None, area=None, accused=(garden,)).case
    form = form_of(body(enter(cast, "desk1").get(f"/case/{case}/")), case, "dispatch")
    assert "Earlier cases suggest:" in form
    assert f'data-owner="{garden}"' not in form


def test_what_it_does_not_know_it_says(cast: Cast, now: datetime) -> None:
    case = cast.report(now, text="The lift in our building is broken").case
    page = body(enter(cast, "desk1").get(f"/case/{case}/"))
    assert "No suggestion: earlier cases know few of these words." in page


def test_for_a_confidential_report_there_is_none(cast: Cast, now: datetime) -> None:
    case = cast.report(now, text=TEXT, confidential=True).case
    assert "Earlier cases" not in body(enter(cast, "inspector1").get(f"/case/{case}/"))


def test_a_suggestion_costs_the_same_queries_whatever_it_says(cast: Cast, now: datetime) -> None:
    client = enter(cast, "desk1")
    cast.report(now)  # both then find an older one that may be the same
    short, long = (cast.report(now, text=text).case for text in (TEXT, TEXT * 50))
    assert cost(client, f"/case/{short}/") == cost(client, f"/case/{long}/") < 75


# ---- Whom to phone ----


@pytest.fixture
def plain(db: None) -> Cast:
    return casting.build()


def test_whoever_nobody_contacted_is_phoned_and_then_leaves_the_list(
    plain: Cast, now: datetime
) -> None:
    first, second = (plain.handling(now, text=text) for text in ("先打", "后打"))
    plain.handling(now, text="打不了", phone=None)
    client = enter(plain, "desk1")
    page = body(client.get("/desk/phone/"))
    assert page.index("先打") < page.index("后打")
    assert "打不了" not in page
    sent = fill(page, first, "contact", how="call", text="约好明天") | {"next": "/desk/phone/"}
    answer = client.post(f"/case/{first}/do/contact/", sent)
    assert answer.headers["Location"] == "/desk/phone/"
    page = body(client.get("/desk/phone/"))
    assert "先打" not in page
    assert f"/case/{second}/do/contact/" in page


def test_whoever_does_not_answer_comes_last_and_is_counted(plain: Cast, now: datetime) -> None:
    first, _second = (plain.handling(now, text=text) for text in ("先打", "后打"))
    client = enter(plain, "desk1")
    for _ in range(3):
        client.post(f"/desk/phone/{first}/", {"rang": "1"})
    page = body(client.get("/desk/phone/"))
    assert page.index("后打") < page.index("先打")
    assert "no answer 3 times" in page
    client.post(f"/desk/phone/{first}/", {})
    assert "no answer 3 times" in body(client.get("/desk/phone/"))
    assert client.post("/desk/phone/1/", {}).status_code == 404


def test_confidential_reporters_and_those_who_accuse_ones_unit_are_not_phoned_by_the_desk(
    plain: Cast, now: datetime
) -> None:
    case = plain.report(now, confidential=True, text="密").case
    plain.do("inspector1", case, "classify", now, category="estate.parking", text="密件摘要")
    plain.do("inspector1", case, "assign", now, owner=plain.units["garden"])
    plain.do("garden1", case, "acknowledge", now, person=plain.people["garden1"])
    assert "Nobody is to be phoned" in body(enter(plain, "desk1").get("/desk/phone/"))


def test_the_list_costs_the_same_for_two_and_for_ten(plain: Cast, now: datetime) -> None:
    client = enter(plain, "desk1")
    for _ in range(2):
        plain.handling(now)
    few = cost(client, "/desk/phone/"), cost(client, "/desk/handover/")
    for _ in range(8):
        plain.handling(now)
        plain.report(now)
    assert cost(client, "/desk/phone/") == few[0]
    assert cost(client, "/desk/handover/") <= few[1] + 10  # the first case of a list reads names


# ---- The end of a shift ----


def test_a_shift_hands_over_what_it_began_and_what_is_due(plain: Cast, now: datetime) -> None:
    mine = plain.report(now, text="我分类的").case
    plain.do("desk1", mine, "classify", now, category="estate.parking")
    plain.report(now - timedelta(days=9), text="早就到期")
    actions.tick_due(now)  # from now on a reminder in two days is what comes next
    page = body(enter(plain, "desk1").get("/desk/handover/"))
    began, due = page.split("Late at the desk, or due within 12 hours")
    assert "我分类的" in began
    assert "早就到期" in due
    assert "早就到期" not in began
    other = body(enter(plain, "desk2").get("/desk/handover/")).split("Late at the desk")[0]
    assert "我分类的" not in other


def test_a_ruling_that_is_late_does_not_sink_below_younger_ones(plain: Cast, now: datetime) -> None:
    def returned(at: datetime) -> int:
        case = plain.report(at).case
        plain.do("desk1", case, "classify", at, category="estate.green")
        plain.do("desk1", case, "assign", at, owner=plain.units["community"])
        right = plain.units["garden"]
        plain.do("community1", case, "return", at, right_unit=right, text="属园林")
        return case

    old = returned(now - timedelta(days=9))
    actions.tick_due(now)
    young = returned(now)
    listed = [line.id for line in queries.returned(plain.district).lines]
    assert listed == [old, young]


def test_a_note_is_taken_over_once_by_somebody_else(plain: Cast, now: datetime) -> None:
    writer, reader = enter(plain, "desk1"), enter(plain, "desk2")
    assert writer.post("/desk/handover/", {"text": ""}).status_code == 400
    assert writer.post("/desk/handover/", {"text": "短信网关已报修"}).status_code == 302
    note: Any = queries.notes(plain.district)[0]
    writer.post(f"/desk/handover/{note.id}/")
    assert queries.notes(plain.district)[0].taken_by is None
    assert "短信网关已报修" in body(reader.get("/desk/handover/"))
    reader.post(f"/desk/handover/{note.id}/")
    taken = queries.notes(plain.district)[0]
    assert taken.taken_by == plain.people["desk2"]
    assert taken.taken_at is not None
    assert "Taken over by" in body(writer.get("/desk/handover/"))
    assert not queries.notes(plain.district + 1)


# ---- Answers with gaps ----


@pytest.fixture
def library(plain: Cast) -> Cast:
    for code, text in (
        ("whom", "{place}由{unit}负责，编号{number}。"),
        ("call", "请致电{phone}。"),
    ):
        catalogue.put_answer(
            district=plain.district, code=code, kind="answer", title=code, title_en=code, text=text
        )
    registry.create_duty(
        district=plain.district,
        unit=plain.units["community"],
        category="estate.green",
        area=plain.community_area,
        valid_from=casting.SINCE,
    )
    return plain


def test_the_gaps_of_an_answer_are_filled_read_once_and_then_sent(
    library: Cast, now: datetime
) -> None:
    received = library.report(now, text="损绿")
    case, client = received.case, enter(library, "desk1")
    page = body(give(client, case, "answer", answer="whom"), 400)
    filled = f"示范新村由community负责，编号{received.number}。"
    form = form_of(page, case, "answer")
    assert f'<div class="said">{filled}</div>' in form
    assert queries.line(case).state.status == "new"  # type: ignore[union-attr]
    sent = fill(page, case, "answer", answer="whom", previewed=filled)
    assert client.post(f"/case/{case}/do/answer/", sent).status_code == 302
    said = queries.last_said([case])[case]
    assert (said.kind, said.text) == ("answered", filled)


def test_with_scripts_the_field_is_given_the_filled_text(library: Cast, now: datetime) -> None:
    received = library.report(now, text="损绿")
    page = body(enter(library, "desk1").get(f"/case/{received.case}/"))
    texts = unescape(form_of(page, received.case, "answer").split('data-texts="')[1].split('"')[0])
    assert json.loads(texts)["whom"] == f"示范新村由community负责，编号{received.number}。"


@pytest.mark.parametrize(("text", "gap"), [("", "{phone}"), ("您好，{weather}", "{weather}")])
def test_an_answer_with_a_gap_that_nobody_can_fill_is_refused_and_the_gap_named(
    library: Cast, now: datetime, text: str, gap: str
) -> None:
    case = library.report(now, text="损绿").case
    client = enter(library, "desk1")
    page = body(give(client, case, "answer", answer="call", text=text), 400)
    assert f"Nothing is known here for {gap}" in unescape(page)
    assert queries.line(case).state.status == "new"  # type: ignore[union-attr]


def test_an_answer_can_be_looked_at_before_it_is_sent(library: Cast, now: datetime) -> None:
    case = library.report(now, text="损绿").case
    client = enter(library, "desk1")
    page = body(give(client, case, "answer", text="没有空格", preview="1"), 400)
    assert '<div class="said">没有空格</div>' in form_of(page, case, "answer")
    assert queries.line(case).state.status == "new"  # type: ignore[union-attr]
