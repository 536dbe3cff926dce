"""One record of something done, and the last ones of its kind."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from luoshi.expectations import actions, queries
from luoshi.expectations.queries import RecordKindInfo
from luoshi.expectations.queries.facts import spoken
from luoshi.registry import queries as registry
from luoshi.registry.facts import SubjectInfo
from luoshi.rules.state import Refused
from luoshi.trust import codes
from luoshi.web import once, staff
from luoshi.web.case.choices import EMPTY
from luoshi.web.entries.asked import NumberField, day
from luoshi.web.entries.refused import REFUSED, sentence
from luoshi.web.entries.who import RECORDS, entrusted, place_of, reads_subjects
from luoshi.web.staff import needs_role

SALT = "luoshi.entries.record"
SHOWN = 30
LONGEST = 500
START = "told-"


class Entry(forms.Form):
    """The day, and the fields that the pack names."""

    def __init__(self, about: RecordKindInfo, data: Any = None, **given: Any) -> None:
        super().__init__(data, **given)
        self.about = about
        ahead = REFUSED["record_from_the_future"]
        self.fields["on"] = day(_("Done on"), ahead=ahead, initial=timezone.localdate())
        for field in about.fields:
            self.fields[START + field["code"]] = _field(field)

    def told(self) -> dict[str, Any]:
        """What was filled in, as it is kept."""
        found = {field["code"]: self.cleaned_data[START + field["code"]]
                 for field in self.about.fields}  # fmt: skip
        return {code: _kept(value) for code, value in found.items() if value not in (None, "")}


def _field(field: Mapping[str, Any]) -> forms.Field:
    label = spoken(field["name"], field.get("name_en", ""))
    given: dict[str, Any] = {"label": label, "required": bool(field.get("required"))}
    needed = _("Fill in: %(name)s.") % {"name": label}
    sort = field.get("type", "text")
    if sort == "date":
        return day(given.pop("label"), **given)
    given["error_messages"] = {"required": needed, "invalid_choice": needed}
    if sort == "number":
        return NumberField(**given)
    if sort == "choice":
        found = [(c["code"], spoken(c["name"], c.get("name_en", ""))) for c in field["choices"]]
        return forms.ChoiceField(choices=[EMPTY, *found], **given)
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(max_length=LONGEST, widget=widget, **given)


def _kept(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(*RECORDS)
def record(request: HttpRequest, id: int, record: str) -> HttpResponse:
    """`?before=` a record shows older ones."""
    place = entrusted(request, place_of(request, id))
    about = _about(request, place, record)
    if request.method != "POST":
        return _page(request, place, Entry(about))
    form, name = Entry(about, request.POST), once.name(request, salt=SALT)
    if form.is_valid() and name is None:
        form.add_error(None, _("The form lay open for too long: check it and send it again."))
    if name is None or not form.is_valid():
        return _page(request, place, form, name, status=400)
    try:
        actions.add_record(
            district=staff.district_id(request),
            subject=place.id,
            record=about.code,
            on=form.cleaned_data["on"],
            data=form.told(),
            person=staff.person_id(request),
            now=timezone.now(),
            key=name,
        )
    except Refused as no:
        form.add_error(None, sentence(no.code))
        return _page(request, place, form, name, status=400)
    messages.success(request, _("The record is kept. The rules count it from tonight on."))
    return HttpResponseRedirect(reverse("entries:record", args=[place.id, about.code]))


def _about(request: HttpRequest, place: SubjectInfo, code: str) -> RecordKindInfo:
    for one in queries.record_kinds(staff.district_id(request), place.kind):
        if one.code == code:
            return one
    raise Http404


def _page(
    request: HttpRequest,
    place: SubjectInfo,
    form: Entry,
    name: str | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    rows = queries.records_of(
        place.id, record=form.about.id, before=cursor(request.GET.get("before", "")),
        limit=SHOWN + 1,
    )  # fmt: skip
    shown = rows[:SHOWN]
    people = registry.people({row.person for row in shown if row.person})
    context = {
        "place": place,
        "form": form,
        "token": once.token(name or codes.new_token(), salt=SALT),
        "rows": shown,
        "older": f"{shown[-1].on}_{shown[-1].id}" if len(rows) > SHOWN else None,
        "people": {id: one.name for id, one in people.items()},
        "reads": reads_subjects(request),
    }
    return render(request, "entries/record.html", context, status=status)


def cursor(text: str) -> tuple[date, int] | None:
    """A day and an id, as lists by day are paged: 2020-06-30_4711. Http404 for anything else."""
    if not text:
        return None
    first, _mark, last = text.partition("_")
    try:
        if not last.isdecimal() or len(last) > 18:
            raise ValueError(text)
        return date.fromisoformat(first), int(last)
    except ValueError:
        raise Http404 from None
