"""What went wrong, in words for people."""

from django.utils.translation import gettext_lazy as _

REASON = {
    "too_large": _("larger than 25 MB"),
    "too_long": _("endlessly long"),
    "too_many_parts": _("too many attachments"),
    "nested": _("mails within mails within mails"),
    "encrypted": _("encrypted"),
    "winmail": _("everything is in winmail.dat"),
    "empty": _("nothing in it that can be read"),
    "spam": _("marked as spam by the mail server"),
    "to_staff": _("an answer to a mail that told a unit of its case"),
    "too_many": _("too many from one sender on one day"),
    "failed": _("it could not be read; the worker's log says why"),
}

FAILURE = {
    "address_wrong": _("LUOSHI_MAIL_IMAP is not an address like imaps://user@host/INBOX"),
    "unreachable": _("the mail server does not answer"),
    "certificate": _("the certificate of the mail server is not valid"),
    "login_refused": _("the mail server refuses user or password"),
    "no_folder": _("the mailbox has no such folder"),
    "broken_off": _("the mail server broke off"),
    "not_stored": _("mails could not be stored here; they wait in the mailbox"),
}
