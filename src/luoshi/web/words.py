"""The words of the glossary for the codes that rules and registry use, in both languages."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = Mapping[str, str | Promise]

STATUS: Words = {
    "new": pgettext_lazy("case status", "Waiting at the desk"),
    "assigned": pgettext_lazy("case status", "Waiting for acknowledgement"),
    "handling": pgettext_lazy("case status", "Being handled"),
    "returned": pgettext_lazy("case status", "Returned, waiting for a ruling"),
    "claimed": pgettext_lazy("case status", "Waiting for verification"),
    "verdict": pgettext_lazy("case status", "Waiting for the reporter's word"),
    "deferred": pgettext_lazy("case status", "Deferred"),
    "closed": pgettext_lazy("case status", "Closed"),
}

RESOLUTION: Words = {
    "fixed": pgettext_lazy("resolution", "Fixed"),
    "answered": pgettext_lazy("resolution", "Answered"),
    "unfounded": pgettext_lazy("resolution", "Unfounded"),
    "declined": pgettext_lazy("resolution", "Declined"),
    "merged": pgettext_lazy("resolution", "Merged"),
    "unsolved": pgettext_lazy("resolution", "Not solved"),
    "unverified": pgettext_lazy("resolution", "Not verified"),
}

DUE: Words = {
    "triage": _("Triage"),
    "acknowledge": _("Acknowledgement"),
    "contact": _("First contact"),
    "ruling": _("Ruling"),
    "handling": _("Handling"),
    "verify": _("Verification"),
    "verdict": _("Reporter's word"),
    "review": _("Review"),
}

TIER: Words = {
    "site": _("Verified on site"),
    "papers": _("Verified on the evidence"),
}

ORIGIN: Words = {
    "report": _("Reported by a person"),
    "inspection": _("Inspection team"),
    "finding": _("Unmet standard or promise"),
    "ledger": _("Old ledger"),
}

VERDICT: Words = {
    "solved": pgettext_lazy("verdict", "Solved"),
    "unsolved": pgettext_lazy("verdict", "Not solved"),
    "no_answer": pgettext_lazy("verdict", "No answer"),
    "not_reachable": pgettext_lazy("verdict", "Could not be asked"),
}

ROLE: Words = {
    "desk": _("Desk"),
    "handler": _("Handler"),
    "verifier": _("Verifier"),
    "inspector": _("Inspector"),
    "leader": _("Leader"),
    "panel": _("Outside panel"),
    "data": _("Data and records"),
}

# Which look a badge takes; the word beside it says the same.
BADGE: Mapping[str, str] = {
    "new": "wait",
    "assigned": "wait",
    "handling": "move",
    "returned": "wait",
    "claimed": "move",
    "verdict": "move",
    "deferred": "wait",
    "fixed": "good",
    "answered": "good",
    "unsolved": "bad",
    "unverified": "bad",
}


def status(code: str, resolution: str | None = None) -> str:
    """A case's state in words; a closed one says how it ended: Closed: fixed."""
    word = str(STATUS.get(code, code))
    if not resolution:
        return word
    return str(_("%(status)s: %(resolution)s")) % {
        "status": word,
        "resolution": RESOLUTION.get(resolution, resolution),
    }


def badge(code: str, resolution: str | None = None) -> str:
    """The look of a status badge: plain, move, wait, good or bad."""
    return BADGE.get(resolution or code, "plain")
