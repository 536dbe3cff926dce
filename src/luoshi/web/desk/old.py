"""Entering a line of an old ledger: closed as it was, unverified, in no rate."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from luoshi.cases import actions
from luoshi.cases.actions import Actor, OldRecord, Refused
from luoshi.cases.wording import refusal
from luoshi.web import staff
from luoshi.web.desk.forms import OldRow
from luoshi.web.staff import needs_role


@require_http_methods(["GET", "HEAD", "POST"])
@needs_role("desk")
def old(request: HttpRequest) -> HttpResponse:
    """A line that was entered before leads to the case that it became then."""
    form = OldRow(staff.district_id(request), request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(
            request, "desk/old.html", {"form": form}, status=400 if form.is_bound else 200
        )
    actor = Actor(person=staff.person_id(request))
    try:
        case = actions.record_old(record=_record(form), by=actor, now=timezone.now())
    except Refused as no:
        form.add_error(None, refusal(no.code))
        return render(request, "desk/old.html", {"form": form}, status=409)
    messages.success(request, _("Entered: an old record, closed and unverified."))
    return HttpResponseRedirect(reverse("case:show", args=[case]))


def _record(form: OldRow) -> OldRecord:
    given = form.cleaned_data
    return OldRecord(
        district=form.district,
        ledger=given["ledger"],
        line=given["line"],
        text=given["text"],
        happened_at=given["happened_at"],
        category=given["category"],
        area=int(given["area"]) if given["area"] else None,
        subject=int(given["subject"]) if given["subject"] else None,
        closing_words=given["closing_words"],
    )
