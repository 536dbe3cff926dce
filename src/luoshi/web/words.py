"""The words that only pages use, and the looks that go with states; the glossary of states, events
and reasons is cases/wording.py."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luoshi.cases.wording import EVENT, ORIGIN, RESOLUTION, STATUS, TIER, VERDICT
from luoshi.rules.state import Origin, State

__all__ = [
    "BADGE",
    "DUE",
    "EVENT",
    "ORIGIN",
    "RESOLUTION",
    "ROLE",
    "STATUS",
    "TIER",
    "VERDICT",
    "badge",
    "status",
    "verdict",
]

Words = Mapping[str, str | Promise]

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


def verdict(state: State) -> str | None:
    """The reporter's last word; where nobody reported, that is said instead of "not reachable"."""
    if state.verdict == "not_reachable" and state.origin is Origin.FINDING and not state.reports:
        return str(_("nobody reported it: a check found it"))
    return str(VERDICT[state.verdict]) if state.verdict else None
