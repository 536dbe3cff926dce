"""What reporters are told, by text message or mail. Short, in the reporter's language, never his
own words, never an accused unit.

Whoever sees the phone sees the message: about a confidential report it says only that there is
something to read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luoshi.cases.moments import until
from luoshi.cases.queries import Notice
from luoshi.registry import queries as registry
from luoshi.rules.state import Due, Resolution, Seat, Status, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How this message travels. `link` makes a one-time token; asked at most once."""

    link: Callable[[], str]
    by_mail: bool = False


def worth_telling(found: Notice) -> bool:
    """Whether this event, as the case stands now, gives the reporter something to know or do."""
    asks = _WHEN.get(found.kind)
    return found.kind in _TEXTS and (asks is None or asks(found))


def compose(found: Notice, *, way: Way) -> str:
    """The message, in the active language."""
    text = _confidential(found, way) if found.confidential else _TEXTS[found.kind](found, way)
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


def _received(found: Notice, way: Way) -> str:
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
            _more(way),
            _look(found, way),
        )
        if part
    )


def _joined(found: Notice, way: Way) -> str:
    said = _("We have your report. Its number: %(number)s. The same problem was reported before.")
    return _about(found, way, said)


def _merged(found: Notice, way: Way) -> str:
    said = _("Your report %(number)s was joined with another one on the same problem.")
    return _about(found, way, said)


def _answered(found: Notice, way: Way) -> str:
    said = _("Your report %(number)s was answered. If you disagree, say so within 30 days.")
    return _about(found, way, said)


def _declined(found: Notice, way: Way) -> str:
    said = _("Your report %(number)s does not fall to us. Read why, and where to turn instead.")
    return _about(found, way, said)


def _assigned(found: Notice, way: Way) -> str:
    deadline = found.data.get("deadline")
    said = _("Report %(number)s: %(unit)s must solve it by %(until)s.")
    at = until(datetime.fromisoformat(deadline), year=False) if deadline else ""
    return _about(found, way, said, unit=_unit(found, found.data.get("owner")), until=at)


def _extended(found: Notice, way: Way) -> str:
    said = _("Report %(number)s: more time was granted, until %(until)s. The first deadline stays "
             "on record.")  # fmt: skip
    deadline = found.data.get("deadline")
    at = until(datetime.fromisoformat(deadline), year=False) if deadline else ""
    return _about(found, way, said, until=at)


def _asked(found: Notice, way: Way) -> str:
    if found.seat == Seat.VERIFIER:
        said = _(
            "Somebody independent checks whether what you reported in %(number)s is solved, "
            "and has a question. Please look and answer."
        )
    else:
        said = _("There is a question about your report %(number)s. Please look and answer.")
    return _about(found, way, said)


def _contacted(found: Notice, way: Way) -> str:
    said = _("Report %(number)s: %(unit)s says that it has spoken to you. If nobody did, tell us.")
    return _about(found, way, said, unit=_unit(found, found.state.owner))


def _verified(found: Notice, way: Way) -> str:
    at = until(found.state.next_at, year=False) if found.state.next_at else ""
    said = _(
        "Report %(number)s: said to be solved, and checked by somebody independent. Is it solved? "
        "Tell us by %(until)s: %(link)s or answer: %(number)s solved / not solved"
    )
    if way.by_mail:
        said = _(
            "Report %(number)s: said to be solved, and checked by somebody independent. Is it "
            "solved? Tell us by %(until)s: %(link)s or answer this mail with one line: solved / "
            "not solved"
        )
    address = _address("public:link", way.link())
    return said % {"number": found.number, "until": at, "link": address}


def _deferred(found: Notice, way: Way) -> str:
    review = found.data.get("review_at")
    at = until(datetime.fromisoformat(review), year=False) if review else ""
    said = _("Report %(number)s is put off; it is looked at again by %(until)s. It is not closed.")
    return _about(found, way, said, until=at)


def _closed(found: Notice, way: Way) -> str:
    if found.data.get("resolution") == Resolution.UNSOLVED:
        said = _("Report %(number)s was ended as not solved, and counts as not solved. Read why.")
    else:
        said = _("Report %(number)s is closed; it says that you gave no answer. If it is not "
                 "solved, say so within 30 days.")  # fmt: skip
    return _about(found, way, said)


def _reopened(found: Notice, way: Way) -> str:
    return _about(found, way, _("Your report %(number)s is open again."))


_TEXTS: Mapping[str, Callable[[Notice, Way], str]] = {
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


def _confidential(found: Notice, way: Way) -> str:
    if way.by_mail and not found.coded:
        said = _("There is something to read about %(number)s: %(url)s")
        return said % {"number": found.number, "url": _address("public:link", way.link())}
    said = _("There is something to read about %(number)s. Use your code: %(url)s")
    return said % {"number": found.number, "url": _address("public:track")}


def _more(way: Way) -> str:
    if way.by_mail:
        return _("To add something, answer this mail.")
    return _("To add something, answer with a message that begins with the number.")


def _about(found: Notice, way: Way, said: str, **details: str) -> str:
    return f"{said % {'number': found.number, **details}} {_look(found, way)}"


def _look(found: Notice, way: Way) -> str:
    """Whoever has neither phone nor code cannot open his report but by a link."""
    linked = way.by_mail and not found.coded
    url = _address("public:link", way.link()) if linked else _address("public:track")
    return _("See %(url)s") % {"url": url}


def _address(name: str, *args: str) -> str:
    return settings.LUOSHI_PUBLIC_URL + reverse(name, args=args)


def _unit(found: Notice, unit: int | None) -> str:
    if unit is None or unit in found.state.accused:
        return _("the unit responsible")
    names = registry.unit_names([unit], language=get_language() or "zh-hans")
    return names.get(unit, _("the unit responsible"))
