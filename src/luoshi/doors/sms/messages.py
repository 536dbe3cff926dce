"""The texts. Short, in the reporter's language, never his own words, never an accused unit.

Whoever sees the phone sees the message: about a confidential report it says only that there is
something to read with the code.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luoshi.cases.moments import until
from luoshi.cases.queries import Notice
from luoshi.registry import queries as registry
from luoshi.rules.state import Due, Resolution, Seat, Status, Verdict

Link = Callable[[], str]


def worth_telling(found: Notice) -> bool:
    """Whether this event, as the case stands now, gives the reporter something to know or do."""
    asks = _WHEN.get(found.kind)
    return found.kind in _TEXTS and (asks is None or asks(found))


def compose(found: Notice, *, link: Link) -> str:
    """The message, in the active language. `link` makes a one-time token; asked at most once."""
    text = _confidential(found) if found.confidential else _TEXTS[found.kind](found, link)
    return text.replace("。 ", "。")  # Chinese has no space between sentences


# ---- When ----


def _verdict_awaited(found: Notice) -> bool:
    passed = bool(found.data.get("passed"))
    waits = found.state.status is Status.VERDICT and found.reachable and not found.heard
    return passed and waits


def _ended_without_him(found: Notice) -> bool:
    unsolved = found.data.get("resolution") == Resolution.UNSOLVED
    return unsolved or found.data.get("verdict") == Verdict.NO_ANSWER


_WHEN: Mapping[str, Callable[[Notice], bool]] = {
    "verified": _verdict_awaited,
    "closed": _ended_without_him,
    "extension_decided": lambda found: bool(found.data.get("granted")),
    "reopened": lambda found: found.data.get("by") != "reporter",
}

# ---- What ----


def _received(found: Notice, link: Link) -> str:
    due = found.state.next_at if found.state.due is Due.TRIAGE else None
    next_step = (
        _("By %(until)s the desk decides who must act.") % {"until": until(due, year=False)}
        if due
        else ""
    )
    return " ".join(
        part
        for part in (
            _("We have your report. Its number: %(number)s.") % {"number": found.number},
            next_step,
            _("To add something, answer with a message that begins with the number."),
            _look(),
        )
        if part
    )


def _joined(found: Notice, link: Link) -> str:
    said = _("We have your report. Its number: %(number)s. The same problem was reported before.")
    return _about(found, said)


def _merged(found: Notice, link: Link) -> str:
    said = _("Your report %(number)s was joined with another one on the same problem.")
    return _about(found, said)


def _answered(found: Notice, link: Link) -> str:
    said = _("Your report %(number)s was answered. If you disagree, say so within 30 days.")
    return _about(found, said)


def _declined(found: Notice, link: Link) -> str:
    said = _("Your report %(number)s does not fall to us. Read why, and where to turn instead.")
    return _about(found, said)


def _assigned(found: Notice, link: Link) -> str:
    deadline = found.data.get("deadline")
    said = _("Report %(number)s: %(unit)s must solve it by %(until)s.")
    at = until(datetime.fromisoformat(deadline), year=False) if deadline else ""
    return _about(found, said, unit=_unit(found, found.data.get("owner")), until=at)


def _extended(found: Notice, link: Link) -> str:
    said = _("Report %(number)s: more time was granted, until %(until)s. The first deadline stays "
             "on record.")  # fmt: skip
    deadline = found.data.get("deadline")
    at = until(datetime.fromisoformat(deadline), year=False) if deadline else ""
    return _about(found, said, until=at)


def _asked(found: Notice, link: Link) -> str:
    if found.seat == Seat.VERIFIER:
        said = _(
            "Somebody independent checks whether what you reported in %(number)s is solved, "
            "and has a question. Please look and answer."
        )
    else:
        said = _("There is a question about your report %(number)s. Please look and answer.")
    return _about(found, said)


def _contacted(found: Notice, link: Link) -> str:
    said = _("Report %(number)s: %(unit)s says that it has spoken to you. If nobody did, tell us.")
    return _about(found, said, unit=_unit(found, found.state.owner))


def _verified(found: Notice, link: Link) -> str:
    at = until(found.state.next_at, year=False) if found.state.next_at else ""
    said = _(
        "Report %(number)s: said to be solved, and checked by somebody independent. Is it solved? "
        "Tell us by %(until)s: %(link)s or answer: %(number)s solved / not solved"
    )
    return said % {"number": found.number, "until": at, "link": _address("public:link", link())}


def _deferred(found: Notice, link: Link) -> str:
    review = found.data.get("review_at")
    at = until(datetime.fromisoformat(review), year=False) if review else ""
    said = _("Report %(number)s is put off; it is looked at again by %(until)s. It is not closed.")
    return _about(found, said, until=at)


def _closed(found: Notice, link: Link) -> str:
    if found.data.get("resolution") == Resolution.UNSOLVED:
        said = _("Report %(number)s was ended as not solved, and counts as not solved. Read why.")
    else:
        said = _("Report %(number)s is closed; it says that you gave no answer. If it is not "
                 "solved, say so within 30 days.")  # fmt: skip
    return _about(found, said)


def _reopened(found: Notice, link: Link) -> str:
    return _about(found, _("Your report %(number)s is open again."))


_TEXTS: Mapping[str, Callable[[Notice, Link], str]] = {
    "received": _received,
    "joined": _joined,
    "merged": _merged,
    "answered": _answered,
    "declined": _declined,
    "assigned": _assigned,
    "extension_decided": _extended,
    "asked": _asked,
    "contacted": _contacted,
    "verified": _verified,
    "deferred": _deferred,
    "closed": _closed,
    "reopened": _reopened,
}

# ---- Parts ----


def _confidential(found: Notice) -> str:
    said = _("There is something to read about %(number)s. Use your code: %(url)s")
    return said % {"number": found.number, "url": _address("public:track")}


def _about(found: Notice, said: str, **details: str) -> str:
    return f"{said % {'number': found.number, **details}} {_look()}"


def _look() -> str:
    return _("See %(url)s") % {"url": _address("public:track")}


def _address(name: str, *args: str) -> str:
    return settings.LUOSHI_PUBLIC_URL + reverse(name, args=args)


def _unit(found: Notice, unit: int | None) -> str:
    if unit is None or unit in found.state.accused:
        return _("the unit responsible")
    names = registry.unit_names([unit], language=get_language() or "zh-hans")
    return names.get(unit, _("the unit responsible"))
