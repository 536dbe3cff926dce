"""The room of whoever supervises: what he has to decide, what does not move and whose turn it is,
what came back, what is spreading."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luoshi.cases import queries
from luoshi.cases.wording import COMMAND, EVENT
from luoshi.infra import chores
from luoshi.registry import queries as registry
from luoshi.web import staff
from luoshi.web.asked import key_in
from luoshi.web.called import called
from luoshi.web.cards import cards
from luoshi.web.leader import brief as paper
from luoshi.web.leader import load as loads
from luoshi.web.leader.reasons import BY_WHOM, DECIDE, DEEDS, FIRST, REASONS, WAYS, deeds, owes
from luoshi.web.leader.today import LISTED, hidden, today
from luoshi.web.papers.views import printed
from luoshi.web.single import single
from luoshi.web.staff import needs_role


@require_safe
@needs_role("leader")
def index(request: HttpRequest) -> HttpResponse:
    """The minute in the morning; with `?kind=` the whole list of one reason."""
    if "kind" in request.GET:
        return _stuck(request, request.GET["kind"])
    now = timezone.now()
    context = {
        "today": today(request, now),
        "reasons": REASONS,
        "listed": LISTED,
        "decide": DECIDE,
        "by_whom": BY_WHOM,
        "first": FIRST,
        "ways": WAYS,
        "owes": owes,
        "command_words": COMMAND,
        "called": called(request, now, after=request.GET.get("called", "")),
        "check": chores.standing(now=now, prefix="check."),
        "claims": queries.claims_waiting(staff.person_id(request)),
    }
    return render(request, "leader/index.html", context)


def _stuck(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in REASONS:
        raise Http404
    now, district, without = timezone.now(), staff.district_id(request), hidden(request)
    try:
        page = queries.stuck(
            district, kind, now=now, without=without, after=request.GET.get("after", "")
        )
    except ValueError as error:
        raise Http404 from error
    context = {
        "kind": kind,
        "reasons": REASONS,
        "counts": queries.stuck_counts(district, now=now, without=without),
        "cards": cards(page.lines, district=district),
        "said": queries.last_said(line.id for line in page.lines),
        "owes": owes,
        "deeds": deeds,
        "command_words": COMMAND,
        "event_words": EVENT,
        "next": page.next,
    }
    return render(request, "leader/stuck.html", context)


@require_safe
@needs_role("leader")
def brief(request: HttpRequest) -> HttpResponse:
    """The same on one sheet of paper."""
    now = timezone.now()
    day = timezone.localdate(now).isoformat()
    return printed(request, "brief", lambda: paper.document(request, now), file=f"brief-{day}")


@require_safe
@needs_role("leader")
def load(request: HttpRequest) -> HttpResponse:
    """`?category=&tier=&share=`: what another tier or share would ask; nothing is changed."""
    now, district = timezone.now(), staff.district_id(request)
    asked = request.GET if {"category", "share"} & {*request.GET} else None
    form = loads.WhatIf(queries.categories(district), asked)
    board = loads.board(district, now, form)
    return render(request, "leader/load.html", {"board": board, "form": form, "about": loads.about})


@require_safe
@needs_role("leader")
def place(request: HttpRequest) -> HttpResponse:
    """`?category=&area=`: the cases of the last seven days behind a line of what is spreading."""
    district, code = staff.district_id(request), request.GET.get("category", "")
    about = queries.category(district, code)
    if about is None:
        raise Http404
    try:
        area = key_in(request, "area") or 0
        page = queries.of_week(
            district,
            now=timezone.now(),
            category=code,
            area=area or None,
            without=hidden(request),
            after=request.GET.get("after", ""),
        )
    except ValueError as error:
        raise Http404 from error
    context = {
        "what": about.label(get_language() or "zh-hans"),
        "where": registry.area_names([area]).get(area, "") if area else _("The whole district"),
        "code": code,
        "area": area or "",
        "cards": cards(page.lines, district=district),
        "next": page.next,
    }
    return render(request, "leader/place.html", context)


@require_safe
@needs_role("leader")
def act(request: HttpRequest, case: int, command: str) -> HttpResponse:
    """The form of one command, reached from a card with one click."""
    back, title = reverse("leader:index"), _("Supervision")
    return single(request, case, command, among=DEEDS, back=back, title=title)
