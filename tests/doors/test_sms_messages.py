"""Messages to reporters: the right ones, once, in their language, without anything that betrays."""

import http.server
import json
import re
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from luoshi.cases import actions, queries
from luoshi.cases.actions import Actor, Command
from luoshi.cases.models import Case, CaseEvent, Report
from luoshi.doors.sms import notices, senders, signature
from luoshi.infra import outbox
from luoshi.infra.outbox import DeliveryFailed
from luoshi.trust import limits, vault
from tests import cast as casting
from tests.cast import Cast, photo
from tests.doors.gateway import Kept

DAY = timedelta(days=1)


@pytest.fixture
def cast(db: None) -> Cast:
    limits.forget()
    return casting.build()


@pytest.fixture(autouse=True)
def _kept(settings: Settings) -> Iterator[None]:
    settings.SMS_SENDER = "tests.doors.gateway.Kept"
    Kept.sent.clear()
    yield
    Kept.sent.clear()


def texts(now: datetime) -> list[str]:
    """What goes out when the worker comes by."""
    Kept.sent.clear()
    outbox.run_due(now=now)
    assert not outbox.failing()
    return [text for _id, _to, text in Kept.sent]


def verified(cast: Cast, now: datetime, **given: Any) -> tuple[int, int]:
    case, verifier = cast.claimed(now, **given)
    cast.do(verifier, case, "open", now)
    cast.do(verifier, case, "verify", now, passed=True, pictures=[photo()])
    return case, Report.objects.get(case=case).pk


def test_the_reporter_gets_the_number_and_the_next_date(cast: Cast, now: datetime) -> None:
    received = cast.report(now, language="en")
    [text] = texts(now)
    assert Kept.sent[0][1] == "+8613800138000"
    assert received.number in text
    assert "By the end of 21 May the desk decides" in text


def test_a_message_is_in_the_language_of_the_report(cast: Cast, now: datetime) -> None:
    cast.report(now)
    [text] = texts(now)
    assert re.search(r"[\u4e00-\u9fff]", text)
    assert "report" not in text


@pytest.mark.parametrize(
    "given",
    [{"phone": None}, {"phone": "0513-85512345"}, {"phone": None, "email": "a@b.example"}],
)
def test_who_cannot_be_texted_gets_nothing(
    cast: Cast, now: datetime, given: dict[str, Any]
) -> None:
    cast.report(now, **given)
    assert texts(now) == []


def test_an_erased_contact_gets_nothing(cast: Cast, now: datetime) -> None:
    received = cast.report(now)
    contact = Report.objects.get(pk=received.report).contact
    vault.erase(
        vault_id=contact or 0, by=cast.people["data1"], reason="本人要求删除个人信息", now=now
    )
    assert texts(now) == []


def test_the_assignment_names_unit_and_deadline(cast: Cast, now: datetime) -> None:
    case = cast.report(now, language="en").case
    cast.do("desk1", case, "classify", now, category="estate.parking")
    texts(now)
    cast.do("desk1", case, "assign", now, owner=cast.units["community"])
    [text] = texts(now)
    assert "community must solve it by the end of 27 May" in text


def test_an_accused_unit_is_never_named(cast: Cast, now: datetime) -> None:
    case = cast.report(now, language="en").case
    cast.do("desk1", case, "classify", now, category="estate.parking")
    cast.do("desk1", case, "assign", now, owner=cast.units["property"])
    second = cast.report(now, language="en", accused=(cast.units["property"],)).case
    actions.merge(case=second, target=case, actor=cast.actor("desk1"), now=now)
    said = " ".join(texts(now))
    assert "the unit responsible must solve it" in said
    assert "property" not in said


def test_no_message_holds_the_words_of_the_reporter(cast: Cast, now: datetime) -> None:
    case, report = verified(cast, now, text="独一无二的话")
    actions.act(
        case=case,
        command=Command("verdict", {"solved": False}),
        actor=Actor(report=report),
        now=now,
        text="另一句独一无二的话",
    )
    sent = texts(now)
    assert len(sent) == 2
    assert not [text for text in sent if "独一无二" in text]


def test_a_confidential_reporter_is_told_only_that_there_is_something(
    cast: Cast, now: datetime
) -> None:
    case = cast.report(now, language="en", confidential=True).case
    cast.do("inspector1", case, "classify", now, category="estate.parking")
    cast.do("inspector1", case, "assign", now, owner=cast.units["police"])
    cast.do("police1", case, "acknowledge", now)
    cast.claim("police1", case, now)
    verifier = cast.name_of(Case.objects.get().verifier)
    cast.do(verifier, case, "open", now)
    cast.do(verifier, case, "verify", now, passed=True, pictures=[photo()])
    sent = texts(now)
    assert len(sent) == 3
    number = Report.objects.get().number
    expected = f"There is something to read about {number}. Use your code: http"
    assert all(text.startswith(expected) for text in sent)
    assert not [text for text in sent if "/v/" in text]


def test_the_verdict_is_asked_for_with_a_link_that_works(cast: Cast, now: datetime) -> None:
    _case, report = verified(cast, now, language="en")
    text = texts(now)[-1]
    found = re.search(r"http://127.0.0.1:8000/v/([\w-]+)/", text)
    assert found
    assert queries.by_link(found[1], now=now) == report
    assert "by the end of 27 May" in text


def test_a_failed_check_asks_for_no_verdict(cast: Cast, now: datetime) -> None:
    case, verifier = cast.claimed(now)
    texts(now)
    cast.do(verifier, case, "open", now)
    cast.do(verifier, case, "verify", now, passed=False, text="还在", pictures=[photo()])
    assert texts(now) == []


def test_a_question_of_the_verifier_says_so_and_names_nobody(cast: Cast, now: datetime) -> None:
    case, verifier = cast.claimed(now, language="en")
    texts(now)
    cast.do(verifier, case, "ask", now, text="Is the lock gone?")
    (text,) = texts(now)
    assert "Somebody independent checks" in text
    assert "has a question" in text
    assert verifier not in text
    assert "lock" not in text


def test_a_child_is_asked_for_no_verdict(cast: Cast, now: datetime) -> None:
    case, verifier = cast.claimed(now, minor=True)
    texts(now)
    cast.do(verifier, case, "open", now)
    cast.do(verifier, case, "verify", now, passed=True, pictures=[photo()])
    assert texts(now) == []


def test_a_message_sent_twice_has_the_same_id_and_the_same_link(cast: Cast, now: datetime) -> None:
    case, report = verified(cast, now)
    event = CaseEvent.objects.get(case=case, kind="verified").pk
    for _ in range(2):
        notices.notice(f"event:{event}:report:{report}", delivery_id=4711, now=now)
    assert len(Kept.sent) == 2
    assert Kept.sent[0] == Kept.sent[1]


def test_a_verdict_that_came_first_makes_the_question_needless(cast: Cast, now: datetime) -> None:
    case, report = verified(cast, now)
    command = Command("verdict", {"solved": True})
    actions.act(case=case, command=command, actor=Actor(report=report), now=now)
    assert not [text for text in texts(now) if "/v/" in text]


def test_silence_and_how_it_is_recorded_are_told(cast: Cast, now: datetime) -> None:
    case, _report = verified(cast, now, language="en")
    texts(now)
    later = now + 10 * DAY
    actions.tick(case=case, now=later)
    [text] = texts(later)
    assert "it says that you gave no answer" in text


def test_a_contact_that_is_on_record_is_told_so_that_it_can_be_denied(
    cast: Cast, now: datetime
) -> None:
    case = cast.handling(now, language="en")
    texts(now)
    cast.do("community1", case, "contact", now, how="call")
    [text] = texts(now)
    assert "community says that it has spoken to you" in text


def test_a_phone_is_not_flooded(cast: Cast, now: datetime) -> None:
    for _ in range(notices.MESSAGES_A_DAY + 1):
        cast.report(now)
    outbox.run_due(now=now)
    assert len(Kept.sent) == notices.MESSAGES_A_DAY
    [failure] = outbox.failing()
    assert "13800138000" not in failure.error
    assert texts(now + DAY)


# ---- Senders ----


class Gateway(http.server.BaseHTTPRequestHandler):
    """Answers with the status that a test sets, and keeps what it was given."""

    status = 200
    got: list[tuple[dict[str, str], bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((dict(self.headers), body))
        self.send_response(self.status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def gateway(settings: Settings) -> Iterator[type[Gateway]]:
    server = http.server.HTTPServer(("127.0.0.1", 0), Gateway)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.SMS_SENDER = "http"
    settings.SMS_URL = f"http://127.0.0.1:{server.server_port}/send"
    Gateway.got.clear()
    Gateway.status = 200
    yield Gateway
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_gateway_gets_id_number_and_text_signed(
    gateway: type[Gateway], settings: Settings
) -> None:
    senders.chosen().send(id=4711, to="+8613800138000", text="您好 🙂")
    [(headers, body)] = gateway.got
    assert json.loads(body) == {"id": "4711", "to": "+8613800138000", "text": "您好 🙂"}
    assert headers["Idempotency-Key"] == "4711"
    stamp = datetime.fromtimestamp(int(headers[signature.TIMESTAMP])).astimezone()
    signature.check(body=body, headers=headers, secret=settings.SMS_SECRET, now=stamp)


@pytest.mark.parametrize("status", [302, 400, 500])
def test_anything_but_success_is_tried_again(gateway: type[Gateway], status: int) -> None:
    gateway.status = status
    with pytest.raises(DeliveryFailed, match=str(status)):
        senders.chosen().send(id=1, to="+8613800138000", text="x")


def test_a_gateway_that_is_away_is_tried_again(settings: Settings) -> None:
    settings.SMS_SENDER, settings.SMS_URL = "http", "http://127.0.0.1:9/"
    with pytest.raises(DeliveryFailed):
        senders.chosen().send(id=1, to="+8613800138000", text="x")


@pytest.mark.parametrize("url", ["", "file:///etc/passwd"])
def test_a_gateway_needs_an_address(settings: Settings, url: str) -> None:
    settings.SMS_SENDER, settings.SMS_URL = "http", url
    with pytest.raises(ImproperlyConfigured):
        senders.chosen()


def test_the_console_shows_no_whole_number(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SMS_SENDER = "console"
    senders.chosen().send(id=1, to="+8613812345678", text="您好")
    shown = capsys.readouterr().out
    assert "您好" in shown
    assert "12345678" not in shown
