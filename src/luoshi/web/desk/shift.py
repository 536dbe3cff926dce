"""Handing over at the end of a shift: what is unfinished, what falls due, what to know."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from luoshi.cases import queries, shifts
from luoshi.registry import queries as registry
from luoshi.web import staff
from luoshi.web.case.fields import words
from luoshi.web.desk.queue import rows
from luoshi.web.desk.views import hidden
from luoshi.web.staff import needs_role

AHEAD = timedelta(hours=12)


class NoteForm(forms.Form):
    text = words(
        gettext_lazy("For the next shift"),
        empty=gettext_lazy("Write what the next shift must know."),
        rows=4,
        help_text=gettext_lazy(
            "Case numbers, agreements, disturbances. No names or phone numbers of reporters."
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs_role("desk")
def handover(request: HttpRequest) -> HttpResponse:
    district, person = staff.district_id(request), staff.person_id(request)
    now, without = timezone.now(), hidden(request)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        shifts.leave_note(district=district, by=person, text=form.cleaned_data["text"], now=now)
        messages.success(request, _("Noted for the next shift."))
        return HttpResponseRedirect(reverse("desk:handover"))
    notes = queries.notes(district)
    mine = queries.unfinished(district, person, now=now, without=without)
    due = queries.due_soon(district, until=now + AHEAD, without=without)
    context = {
        "form": form,
        "mine": rows(mine, district=district),
        "due": rows(due, district=district),
        "notes": notes,
        "people": registry.people({one for n in notes for one in (n.by, n.taken_by) if one}),
        "person": person,
        "hours": AHEAD // timedelta(hours=1),
    }
    return render(request, "desk/handover.html", context, status=400 if form.is_bound else 200)


@require_POST
@needs_role("desk")
def take(request: HttpRequest, handover: int) -> HttpResponse:
    """Acknowledge a note of somebody else."""
    taken = shifts.take_over(
        district=staff.district_id(request),
        handover=handover,
        by=staff.person_id(request),
        now=timezone.now(),
    )
    if taken:
        messages.success(request, _("Taken over: it is on record that you have read it."))
    else:
        messages.warning(request, _("This note is your own, or somebody has taken it over."))
    return HttpResponseRedirect(reverse("desk:handover"))
