"""A reporter and his report: the door to it, what he reads there, and what he can do."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from luoshi.cases import actions, queries
from luoshi.cases.actions import Actor, Command
from luoshi.cases.models import Case, CaseEvent, Picture, Report
from luoshi.cases.moments import until
from luoshi.trust import codes, limits
from tests import cast as casting
from tests.cast import Cast, photo
from tests.pages.public_forms import csrf, hidden, jpeg, resident, send, text

PHONE = "13800138000"


@pytest.fixture
def cast(db: None) -> Cast:
    limits.forget()
    return casting.build()


@pytest.fixture
def client() -> Client:
    return resident()


@pytest.fixture
def code() -> str:
    return codes.new_code()


def enter(client: Client, code: str) -> Any:
    return send(client, "/track/", by="code", code=codes.show(code).lower())


def by_phone(client: Client, number: str, phone: str = PHONE) -> Any:
    return send(client, "/track/", by="number", number=number, phone=phone)


def verified(cast: Cast, **given: Any) -> tuple[int, int]:
    """A case that waits for its reporter's word; the case and the report."""
    now = timezone.now()
    case, verifier = cast.claimed(now, **given)
    cast.do(verifier, case, "open", now)
    cast.do(verifier, case, "verify", now, passed=True, text="现场已清理干净", pictures=[photo()])
    return case, Report.objects.get(case=case).pk


# ---- The door ----


def test_the_code_opens_the_report_however_it_is_typed(
    cast: Cast, client: Client, code: str
) -> None:
    received = cast.report(timezone.now(), code=code)
    assert enter(client, code).headers["Location"] == "/track/mine/"
    assert received.number in text(client.get("/track/mine/"))


def test_number_and_phone_open_the_report(cast: Cast, client: Client) -> None:
    received = cast.report(timezone.now())
    typed = "  ".join(received.number.split("-"))
    assert by_phone(client, typed, "+86 138-0013-8000").status_code == 302
    assert "绿地被种菜" in text(client.get("/track/mine/"))


def test_a_slip_in_the_code_is_told_as_a_slip(cast: Cast, client: Client, code: str) -> None:
    cast.report(timezone.now(), code=code)
    wrong = ("1" if code[0] != "1" else "2") + code[1:]
    answer = send(client, "/track/", by="code", code=wrong)
    assert answer.status_code == 422
    assert "There is a slip in the code" in text(answer)
    assert wrong in text(answer)


def test_a_code_of_nobody_opens_nothing(cast: Cast, client: Client, code: str) -> None:
    answer = enter(client, code)
    assert answer.status_code == 404
    assert "No report has this code" in text(answer)
    assert client.get("/track/mine/").headers["Location"] == "/track/"


def test_a_wrong_phone_and_a_wrong_number_are_told_alike(cast: Cast, client: Client) -> None:
    received = cast.report(timezone.now())
    answers = [
        by_phone(client, received.number, "13900139000"),
        by_phone(client, "200101-000000"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    said = "No report has this number and this phone"
    assert all(said in text(answer) for answer in answers)


def test_guessing_phones_for_a_number_ends_after_twenty_tries(cast: Cast, client: Client) -> None:
    received = cast.report(timezone.now())
    tries = [by_phone(client, received.number, f"139001390{n:02d}") for n in range(20)]
    assert {answer.status_code for answer in tries} == {404}
    late = by_phone(client, received.number)
    assert late.status_code == 429
    assert "Come back tomorrow" in text(late)
    other = cast.report(timezone.now())
    assert by_phone(client, other.number).status_code == 302


def test_trying_numbers_with_one_phone_ends_too(cast: Cast, client: Client) -> None:
    answers = [by_phone(client, f"260520-{n:06d}").status_code for n in range(21)]
    assert answers[-1] == 429


def test_the_session_changes_its_name_when_a_report_is_opened(
    cast: Cast, client: Client, code: str
) -> None:
    cast.report(timezone.now(), code=code)
    session = client.session
    session["known"] = True
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before or ""
    enter(client, code)
    assert client.session.session_key != before


def test_leaving_closes_the_report_on_this_device(cast: Cast, client: Client, code: str) -> None:
    cast.report(timezone.now(), code=code)
    enter(client, code)
    send(client, "/track/mine/", "/track/leave/")
    assert client.get("/track/mine/").status_code == 302


@pytest.mark.parametrize("action", ["reply", "verdict", "dispute", "deny"])
def test_without_a_report_nothing_can_be_done(cast: Cast, client: Client, action: str) -> None:
    answer = send(client, "/track/", f"/track/mine/{action}/", text="x", solved="yes")
    assert answer.headers["Location"] == "/track/"


def test_nothing_private_is_kept_by_caches(cast: Cast, client: Client, code: str) -> None:
    cast.report(timezone.now(), code=code)
    enter(client, code)
    assert "no-store" in client.get("/track/mine/").headers["Cache-Control"]


# ---- What he reads ----


def test_he_reads_who_owes_what_until_when(cast: Cast, client: Client, code: str) -> None:
    now = timezone.now()
    case = cast.handling(now, code=code)
    enter(client, code)
    page = text(client.get("/track/mine/"))
    assert "community must contact you by" in page
    assert "community answers for it, until the end of" in page
    cast.do("community1", case, "contact", now, how="call")
    page = text(client.get("/track/mine/"))
    assert "community must solve it and show the result by" in page


def test_of_what_is_late_he_reads_when_it_was_due_and_not_when_somebody_is_reminded(
    cast: Cast, client: Client, code: str
) -> None:
    now = timezone.now()
    case = cast.report(now - timedelta(days=9), code=code).case
    due = Case.objects.get(pk=case).next_at
    actions.tick_due(due + timedelta(seconds=20))
    enter(client, code)
    page = text(client.get("/track/mine/"))
    assert "This is late" in page
    assert f"decides by {until(due)}" in page


def test_he_reads_measures_and_the_finding_but_no_name_and_no_note(
    cast: Cast, client: Client, code: str
) -> None:
    now = timezone.now()
    case = cast.handling(now, code=code)
    cast.do("community1", case, "note", now, text="内部记录不外传")
    cast.claim("community1", case, now)
    verifier = cast.name_of(Case.objects.get(pk=case).verifier)
    cast.do(verifier, case, "open", now)
    cast.do(verifier, case, "verify", now, passed=False, text="菜地还在", pictures=[photo()])
    enter(client, code)
    page = text(client.get("/track/mine/"))
    assert "Cleared or removed on the spot" in page
    assert "Checked: it does not hold" in page
    assert "菜地还在" in page
    assert "内部记录不外传" not in page
    assert not [name for name in cast.people if name in page]


def test_pictures_of_claim_and_check_are_his_to_see_and_no_others(
    cast: Cast, client: Client, code: str
) -> None:
    case, _report = verified(cast, code=code, pictures=[photo()])
    stranger = cast.report(timezone.now(), pictures=[photo()], category="danger.manhole")
    enter(client, code)
    page = text(client.get("/track/mine/"))
    shown = Picture.objects.filter(case=case)
    assert shown.count() == 3
    for picture in shown:
        assert f"/track/mine/picture/{picture.pk}/" in page
        answer = client.get(f"/track/mine/picture/{picture.pk}/")
        assert answer.headers["Content-Type"] == "image/jpeg"
    theirs = Picture.objects.get(report=stranger.report)
    assert client.get(f"/track/mine/picture/{theirs.pk}/").status_code == 404
    assert resident().get(f"/track/mine/picture/{shown[0].pk}/").status_code == 302


def test_after_a_merge_he_follows_the_older_case_and_keeps_his_pictures(
    cast: Cast, client: Client, code: str
) -> None:
    now = timezone.now()
    older = cast.report(now - timedelta(days=1), category="danger.manhole", pictures=[photo()])
    received = cast.report(now, code=code, category="danger.manhole", pictures=[photo()])
    actions.merge(case=received.case, target=older.case, actor=cast.actor("desk1"), now=now)
    enter(client, code)
    page = text(client.get("/track/mine/"))
    mine, theirs = (Picture.objects.get(report=r.report).pk for r in (received, older))
    assert f"/track/mine/picture/{mine}/" in page
    assert f"/track/mine/picture/{theirs}/" not in page
    assert received.number in page
    assert older.number not in page


def merged(cast: Cast, code: str, **given: Any) -> tuple[int, int]:
    """A case that somebody else reported and was asked about, and the report merged into it."""
    now = timezone.now()
    older = cast.handling(now - timedelta(hours=2), text="THEIR WORDS", category="estate.parking")
    cast.do("community1", older, "ask", now, text="WHICH ENTRANCE IS YOURS")
    actions.act(
        case=older,
        command=Command("reply"),
        actor=Actor(report=Report.objects.get(case=older).pk),
        now=now,
        text="THEIR ANSWER",
    )
    received = cast.report(now, code=code, **given)
    actions.merge(case=received.case, target=older, actor=cast.actor("desk1"), now=now)
    return older, received.report


def test_after_a_merge_he_is_told_so_and_what_state_the_common_case_is_in(
    cast: Cast, client: Client, code: str
) -> None:
    merged(cast, code)
    enter(client, code)
    page = text(client.get("/track/mine/"))
    assert "Joined with another report" in page
    assert "The common case is now: Being handled." in page
    assert "you are asked for your own last word" in page


def test_after_a_merge_he_reads_nothing_of_the_other_reporter(
    cast: Cast, client: Client, code: str
) -> None:
    older, _report = merged(cast, code)
    enter(client, code)
    page = text(client.get("/track/mine/"))
    for theirs in ("THEIR WORDS", "THEIR ANSWER", "WHICH ENTRANCE"):
        assert theirs not in page
    assert Report.objects.get(case=older).number not in page
    kinds = [e.kind for e in queries.tracked(_report, now=timezone.now()).entries]
    assert kinds == ["received", "merged"]


def test_after_a_merge_what_happens_to_the_common_case_is_told_on(
    cast: Cast, client: Client, code: str
) -> None:
    older, report = merged(cast, code)
    now = timezone.now()
    verifier = cast.name_of(cast.claim("community1", older, now).state.verifier)
    cast.do(verifier, older, "open", now)
    cast.do(verifier, older, "verify", now, passed=True, pictures=[photo()])
    enter(client, code)
    page = text(client.get("/track/mine/"))
    assert "Checked: it holds" in page
    assert "Is it solved?" in page
    assert "you are asked for your own last word" not in page
    found = queries.tracked(report, now=now)
    assert (found.joined, found.may_give_verdict) == (True, True)


def test_who_cannot_be_asked_is_not_promised_a_last_word(
    cast: Cast, client: Client, code: str
) -> None:
    merged(cast, code, minor=True)
    enter(client, code)
    page = text(client.get("/track/mine/"))
    assert "Joined with another report" in page
    assert "your own last word" not in page


def test_after_a_merge_was_taken_back_the_report_stands_alone_again(
    cast: Cast, client: Client, code: str
) -> None:
    _older, report = merged(cast, code)
    now = timezone.now()
    actions.unmerge(case=Report.objects.get(pk=report).case_id, actor=cast.actor("desk1"), now=now)
    enter(client, code)
    assert "handled together as one case" not in text(client.get("/track/mine/"))


def test_a_child_reads_but_has_no_verdict_to_give(cast: Cast, client: Client, code: str) -> None:
    case, _report = verified(cast)
    Report.objects.filter(case=case).update(minor=True, reachable=False)
    enter_by = Report.objects.get(case=case).number
    by_phone(client, enter_by)
    assert 'name="solved"' not in text(client.get("/track/mine/"))
    answer = send(client, "/track/mine/", "/track/mine/verdict/", solved="yes")
    assert answer.status_code == 409
    assert Case.objects.get(pk=case).status == "verdict"


def test_a_question_stands_on_top_until_it_is_answered(
    cast: Cast, client: Client, code: str
) -> None:
    now = timezone.now()
    case = cast.handling(now, code=code)
    cast.do("community1", case, "ask", now, text="是几幢旁边？")
    enter(client, code)
    assert "<h2>A question to you" in text(client.get("/track/mine/"))
    send(client, "/track/mine/", "/track/mine/reply/", text="3幢")
    assert "<h2>A question to you" not in text(client.get("/track/mine/"))


def test_the_page_costs_the_same_for_5_and_200_events(
    cast: Cast, client: Client, code: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    now = timezone.now()
    case = cast.handling(now, code=code)
    reporter = Actor(report=Report.objects.get(case=case).pk)

    def talk(times: int) -> None:
        for n in range(times):
            cast.do("community1", case, "ask", now, text=f"问题 {n}")
            actions.act(
                case=case, command=Command("reply"), actor=reporter, now=now, text=f"回答 {n}"
            )

    enter(client, code)
    talk(1)
    client.get("/track/mine/")  # what is kept in memory is read
    with django_assert_max_num_queries(40) as few:
        client.get("/track/mine/")
    talk(100)
    with django_assert_max_num_queries(40) as many:
        client.get("/track/mine/")
    assert CaseEvent.objects.filter(case=case).count() > 200
    assert len(few) == len(many)


# ---- What he can do ----


def test_words_and_pictures_are_added(cast: Cast, client: Client, code: str) -> None:
    case = cast.report(timezone.now(), code=code).case
    enter(client, code)
    page = text(client.get("/track/mine/"))
    send(
        client, "/track/mine/", "/track/mine/reply/",
        text="又多了一块", seen=hidden(page, "seen")[0], pictures=[jpeg()],
    )  # fmt: skip
    page = text(client.get("/track/mine/"))
    assert "又多了一块" in page
    assert Picture.objects.get(case=case).purpose == "report"
    assert f"/track/mine/picture/{Picture.objects.get().pk}/" in page


def test_a_second_click_adds_nothing_but_a_second_message_does(
    cast: Cast, client: Client, code: str
) -> None:
    case = cast.report(timezone.now(), code=code).case
    enter(client, code)
    seen = hidden(text(client.get("/track/mine/")), "seen")[0]
    for words in ("一样的话", "一样的话", "另一句话"):
        send(client, "/track/mine/", "/track/mine/reply/", text=words, seen=seen)
    assert CaseEvent.objects.filter(case=case, kind="replied").count() == 2


def test_an_empty_or_damaged_reply_keeps_what_was_chosen(
    cast: Cast, client: Client, code: str
) -> None:
    cast.report(timezone.now(), code=code)
    enter(client, code)
    answer = send(client, "/track/mine/", "/track/mine/reply/", text="")
    assert answer.status_code == 409
    assert "Write something or add a picture" in text(answer)
    answer = send(
        client, "/track/mine/", "/track/mine/reply/",
        text="看图", pictures=[jpeg(), jpeg("x.jpg", b"no")],
    )  # fmt: skip
    page = text(answer)
    assert answer.status_code == 422
    assert "看图" in page
    assert len(hidden(page, "kept")) == 1


def test_he_can_say_that_nobody_contacted_him(cast: Cast, client: Client, code: str) -> None:
    now = timezone.now()
    case = cast.handling(now, code=code)
    enter(client, code)
    assert "Nobody contacted me" not in text(client.get("/track/mine/"))
    cast.do("community1", case, "contact", now, how="call")
    send(client, "/track/mine/", "/track/mine/deny/")
    assert not Case.objects.get(pk=case).contacted
    page = text(client.get("/track/mine/"))
    assert "on record that nobody contacted you" in page
    send(client, "/track/mine/", "/track/mine/deny/")
    assert "No contact is on record" in text(client.get("/track/mine/"))


def test_nothing_is_chosen_beforehand_in_the_verdict(cast: Cast, client: Client, code: str) -> None:
    verified(cast, code=code)
    enter(client, code)
    page = text(client.get("/track/mine/"))
    assert 'name="solved"' in page
    assert not re.search(r"<input[^>]* checked", page)
    answer = send(client, "/track/mine/", "/track/mine/verdict/", text="嗯")
    assert answer.status_code == 422
    assert "Say whether the problem is solved" in text(answer)
    assert "嗯" in text(answer)


def test_solved_closes_the_case_and_is_satisfied_only_when_said(
    cast: Cast, client: Client, code: str
) -> None:
    case, report = verified(cast, code=code)
    enter(client, code)
    send(client, "/track/mine/", "/track/mine/verdict/", solved="yes", text="谢谢")
    row = Report.objects.get(pk=report)
    assert (row.verdict, row.satisfied) == ("solved", None)
    assert Case.objects.get(pk=case).status == "closed"
    assert "谢谢" in text(client.get("/track/mine/"))


def test_not_solved_sends_the_case_back(cast: Cast, client: Client, code: str) -> None:
    case, report = verified(cast, code=code)
    enter(client, code)
    send(
        client, "/track/mine/", "/track/mine/verdict/",
        solved="no", satisfied="no", text="还有一块菜地",
    )  # fmt: skip
    assert Case.objects.get(pk=case).status == "handling"
    assert Report.objects.get(pk=report).satisfied is False
    again = send(client, "/track/mine/", "/track/mine/verdict/", solved="yes")
    assert again.status_code == 409
    assert Case.objects.get(pk=case).status == "handling"


def test_a_closed_case_is_disputed_with_a_reason(cast: Cast, client: Client, code: str) -> None:
    now = timezone.now()
    case = cast.report(now, code=code).case
    cast.do("desk1", case, "answer", now, text="属正常现象")
    enter(client, code)
    page = text(client.get("/track/mine/"))
    assert "属正常现象" in page
    answer = send(client, "/track/mine/", "/track/mine/dispute/", text=" ")
    assert answer.status_code == 422
    send(client, "/track/mine/", "/track/mine/dispute/", text="不是正常现象")
    assert Case.objects.get(pk=case).status == "new"
    page = text(client.get("/track/mine/"))
    assert "不是正常现象" in page
    assert 'id="dispute"' not in page


# ---- The one-time link ----


def link_to(report: int) -> str:
    return f"/v/{actions.issue_link(report=report, now=timezone.now())}/"


def test_looking_at_a_link_uses_nothing_up(cast: Cast, client: Client) -> None:
    case, report = verified(cast)
    link = link_to(report)
    for _ in range(3):
        assert resident().get(link).status_code == 200
        assert resident().head(link).status_code == 200
    assert Case.objects.get(pk=case).status == "verdict"
    assert client.get("/track/mine/").status_code == 302


def test_the_verdict_through_a_link_counts_once(cast: Cast, client: Client) -> None:
    case, report = verified(cast)
    link = link_to(report)
    answer = send(client, link, solved="yes", satisfied="yes", text="终于干净了")
    assert answer.headers["Location"] == "/track/mine/"
    assert "终于干净了" in text(client.get("/track/mine/"))
    row = Report.objects.get(pk=report)
    assert (row.verdict, row.satisfied) == ("solved", True)
    other = resident()
    again = other.post(link, {"csrfmiddlewaretoken": csrf(other, "/track/"), "solved": "no"})
    assert again.status_code == 410
    assert Case.objects.get(pk=case).status == "closed"


def test_an_incomplete_verdict_keeps_the_link_good(cast: Cast, client: Client) -> None:
    _case, report = verified(cast)
    link = link_to(report)
    assert send(client, link, text="想想").status_code == 422
    assert client.get(link).status_code == 200


def test_a_link_acts_on_its_own_report_whatever_is_open(
    cast: Cast, client: Client, code: str
) -> None:
    mine = cast.report(timezone.now(), code=code, category="danger.manhole")
    case, report = verified(cast)
    enter(client, code)
    send(client, link_to(report), solved="yes")
    assert Report.objects.get(pk=report).verdict == "solved"
    assert Report.objects.get(pk=mine.report).verdict is None
    assert Case.objects.get(pk=case).status == "closed"


@pytest.mark.parametrize("token", ["x", "%F0%9F%98%80", "A" * 500, "..%2f"])
def test_a_made_up_link_says_what_to_do(cast: Cast, client: Client, token: str) -> None:
    answer = client.get(f"/v/{token}/")
    assert answer.status_code in {404, 410}
    assert 'href="/track/"' in text(answer)


def test_a_link_ends_after_thirty_days(cast: Cast, client: Client) -> None:
    _case, report = verified(cast)
    link = link_to(report)
    Report.objects.filter(pk=report).update(link_until=timezone.now() - timedelta(seconds=1))
    assert client.get(link).status_code == 410


def test_pictures_of_a_link_are_shown_with_it_and_not_without(cast: Cast, client: Client) -> None:
    case, report = verified(cast)
    link = link_to(report)
    picture = Picture.objects.filter(case=case, purpose="verify").get()
    address = f"{link}picture/{picture.pk}/"
    assert address in text(client.get(link))
    assert client.get(address).status_code == 200
    assert client.get(f"/v/other/picture/{picture.pk}/").status_code == 404


# ---- The confidential track, whole ----


def test_a_confidential_report_goes_its_whole_way(cast: Cast, client: Client) -> None:
    now = timezone.now()
    form = client.get("/report/confidential/").content.decode()
    token = hidden(form, "form")[0]
    values = {
        "csrfmiddlewaretoken": hidden(form, "csrfmiddlewaretoken")[0],
        "form": token,
        "text": "物业收了车位费不开票",
        "accused": str(cast.units["property"]),
    }
    receipt = text(client.get(client.post("/report/confidential/", values).headers["Location"]))
    code = hidden(receipt, "code")[0]
    case = Case.objects.get()
    assert not queries.may_open(case=case.pk, person=cast.people["desk1"], now=now)
    assert not queries.may_open(case=case.pk, person=cast.people["property1"], now=now)
    assert queries.may_open(case=case.pk, person=cast.people["inspector1"], now=now)
    cast.do("inspector1", case.pk, "classify", now, category="estate.parking")
    cast.do("inspector1", case.pk, "assign", now, owner=cast.units["police"])
    cast.do("police1", case.pk, "acknowledge", now)
    cast.claim("police1", case.pk, now)
    verifier = cast.name_of(Case.objects.get().verifier)
    cast.do(verifier, case.pk, "open", now)
    cast.do(verifier, case.pk, "verify", now, passed=True, pictures=[photo()])
    reporter = resident()
    assert send(reporter, "/track/", by="code", code=code).status_code == 302
    page = text(reporter.get("/track/mine/"))
    assert "Your words are locked" in page
    assert "物业收了车位费不开票" not in page
    assert "Is it solved?" in page
    send(reporter, "/track/mine/", "/track/mine/verdict/", solved="yes", satisfied="no")
    assert Case.objects.get().status == "closed"
    assert Report.objects.get().satisfied is False
