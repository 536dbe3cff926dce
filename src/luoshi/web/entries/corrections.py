"""Saying rightly what was said wrongly at a check: with a reason, and both stay on record."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from luoshi.expectations import actions, queries
from luoshi.expectations.actions import AnswersRefused, Said
from luoshi.expectations.queries import AnswerInfo, CheckInfo
from luoshi.infra.files import StorageFull
from luoshi.infra.pictures import PictureRefused
from luoshi.registry.facts import SubjectInfo
from luoshi.rules.state import Refused
from luoshi.trust import codes
from luoshi.web import once, staff
from luoshi.web.case import asking
from luoshi.web.case.fields import words
from luoshi.web.entries.refused import REFUSED, sentence
from luoshi.web.entries.who import place_of
from luoshi.web.fields.places import photos
from luoshi.web.staff import needs_role

SALT = "luoshi.entries.correct"


class Correction(forms.Form):
    """The questions of the check with the answers of then; only what is changed counts."""

    reason = words(
        gettext_lazy("What was said wrongly"),
        empty=REFUSED["reason_missing"],
        help_text=gettext_lazy("For example: the stall beside it was meant."),
        longest=asking.LONGEST,
    )

    def __init__(self, first: CheckInfo, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, initial=_first(first))
        self.first = first
        for answer in first.answers:
            asking.put_fields(self, answer.demand)

    @property
    def asked(self) -> list[asking.Asked]:
        return [(one.demand, None) for one in self.first.answers]

    @property
    def blocks(self) -> list[tuple[AnswerInfo, str, str]]:
        """What was said then, the question, and the start of the names."""
        return [
            (one, asking.question(one.demand), asking.prefix(one.demand))
            for one in self.first.answers
        ]

    def said(self) -> list[Said]:
        """The answers that differ from those of then."""
        before = {one.demand.code: one for one in self.first.answers}
        return [
            one
            for one in asking.said(self, self.asked)
            if one.pictures or _differs(one, before[one.expectation])
        ]


MEASURED = frozenset({"number", "choice"})
"""Questions whose result follows from the answer, unless somebody says that it is worse."""


def _differs(one: Said, before: AnswerInfo) -> bool:
    if before.demand.spec["type"] in MEASURED:
        said: object = one.result is not None
    else:
        said = one.result != before.result
    number, choice, text = before.number, before.choice or "", (before.text or "").strip()
    return bool(said) or (one.number, one.choice or "", one.text.strip()) != (number, choice, text)


def _first(first: CheckInfo) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in first.answers:
        start = asking.prefix(one.demand)
        found |= {
            f"{start}number": one.number,
            f"{start}choice": one.choice or "",
            f"{start}text": one.text or "",
        }
        if one.demand.spec["type"] not in MEASURED:
            found[f"{start}result"] = one.result
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@needs_role("inspector")
def correct(request: HttpRequest, id: int, look: int) -> HttpResponse:
    """Only whoever looked corrects it, and once; afterwards the page shows both."""
    place, first = place_of(request, id, active=False), _check(request, id, look)
    if request.method != "POST" or first.corrected:
        return _page(request, place, first, None if first.corrected else Correction(first))
    form = Correction(first, request.POST, request.FILES)
    name = once.name(request, salt=SALT)
    if form.is_valid() and name is None:
        form.add_error(None, _("The form lay open for too long: check it and send it again."))
    if name is None or not form.is_valid():
        return _page(request, place, first, form, name, status=400)
    try:
        done = actions.correct_check(
            check=first.id,
            answers=form.said(),
            reason=form.cleaned_data["reason"],
            person=staff.person_id(request),
            now=timezone.now(),
            key=name,
        )
    except AnswersRefused as no:
        asking.tell(form, form.asked, no)
    except (Refused, PictureRefused, StorageFull) as no:
        form.add_error(None, sentence(no.code))
    else:
        return HttpResponseRedirect(reverse("fields:checked", args=[place.id, done.check]))
    return _page(request, place, first, form, name, status=400)


def _check(request: HttpRequest, id: int, look: int) -> CheckInfo:
    found = queries.check(staff.district_id(request), look)
    if found is None or found.subject != id or found.by != "person" or found.case:
        raise Http404
    if found.person != staff.person_id(request):
        raise PermissionDenied(_("Only whoever made a check corrects it; it is on record."))
    return found


def _page(
    request: HttpRequest,
    place: SubjectInfo,
    first: CheckInfo,
    form: Correction | None,
    name: str | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "place": place,
        "first": first,
        "form": form,
        "token": once.token(name or codes.new_token(), salt=SALT),
        "photos": photos(first),
    }
    return render(request, "entries/correct.html", context, status=status)
