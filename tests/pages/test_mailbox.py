"""What staff see of the mailbox, and the e-mail address on the residents' form."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from luoshi.cases.models import Report
from luoshi.doors.mail.models import Mailbox, Unread
from luoshi.trust import limits, vault
from tests import cast as casting
from tests.cast import Cast
from tests.pages.public_forms import filled, resident
from tests.pages.rooms import body, enter


@pytest.fixture
def cast(db: None, settings: Settings) -> Cast:
    limits.forget()
    settings.MAIL_IMAP = "imaps://report@mail.example/INBOX"
    return casting.build()


def mailbox(cast: Cast, now: datetime, **given: Any) -> None:
    values = {"next_at": now, "read_at": now - timedelta(hours=3), **given}
    Mailbox.objects.create(district_id=cast.district, **values)


def admin(cast: Cast) -> Client:
    get_user_model().objects.filter(pk=cast.people["data1"]).update(is_staff=True)
    return enter(cast, "data1")


def test_the_desk_sees_how_many_mails_could_not_be_read_and_why(cast: Cast) -> None:
    now = timezone.now()
    mailbox(cast, now, unread=2)
    for number, reason in enumerate(("too_large", "encrypted")):
        Unread.objects.create(
            district_id=cast.district, key=bytes([number] * 32), at=now, reason=reason
        )
    page = body(enter(cast, "desk1").get("/desk/"))
    assert "2 mails could not be read" in page
    assert "Luoshi/unread" in page
    assert "larger than 25 MB" in page
    assert "encrypted" in page


def test_a_refused_password_stands_on_the_administrators_and_the_desks_page(cast: Cast) -> None:
    mailbox(cast, timezone.now(), error="login_refused", failures=3)
    for page in (
        body(admin(cast).get("/staff/")),
        body(enter(cast, "desk1").get("/desk/")),
    ):
        assert "E-mail is not being read" in page
        assert "the mail server refuses user or password" in page
    assert "E-mail is not being read" not in body(enter(cast, "community1").get("/staff/"))


def test_nothing_is_said_of_a_mailbox_that_does_well_or_is_none(
    cast: Cast, settings: Settings
) -> None:
    mailbox(cast, timezone.now())
    assert "mail" not in body(enter(cast, "desk1").get("/desk/")).lower()
    Mailbox.objects.update(error="unreachable")
    settings.MAIL_IMAP = ""
    assert "E-mail is not being read" not in body(enter(cast, "desk1").get("/desk/"))


@pytest.mark.parametrize("address", ["/report/", "/report/confidential/"])
def test_an_address_is_asked_for_when_mail_can_go_out(
    cast: Cast, settings: Settings, address: str
) -> None:
    client = resident()
    assert 'name="email"' not in body(client.get(address))
    settings.MAIL_OUT = True
    form = filled(client, address, email="Resident@example.org")
    assert client.post(address, form).status_code == 302
    contact = vault.open_for_delivery(Report.objects.get().contact or 0)
    assert contact.email == "Resident@example.org"


def test_what_is_no_address_is_told(cast: Cast, settings: Settings) -> None:
    settings.MAIL_OUT = True
    client = resident()
    answer = client.post("/report/", filled(client, email="resident@"))
    assert "This is no e-mail address" in body(answer, 422)
    assert not Report.objects.exists()
