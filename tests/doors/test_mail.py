"""The door for e-mail, against a real IMAP and a real SMTP server on this machine."""

import re
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.db import OperationalError
from django.test import override_settings
from pytest_django.fixtures import Settings

from luoshi.cases import queries
from luoshi.cases.models import Case, CaseEvent, Picture, Report
from luoshi.doors.mail import box, notices, poll, purge
from luoshi.doors.mail import queries as mailbox
from luoshi.doors.mail.models import Inbound, Mailbox, Thread, Unread
from luoshi.infra import outbox
from luoshi.infra.chores import Piece
from luoshi.infra.files import StorageFull
from luoshi.trust import limits, vault
from tests import cast as casting
from tests.cast import Cast, photo
from tests.doors.mailbox import PASSWORD, Post, Postman, mail

MINUTE = timedelta(minutes=1)
ADDRESS = "resident@example.org"


@pytest.fixture
def cast(db: None) -> Cast:
    limits.forget()
    return casting.build()


def words(report: Report) -> str:
    return vault.read_text(report.text or 0) or ""


def look(now: datetime) -> int:
    """The worker looks, whenever it looked last."""
    Mailbox.objects.update(next_at=now)
    return poll.step(now)


# ---- In ----


def test_a_mail_becomes_a_report_with_its_picture_and_lies_among_the_taken(
    cast: Cast, post: Post, now: datetime
) -> None:
    post.put(mail(pictures=(photo(),)))
    assert poll.step(now) == 1
    report, case = Report.objects.get(), Case.objects.get()
    assert (report.door, report.reachable, report.language) == ("mail", True, "zh-hans")
    assert words(report) == "小区环境\n\n示范新村绿地被种菜，车位被占"
    assert (case.subject, case.category) == (cast.estate, "estate.environment")
    picture = Picture.objects.get()
    assert (picture.report, picture.purpose) == (report.pk, "report")
    contact = vault.open_for_delivery(report.contact or 0)
    assert (contact.email, contact.name, contact.phone) == (ADDRESS, "王芳", None)
    assert post.places == {"taken": 1}


def test_the_worker_looks_once_a_minute(cast: Cast, post: Post, now: datetime) -> None:
    assert poll.step(now) == 0
    post.put(mail())
    assert poll.step(now + MINUTE / 2) == 0
    assert poll.step(now + MINUTE) == 1


def test_without_a_mailbox_nothing_is_looked_into(db: None, now: datetime) -> None:
    assert poll.step(now) == 0
    assert not Mailbox.objects.exists()


def test_the_same_mail_twice_is_one_report(cast: Cast, post: Post, now: datetime) -> None:
    post.put(mail())
    post.put(mail())
    assert poll.step(now) == 2
    assert Report.objects.count() == 1
    assert post.places == {"taken": 2}


def test_a_foreign_message_id_swallows_nobodys_mail(cast: Cast, post: Post, now: datetime) -> None:
    post.put(mail("别人的话", sender="stranger@example.org"))
    post.put(mail())
    poll.step(now)
    assert Report.objects.count() == 2


def test_many_mails_are_taken_in_several_looks_without_a_pause(
    cast: Cast, post: Post, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poll, "MAILS_A_LOOK", 2)
    for number in range(3):
        post.put(mail(f"第{number}处垃圾", id=f"<n{number}@example.org>"))
    assert [poll.step(now), poll.step(now), poll.step(now)] == [2, 1, 0]
    assert Report.objects.count() == 3


def test_a_crash_between_storing_and_moving_takes_nothing_twice(
    cast: Cast, post: Post, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.put(mail())
    with monkeypatch.context() as patch:
        patch.setattr(box.Box, "move", _cut)
        assert poll.step(now) == 0
    assert (Report.objects.count(), post.places) == (1, {"INBOX": 1})
    assert look(now + MINUTE) == 1
    assert (Report.objects.count(), post.places) == (1, {"taken": 1})


def test_a_crash_between_report_and_mark_takes_nothing_twice(
    cast: Cast, post: Post, now: datetime
) -> None:
    post.put(mail())
    poll.step(now)
    Inbound.objects.all().delete()
    post.back("Luoshi/taken")
    look(now + MINUTE)
    assert (Report.objects.count(), Inbound.objects.count()) == (1, 1)


def _cut(*args: object) -> None:
    raise ConnectionResetError("the cable was pulled")


@pytest.mark.parametrize("trouble", [StorageFull("full"), OperationalError("locked")])
def test_what_cannot_be_stored_waits_in_the_mailbox(
    cast: Cast, post: Post, now: datetime, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    def full(**given: object) -> None:
        raise trouble

    post.put(mail())
    with monkeypatch.context() as patch:
        patch.setattr("luoshi.cases.actions.receive", full)
        poll.step(now)
    assert post.places == {"INBOX": 1}
    assert Mailbox.objects.get().error == "not_stored"
    look(now + MINUTE)
    assert post.places == {"taken": 1}


def test_a_mistake_of_ours_puts_one_mail_aside_and_not_all(
    cast: Cast, post: Post, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**given: object) -> None:
        raise TypeError("a mistake")

    post.put(mail())
    monkeypatch.setattr("luoshi.cases.actions.receive", broken)
    poll.step(now)
    assert (post.places, Unread.objects.get().reason) == ({"unread": 1}, "failed")


AUTOMATIC: dict[str, dict[str, str]] = {
    "auto-submitted": {"Auto_Submitted": "auto-replied"},
    "vacation": {"Precedence": "bulk"},
    "bounce": {"Return_Path": "<>"},
    "daemon": {"sender": "MAILER-DAEMON@mx.example"},
    "list": {"List_Id": "<news.example.org>"},
    "subject": {"subject": "自动回复：您的来信"},
    "English": {"subject": "Automatic reply: Your report"},
    "ourselves": {"sender": "落实 <report@luoshi.example>"},
}


@pytest.mark.parametrize("kind", AUTOMATIC)
def test_what_a_machine_wrote_opens_no_case_and_is_not_answered(
    cast: Cast, post: Post, postman: Postman, now: datetime, kind: str
) -> None:
    post.put(mail(**AUTOMATIC[kind]))
    poll.step(now)
    outbox.run_due(now=now)
    assert not Report.objects.exists()
    assert postman.mails == []
    assert post.places == {"automatic": 1}


def test_too_many_mails_of_one_sender_wait_for_a_person(
    cast: Cast, post: Post, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("luoshi.doors.mail.take.MAILS_A_DAY", 1)
    for number in range(2):
        post.put(mail(f"第{number}处垃圾", id=f"<n{number}@example.org>"))
    post.put(mail("另一个人", sender="other@example.org", id="<o@example.org>"))
    poll.step(now)
    assert (Report.objects.count(), post.places) == (2, {"taken": 2, "unread": 1})


def test_what_cannot_be_read_is_put_aside_with_its_reason_and_counted(
    cast: Cast, post: Post, now: datetime
) -> None:
    post.put(mail("", subject=""))
    post.put(_with_attachments(200))
    poll.step(now)
    found = mailbox.standing(cast.district, now=now)
    assert found is not None
    assert (found.unread, found.folder, found.fault) == (2, "Luoshi/unread", None)
    assert len(found.reasons) == 2
    assert sorted(Unread.objects.values_list("reason", flat=True)) == ["empty", "too_many_parts"]


@pytest.mark.parametrize("name", ["From", "To", "Reply-To"])
def test_brackets_within_brackets_stop_no_other_mail(
    cast: Cast, post: Post, now: datetime, name: str
) -> None:
    post.put(f"{name}: {'(' * 3_900}\r\nMessage-ID: <b@x.example>\r\n\r\n井盖\r\n".encode())
    post.put(mail("路灯不亮", id="<after@example.org>"))
    poll.step(now)
    assert Report.objects.filter(door="mail").count() >= 1
    assert post.count("INBOX") == 0


def test_a_mail_of_thirty_megabytes_is_not_even_fetched(
    cast: Cast, post: Post, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("luoshi.doors.mail.reading.MOST_BYTES", 100_000)
    monkeypatch.setattr(box.Box, "whole", _cut)
    post.put(mail("垃圾" * 60_000))
    poll.step(now)
    assert (post.places, Unread.objects.get().reason) == ({"unread": 1}, "too_large")


def test_a_mail_that_a_person_puts_back_is_tried_again(
    cast: Cast, post: Post, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("luoshi.doors.mail.take.MAILS_A_DAY", 0)
        post.put(mail())
        poll.step(now)
    assert post.places == {"unread": 1}
    post.back("Luoshi/unread")
    look(now + MINUTE)
    found = mailbox.standing(cast.district, now=now)
    assert post.places == {"taken": 1}
    assert found is not None
    assert (found.unread, found.reasons) == (0, ())


def _with_attachments(count: int) -> EmailMessage:
    made = mail()
    for number in range(count):
        made.add_attachment(b"x", maintype="application", subtype="pdf", filename=f"{number}.pdf")
    return made


def test_what_is_written_to_the_inspection_team_is_sealed(
    cast: Cast, post: Post, now: datetime
) -> None:
    post.put(mail(to="Inspection@luoshi.example, report@luoshi.example"))
    poll.step(now)
    report, case = Report.objects.get(), Case.objects.get()
    assert (report.track, case.sealed, case.category) == ("confidential", True, "")
    assert vault.read_text(report.text or 0) is None


# ---- The mailbox that cannot be used ----


def test_a_wrong_password_is_told_and_tried_less_and_less_often(
    cast: Cast, post: Post, now: datetime, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MAIL_PASSWORD = "wrong"
    post.put(mail())
    assert poll.step(now) == 0
    row = Mailbox.objects.get()
    assert (row.error, row.next_at) == ("login_refused", now + MINUTE)
    assert "wrong" not in caplog.text
    assert "Traceback" not in caplog.text
    assert len(caplog.records) == 1
    Mailbox.objects.update(failures=12)
    assert look(now) == 0
    assert Mailbox.objects.get().next_at == now + poll.LONGEST_PAUSE
    settings.MAIL_PASSWORD = PASSWORD
    assert look(now) == 1
    assert (Mailbox.objects.get().error, Mailbox.objects.get().failures) == ("", 0)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("imap://report@127.0.0.1:9/INBOX", "unreachable"),
        ("http://report@127.0.0.1/", "address_wrong"),
        ("imaps://127.0.0.1", "address_wrong"),
    ],
)
def test_a_server_that_is_away_or_misnamed_is_told(
    cast: Cast, now: datetime, settings: Settings, url: str, code: str
) -> None:
    settings.MAIL_IMAP = url
    assert poll.step(now) == 0
    found = mailbox.standing(cast.district, now=now)
    assert Mailbox.objects.get().error == code
    assert found is not None
    assert found.fault


def test_a_folder_that_is_not_there_is_told(
    cast: Cast, post: Post, now: datetime, settings: Settings
) -> None:
    settings.MAIL_IMAP = post.url.replace("INBOX", "Nowhere")
    poll.step(now)
    assert Mailbox.objects.get().error == "no_folder"


# ---- Out, and back ----


def told(postman: Postman, now: datetime) -> EmailMessage:
    """The last mail that the reporter gets when the worker comes by."""
    outbox.run_due(now=now)
    assert not outbox.failing()
    found: Any = postman.mails[-1]
    return found


def answer(
    question: EmailMessage, text: str, *, sender: str = ADDRESS, **given: Any
) -> EmailMessage:
    """A reply as mail programs make it: it refers to the mail, and quotes it."""
    quoted = "\n".join(f"> {line}" for line in question.get_content().splitlines())
    body = f"{text}\n\n在 2026-05-20 09:30，落实 <report@luoshi.example> 写道：\n{quoted}\n"
    values = {
        "subject": f"回复：{question['Subject']}",
        "In_Reply_To": question["Message-ID"],
        **given,
    }
    return mail(body, sender=sender, id=f"<{abs(hash(text))}@example.org>", **values)


def asked(cast: Cast, post: Post, postman: Postman, now: datetime) -> EmailMessage:
    """A report by mail, worked through until its reporter is asked whether it is solved."""
    post.put(mail())
    look(now)
    case = Case.objects.get().pk
    cast.do("desk1", case, "classify", now, category="estate.parking")
    cast.do("desk1", case, "assign", now, owner=cast.units["community"])
    cast.do("community1", case, "acknowledge", now)
    verifier = cast.name_of(cast.claim("community1", case, now).state.verifier)
    cast.do(verifier, case, "open", now)
    cast.do(verifier, case, "verify", now, passed=True, pictures=[photo()])
    return told(postman, now)


def test_the_reporter_is_told_by_mail_and_can_open_his_report_by_its_link(
    cast: Cast, post: Post, postman: Postman, now: datetime
) -> None:
    post.put(mail("Rubbish behind the market", subject="Rubbish"))
    poll.step(now)
    found = told(postman, now)
    report = Report.objects.get()
    assert found["To"] == ADDRESS
    assert (found["Auto-Submitted"], found.get_content_type()) == ("auto-generated", "text/plain")
    assert report.number in found["Subject"]
    text = found.get_content()
    assert "We have your report" in text
    assert "Rubbish" not in text
    link = re.search(r"/v/([\w-]+)/", text)
    assert link
    assert queries.by_link(link[1], now=now) == report.pk


def test_a_verdict_by_mail_closes_the_case(
    cast: Cast, post: Post, postman: Postman, now: datetime
) -> None:
    question = asked(cast, post, postman, now)
    post.put(answer(question, "已解决，谢谢"))
    look(now + MINUTE)
    report = Report.objects.get()
    assert (Case.objects.get().status, report.verdict) == ("closed", "solved")
    event = CaseEvent.objects.get(kind="verdict_given")
    assert vault.read_text(event.data["text"]) == "谢谢"
    assert Inbound.objects.filter(outcome="verdict").count() == 1


def test_not_solved_with_a_picture_reopens_the_handling(
    cast: Cast, post: Post, postman: Postman, now: datetime
) -> None:
    question = asked(cast, post, postman, now)
    post.put(answer(question, "没解决：又堆满了", pictures=(photo(),)))
    look(now + MINUTE)
    report = Report.objects.get()
    assert (Case.objects.get().status, report.verdict) == ("handling", "unsolved")
    assert Picture.objects.filter(report=report.pk).count() == 1


def test_the_same_answer_twice_is_one(
    cast: Cast, post: Post, postman: Postman, now: datetime
) -> None:
    post.put(mail())
    poll.step(now)
    said = answer(told(postman, now), "又多了一块")
    post.put(said)
    post.put(said)
    look(now + MINUTE)
    event = CaseEvent.objects.get(kind="replied")
    assert vault.read_text(event.data["text"]) == "又多了一块"
    assert (Report.objects.count(), post.places) == (1, {"taken": 3})


@pytest.mark.parametrize("way", ["subject", "address", "references"])
def test_an_answer_finds_its_report_in_three_ways(
    cast: Cast, post: Post, postman: Postman, now: datetime, way: str
) -> None:
    with override_settings(MAIL_PLUS=True):
        post.put(mail())
        poll.step(now)
        received = told(postman, now)
    ways: dict[str, dict[str, str]] = {
        "subject": {"In_Reply_To": "<relay@example.org>"},
        "address": {"subject": "回复", "In_Reply_To": "<x@y.example>", "to": received["Reply-To"]},
        "references": {
            "subject": "回复", "In_Reply_To": "<x@y.example>", "References": received["References"],
        },
    }  # fmt: skip
    post.put(answer(received, "又多了一块", **ways[way]))
    look(now + MINUTE)
    assert CaseEvent.objects.filter(kind="replied").count() == 1


def test_from_another_address_a_token_adds_words_but_gives_no_verdict(
    cast: Cast, post: Post, postman: Postman, now: datetime
) -> None:
    question = asked(cast, post, postman, now)
    post.put(answer(question, "已解决", sender="friend@example.org"))
    look(now + MINUTE)
    assert Report.objects.get().verdict is None
    assert Inbound.objects.filter(outcome="replied").count() == 1


def test_the_right_address_without_a_token_is_a_new_report(
    cast: Cast, post: Post, postman: Postman, now: datetime
) -> None:
    question = asked(cast, post, postman, now)
    number = Report.objects.get().number
    forged = mail(f"{number} 已解决", subject="回复", id="<forged@example.org>")
    post.put(forged)
    look(now + MINUTE)
    assert question
    assert Report.objects.count() == 2
    assert Report.objects.get(number=number).verdict is None


def test_an_automatic_answer_to_our_own_mail_is_no_reply(
    cast: Cast, post: Post, postman: Postman, now: datetime
) -> None:
    question = asked(cast, post, postman, now)
    post.put(answer(question, "已解决", Auto_Submitted="auto-replied"))
    look(now + MINUTE)
    assert Report.objects.get().verdict is None
    assert post.places == {"taken": 1, "automatic": 1}


def test_nothing_that_is_kept_of_an_answer_could_give_the_verdict(
    cast: Cast, post: Post, postman: Postman, now: datetime
) -> None:
    question = asked(cast, post, postman, now)
    link = re.search(r"/v/([\w-]+)/", question.get_content())
    token = re.search(r"\[#(\w+)\]", question["Subject"])
    assert link
    assert token
    post.put(answer(question, f"看 {question.get_content()} {question['Subject']}"))
    look(now + MINUTE)
    event = CaseEvent.objects.get(kind="replied")
    said = vault.read_text(event.data["text"]) or ""
    assert "看" in said
    assert link[1] not in said
    assert token[1] not in said


def test_words_after_a_confidential_report_are_as_confidential(
    cast: Cast, post: Post, postman: Postman, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.put(mail(to="inspection@luoshi.example"))
    poll.step(now)
    received = told(postman, now)
    assert "垃圾" not in received.get_content()
    assert "/v/" in received.get_content()
    # As when the case is closed: the words become a report of their own.
    monkeypatch.setattr("luoshi.doors.said.said", lambda **given: None)
    post.put(answer(received, "他又来找我了"))
    look(now + MINUTE)
    assert list(Report.objects.values_list("track", flat=True)) == ["confidential"] * 2


def test_only_hashes_of_token_and_address_are_stored(
    cast: Cast, post: Post, postman: Postman, now: datetime
) -> None:
    post.put(mail())
    poll.step(now)
    token = re.search(r"\[#(\w+)\]", told(postman, now)["Subject"])
    row = Thread.objects.get()
    assert token
    assert len(bytes(row.token_hash)) == len(bytes(row.address_tag)) == 32
    assert row.report == Report.objects.get().pk


def test_a_mail_server_that_is_away_gets_the_mail_later_and_once(
    cast: Cast, post: Post, postman: Postman, now: datetime
) -> None:
    post.put(mail())
    poll.step(now)
    postman.stop()
    outbox.run_due(now=now)
    [failure] = outbox.failing()
    assert failure.error == "the mail server did not answer"
    postman.start()
    later = now + MINUTE
    assert told(postman, later)["Message-ID"].endswith(f".{failure.id}@luoshi.example>")
    outbox.run_due(now=later + MINUTE)
    assert len(postman.mails) == 1


def test_a_mail_sent_twice_is_the_same_mail(
    cast: Cast, post: Post, postman: Postman, now: datetime
) -> None:
    question = asked(cast, post, postman, now)
    event, report = CaseEvent.objects.get(kind="verified").pk, Report.objects.get().pk
    for _ in range(2):
        notices.notice(f"event:{event}:report:{report}", delivery_id=4711, now=now)
    first, second = postman.mails[-2:]
    assert question["Message-ID"] != first["Message-ID"]
    for name in ("Message-ID", "Subject"):
        assert first[name] == second[name]
    assert first.get_payload() == second.get_payload()


def test_a_refusal_keeps_the_address_out_of_what_is_stored(
    cast: Cast, post: Post, postman: Postman, now: datetime
) -> None:
    postman.refusing = True
    post.put(mail())
    poll.step(now)
    outbox.run_due(now=now)
    [failure] = outbox.failing()
    assert failure.error == "the mail server refused the address (550)"


def test_without_a_gateway_for_texts_whoever_left_both_hears_by_mail(
    cast: Cast, postman: Postman, now: datetime
) -> None:
    cast.report(now, email=ADDRESS)
    outbox.run_due(now=now)
    assert len(postman.mails) == 1


def test_who_has_a_phone_for_texts_gets_no_mail_beside_them(
    cast: Cast, postman: Postman, now: datetime, settings: Settings
) -> None:
    settings.SMS_OUT = True
    cast.report(now, email=ADDRESS)
    cast.report(now, phone="0513-85512345", email=ADDRESS)
    cast.report(now, phone=None, email="no address")
    outbox.run_due(now=now)
    assert not outbox.failing()
    assert len(postman.mails) == 1


def test_whoever_has_a_code_is_sent_no_link(cast: Cast, postman: Postman, now: datetime) -> None:
    given = {"phone": None, "email": ADDRESS, "code": "0" * 17}
    cast.report(now, confidential=True, language="en", **given)
    text = told(postman, now).get_content()
    assert "Use your code" in text
    assert "/v/" not in text


# ---- What is kept ----


def test_old_marks_go_and_the_mail_is_still_no_second_report(
    cast: Cast, post: Post, now: datetime, settings: Settings
) -> None:
    post.put(mail())
    post.put(mail("", subject="", id="<e@example.org>"))
    poll.step(now)
    old = now + timedelta(days=settings.MAIL_INBOUND_DAYS + 1)
    assert purge.purge(0, now=old) == Piece(None)
    assert not Inbound.objects.exists()
    assert not Unread.objects.exists()
    post.back("Luoshi/taken")
    look(old)
    assert Report.objects.count() == 1
