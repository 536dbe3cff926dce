"""The door for text messages: what comes in, exactly once, whatever a gateway does."""

import contextlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from luoshi.cases import queries
from luoshi.cases.models import Case, CaseEvent, Report
from luoshi.doors import words
from luoshi.doors.sms import purge as purging
from luoshi.doors.sms import reading, signature
from luoshi.doors.sms.models import Inbound
from luoshi.infra.chores import Piece
from luoshi.trust import limits, vault
from tests import cast as casting
from tests.cast import Cast, photo
from tests.doors.gateway import ADDRESS, hand_in, raw

PHONE = "13800138000"


@pytest.fixture
def cast(db: None) -> Cast:
    limits.forget()
    return casting.build()


def waiting_for_verdict(cast: Cast, now: datetime) -> tuple[int, str]:
    """A case that waits for its reporter's word, and the number of his report."""
    case, verifier = cast.claimed(now)
    cast.do(verifier, case, "open", now)
    cast.do(verifier, case, "verify", now, passed=True, pictures=[photo()])
    return case, Report.objects.get(case=case).number


# ---- New reports ----


def test_a_message_becomes_a_report_with_place_and_category(cast: Cast, client: Client) -> None:
    answer = hand_in(client)
    assert answer.status_code == 200
    report, case = Report.objects.get(), Case.objects.get()
    assert answer.json() == {"outcome": "received", "number": report.number, "repeated": False}
    assert (case.subject, case.area) == (cast.estate, cast.community_area)
    assert (case.category, case.place_open) == ("estate.environment", False)
    assert queries.by_phone(cast.district, report.number, PHONE) == report.pk
    assert vault.read_text(report.text or 0) == "示范新村绿地被种菜，车位被占"


def test_the_same_message_again_is_the_same_report(cast: Cast, client: Client) -> None:
    first, second = hand_in(client).json(), hand_in(client).json()
    assert second == {**first, "repeated": True}
    assert Report.objects.count() == 1


def test_a_place_that_nobody_knows_waits_for_a_person(cast: Cast, client: Client) -> None:
    hand_in(client, text="月亮路有个坑")
    assert Case.objects.get().place_open


def test_a_problem_that_came_back_reopens_its_case(cast: Cast, client: Client) -> None:
    case = hand_in(client).json()
    now = timezone.now()
    old = Case.objects.get()
    cast.do("desk1", old.pk, "answer", now, text="已转物业")
    new = hand_in(client, id="m2").json()
    assert new["number"] != case["number"]
    assert Case.objects.get().status == "new"
    assert Report.objects.count() == 2


def test_a_form_is_as_good_as_json(cast: Cast, client: Client) -> None:
    body = f"id=f1&from=%2B8613800138000&text={quote('井盖没了 🕳️')}&received_at=now".encode()
    assert raw(client, body, kind="application/x-www-form-urlencoded").status_code == 200
    assert vault.read_text(Report.objects.get().text or 0) == "井盖没了 🕳️"
    assert Case.objects.get().urgency == "danger"


def test_a_very_long_message_stays_whole(cast: Cast, client: Client) -> None:
    long = "菜地" * 20_000 + "🥬"
    assert hand_in(client, text=long).status_code == 200
    assert vault.read_text(Report.objects.get().text or 0) == long


def test_a_service_number_makes_a_report_without_a_contact(cast: Cast, client: Client) -> None:
    assert hand_in(client, **{"from": "10086"}).status_code == 200
    row = Report.objects.get()
    assert row.contact is None
    assert not row.reachable


def test_who_writes_english_is_answered_in_english(cast: Cast, client: Client) -> None:
    hand_in(client, text="Rubbish near 示范新村")
    hand_in(client, id="m2", text="Rubbish everywhere")
    assert sorted(Report.objects.values_list("language", flat=True)) == ["en", "zh-hans"]


# ---- Hostile and broken messages ----


def form(body: str) -> tuple[bytes, str]:
    return body.encode("latin-1"), "application/x-www-form-urlencoded"


BROKEN: dict[str, tuple[bytes, str, str]] = {
    "no JSON": (b"{", "application/json", "not_json"),
    "a list": (b"[]", "application/json", "not_json"),
    "deep": (b"[" * 100_000, "application/json", "not_json"),
    "no id": (b'{"from":"1","text":"x"}', "application/json", "field_missing"),
    "blank id": (b'{"id":" ","from":"1","text":"x"}', "application/json", "field_missing"),
    "empty": (b'{"id":"1","from":"1","text":" \\n"}', "application/json", "text_empty"),
    "only NUL": (b'{"id":"1","from":"1","text":"\\u0000"}', "application/json", "text_empty"),
    "a list as text": (b'{"id":"1","from":"1","text":[]}', "application/json", "field_no_text"),
    "half an emoji": (b'{"id":"1","from":"1","text":"\\ud83d"}', "application/json", "encoding"),
    "GBK": ('{"id":"1","from":"1","text":"菜"}'.encode("gbk"), "application/json", "encoding"),
    "GBK form": (*form("id=1&from=1&text=%B2%CB"), "encoding"),
    "many fields": (*form("&".join(f"a{n}=1" for n in range(60))), "not_a_form"),
    "XML": (b"<x/>", "text/xml", "content_type"),
    "long id": (
        json.dumps({"id": "x" * 201, "from": "1", "text": "x"}).encode(),
        "application/json",
        "id_too_long",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_read_is_refused_with_a_reason(
    cast: Cast, client: Client, name: str
) -> None:
    body, kind, error = BROKEN[name]
    answer = raw(client, body, kind=kind)
    assert answer.status_code == 400
    assert answer.json()["error"] == error
    assert answer.json()["explanation"]
    assert not Report.objects.exists()
    assert not Inbound.objects.exists()


def test_a_message_that_is_too_large_is_refused(cast: Cast, client: Client) -> None:
    assert raw(client, b"x" * 3_000_000).status_code == 413


@pytest.mark.parametrize(
    ("headers", "error"),
    [
        ({signature.SIGNATURE: ""}, "signature_missing"),
        ({signature.SIGNATURE: "0" * 64}, "signature_wrong"),
        ({signature.SIGNATURE: "é"}, "signature_wrong"),
        ({signature.TIMESTAMP: "1"}, "signature_wrong"),
        ({signature.TIMESTAMP: "१"}, "signature_wrong"),
    ],
)
def test_an_unsigned_message_is_refused(
    cast: Cast, client: Client, headers: dict[str, str], error: str
) -> None:
    answer = raw(client, b'{"id":"1","from":"1","text":"x"}', **headers)
    assert (answer.status_code, answer.json()["error"]) == (403, error)
    assert not Report.objects.exists()


def test_an_old_message_cannot_be_sent_once_more(cast: Cast, client: Client) -> None:
    body = b'{"id":"1","from":"1","text":"x"}'
    old = timezone.now() - timedelta(minutes=6)
    headers = signature.sign(body=body, secret=settings.SMS_SECRET, now=old)
    answer = client.post(ADDRESS, body, content_type="application/json", headers=headers)
    assert answer.json()["error"] == "signature_late"


def test_the_door_opens_to_messages_only(client: Client) -> None:
    assert client.get(ADDRESS).status_code == 405


def test_without_a_district_the_gateway_is_asked_to_come_again(db: None, client: Client) -> None:
    assert hand_in(client).status_code == 503


def test_two_machines_that_answer_each_other_tire(cast: Cast, client: Client) -> None:
    answers = [hand_in(client, id=f"m{n}").status_code for n in range(51)]
    assert answers[49:] == [200, 429]
    assert hand_in(client, id="m50", **{"from": "13900139000"}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_same_message_at_the_same_moment_is_one_report() -> None:
    limits.forget()
    casting.build()

    def deliver(_n: int) -> str:
        try:
            return str(hand_in(Client()).json()["number"])
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        numbers = set(pool.map(deliver, range(4)))
    assert len(numbers) == 1
    assert Report.objects.count() == 1


# ---- Messages about a report ----


def test_words_with_the_number_go_to_the_report(cast: Cast, client: Client) -> None:
    received = cast.report(timezone.now())
    answer = hand_in(client, text=f"{received.number} 又多了一块")
    assert answer.json()["outcome"] == "replied"
    event = CaseEvent.objects.get(kind="replied")
    assert event.case_id == received.case
    assert vault.read_text(event.data["text"]) == f"{received.number} 又多了一块"
    assert hand_in(client, text=f"{received.number} 又多了一块").json()["repeated"]
    assert CaseEvent.objects.filter(kind="replied").count() == 1


@pytest.mark.parametrize(
    ("said", "verdict", "satisfied"),
    [
        ("已解决", "solved", None),
        ("满意", "solved", True),
        ("未解决", "unsolved", None),
        ("不满意", "unsolved", False),
        ("Not solved.", "unsolved", None),
    ],
)
def test_a_verdict_by_message(
    cast: Cast, client: Client, said: str, verdict: str, satisfied: bool | None
) -> None:
    _case, number = waiting_for_verdict(cast, timezone.now())
    assert hand_in(client, text=f"{number} {said}").json()["outcome"] == "verdict"
    row = Report.objects.get()
    assert (row.verdict, row.satisfied) == (verdict, satisfied)


def test_a_verdict_delivered_twice_counts_once(cast: Cast, client: Client) -> None:
    _case, number = waiting_for_verdict(cast, timezone.now())
    first = hand_in(client, text=f"{number} 未解决").json()
    second = hand_in(client, text=f"{number} 未解决").json()
    assert second == {**first, "repeated": True}
    assert CaseEvent.objects.filter(kind="verdict_given").count() == 1
    assert not CaseEvent.objects.filter(kind="replied").exists()


def test_the_words_beside_a_verdict_are_kept(cast: Cast, client: Client) -> None:
    _case, number = waiting_for_verdict(cast, timezone.now())
    hand_in(client, text=f"{number} 已解决，谢谢大家")
    event = CaseEvent.objects.get(kind="verdict_given")
    assert vault.read_text(event.data["text"]) == "谢谢大家"


def test_a_verdict_before_its_time_is_words(cast: Cast, client: Client) -> None:
    received = cast.report(timezone.now())
    assert hand_in(client, text=f"{received.number} 已解决").json()["outcome"] == "replied"


def test_a_message_about_a_closed_case_becomes_a_report_of_its_own(
    cast: Cast, client: Client
) -> None:
    received = cast.report(timezone.now(), subject=None)
    cast.do("desk1", received.case, "answer", timezone.now(), text="已答复")
    answer = hand_in(client, text=f"{received.number} 又来了").json()
    assert answer["outcome"] == "received"
    assert answer["number"] != received.number


def test_who_does_not_own_the_report_makes_a_new_one(cast: Cast, client: Client) -> None:
    _case, number = waiting_for_verdict(cast, timezone.now())
    answer = hand_in(client, text=f"{number} 已解决", **{"from": "13900139000"}).json()
    assert answer["outcome"] == "received"
    assert Report.objects.get(number=number).verdict is None
    assert Report.objects.count() == 2


def test_a_failure_in_the_middle_leaves_no_mark_so_that_the_retry_works(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise OSError("the power went")

    with monkeypatch.context() as patch:
        patch.setattr("luoshi.cases.actions.receive", broken)
        with pytest.raises(OSError, match="the power went"):
            hand_in(client)
    assert not Inbound.objects.exists()
    assert hand_in(client).json()["repeated"] is False


# ---- Reading ----


@pytest.mark.parametrize(
    ("text", "number", "rest"),
    [
        ("260520-123456 已解决", "260520-123456", "已解决"),
        ("２６０５２０－１２３４５６：还没", "260520-123456", "还没"),
        ("【260520123456】好", "260520-123456", "好"),
        ("编号：260520-123456。好", "260520-123456", "好"),
        ("260520-123456", "260520-123456", ""),
    ],
)
def test_the_number_in_front_is_found_as_people_type_it(text: str, number: str, rest: str) -> None:
    assert words.addressed(text) == (number, rest)


@pytest.mark.parametrize(
    "text", ["", "已解决", "关于260520-123456", "260520-1234567", "13800138000"]
)
def test_no_number_in_front_is_no_address(text: str) -> None:
    assert words.addressed(text) is None


@pytest.mark.parametrize("rest", ["已解决一半", "已解决？", "solvedish", "满意度", "", "解决"])
def test_what_is_no_clear_verdict_is_none(rest: str) -> None:
    assert words.verdict(rest) is None


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    addressed = words.addressed(text)
    assert addressed is None or len(addressed[0]) == 13
    assert words.verdict(text) is None or text.strip()


@given(st.binary(), st.sampled_from(["application/json", "application/x-www-form-urlencoded"]))
def test_any_bytes_are_read_or_refused(body: bytes, kind: str) -> None:
    with contextlib.suppress(reading.Unreadable):
        assert reading.read(body, kind).text.strip()


# ---- What is kept of messages ----


def purge(now: datetime) -> None:
    assert purging.purge(0, now=now) == Piece(None)


def test_marks_of_reports_go_after_a_month_and_a_repetition_is_still_no_second_report(
    cast: Cast, client: Client
) -> None:
    first = hand_in(client).json()
    purge(timezone.now() + timedelta(days=settings.SMS_INBOUND_DAYS - 1))
    assert Inbound.objects.count() == 1
    purge(timezone.now() + timedelta(days=settings.SMS_INBOUND_DAYS + 1))
    assert Inbound.objects.count() == 0
    again = hand_in(client).json()
    assert again["number"] == first["number"]
    assert (Report.objects.count(), Case.objects.count()) == (1, 1)


def test_a_reply_repeated_after_a_month_is_neither_a_second_reply_nor_a_report(
    cast: Cast, client: Client
) -> None:
    number = hand_in(client).json()["number"]
    more = {"id": "second", "text": f"{number} 车位又被占了"}
    assert hand_in(client, **more).json()["outcome"] == "replied"
    purge(timezone.now() + timedelta(days=settings.SMS_INBOUND_DAYS + 1))
    assert hand_in(client, **more).json() == {
        "outcome": "replied", "number": number, "repeated": True,
    }  # fmt: skip
    assert Report.objects.count() == 1
    assert CaseEvent.objects.filter(kind="replied").count() == 1
