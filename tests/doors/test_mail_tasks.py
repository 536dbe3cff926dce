"""A unit is told by mail of a case that became its own, came back, is under supervision or is its
own no longer, and a person of one handed to him."""

from datetime import datetime, timedelta

import pytest
from pytest_django.fixtures import Settings

from luoshi.cases import actions
from luoshi.cases.actions import Actor, Command
from luoshi.cases.models import Case, Report
from luoshi.doors.mail import poll, tasks
from luoshi.doors.mail.models import Unread
from luoshi.infra import outbox
from luoshi.infra.models import Delivery
from luoshi.registry import actions as registry
from luoshi.registry.models import Person
from luoshi.trust import limits
from tests import cast as casting
from tests.cast import Cast, photo
from tests.doors.mailbox import Post, Postman, mail

MINUTE = timedelta(minutes=1)
WORDS = "三号楼王阿姨家门口堆着沙发"


@pytest.fixture
def cast(db: None) -> Cast:
    limits.forget()
    made = casting.build()
    for name in ("community1", "community2", "garden1"):
        addressed(made, name)
    return made


def addressed(cast: Cast, name: str, address: str = "") -> None:
    address = address or f"{name}@office.example"
    Person.objects.filter(pk=cast.people[name]).update(email=address, language="en")


def assigned(cast: Cast, now: datetime, unit: str = "community", **told: object) -> int:
    case = cast.report(now, text=WORDS, **told).case  # type: ignore[arg-type]
    desk = "inspector1" if told.get("confidential") else "desk1"
    cast.do(desk, case, "classify", now, category="estate.green", subject=cast.estate)
    cast.do(desk, case, "assign", now, owner=cast.units[unit])
    return case


def went_out(postman: Postman, now: datetime) -> dict[str, str]:
    """The mails to staff by address, and their text."""
    postman.mails.clear()
    while outbox.run_due(now=now):
        pass
    assert not outbox.failing()
    found = [one for one in postman.mails if str(one["Message-ID"]).startswith("<task.")]
    return {str(one["To"]): one.get_content() for one in found}  # type: ignore[attr-defined]


def test_whoever_handles_cases_in_the_unit_is_told_what_where_until_when(
    cast: Cast, postman: Postman, now: datetime
) -> None:
    case = assigned(cast, now)
    told = went_out(postman, now)
    assert sorted(told) == ["community1@office.example", "community2@office.example"]
    text = told["community1@office.example"]
    number = Case.objects.get(pk=case).number
    for said in (number, "示范新村", f"/case/{case}/", "To be solved by: the end of"):
        assert said in text, said
    assert postman.mails[0]["Subject"] == f"Case {number}"
    assert went_out(postman, now) == {}


def test_nothing_of_the_reporter_is_in_it(cast: Cast, postman: Postman, now: datetime) -> None:
    assigned(cast, now, phone="13812345678", name="李芳")
    for text in went_out(postman, now).values():
        for secret in (WORDS, "沙发", "13812345678", "李芳"):
            assert secret not in text


def test_of_a_confidential_case_only_number_deadline_and_link_are_said(
    cast: Cast, postman: Postman, now: datetime
) -> None:
    case = assigned(cast, now, confidential=True)
    text = went_out(postman, now)["community1@office.example"]
    assert Case.objects.get(pk=case).number in text
    for secret in ("示范新村", "Category", "Place", WORDS):
        assert secret not in text


def test_a_person_is_told_what_was_handed_to_him_and_not_what_he_took_himself(
    cast: Cast, postman: Postman, now: datetime
) -> None:
    case = assigned(cast, now)
    went_out(postman, now)
    cast.do("community1", case, "acknowledge", now)
    assert went_out(postman, now) == {}
    cast.do("community1", case, "hand_over", now, person=cast.people["community2"], text="请办")
    told = went_out(postman, now)
    assert list(told) == ["community2@office.example"]
    assert "was handed to you" in told["community2@office.example"]


def test_of_a_case_that_went_on_meanwhile_the_old_unit_only_hears_that_it_is_rid_of_it(
    cast: Cast, postman: Postman, now: datetime
) -> None:
    case = assigned(cast, now)
    cast.do("desk1", case, "transfer", now, owner=cast.units["garden"], text="属地")
    told = went_out(postman, now)
    assert len(told) == len(postman.mails) == 3
    assert "was assigned to garden" in told.pop("garden1@office.example")
    for text in told.values():
        assert "is with garden now. community has nothing more to do" in text
        assert "To be solved by" not in text


# ---- What comes back ----


def claimed(cast: Cast, postman: Postman, now: datetime, **told: object) -> tuple[int, str]:
    """A case that community1 handled and claimed, with all mails gone out; and its verifier."""
    case = assigned(cast, now, **told)
    acknowledged(cast, case, now)
    done = cast.claim("community1", case, now)
    went_out(postman, now)
    return case, cast.name_of(done.state.verifier)


def acknowledged(cast: Cast, case: int, now: datetime) -> None:
    cast.do("community1", case, "acknowledge", now, person=cast.people["community1"])


def verified(cast: Cast, who: str, case: int, now: datetime, **found: object) -> None:
    cast.do(who, case, "open", now)
    cast.do(who, case, "verify", now, pictures=[photo()], **found)


def only(told: dict[str, str], name: str) -> str:
    """The one mail that went out, which was to that person."""
    assert list(told) == [f"{name}@office.example"]
    return told[f"{name}@office.example"]


def test_whoever_claimed_it_is_told_that_it_did_not_pass(
    cast: Cast, postman: Postman, now: datetime
) -> None:
    case, who = claimed(cast, postman, now)
    verified(cast, who, case, now, passed=False, text="还在")
    text = only(went_out(postman, now), "community1")
    assert "came back to community: it did not pass the verification" in text
    for said in (Case.objects.get(pk=case).number, "To be solved by", f"/case/{case}/"):
        assert said in text, said
    assert WORDS not in text
    assert "还在" not in text
    assert went_out(postman, now) == {}


def test_while_whoever_claimed_it_is_away_his_colleagues_are_told(
    cast: Cast, postman: Postman, now: datetime
) -> None:
    case, who = claimed(cast, postman, now)
    until = (now + timedelta(days=3)).date()
    registry.set_absence(person=cast.people["community1"], until=until)
    verified(cast, who, case, now, passed=False, text="还在")
    assert "did not pass" in only(went_out(postman, now), "community2")


def test_a_pass_asks_nothing_of_the_unit_and_the_reporters_no_does(
    cast: Cast, postman: Postman, now: datetime
) -> None:
    got = cast.report(now, text=WORDS)
    case = got.case
    cast.do("desk1", case, "classify", now, category="estate.green")
    cast.do("desk1", case, "assign", now, owner=cast.units["community"])
    acknowledged(cast, case, now)
    who = cast.name_of(cast.claim("community1", case, now).state.verifier)
    went_out(postman, now)
    verified(cast, who, case, now, passed=True)
    assert not Delivery.objects.filter(handler="mail.tasks").exists()
    says(got, "verdict", now, text="沙发还在", solved=False)
    text = only(went_out(postman, now), "community1")
    assert "its reporter says that it is not solved" in text
    assert "沙发" not in text


def test_a_reopening_says_who_reopened_it(cast: Cast, postman: Postman, now: datetime) -> None:
    got = cast.report(now, text=WORDS, phone=None)
    case = got.case
    cast.do("desk1", case, "classify", now, category="estate.parking", subject=cast.estate)
    cast.do("desk1", case, "assign", now, owner=cast.units["community"])
    acknowledged(cast, case, now)
    closes(cast, postman, case, now)
    cast.do("inspector1", case, "reopen", now, text="现场仍有")
    assert "by the inspection team" in only(went_out(postman, now), "community1")
    closes(cast, postman, case, now)
    cast.do("desk1", case, "reopen", now, text="又有来电")
    assert "by the desk" in only(went_out(postman, now), "community1")
    closes(cast, postman, case, now)
    says(got, "reopen", now, text="没有解决")
    assert "its reporter disputes the result" in only(went_out(postman, now), "community1")
    closes(cast, postman, case, now)
    cast.report(now, phone=None, category="estate.parking")
    assert "the same problem is back" in only(went_out(postman, now), "community1")


def closes(cast: Cast, postman: Postman, case: int, now: datetime) -> None:
    who = cast.name_of(cast.claim("community1", case, now).state.verifier)
    verified(cast, who, case, now, passed=True)
    if Case.objects.get(pk=case).status == "verdict":
        due = Case.objects.get(pk=case).next_at
        assert due
        actions.tick(case=case, now=due)
    assert Case.objects.get(pk=case).status == "closed"
    assert went_out(postman, now) == {}


def test_what_went_on_before_the_mail_went_out_is_not_told(
    cast: Cast, postman: Postman, now: datetime
) -> None:
    case, who = claimed(cast, postman, now)
    verified(cast, who, case, now, passed=False, text="还在")
    cast.claim("community1", case, now + MINUTE)
    assert went_out(postman, now + MINUTE) == {}


def test_of_a_confidential_case_not_even_that_it_has_a_reporter_is_said(
    cast: Cast, postman: Postman, now: datetime
) -> None:
    got = cast.report(now, text=WORDS, confidential=True)
    case = got.case
    cast.do("inspector1", case, "classify", now, category="estate.green", subject=cast.estate)
    cast.do("inspector1", case, "assign", now, owner=cast.units["community"])
    acknowledged(cast, case, now)
    who = cast.name_of(cast.claim("community1", case, now).state.verifier)
    verified(cast, who, case, now, passed=True)
    went_out(postman, now)
    says(got, "verdict", now, text=WORDS, solved=False)
    text = only(went_out(postman, now), "community1")
    assert "it is not solved" in text
    for secret in ("reporter", "示范新村", "Category", WORDS):
        assert secret not in text, secret


def test_a_unit_that_is_accused_meanwhile_is_told_nothing(
    cast: Cast, postman: Postman, now: datetime
) -> None:
    case, who = claimed(cast, postman, now)
    Case.objects.filter(pk=case).update(accused=[cast.units["community"]])
    verified(cast, who, case, now, passed=False, text="还在")
    assert went_out(postman, now) == {}


# ---- Supervision ----


def test_everybody_of_the_unit_is_told_of_an_escalation_with_its_level(
    cast: Cast, postman: Postman, now: datetime
) -> None:
    case, _ = claimed(cast, postman, now)
    cast.do("leader1", case, "escalate", now, text="群众反映强烈")
    told = went_out(postman, now)
    assert sorted(told) == ["community1@office.example", "community2@office.example"]
    text = told["community2@office.example"]
    assert "was escalated by a leader" in text
    assert "under supervision now. Level 1: head of the unit" in text
    assert "群众反映强烈" not in text


def test_a_unit_hears_what_it_missed_itself_and_not_what_others_did(
    cast: Cast, postman: Postman, now: datetime
) -> None:
    case = assigned(cast, now)
    went_out(postman, now)
    first = Case.objects.get(pk=case).next_at
    assert first
    actions.tick(case=case, now=first)
    told = went_out(postman, first)
    assert "was not acknowledged in time by community" in told["community2@office.example"]
    acknowledged(cast, case, first)
    cast.claim("community1", case, first)
    late = Case.objects.get(pk=case).next_at
    assert late
    actions.tick(case=case, now=late)
    assert Case.objects.get(pk=case).level == 2
    assert went_out(postman, late) == {}


def test_of_a_deadline_that_passed_the_mail_says_so(
    cast: Cast, postman: Postman, now: datetime
) -> None:
    case = assigned(cast, now, phone=None)
    acknowledged(cast, case, now)
    went_out(postman, now)
    late = Case.objects.get(pk=case).next_at
    assert late
    actions.tick(case=case, now=late)
    text = went_out(postman, late)["community1@office.example"]
    assert "was not solved in time by community" in text
    assert "It was to be solved by: the end of" in text


# ---- What goes away ----


def test_the_owner_of_a_merged_case_hears_under_which_number_it_goes_on_and_when_it_is_back(
    cast: Cast, postman: Postman, now: datetime
) -> None:
    older = assigned(cast, now)
    younger = assigned(cast, now + MINUTE, unit="garden")
    went_out(postman, now + MINUTE)
    actions.merge(case=younger, target=older, actor=cast.actor("desk1"), now=now + MINUTE)
    text = only(went_out(postman, now + MINUTE), "garden1")
    assert f"was merged into case {Case.objects.get(pk=older).number}" in text
    actions.unmerge(case=younger, actor=cast.actor("desk1"), now=now + MINUTE)
    text = only(went_out(postman, now + MINUTE), "garden1")
    assert "is with garden again: its merge was taken back" in text


def test_who_returned_a_case_hears_that_it_went_to_another_unit(
    cast: Cast, postman: Postman, now: datetime
) -> None:
    case = assigned(cast, now)
    went_out(postman, now)
    garden = cast.units["garden"]
    cast.do("community1", case, "return", now, text="归园林", right_unit=garden)
    assert went_out(postman, now) == {}
    cast.do("desk1", case, "rule", now, owner=garden, text="同意")
    told = went_out(postman, now)
    assert "is with garden now" in told["community1@office.example"]
    assert "was assigned to garden" in told["garden1@office.example"]


def test_a_mail_of_what_came_back_is_written_in_the_language_of_its_reader(
    cast: Cast, postman: Postman, now: datetime
) -> None:
    case, who = claimed(cast, postman, now)
    Person.objects.filter(pk=cast.people["community1"]).update(language="zh-hans")
    verified(cast, who, case, now, passed=False, text="还在")
    assert "核验未通过" in only(went_out(postman, now), "community1")


def says(got: actions.Received, kind: str, now: datetime, text: str, **given: object) -> None:
    actions.act(
        case=got.case,
        command=Command(kind, given),
        actor=Actor(report=got.report),
        now=now,
        text=text,
    )


# ---- Whom no mail reaches ----


def test_who_is_absent_or_has_no_address_gets_none(
    cast: Cast, postman: Postman, now: datetime
) -> None:
    Person.objects.filter(pk=cast.people["community1"]).update(email="")
    absent = (now + timedelta(days=3)).date()
    registry.set_absence(person=cast.people["community2"], until=absent)
    assigned(cast, now)
    assert went_out(postman, now) == {}


def test_an_address_that_is_refused_keeps_nobody_else_from_knowing_and_is_tried_again(
    cast: Cast, postman: Postman, now: datetime
) -> None:
    case = assigned(cast, now)
    event = next(d.ref for d in Delivery.objects.filter(handler="mail.tasks"))
    tasks.tell(event, delivery_id=1, now=now)
    tasks.tell(event, delivery_id=1, now=now)
    assert Delivery.objects.filter(handler="mail.task").count() == 2
    postman.refusing = True
    outbox.run_due(now=now)
    assert {one.error for one in outbox.failing()} == {"the mail server refused the address (550)"}
    postman.refusing = False
    assert len(went_out(postman, now + 2 * MINUTE)) == 2
    assert Case.objects.get(pk=case).status == "assigned"


def test_a_night_full_of_cases_fills_no_mailbox(
    cast: Cast, postman: Postman, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "MAILS_A_DAY", 2)
    for _ in range(3):
        assigned(cast, now)
    went_out(postman, now)
    assert len([one for one in postman.mails if one["To"] == "community1@office.example"]) == 2


def test_without_a_mail_server_nothing_is_queued(
    cast: Cast, now: datetime, settings: Settings
) -> None:
    assert settings.OWNER_HANDLERS["assigned"] == ()
    assigned(cast, now)
    assert not Delivery.objects.filter(handler__startswith="mail.").exists()


def test_an_answer_to_such_a_mail_is_no_report_of_a_resident(
    cast: Cast, post: Post, postman: Postman, now: datetime
) -> None:
    assigned(cast, now)
    went_out(postman, now)
    id = postman.mails[0]["Message-ID"]
    post.put(mail("收到", sender="community1@office.example", In_Reply_To=id))
    assert poll.step(now + MINUTE) == 1
    assert (Report.objects.filter(door="mail").count(), post.places) == (0, {"unread": 1})
    assert Unread.objects.get().reason == "to_staff"
