"""The room of the inspection team: confidential reports, the open cases of a street, the list of
problems to be printed, and what came to light on site."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from luoshi.cases import queries
from luoshi.cases.queries import Page
from luoshi.cases.wording import refusal
from luoshi.trust.errors import KeyExposed, KeyMissing, ReasonRefused
from luoshi.web import staff
from luoshi.web.cards import cards
from luoshi.web.case.opened import open_words
from luoshi.web.inspector.streets import chosen, streets
from luoshi.web.single import single
from luoshi.web.staff import needs_role

DEEDS = frozenset({"inspect", "transfer", "reopen", "lift_accusation", "check_sample"})
PRINTED = 200
"""Lines of one problem list: more than any street has open."""


@require_safe
@needs_role("inspector")
def index(request: HttpRequest) -> HttpResponse:
    """The confidential inbox, and what this inspector was drawn for."""
    district, person = staff.district_id(request), staff.person_id(request)
    hidden = _hidden(request)
    page = _page(
        lambda: queries.inbox(district, sealed=True, without=hidden, after=_after(request))
    )
    samples = queries.samples_for(person)
    return render(
        request,
        "inspector/index.html",
        {
            **_frame(request, "sealed"),
            "cards": cards(page.lines, district=district),
            "reports": queries.sealed_reports(line.id for line in page.lines),
            "samples": cards(samples.lines, district=district),
            "claims": queries.claims_waiting(person),
            "next": page.next,
        },
    )


@require_safe
@needs_role("inspector")
def open_cases(request: HttpRequest) -> HttpResponse:
    """Open cases by deadline, of the district or a street; with ?sealed=1 the sealed."""
    frame = _frame(request, "open")
    sealed = request.GET.get("sealed") == "1"
    page = _page(
        lambda: queries.problems(
            frame["district"],
            areas=frame["place"].areas,
            sealed=sealed,
            without=_hidden(request),
            after=_after(request),
        )
    )
    found = cards(page.lines, district=frame["district"])
    context = {**frame, "cards": found, "sealed": sealed, "next": page.next}
    return render(request, "inspector/cases.html", context)


@require_safe
@needs_role("inspector")
def closed_cases(request: HttpRequest) -> HttpResponse:
    """Closed cases, the newest first: whatever is not really solved is reopened from here."""
    frame = _frame(request, "closed")
    page = _page(
        lambda: queries.closed_cases(
            frame["district"], areas=frame["place"].areas, after=_after(request)
        )
    )
    own = _units(request)
    shown = [line for line in page.lines if not own & line.state.accused]
    context = {**frame, "cards": cards(shown, district=frame["district"]), "next": page.next}
    return render(request, "inspector/cases.html", context)


@require_safe
@needs_role("inspector")
def problems(request: HttpRequest) -> HttpResponse:
    """The list of problems (问题清单) as a table, made to be printed."""
    frame = _frame(request, "problems")
    page = _page(
        lambda: queries.problems(
            frame["district"],
            areas=frame["place"].areas,
            without=_hidden(request),
            after=_after(request),
            limit=PRINTED,
        )
    )
    found = cards(page.lines, district=frame["district"])
    return render(request, "inspector/problems.html", {**frame, "cards": found, "next": page.next})


@require_http_methods(["GET", "HEAD", "POST"])
@needs_role("inspector")
def sealed(request: HttpRequest, report: int) -> HttpResponse:
    """A confidential report: its text is opened for a reason, on record, and shown once."""
    found = queries.sealed_report(report)
    person, now = staff.person_id(request), timezone.now()
    if found is None or not queries.may_open(case=found.case, person=person, now=now):
        raise Http404
    context: dict[str, Any] = {"report": found, "reason": request.POST.get("reason", "")}
    if request.method == "POST" and found.words:
        try:
            context["opened"] = open_words(found, by=person, reason=context["reason"], now=now)
        except ReasonRefused as refused:
            context["error"] = refusal(refused.code)
        except (KeyMissing, KeyExposed):
            context["error"] = _("This machine cannot open it: tell the operator.")
    status = 422 if "error" in context else 200
    return render(request, "inspector/sealed.html", context, status=status)


@require_safe
@needs_role("inspector")
def act(request: HttpRequest, case: int, command: str) -> HttpResponse:
    """The form of one command; for what is found on site, with the camera."""
    back, title = reverse("inspector:open"), _("Inspection")
    return single(request, case, command, among=DEEDS, back=back, title=title)


def _frame(request: HttpRequest, tab: str) -> dict[str, Any]:
    """What every list of the room shows: its tabs with counts and the choice of a street."""
    district = staff.district_id(request)
    among = streets(district)
    return {
        "tab": tab,
        "district": district,
        "streets": among,
        "place": chosen(request.GET.get("place", ""), among),
        "inbox_count": queries.sealed_waiting(district, without=_hidden(request)),
    }


def _units(request: HttpRequest) -> frozenset[int]:
    return frozenset(held.unit for held in staff.roles_of(request))


def _hidden(request: HttpRequest) -> frozenset[int]:
    return queries.hidden_from(_units(request), staff.district_id(request))


def _after(request: HttpRequest) -> str:
    return request.GET.get("after", "")


def _page(ask: Any) -> Page:
    """A list from where the reader went on; a key that is none is no page of ours."""
    try:
        found: Page = ask()
    except ValueError as error:
        raise Http404 from error
    return found
