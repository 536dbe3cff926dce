"""What the desk takes down for others, and what it copies from old ledgers."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from luoshi.cases import queries
from luoshi.cases.models import Case, CaseEvent, Report
from luoshi.registry import actions as registry
from luoshi.registry import queries as registry_queries
from luoshi.trust import codes
from luoshi.web.desk.forms import Intake, OldRow
from tests import cast as casting
from tests.cast import Cast
from tests.pages.giving import upload
from tests.pages.rooms import body, counted, enter


@pytest.fixture
def cast(db: None) -> Cast:
    return casting.build()


@pytest.fixture
def now() -> datetime:
    """Pages ask the clock themselves."""
    return timezone.now()


def draft(cast: Cast, **fields: Any) -> dict[str, Any]:
    """The form as it is opened by the desk, filled in."""
    page = body(enter(cast, "desk1").get("/desk/new/"))
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token
    return {"token": token[1], "door": "phone", "text": "小区脏乱", "language": "zh-hans", **fields}


def take_down(cast: Cast, **fields: Any) -> str:
    return body(enter(cast, "desk1").post("/desk/new/", draft(cast, **fields)))


def code_on(page: str) -> str:
    found = re.search(r'class="code">([0-9A-Z-]{21})<', page)
    return found[1] if found else ""


def test_a_call_is_taken_down_and_gets_a_number(cast: Cast) -> None:
    page = take_down(cast, phone="13800138000", name="王女士", subject=cast.estate)
    report = Report.objects.get()
    assert report.number in page
    assert (report.door, report.reachable) == ("phone", True)
    assert f"/case/{report.case_id}/" in page
    event = CaseEvent.objects.get(case=report.case_id)
    assert (event.seat, event.person) == ("desk", cast.people["desk1"])
    state = Case.objects.get()
    assert (state.subject, state.area) == (cast.estate, cast.community_area)
    assert "王女士" not in page


def test_whoever_comes_in_takes_a_code_along_that_opens_his_report(cast: Cast) -> None:
    page = take_down(cast, door="visit")
    code = code_on(page)
    assert queries.by_code(cast.district, code) == Report.objects.get().pk
    assert "Print the receipt" in page


def test_a_caller_gets_a_code_when_he_wants_one(cast: Cast) -> None:
    assert not code_on(take_down(cast))
    assert not Report.objects.get().reachable
    assert code_on(take_down(cast, give_code="on"))


def test_a_letter_carries_no_code_back(cast: Cast) -> None:
    assert not code_on(take_down(cast, door="letter", give_code="on"))
    assert not Report.objects.get().reachable


def test_the_same_form_twice_is_one_report_with_one_receipt(cast: Cast) -> None:
    client, fields = enter(cast, "desk1"), draft(cast, door="visit")
    first = body(client.post("/desk/new/", fields))
    again = body(client.post("/desk/new/", fields))
    assert Report.objects.count() == 1
    assert code_on(first) == code_on(again) != ""
    assert "nothing was doubled" in again
    assert "nothing was doubled" not in first


def test_two_forms_are_two_reports(cast: Cast) -> None:
    take_down(cast)
    take_down(cast)
    assert Report.objects.count() == 2


def test_a_form_with_a_forged_or_old_token_keeps_what_was_typed(cast: Cast) -> None:
    fields = {**draft(cast), "token": "made up"}
    page = body(enter(cast, "desk1").post("/desk/new/", fields), 400)
    assert "The form lay open for too long" in page
    assert "小区脏乱" in page
    assert not Report.objects.exists()


def test_a_phone_number_with_a_slip_is_told_at_its_field(cast: Cast) -> None:
    page = body(enter(cast, "desk1").post("/desk/new/", draft(cast, phone="1380")), 400)
    assert "too few or too many digits" in page
    assert "小区脏乱" in page
    assert not Report.objects.exists()


def test_a_place_told_in_words_is_matched_or_left_to_a_person(cast: Cast) -> None:
    take_down(cast, place="示范新村3幢")
    take_down(cast, place="河边那条路")
    matched, open_ = Case.objects.order_by("pk")
    assert (matched.subject, matched.place_open) == (cast.estate, False)
    assert (open_.subject, open_.place_open) == (None, True)
    page = body(enter(cast, "desk1").get(f"/case/{open_.pk}/"))
    assert "河边那条路" in page


def test_danger_runs_from_the_call(cast: Cast) -> None:
    take_down(cast, danger="on")
    assert Case.objects.get().urgency == "danger"


def test_a_confidential_report_leaves_the_desk_at_once(cast: Cast) -> None:
    page = take_down(cast, confidential="on", text="有人收钱", accused=cast.units["garden"])
    case = Case.objects.get()
    assert case.sealed
    assert case.accused == [cast.units["garden"]]
    assert f"/case/{case.pk}/" not in page
    assert "有人收钱" not in page
    assert "waits for the inspection team" in page


def test_pictures_come_along_and_a_bad_one_is_told(cast: Cast) -> None:
    take_down(cast, pictures=upload())
    page = body(enter(cast, "desk1").get(f"/case/{Case.objects.get().pk}/"))
    assert page.count('src="/case/picture/') == 1
    bad = draft(cast, pictures=SimpleUploadedFile("a.jpg", b"nothing"))
    page = body(enter(cast, "desk1").post("/desk/new/", bad), 400)
    assert "This file is not a picture" in page
    assert "Pictures must be chosen again." in page


def test_a_problem_that_came_back_is_said_to_reopen_its_case(cast: Cast, now: datetime) -> None:
    old = old_row(cast)
    page = body(enter(cast, "desk1").post("/desk/old/", old, follow=True))
    assert "Unverified old record" in page
    page = take_down(cast, subject=cast.estate, category="estate.environment")
    assert "the report reopens that case" in page
    assert Case.objects.count() == 1


# ---- Old ledgers ----


def old_row(cast: Cast, **fields: Any) -> dict[str, Any]:
    day = timezone.localdate() - timedelta(days=20)
    return {
        "ledger": "2026 年 10 月",
        "line": "12",
        "happened_at": day.isoformat(),
        "text": "小区环境脏乱",
        "closing_words": "已张贴提醒单",
        "category": "estate.environment",
        "subject": cast.estate,
        **fields,
    }


def test_an_old_row_becomes_a_closed_unverified_case(cast: Cast) -> None:
    page = body(enter(cast, "desk1").post("/desk/old/", old_row(cast), follow=True))
    case = Case.objects.get()
    assert (case.status, case.resolution) == ("closed", "unverified")
    assert "closed and unverified" in page
    assert "已张贴提醒单" in page


def test_the_same_line_twice_is_one_case(cast: Cast) -> None:
    client = enter(cast, "desk1")
    first = client.post("/desk/old/", old_row(cast))
    again = client.post("/desk/old/", old_row(cast, text="another text"))
    assert first.headers["Location"] == again.headers["Location"]
    assert Case.objects.count() == 1


def test_an_old_row_lies_in_the_past(cast: Cast) -> None:
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    answer = enter(cast, "desk1").post("/desk/old/", old_row(cast, happened_at=tomorrow))
    page = body(answer, 400)
    assert "An old record lies in the past." in page
    assert "已张贴提醒单" in page
    assert not Case.objects.exists()


def test_codes_have_their_check_character(cast: Cast) -> None:
    assert codes.normalise(code_on(take_down(cast, door="visit")))


GENERIC = "This field is required."


def refused(cast: Cast, address: str, data: dict[str, Any]) -> str:
    answer = enter(cast, "desk1").post(address, data)
    assert answer.status_code in {400, 422}
    return answer.content.decode()


def test_an_empty_call_says_for_each_field_what_to_do(cast: Cast) -> None:
    page = refused(cast, "/desk/new/", draft(cast, door="", text="", language="", email="nobody"))
    assert GENERIC not in page
    for said in (
        "Say how it came: phone, visit or letter.",
        "Write down what was reported.",
        "Choose the language in which the reporter is written to.",
        "This is no e-mail address",
    ):
        assert said in page


def test_an_empty_line_of_a_ledger_says_for_each_field_what_to_do(cast: Cast) -> None:
    page = refused(cast, "/desk/old/", {})
    assert GENERIC not in page
    for said in (
        "Name the ledger from which the entry is.",
        "Give the line, so that the same entry is not copied twice.",
        "Give the day that stands in the ledger.",
        "Write what was wrong.",
    ):
        assert said in page


def test_no_field_of_a_desk_form_has_only_the_frameworks_sentence() -> None:
    for form in (Intake, OldRow):
        for name, field in form.base_fields.items():
            if field.required:
                said = str(field.error_messages["required"])
                assert said != "This field is required.", f"{form.__name__}.{name}"


# ---- What is suggested while one types ----


def hinted(cast: Cast, **typed: Any) -> str:
    return body(enter(cast, "desk1").post("/desk/new/hints/", {"door": "phone", **typed}))


def handled(cast: Cast, now: datetime, text: str = "三号楼门口垃圾成堆没人清") -> int:
    case = cast.report(now - timedelta(days=1), text=text).case
    cast.do("desk1", case, "classify", now, category="estate.environment", text="门口垃圾成堆")
    cast.do("desk1", case, "assign", now, owner=cast.units["community"])
    return case


def test_the_words_suggest_a_category_and_say_which_words_did(cast: Cast) -> None:
    page = hinted(cast, text="我们这里小区脏乱差很久了")
    assert "The words speak of: <b>estate.environment</b>" in page
    assert "<q>脏乱</q>" in page
    assert 'name="take" value="estate.environment"' in page
    assert "take" not in hinted(cast, text="小区脏乱差很久了", category="estate.environment")


def test_the_duty_list_says_whose_it_would_be(cast: Cast) -> None:
    registry.create_duty(
        district=cast.district,
        unit=cast.units["garden"],
        category="estate",
        valid_from=casting.SINCE,
    )
    page = hinted(cast, text="我们这里小区脏乱差很久了", subject=cast.estate)
    names = registry_queries.unit_names([cast.units["garden"]], language="en")
    assert f"<b>{names[cast.units['garden']]}</b>" in page


def test_what_is_known_already_is_shown_with_its_reasons_and_can_be_joined(
    cast: Cast, now: datetime
) -> None:
    case = handled(cast, now)
    page = hinted(cast, text="三号楼门口垃圾成堆，没人来清", subject=cast.estate)
    assert "Perhaps already known" in page
    assert "same place" in page
    assert f'name="known" value="{case}"' in page
    page = take_down(
        cast, text="三号楼门口垃圾成堆，没人来清", phone="13800138001", known=str(case)
    )
    assert "The report was added to a case that is being handled." in page
    assert [r.case_id for r in Report.objects.all()] == [case, case]


def test_what_waits_for_triage_is_shown_and_left_to_merging(cast: Cast, now: datetime) -> None:
    case = cast.report(now, text="三号楼门口垃圾成堆没人清").case
    page = hinted(cast, text="三号楼门口垃圾成堆，没人来清", subject=cast.estate)
    assert f"/case/{case}/" in page
    assert 'name="known"' not in page
    take_down(cast, text="三号楼门口垃圾成堆，没人来清", known=str(case))
    assert Case.objects.count() == 2


def test_a_case_he_may_not_see_is_neither_shown_nor_joined(cast: Cast, now: datetime) -> None:
    case = handled(cast, now)
    Case.objects.filter(pk=case).update(accused=[cast.units["desk"]])
    page = hinted(cast, text="三号楼门口垃圾成堆，没人来清", subject=cast.estate)
    assert f"/case/{case}/" not in page
    take_down(cast, text="三号楼门口垃圾成堆", known=str(case))
    assert Case.objects.count() == 2


def test_of_what_is_confidential_nothing_is_asked_and_it_joins_nothing(
    cast: Cast, now: datetime
) -> None:
    case = handled(cast, now)
    words = "三号楼门口垃圾成堆，没人来清"
    assert hinted(cast, text=words, subject=cast.estate, confidential="on").strip() == ""
    take_down(cast, text=words, confidential="on", known=str(case))
    assert Case.objects.filter(sealed=True).count() == 1


def test_a_word_or_two_suggest_nothing(cast: Cast, now: datetime) -> None:
    handled(cast, now)
    assert hinted(cast, text="垃", subject=cast.estate).strip() == ""


def test_the_hints_cost_the_same_for_few_cases_and_for_many(cast: Cast, now: datetime) -> None:
    client = enter(cast, "desk1")
    typed = {"text": "三号楼门口垃圾成堆，没人来清", "subject": cast.estate}

    def asked() -> int:
        client.post("/desk/new/hints/", typed)
        with counted() as statements:
            body(client.post("/desk/new/hints/", typed))
        return len(statements)

    handled(cast, now)
    few = asked()
    for n in range(12):
        handled(cast, now, text=f"三号楼门口垃圾成堆没人清{n}")
    assert asked() == few


def test_without_scripts_a_button_looks_and_another_takes_and_nothing_is_recorded(
    cast: Cast, now: datetime
) -> None:
    handled(cast, now)
    client = enter(cast, "desk1")
    typed = draft(cast, text="三号楼门口垃圾成堆，小区脏乱没人来清", name="王女士")
    page = body(client.post("/desk/new/", {**typed, "look": "1"}))
    assert "Perhaps already known" in page
    for kept in (
        "三号楼门口垃圾成堆，小区脏乱没人来清",
        'value="王女士"',
        typed["token"].split(":")[0],
    ):
        assert kept in page
    page = body(client.post("/desk/new/", {**typed, "take": "estate.environment"}))
    assert '<option value="estate.environment" selected>' in page
    assert Report.objects.count() == 1
