"""A check on a phone: one form, one thing after the other; what is left untouched is left out."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
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
KEY = re.compile(r"[0-9a-f]{32}")
REFUSED: Mapping[str, Label] = {
    "no_answers": gettext_lazy("Nothing is answered yet: answer at least one question."),
    "unknown_subject": gettext_lazy("This place is no longer active: nothing is checked here."),
}


NEEDS = ("answer_missing", "number_missing", "choice_missing", "text_missing", "photo_missing")
"""What a phone says by itself, since its signal may be back only when he has left the place."""


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
    place, now = _place(request, id), timezone.now()
    at = _looked_at(request, now)
    day = timezone.localdate(at)
    demands = queries.questions(staff.district_id(request), place.kind, on=day)
    if not demands or not place.active:
        raise Http404
    if request.method != "POST":
        return _page(request, place, Look(demands))
    form, name = Look(demands, request.POST, request.FILES), _name(request)
    if form.is_valid() and name is None:
        form.add_error(None, _("The form lay open for too long: check it and send it again."))
    if name is None or not form.is_valid():
        return _page(request, place, form, name, status=400)
    return _record(request, place, form, name, at=at, now=now)


def _name(request: HttpRequest) -> str | None:
    """By what the check is known when it is sent again. A phone that kept it for days names it
    itself, for this person alone; else the form does."""
    key = request.POST.get("key", "")
    if KEY.fullmatch(key):
        return f"{staff.person_id(request)}:{key}"
    return once.name(request, salt=SALT)


def _looked_at(request: HttpRequest, now: datetime) -> datetime:
    """A phone tells how many seconds it kept the check, since its clock may be wrong."""
    waited = request.POST.get("waited", "")
    if not (waited.isascii() and waited.isdecimal() and len(waited) < 9):
        return now
    return now - timedelta(seconds=int(waited))


def _position(request: HttpRequest) -> dict[str, float]:
    """Where he stood, when he said so."""
    try:
        lat, lon = float(request.POST.get("lat", "")), float(request.POST.get("lon", ""))
    except ValueError:
        return {}
    return {"lat": lat, "lon": lon} if abs(lat) <= 90 and abs(lon) <= 180 else {}


def _record(
    request: HttpRequest, place: SubjectInfo, form: Look, name: str, *, at: datetime, now: datetime
) -> HttpResponse:
    said = asking.said(form, form.asked)
    answered = {one.expectation for one in said}
    try:
        done: Checked = actions.record_check(
            district=staff.district_id(request),
            subject=place.id,
            answers=said,
            person=staff.person_id(request),
            now=now,
            at=at,
            key=name,
            round=_round(request, place, form, answered, on=timezone.localdate(at)),
            **_position(request),
        )
    except AnswersRefused as no:
        asking.tell(form, form.asked, no)
    except (Refused, PictureRefused, StorageFull) as no:
        form.add_error(None, REFUSED.get(no.code) or refusal(no.code))
    else:
        return HttpResponseRedirect(reverse("fields:checked", args=[place.id, done.check]))
    return _page(request, place, form, name, status=400)


def _round(
    request: HttpRequest, place: SubjectInfo, form: Look, answered: set[str], *, on: date
) -> int | None:
    """The round that waited for this subject, when all that it looks at was answered."""
    waiting = queries.open_round_of(place.id, on=on)
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
    says = {code: str(asking.BAD[code][1]) for code in NEEDS}
    says["no_answers"] = str(REFUSED["no_answers"])
    context = {"place": place, "form": form, "token": token, "says": says}
    return render(request, "fields/check.html", context, status=status)
