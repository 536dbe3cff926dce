"""Looking at who reported: only with a reason, on record first, and never for whoever handles."""

from datetime import datetime

import pytest
from django.conf import settings
from django.utils import timezone

from luoshi.trust.models import RevealRecord
from tests import cast as casting
from tests.cast import Cast
from tests.pages.rooms import body, enter

PHONE, NAME = "13800138000", "王小明"
REASON = "电话回访核实门牌号"


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """A reveal commits before it opens, which a test inside a transaction would forbid."""
    return casting.build()


@pytest.fixture
def now() -> datetime:
    """Pages ask the clock themselves."""
    return timezone.now()


def test_requests_are_no_transactions() -> None:
    assert not settings.DATABASES["default"].get("ATOMIC_REQUESTS")


def test_a_contact_is_shown_once_after_a_reason(cast: Cast, now: datetime) -> None:
    received = cast.report(now, name=NAME, phone=PHONE)
    client = enter(cast, "desk1")
    address = f"/case/{received.case}/reveal/{received.report}/"
    assert address in body(client.get(f"/case/{received.case}/"))
    page = body(client.get(address))
    assert NAME not in page
    page = body(client.post(address, {"what": "contact", "reason": REASON}))
    assert NAME in page
    assert PHONE[-8:] in page
    assert "is on record" in page
    record = RevealRecord.objects.get()
    assert (record.by, record.reason) == (cast.people["desk1"], REASON)
    assert NAME not in body(client.get(address))


@pytest.mark.parametrize("reason", ["", "看看", "……………"])
def test_without_a_reason_nothing_is_opened(cast: Cast, now: datetime, reason: str) -> None:
    received = cast.report(now, name=NAME)
    address = f"/case/{received.case}/reveal/{received.report}/"
    page = body(enter(cast, "desk1").post(address, {"what": "contact", "reason": reason}), 400)
    assert NAME not in page
    assert not RevealRecord.objects.exists()


@pytest.mark.parametrize(
    "who", ["community1", "street1", "inspector1", "leader1", "verifier1", "garden1", "data1"]
)
def test_nobody_else_finds_the_page(cast: Cast, now: datetime, who: str) -> None:
    received = cast.report(now, name=NAME)
    cast.do("desk1", received.case, "classify", now, category="estate.parking")
    cast.do("desk1", received.case, "assign", now, owner=cast.units["community"])
    address = f"/case/{received.case}/reveal/{received.report}/"
    client = enter(cast, who)
    assert client.get(address).status_code == 404
    assert client.post(address, {"what": "contact", "reason": REASON}).status_code == 404
    assert not RevealRecord.objects.exists()


def test_a_confidential_report_opens_to_the_inspection_team_alone(
    cast: Cast, now: datetime
) -> None:
    received = cast.report(now, confidential=True, text="有人收钱", phone=PHONE)
    address = f"/case/{received.case}/reveal/{received.report}/"
    assert enter(cast, "desk1").get(address).status_code == 404
    client = enter(cast, "inspector1")
    page = body(client.post(address, {"what": "text", "reason": REASON}))
    assert "有人收钱" in page
    assert PHONE[-8:] not in page
    page = body(client.post(address, {"what": "contact", "reason": REASON}))
    assert PHONE[-8:] in page
    assert RevealRecord.objects.count() == 2


def test_a_report_of_another_case_is_not_revealed_through_this_one(
    cast: Cast, now: datetime
) -> None:
    here, other = cast.report(now), cast.report(now, name=NAME)
    address = f"/case/{here.case}/reveal/{other.report}/"
    assert enter(cast, "desk1").get(address).status_code == 404


def test_what_was_not_given_cannot_be_asked_for(cast: Cast, now: datetime) -> None:
    received = cast.report(now, name=NAME)
    address = f"/case/{received.case}/reveal/{received.report}/"
    answer = enter(cast, "desk1").post(address, {"what": "text", "reason": REASON})
    assert answer.status_code == 400
    nobody = cast.report(now, phone=None)
    address = f"/case/{nobody.case}/reveal/{nobody.report}/"
    assert enter(cast, "desk1").get(address).status_code == 404
