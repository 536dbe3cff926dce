"""A unit is told by mail of a case that became its own, and a person of one handed to him."""

from datetime import datetime, timedelta

import pytest
from pytest_django.fixtures import Settings

from luoshi.cases.models import Case, Report
from luoshi.doors.mail import poll, tasks
from luoshi.doors.mail.models import Unread
from luoshi.infra import outbox
from luoshi.infra.models import Delivery
from luoshi.registry import actions as registry
from luoshi.registry.models import Person
from luoshi.trust import limits
from tests import cast as casting
from tests.cast import Cast
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


def test_of_a_case_that_went_on_meanwhile_only_the_new_unit_is_told(
    cast: Cast, postman: Postman, now: datetime
) -> None:
    case = assigned(cast, now)
    cast.do("desk1", case, "transfer", now, owner=cast.units["garden"], text="属地")
    assert list(went_out(postman, now)) == ["garden1@office.example"]


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
