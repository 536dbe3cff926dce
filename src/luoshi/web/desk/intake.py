"""Taking down what somebody says on the phone, writes in a letter, or comes in to tell.

The token of the form is the door's name for the report: sending a form twice is sending it once.
The access code is made with the form and shown on the receipt, which is not kept anywhere.
"""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from luoshi.cases import actions
from luoshi.cases.actions import Actor, NewReport, Received, Refused
from luoshi.cases.wording import refusal
from luoshi.infra.files import StorageFull
from luoshi.infra.pictures import PictureRefused
from luoshi.trust import codes
from luoshi.web import once, staff
from luoshi.web.asked import key
from luoshi.web.desk import hints
from luoshi.web.desk.forms import Intake
from luoshi.web.desk.hints import Hints
from luoshi.web.staff import needs_role

SALT = "luoshi.desk.intake"


@require_http_methods(["GET", "HEAD", "POST"])
@needs_role("desk")
def new(request: HttpRequest) -> HttpResponse:
    district = staff.district_id(request)
    if request.method != "POST":
        return _page(request, Intake(district), codes.new_code())
    if request.POST.keys() & {"look", "take"}:
        return _look(request, Intake(district))
    form = Intake(district, request.POST, request.FILES)
    code = once.name(request, salt=SALT)
    if code is None:
        form.is_valid()
        form.add_error(None, _("The form lay open for too long: check it and send it again."))
        return _page(request, form, codes.new_code(), status=400)
    if not form.is_valid():
        return _page(request, form, code, status=400)
    return _take_down(request, form, code)


@require_POST
@needs_role("desk")
def known(request: HttpRequest) -> HttpResponse:
    """For the script: what is suggested for what is typed so far, as a piece of the page. Nothing
    of it is kept."""
    return render(request, "desk/hints.html", {"hints": hints.hints(request)})


def _look(request: HttpRequest, form: Intake) -> HttpResponse:
    """Without a script: the form as it was filled in, with the suggestions; nothing is recorded."""
    form.initial.update({n: request.POST[n] for n in form.fields if n in request.POST})
    if "take" in request.POST:
        form.initial["category"] = request.POST["take"]
    code = once.name(request, salt=SALT) or codes.new_code()
    return _page(request, form, code, found=hints.hints(request))


def _joins(request: HttpRequest, form: Intake) -> int | None:
    """The case that the one who reports says is the same, when the desk may see it."""
    picked = key(request.POST.get("known", ""))
    told = not form.cleaned_data["confidential"] and picked
    return picked if told and hints.may_open(request, [picked or 0]) else None


def _take_down(request: HttpRequest, form: Intake, code: str) -> HttpResponse:
    now, actor = timezone.now(), Actor(person=staff.person_id(request))
    report = replace(_report(form, code), joins=_joins(request, form))
    try:
        received = actions.receive(report=report, now=now, by=actor)
    except (Refused, PictureRefused, StorageFull) as no:
        form.add_error(None, refusal(no.code))
        return _page(request, form, code, status=400)
    added = received.joined and received.case == report.joins
    return _receipt(request, form, received, code, added=added)


def _report(form: Intake, code: str) -> NewReport:
    given: dict[str, Any] = form.cleaned_data
    # The inspection team sorts what is told in confidence, nobody else.
    unsorted = {"category": "", "place_open": False} if given["confidential"] else {}
    return form.report(
        door=given["door"],
        external_id=codes.code_hash(code).hex(),
        phone=given["phone"] or None,
        name=given["name"] or None,
        email=given["email"] or None,
        code=code if form.takes_code() else None,
        confidential=given["confidential"],
        minor=given["minor"],
        language=given["language"],
        **unsorted,
    )


def _receipt(
    request: HttpRequest, form: Intake, received: Received, code: str, *, added: bool
) -> HttpResponse:
    context = {
        "added": added,
        "received": received,
        "form": form,
        "sealed": form.cleaned_data["confidential"],
        "code": codes.show(code) if form.takes_code() else "",
        "visit": form.cleaned_data["door"] == "visit",
    }
    return render(request, "desk/receipt.html", context)


def _page(
    request: HttpRequest,
    form: Intake,
    code: str,
    *,
    status: int = 200,
    found: Hints | None = None,
) -> HttpResponse:
    if found is None:
        found = hints.hints(request) if form.is_bound else Hints()
    context = {"form": form, "token": once.token(code, salt=SALT), "hints": found}
    return render(request, "desk/new.html", context, status=status)
