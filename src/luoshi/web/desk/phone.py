"""Reporters to be phoned, one after the other: contact them, try again later, or skip."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from luoshi.cases import queries, shifts
from luoshi.web import staff
from luoshi.web.case.about import about
from luoshi.web.case.panel import panel
from luoshi.web.desk.queue import rows
from luoshi.web.desk.views import hidden
from luoshi.web.staff import needs_role

OFTEN = 3
"""Calls without an answer after which a message or a visit is advised."""


@require_safe
@needs_role("desk")
def phone(request: HttpRequest) -> HttpResponse:
    """The first of the list stands open with its form; the others are listed under it."""
    district, now = staff.district_id(request), timezone.now()
    waiting = queries.to_phone(district, now=now, without=hidden(request))
    shown = {row.line.id: row for row in rows([w.line for w in waiting], district=district)}
    context = {
        "waiting": [(one, shown[one.line.id]) for one in waiting],
        "offers": (),
        "often": OFTEN,
    }
    if waiting:
        there = about(request, waiting[0].line.id)
        found = panel(there, only=("contact",), next=reverse("desk:phone"), likely="contact")
        context["offers"] = found.offers
    return render(request, "desk/phone.html", context)


@require_POST
@needs_role("desk")
def not_reached(request: HttpRequest, case: int) -> HttpResponse:
    """Nobody answered, or later: the next one comes up. 404 for a case that is not on the list."""
    district, now = staff.district_id(request), timezone.now()
    waiting = queries.to_phone(district, now=now, without=hidden(request))
    if case not in {one.line.id for one in waiting}:
        raise Http404
    rang = "rang" in request.POST
    person = staff.person_id(request)
    shifts.not_reached(district=district, case=case, by=person, rang=rang, now=now)
    if rang:
        messages.info(request, _("Nobody answered: noted. It comes up again in two hours."))
    return HttpResponseRedirect(reverse("desk:phone"))
