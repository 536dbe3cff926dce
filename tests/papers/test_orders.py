"""Orders of a case: what fits its state, what stands on them, and what never does."""

from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from luoshi.cases import actions, queries
from luoshi.rules.state import Status
from luoshi.web import formats
from tests import cast as casting
from tests.cast import Cast, photo
from tests.pages.rooms import body, enter
from tests.paper import text_of

WORDS, PHONE, NAME = "我是三楼的，天天堵", "13912345678", "孙桂兰"
SUMMARY = "楼道堆放杂物，电动车推不出来"


@pytest.fixture
def cast(db: None, settings: Any) -> Cast:
    settings.RAISED_PERCENT = 0
    settings.LUOSHI_PUBLIC_URL = "https://report.example"
    return casting.build(spoken=True)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def given(cast: Cast, now: datetime, *, desk: str = "desk1", **more: Any) -> int:
    """A case with a summary that the community handles."""
    values = {"text": WORDS, "phone": PHONE, "name": NAME, **more}
    case = cast.report(now, **values).case
    cast.do(desk, case, "classify", now, category="estate.parking", text=SUMMARY)
    cast.do(desk, case, "assign", now, owner=cast.units["community"])
    cast.do("community1", case, "acknowledge", now, person=cast.people["community1"])
    return case


def struck_off(cast: Cast, now: datetime) -> tuple[int, str]:
    """A closed case and its verifier: without anybody to ask, it closes with the verification."""
    case = given(cast, now, phone=None, name=None)
    verifier = cast.name_of(cast.claim("community1", case, now).state.verifier)
    cast.do(verifier, case, "open", now)
    cast.do(verifier, case, "verify", now, passed=True, text="走访两户，确已清理")
    assert state(case).status is Status.CLOSED
    return case, verifier


def state(case: int) -> Any:
    return queries.lines_of([case])[case].state


def number(case: int) -> str:
    return queries.lines_of([case])[case].number


def paper(cast: Cast, case: int, code: str, who: str = "desk1", language: str = "zh-hans") -> Any:
    return enter(cast, who, language=language).get(f"/papers/case/{case}/{code}/")


def test_a_dispatch_order_names_owner_deadline_and_problem(cast: Cast, now: datetime) -> None:
    case = given(cast, now)
    text = text_of(paper(cast, case, "dispatch"))
    deadline = "".join(formats.until(state(case).deadline).split())
    for words in ("交办单", number(case), "德民社区居委会：", "戚社区", SUMMARY, deadline):
        assert words in text
    assert "受理派单中心" in text
    assert "贴一张提醒单，不叫落实" in text


def test_it_comes_in_the_language_of_the_page(cast: Cast, now: datetime) -> None:
    text = text_of(paper(cast, given(cast, now), "dispatch", language="en"))
    assert "Dispatchorder" in text
    assert "To:DeminResidents'Committee" in text
    assert SUMMARY in text


def test_it_is_shown_in_the_browser_and_kept_by_no_cache(cast: Cast, now: datetime) -> None:
    case = given(cast, now)
    answer = paper(cast, case, "dispatch")
    assert answer.headers["Content-Disposition"] == (
        f'inline; filename="{number(case)}-dispatch.pdf"'
    )
    assert "no-store" in answer.headers["Cache-Control"]


def test_what_a_reporter_wrote_and_who_he_is_is_on_no_paper(cast: Cast, now: datetime) -> None:
    case = cast.report(now, text=WORDS, phone=PHONE, name=NAME).case
    cast.do("desk1", case, "classify", now, category="estate.parking")
    cast.do("desk1", case, "assign", now, owner=cast.units["community"])
    cast.do("leader1", case, "escalate", now, text="三天没有动静")
    for code in ("dispatch", "supervision"):
        text = text_of(paper(cast, case, code))
        assert [words for words in (WORDS, PHONE, NAME) if words in text] == []
    listed = text_of(enter(cast, "inspector1", language="zh-hans").get("/papers/problems/"))
    assert number(case) in listed
    assert WORDS not in listed


def test_a_supervision_order_says_why(cast: Cast, now: datetime) -> None:
    case = given(cast, now)
    cast.do("leader1", case, "escalate", now, text="三天没有动静")
    text = text_of(paper(cast, case, "supervision"))
    assert "督办单" in text
    assert "三天没有动静" in text
    assert "抄送：受理派单中心、区委巡察组" in text


def test_what_the_inspection_team_found_is_put_right_at_once(cast: Cast, now: datetime) -> None:
    report = {"door": "inspection", "origin": "inspection", "text": "消防通道被锁", "phone": None}
    case = cast.report(now, **report).case
    cast.do("desk1", case, "classify", now, category="estate.clutter", text="消防通道被锁死")
    cast.do("desk1", case, "assign", now, owner=cast.units["garden"])
    text = text_of(paper(cast, case, "fix", "inspector1"))
    assert "立行立改通知单" in text
    assert "消防通道被锁死" in text
    assert "园林绿化管理处" in text


def test_a_strike_off_record_tells_measure_verification_and_last_word(
    cast: Cast, now: datetime
) -> None:
    case, verifier = struck_off(cast, now)
    text = text_of(paper(cast, case, "strike_off", "community1"))
    for words in (
        "销号单",
        "已清理",
        "走访两户，确已清理",
        "无法联系",
        casting.SPOKEN[verifier][0],
    ):
        assert words in text, words


def test_nobody_reads_the_verifiers_name_before_it_is_closed(cast: Cast, now: datetime) -> None:
    case = given(cast, now)
    verifier = cast.name_of(cast.claim("community1", case, now).state.verifier)
    cast.do(verifier, case, "open", now)
    cast.do("leader1", case, "escalate", now, text="看紧")
    for who in ("community1", "desk1", verifier):
        for code in ("dispatch", "supervision"):
            assert casting.SPOKEN[verifier][0] not in text_of(paper(cast, case, code, who))
    assert paper(cast, case, "strike_off").status_code == 404


def test_the_page_offers_only_what_fits_and_nothing_else_is_printed(
    cast: Cast, now: datetime
) -> None:
    new = cast.report(now).case
    case = given(cast, now)
    done, _ = struck_off(cast, now)
    desk = enter(cast, "desk1")
    offered = {
        each: [
            code
            for code in ("dispatch", "supervision", "fix", "strike_off")
            if f"/papers/case/{each}/{code}/" in body(desk.get(f"/case/{each}/"))
        ]
        for each in (new, case, done)
    }
    assert offered == {new: [], case: ["dispatch"], done: ["strike_off"]}
    refused = [(new, "dispatch"), (case, "fix"), (done, "dispatch"), (case, "nothing")]
    assert [desk.get(f"/papers/case/{c}/{code}/").status_code for c, code in refused] == [404] * 4


def test_a_confidential_case_is_printed_for_nobody_who_may_not_see_it(
    cast: Cast, now: datetime
) -> None:
    case = given(cast, now, desk="inspector1", confidential=True)
    assert paper(cast, case, "dispatch", "desk1").status_code == 404
    assert paper(cast, case, "dispatch", "garden1").status_code == 404
    text = text_of(paper(cast, case, "dispatch", "community1"))
    assert "保密案件" in text
    assert WORDS not in text


def test_pictures_are_counted_as_attachments(cast: Cast, now: datetime) -> None:
    case = given(cast, now, pictures=[photo(), photo()])
    assert "附件：照片2张" in text_of(paper(cast, case, "dispatch"))


def test_a_character_that_cannot_be_printed_is_named(cast: Cast, now: datetime) -> None:
    case = cast.report(now).case
    cast.do("desk1", case, "classify", now, category="estate.parking", text="楼道😀很乱")
    cast.do("desk1", case, "assign", now, owner=cast.units["community"])
    page = body(paper(cast, case, "dispatch", language="en"), 422)
    assert "no sign for “😀” (U+1F600)" in page
    assert "楼道😀很乱" in page
    again = f"/papers/case/{case}/dispatch/?numbered=1"
    assert again in page
    assert "楼道〔U+1F600〕很乱" in text_of(enter(cast, "desk1").get(again))


def test_the_code_leads_to_the_page_of_the_case(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from luoshi.web.papers import press

    seen: list[str] = []
    draw = press._code
    monkeypatch.setattr(press, "_code", lambda address: seen.append(address) or draw(address))
    case = given(cast, now)
    paper(cast, case, "dispatch")
    assert seen == [f"https://report.example/case/{case}/"]


def test_reopened_it_is_no_longer_struck_off(cast: Cast, now: datetime) -> None:
    case, _ = struck_off(cast, now)
    actions.act(
        case=case, command=actions.Command("reopen"), actor=cast.actor("inspector1"), now=now,
        text="又堆上了",
    )  # fmt: skip
    assert paper(cast, case, "strike_off").status_code == 404
    assert queries.courses([case])[case].passed is None
