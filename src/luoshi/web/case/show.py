"""The one page of a case, for everybody who may see it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from luoshi.cases.queries import PictureInfo, ReportInfo
from luoshi.cases.wording import DOOR, LEVEL, SEAT, TIER, URGENCY, VERDICT
from luoshi.expectations import queries as expectations
from luoshi.expectations.queries import FoundInfo
from luoshi.rules.state import Origin, Seat, Status, Tier
from luoshi.web import formats, words
from luoshi.web.cards import chips
from luoshi.web.case import own, panel
from luoshi.web.case.about import About, about
from luoshi.web.case.choices import Label
from luoshi.web.case.names import Names, names
from luoshi.web.case.panel import Refusal, kept
from luoshi.web.case.timeline import Reader, timeline
from luoshi.web.papers.orders import fitting
from luoshi.web.parts import Picture
from luoshi.web.pictures import small
from luoshi.web.staff import needs_role, role_names, roles_for, roles_of

TITLE = 48
RECENT = 12
"""Events shown at once; the older ones are folded away on the same page."""

PURPOSE: dict[str, Label] = {
    "report": gettext_lazy("With the report"),
    "claim": gettext_lazy("With the claim"),
    "verify": gettext_lazy("Taken for the verification"),
    "inspect": gettext_lazy("Taken by the inspection team"),
    "note": gettext_lazy("With a note"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A report as the page shows it. `reveal` leads to what is sealed, empty when not for him."""

    number: str
    door: str
    at: datetime
    text: str | None
    sealed: bool
    contact: str
    verdict: str
    satisfied: bool | None
    reveal: str


@require_safe
@needs_role()
def show(request: HttpRequest, case: int) -> HttpResponse:
    return answer(request, about(request, case))


def answer(request: HttpRequest, there: About, *, refused: Refusal | None = None) -> HttpResponse:
    """The page; after a refusal with what was typed, and with what is new marked."""
    known = names(there)
    since = _seen(request) if refused else None
    doing = panel.panel(there, refused=refused, next=_next(request) if refused else "")
    homeless = refused and not any(o.command == refused.command for o in doing.offers)
    moments = timeline(there, known, since=since)
    context = {
        "about": there,
        "line": there.page.line,
        "state": there.state,
        "kin": there.page.kin,
        "title": title(there, known),
        "facts": facts(there, known),
        "chips": chips(there.state),
        "reports": reports(request, there),
        "found": found(there),
        "may_look": bool(role_names(request) & roles_for("fields")),
        "pictures": pictures(there),
        "names": known,
        "moments": moments[:RECENT],
        "older": moments[RECENT:],
        "panel": doing,
        "asks_earlier": asks_earlier(there),
        "triage": any(one.command in {"dispatch", "assign"} for one in doing.offers),
        "at_desk": "desk" in role_names(request),
        "refused": refused,
        "kept": kept(refused.form) if refused and homeless else (),
        "accused": accused(there, known),
        "replaced": replaced(request, there),
        "papers": fitting(there.state),
    }
    return render(request, "case/show.html", context, status=refused.status if refused else 200)


def asks_earlier(there: About) -> bool:
    """Whether the page fetches what may be the same: for whoever triages a new case. It comes after
    the page (web.case.earlier), so that nobody waits for it to begin reading."""
    fresh = there.state.status is Status.NEW and not there.state.sealed
    return fresh and there.page.possible.get("merge", "no") is None


def news(request: HttpRequest, there: About) -> dict[str, Any]:
    """What happened since the page was opened from which a command was just refused."""
    moments = timeline(there, names(there), since=_seen(request))
    return {"news": [moment for moment in moments if moment.fresh]}


def _seen(request: HttpRequest) -> int | None:
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdigit() else None


def _next(request: HttpRequest) -> str:
    return request.POST.get("next", "")


def found(there: About) -> tuple[FoundInfo, ...]:
    """What checks and rules found; nothing is asked of cases that people reported."""
    kin = there.page.kin
    if there.state.origin is not Origin.FINDING and not kin.merged:
        return ()
    return expectations.found_here(there.case)


def title(there: About, known: Names) -> str:
    """The desk's summary, else what it is and where, else the first words of the report."""
    state = there.state
    if state.summary and there.page.line.text:
        return _first_words(there.page.line.text)
    if state.category:
        place = known.place(area=state.area, subject=state.subject)
        return " · ".join(part for part in (known.category(state.category), place) if part)
    if there.page.line.text:
        return _first_words(there.page.line.text)
    return _("Confidential report") if state.sealed else _("Case")


def _first_words(text: str) -> str:
    line = text.strip().split("\n", 1)[0]
    return line if len(line) <= TITLE else f"{line[:TITLE]}…"


def facts(there: About, known: Names) -> list[tuple[str, str | None]]:
    """What is known of the case, as pairs for `ui.facts`; None leaves a line out."""
    state = there.state
    place = known.place(area=state.area, subject=state.subject)
    return [
        (_("Category"), known.category(state.category) if state.category else _("Not classified")),
        (_("Urgency"), str(URGENCY.get(state.urgency, state.urgency)) if state.category else None),
        (_("Place"), place or _("Not known")),
        (_("Responsible"), known.unit(state.owner) if state.owner else None),
        (_("Responsible on that day"), _answered_for(there, known)),
        (_("Handled by"), known.person(state.person) if state.person else None),
        (_("Received"), formats.datetime(state.received_at)),
        *_deadlines(there),
        (_("Verification"), _tier(there)),
        (_("Supervision"), str(LEVEL[state.level]) if state.level in LEVEL else None),
        (_("Review on"), formats.date(state.review_at) if state.review_at else None),
        (_("Reporter's verdict"), words.verdict(state)),
    ]


def _answered_for(there: About, known: Names) -> str | None:
    """Unit and person whose duty it was when a finding opened the case; None for others."""
    received, *after = there.page.entries
    if received.data.get("origin") != Origin.FINDING:
        return None
    first = after[0] if after else None
    if first is None or first.kind != "assigned" or first.at != received.at:
        return _("nobody: no unit had this duty")
    named = first.data.get("named")
    person = known.person(named) if named else _("no person was named")
    return f"{known.unit(first.data.get('owner'))} · {person}"


def _deadlines(there: About) -> list[tuple[str, str | None]]:
    state = there.state
    if state.deadline == state.original_deadline:
        return [(_("Deadline"), formats.until(state.deadline) if state.deadline else None)]
    return [
        (_("Deadline"), formats.until(state.deadline)),
        (_("Original deadline"), formats.until(state.original_deadline)),
    ]


def _tier(there: About) -> str | None:
    if not there.state.category:
        return None
    if there.state.raised and there.state.tier is not Tier.SITE:
        return _("Verified on site (drawn into the random share)")
    return str(TIER[there.state.tier])


def accused(there: About, known: Names) -> str:
    """The accused units, for those who direct or check the case; empty for whoever handles it."""
    if not there.state.accused or Reader(there).handles:
        return ""
    return _(", ").join(known.unit(unit) for unit in sorted(there.state.accused))


def replaced(request: HttpRequest, there: About) -> str:
    """Why a desk person has no seat at the desk in this case; empty when he has or needs none."""
    mine = [role for role in roles_of(request) if role.district == there.district]
    if Seat.DESK in there.page.seats or not any(role.role == "desk" for role in mine):
        return ""
    units = {role.unit for role in mine}
    if units & there.state.accused:
        return _("Your unit is accused in this case: somebody else decides in your place.")
    if there.state.owner in units:
        return _("Your unit answers for this case: somebody else decides in your place.")
    if there.state.sealed:
        return _("This is a confidential report: the inspection team decides.")
    return _("You are entered as absent: somebody else decides in your place.")


def reports(request: HttpRequest, there: About) -> list[Told]:
    return [_told(request, there, report) for report in there.page.reports]


def _told(request: HttpRequest, there: About, report: ReportInfo) -> Told:
    sealed = report.track == "confidential"
    something = report.has_contact or sealed
    link = reverse("case:reveal", args=[there.case, report.id])
    return Told(
        number=report.number,
        door=str(DOOR.get(report.door, report.door)),
        at=report.received_at,
        text=report.text,
        sealed=sealed,
        contact=_contact(report),
        verdict=str(VERDICT[report.verdict]) if report.verdict in VERDICT else "",
        satisfied=report.satisfied,
        reveal=link if something and may_reveal(request, there, sealed=sealed) else "",
    )


def _contact(report: ReportInfo) -> str:
    if report.door == "inspection":
        return _("Found by the inspection team itself")
    if report.reachable:
        return _("The reporter can be reached")
    return _("The reporter cannot be reached")


def may_reveal(request: HttpRequest, there: About, *, sealed: bool) -> bool:
    """The desk, of confidential reports the inspection team; never whoever handles the case."""
    touched = there.state.handlers
    if any(role.role == "handler" and role.unit in touched for role in roles_of(request)):
        return False
    needed = Seat.INSPECTOR if sealed or there.state.sealed else Seat.DESK
    return needed in there.page.seats and Seat.VERIFIER not in there.page.seats


def pictures(there: About) -> list[Picture]:
    return [_picture(one) for one in there.page.pictures]


def _picture(one: PictureInfo) -> Picture:
    purpose = str(PURPOSE.get(one.purpose, one.purpose))
    told = own.lines(one.own) if one.own else []
    caption = " · ".join((purpose, formats.datetime(one.at), *told))
    alt = _("Picture: %(purpose)s, %(who)s") % {
        "purpose": purpose,
        "who": SEAT.get(one.seat, one.seat),
    }
    url = reverse("case:picture", args=[one.id])
    return Picture(url=url, thumb=small(url), alt=alt, caption=caption, erased=one.erased)
