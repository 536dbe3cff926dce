"""A document as PDF: of a case, of a round, of a field, of the open problems of a street."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from luoshi.expectations import queries
from luoshi.web import staff
from luoshi.web.asked import FIRST, LAST, begins
from luoshi.web.case.about import about
from luoshi.web.case.names import names
from luoshi.web.fields.views import ROLES
from luoshi.web.inspector.streets import chosen, streets
from luoshi.web.papers import lists, orders, press, sheet
from luoshi.web.papers.lists import Scope, span
from luoshi.web.papers.names import of_field, of_round
from luoshi.web.staff import needs_role

POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"
"""A browser's own viewer needs these two; a PDF of ours holds no script."""


@require_safe
@needs_role()
def case(request: HttpRequest, case: int, paper: str) -> HttpResponse:
    """404 for whoever may not see the case, and for what does not fit its state."""
    there = about(request, case)
    if paper not in dict(orders.fitting(there.state)):
        raise Http404
    return printed(
        request,
        paper,
        lambda: orders.document(paper, there, names(there)),
        file=f"{there.page.line.number}-{paper}",
    )


@require_safe
@needs_role(*ROLES)
def round(request: HttpRequest, id: int, paper: str) -> HttpResponse:
    """What one round of checks found."""
    found = queries.round_page(staff.district_id(request), id)
    if found is None or paper not in dict(of_round()):
        raise Http404
    scope = Scope(said=found.name, address=sheet.address("fields:round", id), round=id)
    return _list(request, paper, scope, file=f"{paper}-{id}")


@require_safe
@needs_role(*ROLES)
def field(request: HttpRequest, code: str, paper: str) -> HttpResponse:
    """`?kind=&place=&from=&to=`: of one kind, a street or community, found on these days."""
    district = staff.district_id(request)
    about_it = queries.field(district, code)
    if about_it is None or paper not in dict(of_field()):
        raise Http404
    kind = _kind(district, code, request.GET.get("kind", ""))
    place = chosen(request.GET.get("place", ""), streets(district))
    since, until = _day(request, "from"), _day(request, "to")
    days = span(since, until) if paper != "duties" else ""
    parts = (sheet.district_name(district), about_it.name, kind and kind.name, place.name, days)
    scope = Scope(
        said=" · ".join(part for part in parts if part),
        address=sheet.address("fields:show", code),
        field=code,
        kind=kind.code if kind else "",
        place=place.id,
        areas=place.areas,
        since=begins(since) if since else None,
        until=begins(until + timedelta(days=1)) if until else None,
    )
    return _list(request, paper, scope, file=f"{code}-{paper}")


@require_safe
@needs_role("inspector")
def problems(request: HttpRequest) -> HttpResponse:
    """The open problems of the district, a street or a community (`?place=`)."""
    district = staff.district_id(request)
    place = chosen(request.GET.get("place", ""), streets(district))
    parts = (sheet.district_name(district), place.name)
    scope = Scope(
        said=" · ".join(part for part in parts if part),
        address=sheet.address("inspector:problems", place=place.id),
        areas=place.areas,
    )
    return _list(request, "problems", scope, file="problems")


def _list(request: HttpRequest, paper: str, scope: Scope, *, file: str) -> HttpResponse:
    day = timezone.localdate().isoformat()
    told = lambda: lists.document(paper, request, scope)  # noqa: E731 (read only once it is asked)
    return printed(request, paper, told, file=f"{file}-{day}")


def printed(
    request: HttpRequest, paper: str, told: Callable[[], Mapping[str, Any]], *, file: str
) -> HttpResponse:
    """Shown in the browser; what cannot be printed is said in words instead of boxes on paper."""
    numbered = request.GET.get("numbered") == "1"
    try:
        made = press.pdf(paper, told(), numbered=numbered)
    except press.Unprintable as lacking:
        context = {
            "sign": lacking.sign,
            "point": f"U+{ord(lacking.sign):04X}",
            "near": lacking.near,
            "numbered": _numbered(request),
        }
        return render(request, "papers/refused.html", context, status=422)
    except press.FontMissing:
        return render(request, "papers/refused.html", {"sign": ""}, status=503)
    answer = HttpResponse(made, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{file}.pdf"'
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


def _numbered(request: HttpRequest) -> str:
    """The same document with numbers for what cannot be printed: many words cannot be changed."""
    query = request.GET.copy()
    query["numbered"] = "1"
    return f"{request.path}?{query.urlencode()}"


def _kind(district: int, field: str, code: str) -> queries.KindInfo | None:
    if not code:
        return None
    found = queries.kind(district, code)
    if found is None or found.field != field:
        raise Http404
    return found


def _day(request: HttpRequest, name: str) -> date | None:
    """The day of a parameter; a text that is no day is no page of ours."""
    text = request.GET.get(name, "")
    try:
        day = parse_date(text) if text else None
    except ValueError as error:
        raise Http404 from error
    if text and (day is None or not FIRST <= day <= LAST):
        raise Http404
    return day
