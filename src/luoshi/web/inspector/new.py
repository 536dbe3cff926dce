"""A problem that the inspection team found itself: a case of its own, which the desk can only
dispatch, never answer or decline."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from luoshi.cases import actions, queries
from luoshi.cases.actions import Actor, Received, Refused
from luoshi.cases.wording import refusal
from luoshi.infra.files import StorageFull
from luoshi.infra.pictures import PictureRefused
from luoshi.rules.state import Origin
from luoshi.trust import codes
from luoshi.web import once, staff
from luoshi.web.camera import CameraInput
from luoshi.web.case.fields import words
from luoshi.web.problem import LONGEST, Problem
from luoshi.web.staff import needs_role

SALT = "luoshi.inspector.new"


class Found(Problem):
    text = words(
        gettext_lazy("What you found"),
        rows=5,
        longest=LONGEST,
        help_text=gettext_lazy("What is wrong, and what must be put right. No names of residents."),
    )
    field_order = ("pictures", "text", "place", "area", "subject", "category", "danger", "accused")

    def __init__(self, district: int, data: Any = None, files: Any = None) -> None:
        super().__init__(district, data, files)
        self.fields["text"].error_messages["required"] = _("Write down what you found.")
        self.fields["pictures"].widget = CameraInput()
        self.fields["place"].label = gettext_lazy("Place or address")
        self.fields["accused"].label = gettext_lazy("Unit that this speaks against")


@require_http_methods(["GET", "HEAD", "POST"])
@needs_role("inspector")
def new(request: HttpRequest) -> HttpResponse:
    district = staff.district_id(request)
    if request.method != "POST":
        return _page(request, Found(district))
    form, name = Found(district, request.POST, request.FILES), once.name(request, salt=SALT)
    if form.is_valid() and name is None:
        form.add_error(None, _("The form lay open for too long: check it and send it again."))
    if name is None or not form.is_valid():
        return _page(request, form, name, status=400)
    return _record(request, form, name)


def _record(request: HttpRequest, form: Found, name: str) -> HttpResponse:
    now, actor = timezone.now(), Actor(person=staff.person_id(request))
    try:
        report = form.report(door="inspection", external_id=name, origin=Origin.INSPECTION)
        received = actions.receive(report=report, now=now, by=actor)
    except (Refused, PictureRefused, StorageFull) as no:
        form.add_error(None, refusal(no.code))
        return _page(request, form, name, status=400)
    messages.success(request, _said(received))
    case, person = received.case, staff.person_id(request)
    # Whoever speaks against his own team cannot open what he started.
    if queries.may_open(case=case, person=person, now=now):
        return HttpResponseRedirect(reverse("case:show", args=[case]))
    return HttpResponseRedirect(reverse("inspector:index"))


def _said(received: Received) -> str:
    if received.repeated:
        return _("This form was sent before: nothing was doubled.")
    if received.joined:
        return _("The same problem at the same place was closed lately: that case is open again.")
    return _("Recorded as %(number)s. The desk gives it to a unit.") % {"number": received.number}


def _page(
    request: HttpRequest, form: Found, name: str | None = None, *, status: int = 200
) -> HttpResponse:
    token = once.token(name or codes.new_token(), salt=SALT)
    return render(request, "inspector/new.html", {"form": form, "token": token}, status=status)
