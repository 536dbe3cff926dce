"""The history of a case in the words of its reporter's page."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from luoshi.cases import queries
from luoshi.cases.moments import until
from luoshi.cases.queries import Entry, PictureInfo, Tracked
from luoshi.cases.wording import DUE, EVENT, MEANS, MEASURE, RESOLUTION, SEAT, VERDICT
from luoshi.registry import queries as registry
from luoshi.rules.state import Seat
from luoshi.web import parts
from luoshi.web.pictures import small

PictureUrl = Callable[[int], str]
OWN = frozenset({"replied", "verdict_given"})
"""Events whose words are the reporter's own."""

LOOK: Mapping[str, str] = {
    "received": "main",
    "assigned": "main",
    "claimed": "main",
    "missed": "bad",
    "escalated": "bad",
    "return_declined": "bad",
    "concluded": "bad",
}


@dataclass(frozen=True, slots=True)
class Names:
    """The names that a page needs, asked for once."""

    units: Mapping[int, str]
    reasons: Mapping[str, str]

    def unit(self, id: Any) -> str:
        return self.units.get(id, _("the unit responsible"))


def names(found: Tracked) -> Names:
    """Every unit and listed reason that the history speaks of. One query or two."""
    language = get_language() or "zh-hans"
    units = {found.state.owner, *(e.unit for e in found.entries)}
    for entry in found.entries:
        units |= {entry.data.get(key) for key in ("owner", "right_unit")}
    declined = any(entry.kind == "declined" for entry in found.entries)
    listed = queries.answers(found.district, "decline") if declined else ()
    return Names(
        registry.unit_names((unit for unit in units if unit), language=language),
        {reason.code: reason.label(language) for reason in listed},
    )


def entries(found: Tracked, known: Names, url: PictureUrl) -> list[parts.Entry]:
    """The history, newest first."""
    pictures = {picture.id: picture for picture in found.pictures}
    told = [_entry(entry, found.report, known, pictures, url) for entry in found.entries]
    return told[::-1]


def grid(pictures: Iterable[PictureInfo], url: PictureUrl) -> list[parts.Picture]:
    """Pictures with what they are said to show."""
    return [
        parts.Picture(url=url(p.id), thumb=small(url(p.id)), alt=_alt(p), erased=p.erased)
        for p in pictures
    ]


def _alt(picture: PictureInfo) -> str:
    if picture.purpose == "claim":
        return _("Picture of the unit that answers for it")
    if picture.purpose == "verify":
        return _("Picture of the independent check")
    return _("Your picture")


def _entry(
    entry: Entry,
    report: int,
    known: Names,
    pictures: Mapping[int, PictureInfo],
    url: PictureUrl,
) -> parts.Entry:
    own = entry.kind in OWN or (entry.kind == "reopened" and entry.data.get("report") == report)
    details = _DETAILS.get(entry.kind)
    shown = [pictures[p] for p in entry.data.get("pictures", ()) if p in pictures]
    return parts.Entry(
        at=entry.at,
        title=_title(entry),
        who=_who(entry, own, known),
        text=details(entry.data, known) if details else "",
        said=entry.text or "",
        kind=_look(entry),
        pictures=grid(shown, url),
    )


def _title(entry: Entry) -> str:
    if entry.kind == "asked" and entry.seat == Seat.VERIFIER:
        return _("A question to you from whoever checks it independently")
    if entry.kind == "verified":
        passed = entry.data.get("passed")
        return _("Checked: it holds") if passed else _("Checked: it does not hold")
    told = _TITLES.get(entry.kind)
    return told() if told else str(EVENT.get(entry.kind, entry.kind))


_TITLES: Mapping[str, Callable[[], str]] = {
    # Where the officers' word speaks of him as of somebody else.
    "asked": lambda: _("A question to you"),
    "contacted": lambda: _("The unit says that it contacted you"),
    "replied": lambda: _("You added something"),
    "verdict_given": lambda: _("Your verdict"),
    "merged": lambda: _("Joined with another report about the same problem"),
    "lapsed": lambda: _("No answer from you was recorded"),
}


def _who(entry: Entry, own: bool, known: Names) -> str:
    if own:
        return _("You")
    if entry.seat == Seat.OWNER:
        return known.unit(entry.unit)
    if entry.seat in {Seat.DOOR, Seat.SYSTEM} or entry.kind == "closed":
        return ""  # whoever's act closed it stands in the entry of that act
    if entry.seat == Seat.VERIFIER:
        return _("Independent verifier")
    return str(SEAT.get(entry.seat, ""))


def _look(entry: Entry) -> Any:
    if entry.kind == "verified":
        return "good" if entry.data.get("passed") else "bad"
    if entry.kind == "verdict_given":
        return "good" if entry.data.get("solved") else "bad"
    if entry.kind == "closed":
        return "good" if entry.data.get("resolution") in {"fixed", "answered"} else "plain"
    return LOOK.get(entry.kind, "plain")


# ---- What happened, beyond the name of the event ----

Data = Mapping[str, Any]


def _day(value: Any) -> str:
    return until(datetime.fromisoformat(value)) if value else "—"


def _assigned(data: Data, known: Names) -> str:
    return _("%(unit)s answers for it, until %(until)s.") % {
        "unit": known.unit(data.get("owner")),
        "until": _day(data.get("deadline")),
    }


def _moved(data: Data, known: Names) -> str:
    return _("Now %(unit)s answers for it. The deadline stays.") % {
        "unit": known.unit(data.get("owner"))
    }


def _returned(data: Data, known: Names) -> str:
    return _("The unit says that %(unit)s is the right one. The desk decides.") % {
        "unit": known.unit(data.get("right_unit"))
    }


def _claimed(data: Data, known: Names) -> str:
    done = [str(MEASURE.get(code, code)) for code in data.get("measures", ())]
    return _("Said to be: %(outcome)s. What was done: %(measures)s.") % {
        "outcome": RESOLUTION.get(data.get("outcome", ""), "—"),
        "measures": _("; ").join(done) or "—",
    }


def _extension_asked(data: Data, known: Names) -> str:
    days = int(data.get("days") or 0)
    return ngettext(
        "%(n)d more working day was asked for.", "%(n)d more working days were asked for.", days
    ) % {"n": days}


def _extension_decided(data: Data, known: Names) -> str:
    if not data.get("granted"):
        return _("Refused. The deadline stays.")
    return _("Granted, until %(until)s. The first deadline stays on record.") % {
        "until": _day(data.get("deadline"))
    }


def _verdict(data: Data, known: Names) -> str:
    said = VERDICT["solved" if data.get("solved") else "unsolved"]
    satisfied = data.get("satisfied")
    if satisfied is None:
        return str(said)
    rest = _("satisfied") if satisfied else _("not satisfied")
    return _("%(verdict)s, %(rest)s") % {"verdict": said, "rest": rest}


def _closed(data: Data, known: Names) -> str:
    how = RESOLUTION.get(data.get("resolution") or "", "—")
    word = VERDICT.get(data.get("verdict") or "")
    if word is None:
        return str(how)
    return _("%(how)s. The reporter's word: %(word)s.") % {"how": how, "word": word}


_REOPENED = {
    "recurrence": lambda: _("The same problem was reported again."),
}


def _reopened(data: Data, known: Names) -> str:
    told = _REOPENED.get(data.get("cause") or "")
    return told() if told else ""


_DETAILS: Mapping[str, Callable[[Data, Names], str]] = {
    "assigned": _assigned,
    "transferred": _moved,
    "ruled": _moved,
    "returned": _returned,
    "declined": lambda d, k: k.reasons.get(d.get("reason") or "", ""),
    "sample_checked": lambda d, k: (
        _("The decision was right.") if d.get("right") else _("The decision was wrong.")
    ),
    "contacted": lambda d, k: str(MEANS.get(d.get("how") or "", "")),
    "extension_asked": _extension_asked,
    "extension_decided": _extension_decided,
    "claimed": _claimed,
    "split": lambda d, k: (
        _("It has %(n)d parts, each with a unit and a deadline of its own.")
        % {"n": len(d.get("children", ()))}
    ),
    "merged": lambda d, k: _("From here on you read what happens to the common case."),
    "verdict_given": _verdict,
    "deferred": lambda d, k: (
        _("It is looked at again by %(until)s. It does not count as closed.")
        % {"until": _day(d.get("review_at"))}
    ),
    "escalated": lambda d, k: _("Level of supervision: %(n)d.") % {"n": d.get("level", 0)},
    "missed": lambda d, k: (
        _("%(due)s: not done in time. The next higher level was told.")
        % {"due": DUE.get(d.get("due") or "", "")}
    ),
    "closed": _closed,
    "reopened": _reopened,
}
