"""The token that ties a mail to a report: in what we send, and in the answers to it.

128 bits, made from the report with the installation's secret key, so that every mail about one
report carries the same one and only its hash is stored. Letters and digits of one case, since
mail servers change the case of addresses.
"""

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import salted_hmac

from luoshi.cases import queries
from luoshi.doors.mail.models import Thread
from luoshi.trust import codes, vault


@dataclass(frozen=True, slots=True)
class Found:
    """The report that a token stands for; `same`: the mail says that it comes from the address to
    which the token was sent."""

    report: int
    same: bool


def token(*, district: int, report: int, address: str, now: datetime) -> str:
    """The token of the mails about this report, good from now on."""
    made = salted_hmac("luoshi.mail.thread", str(report), algorithm="sha256").digest()[:16]
    text = base64.b32encode(made).decode().rstrip("=").lower()
    Thread.objects.get_or_create(
        token_hash=codes.token_hash(text),
        defaults={
            "district_id": district,
            "report": report,
            "address_tag": vault.email_tag(report=report, email=address),
            "at": now,
        },
    )
    return text


def find(tokens: tuple[str, ...], *, district: int, sender: str | None) -> Found | None:
    """The report of the first token that is one of ours; one query."""
    hashes = [codes.token_hash(text) for text in tokens[:20]]
    rows = {
        bytes(row.token_hash): row
        for row in Thread.objects.filter(district_id=district, token_hash__in=hashes)
    }
    row = next((rows[hashed] for hashed in hashes if hashed in rows), None)
    if row is None:
        return None
    tag = vault.email_tag(report=row.report, email=sender) if sender else b""
    return Found(row.report, hmac.compare_digest(bytes(row.address_tag), tag))


def forget(vault_id: int) -> None:
    """A contact was erased: no mail about its reports is tied to an address any more. For
    settings.ERASURE_HOOKS."""
    Thread.objects.filter(report__in=queries.reports_of_contact(vault_id)).delete()
