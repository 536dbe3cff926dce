"""Documents of one case: which fit its state, and what stands on them.

Everything comes from the page of the case as its reader gets it (`About`), so that nobody has on
paper what he may not see on the screen. What reporters wrote is on no paper: only the summary.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luoshi.cases.queries import Entry
from luoshi.cases.wording import DUE, HEARD, LEVEL, MEASURE, RESOLUTION, TIER, URGENCY
from luoshi.expectations import queries as expectations
from luoshi.expectations.queries import LedgerRow
from luoshi.registry import queries as registry
from luoshi.rules.state import Origin, Resolution, State, Tier
from luoshi.web import formats, words
from luoshi.web.case.about import About
from luoshi.web.case.choices import Label, language
from luoshi.web.case.names import Names
from luoshi.web.case.timeline import Reader
from luoshi.web.papers import sheet

SOLVED = frozenset({Resolution.FIXED, Resolution.ANSWERED, Resolution.UNFOUNDED})
OWNERS = ("assigned", "transferred", "ruled")
PRESSED = ("escalated", "missed")
LATEST = 8
"""Of what put a case under supervision, the latest are printed."""


@dataclass(frozen=True, slots=True)
class Order:
    """A kind of document: its name, when it fits, and what it says."""

    name: Label
    fits: Callable[[State], bool]
    told: Callable[[About, Names], dict[str, Any]]


def fitting(state: State) -> list[tuple[str, Label]]:
    """(code, name) of the documents that fit a case as it stands."""
    return [(code, order.name) for code, order in ORDERS.items() if order.fits(state)]


def _given(state: State) -> bool:
    return state.open and state.owner is not None


def _pressed(state: State) -> bool:
    return _given(state) and state.level > 0


def _found(state: State) -> bool:
    return _given(state) and state.origin in {Origin.FINDING, Origin.INSPECTION}


def _struck_off(state: State) -> bool:
    return not state.open and state.was_assigned and state.passed and state.resolution in SOLVED


# ---- What each says ----


def dispatch(about: About, names: Names) -> dict[str, Any]:
    state = about.state
    given = about.last(*OWNERS)
    return {
        **_letter(about, names, issued=given),
        "paragraphs": [
            _(
                "The problem below is given to you to handle. You are its owner: acknowledge it, "
                "put it right by %(deadline)s, and report in the system what was done, with the "
                "evidence that its category demands."
            )
            % {"deadline": formats.until(state.deadline)}
        ],
        "facts": _facts(about, names),
        "demands": [
            _("If it is not yours, return it within one working day and name the unit that is."),
            _sentence_on_notices(),
            _sentence_on_closing(),
        ],
    }


def supervision(about: About, names: Names) -> dict[str, Any]:
    state = about.state
    pressed = [e for e in about.page.entries if e.kind in PRESSED]
    return {
        **_letter(about, names, issued=pressed[-1] if pressed else None),
        "paragraphs": [
            _(
                "The case below is under supervision: %(level)s. It was given to you on %(day)s "
                "and its original deadline was %(deadline)s."
            )
            % {
                "level": LEVEL.get(state.level, state.level),
                "day": formats.date(state.assigned_at),
                "deadline": formats.until(state.original_deadline),
            }
        ],
        "facts": _facts(about, names),
        "points_title": _("Why it is under supervision:"),
        "points": list(_pressing(pressed[-LATEST:])),
        "demands": [
            _("Report at once in the system what has been done, what stands in the way, and when."),
            _sentence_on_notices(),
        ],
        "copies": _copies(about, "desk", "inspector"),
    }


def fix(about: About, names: Names) -> dict[str, Any]:
    state = about.state
    found = expectations.found_in(about.district, about.case)
    return {
        **_letter(about, names, issued=about.last(*OWNERS)),
        "paragraphs": [
            _(
                "A check found the problem below. Put right at once what can be put right at once, "
                "and all of it by %(deadline)s."
            )
            % {"deadline": formats.until(state.deadline)}
        ],
        "facts": _facts(about, names),
        "points_title": _("What is not met:") if found else "",
        "points": _unmet(found),
        "demands": [
            _(
                "Whoever is drawn to verify it makes the next check himself: it is closed only "
                "when that check finds it met."
            )
            if found
            else _sentence_on_closing(),
            _sentence_on_notices(),
        ],
        "copies": _copies(about, "desk"),
    }


def strike_off(about: About, names: Names) -> dict[str, Any]:
    closed, state = about.last("closed"), about.state
    return {
        **_letter(about, names, issued=closed),
        "paragraphs": [
            _(
                "The case below was verified by somebody independent of every unit that handled "
                "it, and is struck off the list."
            )
        ],
        "facts": [*_facts(about, names, closed=True), *_course(about, names)],
        "demands": [
            _("Found again, or disputed by whoever reported it within 30 days, it is opened again.")
            if state.reporters
            else _("Found again, it is opened again.")
        ],
        "copies": _copies(about, "desk"),
    }


ORDERS: Mapping[str, Order] = {
    "dispatch": Order(gettext_lazy("Dispatch order"), _given, dispatch),
    "supervision": Order(gettext_lazy("Supervision order"), _pressed, supervision),
    "fix": Order(gettext_lazy("Fix-at-once notice"), _found, fix),
    "strike_off": Order(gettext_lazy("Strike-off record"), _struck_off, strike_off),
}


# ---- Parts ----


def _letter(about: About, names: Names, *, issued: Entry | None) -> dict[str, Any]:
    """What every letter has; `issued` is the event that it puts on paper."""
    number, state = about.page.line.number, about.state
    mark = _("Confidential: only for those who handle it") if state.sealed else ""
    return {
        "number": _("No. %(number)s") % {"number": number},
        "mark": mark,
        "to": _("To: %(unit)s") % {"unit": names.unit(state.owner)},
        "paragraphs": [],
        "facts": [],
        "points_title": "",
        "points": [],
        "demands": [],
        "attached": _attached(about),
        "issuer": _issuer(about, names, issued),
        "date": formats.date(issued.at if issued else about.now),
        "copies": "",
        "scan": _("Scan for the case as it stands now; you are asked to sign in."),
        "address": sheet.address("case:show", about.case),
        "printed": sheet.printed(about.now),
    }


def _facts(about: About, names: Names, *, closed: bool = False) -> list[tuple[str, str]]:
    state = about.state
    rows: list[tuple[str, str | None]] = [
        (_("Problem"), _summary(about, names)),
        (_("Category"), names.category(state.category) if state.category else None),
        (_("Place"), names.place(area=state.area, subject=state.subject) or _("Not known")),
        (_("Urgency"), None if closed else str(URGENCY.get(state.urgency, state.urgency))),
        (_("Owner"), _owner(state, names)),
        (_("Received"), formats.datetime(state.received_at)),
        (_("Deadline"), formats.until(state.deadline) if state.deadline else None),
        (_("Original deadline"), _original(state)),
        (_("Verification"), None if closed or state.level else str(TIER[state.tier])),
    ]
    return [(name, value) for name, value in rows if value]


def _summary(about: About, names: Names) -> str:
    """The desk's words. Without any, what it is about: a report's own words are not printed."""
    state = about.state
    if state.summary and about.page.line.text:
        return about.page.line.text
    return names.category(state.category) if state.category else _("No summary was written yet.")


def _owner(state: State, names: Names) -> str:
    unit = names.unit(state.owner)
    return f"{unit} · {names.person(state.person)}" if state.person else unit


def _original(state: State) -> str | None:
    moved = state.original_deadline and state.original_deadline != state.deadline
    return formats.until(state.original_deadline) if moved else None


def _pressing(pressed: list[Entry]) -> Iterator[str]:
    for entry in pressed:
        level = LEVEL.get(entry.data.get("level", 0))
        due = DUE.get(entry.data.get("due", ""))
        parts = [formats.datetime(entry.at)]
        parts += [_("missed: %(due)s") % {"due": due}] if due else [_("escalated by a leader")]
        parts += [str(level)] if level else []
        parts += [entry.text] if entry.text else []
        yield _("; ").join(parts)


def _unmet(found: tuple[LedgerRow, ...]) -> list[str]:
    subjects = registry.subject_names({row.subject for row in found})
    return [
        _(": ").join((subjects.get(row.subject, "—"), sheet.unmet(row, source=True)))
        for row in found
    ]


def _course(about: About, names: Names) -> Iterator[tuple[str, str]]:
    """How it was put right, verified and judged; the verifier's name once it may be known."""
    state, claim, verified = about.state, about.last("claimed"), about.last("verified")
    if claim:
        measures = [str(MEASURE.get(code, code)) for code in claim.data.get("measures", ())]
        result = str(RESOLUTION[state.resolution or ""])
        yield _("What came of it"), " · ".join((result, formats.datetime(claim.at)))
        if measures:
            yield _("Measures"), _("; ").join(measures)
        if claim.text:
            yield _("What the owner says"), claim.text
    if verified:
        yield _("Verification"), " · ".join(_verification(about, names, verified))
        if verified.text:
            yield _("What the verifier found"), verified.text
    if state.verdict:
        yield _("Reporter's verdict"), words.verdict(state) or ""
    yield _("Struck off"), formats.datetime(state.closed_at)


def _verification(about: About, names: Names, verified: Entry) -> Iterator[str]:
    yield _("Holds")
    yield str(TIER[Tier.SITE if about.state.raised else about.state.tier])
    if Reader(about).knows_verifier and verified.person:
        yield names.person(verified.person)
    yield formats.datetime(verified.at)
    if verified.data.get("heard") in HEARD:
        yield _("reporter heard: %(how)s") % {"how": HEARD[verified.data["heard"]]}


def _attached(about: About) -> str:
    n = sum(not picture.erased for picture in about.page.pictures)
    if not n:
        return ""
    text = ngettext(
        "Attached: %(n)s picture, to be seen in the system",
        "Attached: %(n)s pictures, to be seen in the system",
        n,
    )
    return text % {"n": n}


def _issuer(about: About, names: Names, issued: Entry | None) -> str:
    """Whoever's act it is, else the desk, in whose name a rule or the clock acts."""
    if issued and issued.unit in names.units and issued.seat not in {"owner", "verifier"}:
        return names.unit(issued.unit)
    desk = sheet.units_with(about.district, "desk", on=about.today)
    return desk[0] if desk else sheet.district_name(about.district)


def _copies(about: About, *roles: str) -> str:
    """Whom a copy goes to: the units in which people have these roles."""
    named = (sheet.units_with(about.district, role, on=about.today) for role in roles)
    found = dict.fromkeys(name for names in named for name in names)
    return _("Copies: %(units)s") % {"units": _(", ").join(found)} if found else ""


def _sentence_on_notices() -> str:
    return _("A notice on a wall is not a fix and is not accepted as a measure.")


def _sentence_on_closing() -> str:
    return _("It is closed only when somebody independent has verified it on the spot or on paper.")


def document(code: str, about: About, names: Names) -> dict[str, Any]:
    """All that the template of this document is told."""
    order = ORDERS[code]
    return {
        "language": "zh" if language().startswith("zh") else "en",
        "title": str(order.name),
        **order.told(about, names),
    }
