"""A check on a phone: one form, one thing after the other; what is left untouched is left out."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from luoshi.cases.wording import refusal
from luoshi.expectations import actions, queries
from luoshi.expectations.actions import AnswersRefused, Checked
from luoshi.expectations.queries import Demand
from luoshi.infra.files import StorageFull
from luoshi.infra.pictures import PictureRefused
from luoshi.registry import queries as registry
from luoshi.registry.facts import SubjectInfo
from luoshi.rules.state import Refused
from luoshi.trust import codes
from luoshi.web import once, staff
from luoshi.web.case import asking
from luoshi.web.case.choices import Label
from luoshi.web.fields.linked import linked
from luoshi.web.fields.places import photos
from luoshi.web.staff import needs_role

SALT = "luoshi.fields.check"
REFUSED: Mapping[str, Label] = {
    "no_answers": gettext_lazy("Nothing is answered yet: answer at least one question."),
    "unknown_subject": gettext_lazy("This place is no longer active: nothing is checked here."),
}


class Look(forms.Form):
    """Every question about one subject, each with its remark and pictures."""

    def __init__(self, demands: tuple[Demand, ...], data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.demands = demands
        for demand in demands:
            asking.put_fields(self, demand)

    @property
    def asked(self) -> list[asking.Asked]:
        return [(one, None) for one in self.demands]

    @property
    def blocks(self) -> list[tuple[Demand, str, str, bool]]:
        """Demand, question, start of the names, whether remark or picture is always needed."""
        return [
            (
                one,
                asking.question(one),
                asking.prefix(one),
                "always" in (one.spec.get("photo"), one.spec.get("text"))
                or one.spec["type"] == "text",
            )
            for one in self.demands
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@needs_role("inspector")
def check(request: HttpRequest, id: int) -> HttpResponse:
    place = _place(request, id)
    demands = queries.questions(staff.district_id(request), place.kind, on=timezone.localdate())
    if not demands or not place.active:
        raise Http404
    if request.method != "POST":
        return _page(request, place, Look(demands))
    form, name = Look(demands, request.POST, request.FILES), once.name(request, salt=SALT)
    if form.is_valid() and name is None:
        form.add_error(None, _("The form lay open for too long: check it and send it again."))
    if name is None or not form.is_valid():
        return _page(request, place, form, name, status=400)
    return _record(request, place, form, name)


def _record(request: HttpRequest, place: SubjectInfo, form: Look, name: str) -> HttpResponse:
    said, now = asking.said(form, form.asked), timezone.now()
    try:
        done: Checked = actions.record_check(
            district=staff.district_id(request),
            subject=place.id,
            answers=said,
            person=staff.person_id(request),
            now=now,
            key=name,
            round=_round(request, place, form, {one.expectation for one in said}),
        )
    except AnswersRefused as no:
        asking.tell(form, form.asked, no)
    except (Refused, PictureRefused, StorageFull) as no:
        form.add_error(None, REFUSED.get(no.code) or refusal(no.code))
    else:
        return HttpResponseRedirect(reverse("fields:checked", args=[place.id, done.check]))
    return _page(request, place, form, name, status=400)


def _round(request: HttpRequest, place: SubjectInfo, form: Look, answered: set[str]) -> int | None:
    """The round that waits for this subject, when all that it looks at was answered."""
    waiting = queries.open_round_of(place.id, on=timezone.localdate())
    if waiting is None:
        return None
    found = queries.round_page(staff.district_id(request), waiting)
    wanted = set(found.expectations) if found else set()
    codes_wanted = {one.code for one in form.demands if one.id in wanted}
    return waiting if codes_wanted <= answered else None


@require_safe
@needs_role("inspector")
def checked(request: HttpRequest, id: int, look: int) -> HttpResponse:
    """What was found, and which case it opened; only to him who looked."""
    place, district = _place(request, id), staff.district_id(request)
    found = queries.check(district, look)
    if found is None or found.subject != id or found.by != "person" or found.case:
        raise Http404
    if found.person != staff.person_id(request):
        raise PermissionDenied(_("Only whoever made a check sees this page; it is on record."))
    answered = {one.demand.id for one in found.answers}
    asked = queries.questions(district, place.kind, on=timezone.localdate())
    context = {
        "place": place,
        "look": found,
        "photos": photos(found),
        "cases": linked(request, {one.case for one in found.answers if one.case}),
        "left": [one for one in asked if one.id not in answered],
    }
    return render(request, "fields/checked.html", context)


def _place(request: HttpRequest, id: int) -> SubjectInfo:
    found = registry.subjects_by_id([id], district=staff.district_id(request)).get(id)
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest,
    place: SubjectInfo,
    form: Look,
    name: str | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    token = once.token(name or codes.new_token(), salt=SALT)
    context = {"place": place, "form": form, "token": token}
    return render(request, "fields/check.html", context, status=status)
