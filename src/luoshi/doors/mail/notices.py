"""The delivery handler that tells a reporter by mail what happened to his report.

For whoever left an e-mail address and no phone that takes text messages: nobody is told twice.
Runs in the worker, at least once for each event and report; a mail that goes out twice carries the
same Message-ID. Only here is a reporter's address opened, with the delivery key.
"""

import base64
from datetime import datetime
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from luoshi.cases import actions, queries
from luoshi.cases.queries import Notice
from luoshi.doors import messages
from luoshi.doors.mail import headers, sending, threads
from luoshi.doors.messages import Way
from luoshi.infra.outbox import DeliveryFailed
from luoshi.trust import limits, phones, vault
from luoshi.trust.errors import Erased

MAILS_A_DAY = 40
"""To one address, tries that failed included. What comes above it waits for the next day."""


def notice(ref: str, *, delivery_id: int, now: datetime) -> None:
    """Send the mail for "event:1:report:2", when there is something to say and an address to say
    it to. Raises DeliveryFailed."""
    _event, event, _report, report = ref.split(":")
    found = queries.notice(event=int(event), report=int(report))
    if found is None or not messages.worth_telling(found):
        return
    address = _address(found)
    if address is None:
        return
    if not settings.MAIL_OUT:
        raise DeliveryFailed("no mail server is set up: LUOSHI_MAIL_SMTP")
    if not limits.allow(scope="mail-out", key=address, limit=MAILS_A_DAY, now=now):
        raise DeliveryFailed("this address got as many mails today as one a day gets")
    sending.send(_mail(found, address, delivery_id, now))


def _address(found: Notice) -> str | None:
    """None as well when there is a phone and a gateway: then a text message tells him."""
    if found.contact is None:
        return None
    try:
        contact = vault.open_for_delivery(found.contact)
    except Erased:
        return None
    if settings.SMS_OUT and contact.phone and phones.can_text(contact.phone):
        return None
    return contact.email if contact.email and headers.valid(contact.email) else None


def _mail(found: Notice, address: str, delivery_id: int, now: datetime) -> EmailMessage:
    token = threads.token(district=found.district, report=found.report, address=address, now=now)
    name, _at, domain = settings.MAIL_ADDRESS.partition("@")
    with translation.override(found.language):
        way = Way(link=lambda: _link(found, delivery_id, now), by_mail=True)
        text = messages.compose(found, way=way)
        subject = _("Your report %(number)s") % {"number": found.number}
        sender = formataddr((settings.MAIL_NAME or str(_("Luoshi")), settings.MAIL_ADDRESS))
    return EmailMessage(
        subject=f"{subject} [#{token}]",
        body=text + "\n",
        from_email=sender,
        to=[address],
        reply_to=[f"{name}+{token}@{domain}"] if settings.MAIL_PLUS else [],
        headers={
            # An answer refers to it, so that it finds its report.
            "Message-ID": f"<{token}.{delivery_id}@{domain}>",
            "References": f"<{token}.report@{domain}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )


def _link(found: Notice, delivery_id: int, now: datetime) -> str:
    """The token of a one-time link. Made from the delivery, so that a mail that is sent again
    holds the same link."""
    made = salted_hmac("luoshi.mail.link", str(delivery_id), algorithm="sha256").digest()
    token = base64.urlsafe_b64encode(made[:16]).decode().rstrip("=")
    return actions.issue_link(report=found.report, now=now, token=token)
