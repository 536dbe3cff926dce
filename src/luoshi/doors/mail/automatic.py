"""Mail that a machine wrote. It opens no case and is never answered, so that no two machines write
to each other for ever (RFC 3834)."""

import re

from luoshi.doors.mail.headers import Head

_PRECEDENCE = {"bulk", "junk", "list", "auto_reply"}
_MARKS = ("X-Autoreply", "X-Autorespond", "X-Failed-Recipients", "List-Id")
_MACHINES = re.compile(
    r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply)(\+.*)?@", re.IGNORECASE
)
# Large Chinese providers mark their out-of-office answers by the subject alone.
_SUBJECTS = re.compile(
    r"\s*[\[【(（]?\s*(自动回复|自動回覆|系统退信|退信通知|auto(?:matic)?[- ]?reply|"
    r"out of (?:the )?office|undeliver(?:able|ed)|delivery status notification)\s*([\])】）:：]|$)",
    re.IGNORECASE,
)


def is_automatic(head: Head, *, own: frozenset[str]) -> bool:
    """Auto-replies, bounces, lists, and whatever comes from one of our `own` addresses."""
    said = head.first("Auto-Submitted").partition(";")[0].strip().lower()
    if said not in {"", "no"}:
        return True
    if head.first("Precedence").lower() in _PRECEDENCE or any(head.all(mark) for mark in _MARKS):
        return True
    if any(path.strip() == "<>" for path in head.all("Return-Path")):
        return True
    if head.first("Content-Type").lower().startswith("multipart/report"):
        return True
    senders = {address for _name, address in head.addresses("From", "Sender")}
    return (
        bool(senders & own)
        or any(_MACHINES.match(sender) for sender in senders)
        or _SUBJECTS.match(head.text("Subject")) is not None
    )
