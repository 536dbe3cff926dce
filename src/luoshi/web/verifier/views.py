"""The room of whoever verifies: his own draws and nobody else's."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luoshi.cases import queries
from luoshi.cases.queries import Line
from luoshi.cases.wording import DOUBT, EVENT, MEASURE
from luoshi.registry import queries as registry
from luoshi.rules.permissions import VERIFIER_CHAIN
from luoshi.rules.state import Status
from luoshi.web import staff, words
from luoshi.web.camera import CameraInput
from luoshi.web.cards import Card, cards
from luoshi.web.case import own
from luoshi.web.case.about import About, about
from luoshi.web.case.panel import Panel, panel
from luoshi.web.staff import needs_role
from luoshi.web.verifier import task as tasks

ROOM = frozenset({"verifier", "panel"})


@require_safe
@needs_role(*VERIFIER_CHAIN)
def index(request: HttpRequest) -> HttpResponse:
    """The claims that this person was drawn to verify, by what is due first.

    Inspectors and leaders verify only when nobody else is left: it opens to them while they do.
    """
    person, district = staff.person_id(request), staff.district_id(request)
    if not (staff.role_names(request) & ROOM or queries.claims_waiting(person)):
        raise PermissionDenied(_("Your roles do not include this part."))
    try:
        page = queries.claimed_for(person, after=request.GET.get("after", ""))
    except ValueError as error:
        raise Http404 from error
    context = {
        "cards": cards(page.lines, district=district),
        "tier_words": tasks.tier_words,
        "next": page.next,
    }
    return render(request, "verifier/index.html", context)


@require_safe
@needs_role(*VERIFIER_CHAIN)
def task(request: HttpRequest, case: int) -> HttpResponse:
    """One verification. Anybody but the drawn verifier finds nothing here."""
    there = about(request, case)
    state = there.state
    found = tasks.task(there.page, there.person)
    if state.verifier != there.person or state.status is not Status.CLAIMED or found is None:
        raise Http404
    after = reverse("verifier:index" if staff.role_names(request) & ROOM else "staff_home")
    unit = registry.unit_names([state.owner], language=request.LANGUAGE_CODE) if state.owner else {}
    context = {
        "case": there.page,
        "card": cards([there.page.line], district=there.district)[0],
        "task": found,
        "unit": unit.get(state.owner or 0, ""),
        "tier_words": tasks.tier_words,
        "measure_words": MEASURE,
        "doubt_words": DOUBT,
        "own_words": own.lines,
        "event_words": EVENT,
        "family": [_row(card) for card in cards(_family(there), district=there.district)],
        "begin": panel(there, only=("open",), next=request.path, likely="open"),
        "ask": panel(there, only=("ask",), next=request.path, likely="-"),
        "decide": _decide(there, after),
        "step_back": panel(there, only=("recuse",), next=after, likely="-"),
    }
    return render(request, "verifier/task.html", context)


def _decide(there: About, after: str) -> Panel:
    """The form of the decision, with the camera; only after he has opened the claim."""
    found = panel(there, only=("verify",), next=after, likely="verify")
    for offer in found.offers:
        offer.form.fields["pictures"].widget = CameraInput()
    return found


def _row(card: Card) -> tuple[str, str, str]:
    state = card.state
    return (
        card.line.text or card.what,
        card.unit,
        words.status(state.status or "", state.resolution),
    )


def _family(there: About) -> tuple[Line, ...]:
    """The whole, the parts and what was merged into it: each is verified for itself."""
    kin = there.page.kin
    parent = (kin.parent,) if kin.parent else ()
    return (*parent, *kin.children, *kin.merged)
