"""Rounds of checks: what is looked at until when, and, where it was drawn, how to draw again."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from luoshi.expectations import queries
from luoshi.registry import queries as registry
from luoshi.web import staff
from luoshi.web.fields.views import LIMIT, ROLES, after
from luoshi.web.papers import names as papers
from luoshi.web.staff import needs_role

NEWEST = 30


@require_safe
@needs_role(*ROLES)
def index(request: HttpRequest) -> HttpResponse:
    found = queries.rounds(staff.district_id(request), after=after(request), limit=NEWEST + 1)
    shown = found[:NEWEST]
    more = shown[-1].id if len(found) > NEWEST else None
    return render(request, "fields/rounds.html", {"rounds": shown, "next": more})


@require_safe
@needs_role(*ROLES)
def show(request: HttpRequest, id: int) -> HttpResponse:
    """Its subjects page by page, by their id."""
    found = queries.round_page(staff.district_id(request), id)
    if found is None:
        raise Http404
    first = after(request)
    rows = sorted(row for row in found.subjects if row[0] > first)
    shown = rows[:LIMIT]
    context = {
        "round": found,
        "rows": shown,
        "names": registry.subject_names({subject for subject, _check in shown}),
        "next": shown[-1][0] if len(rows) > LIMIT else None,
        "papers": papers.of_round(),
    }
    return render(request, "fields/round.html", context)
