"""Reported figures of one subject and period: entered, previewed, saved; corrected with both
values on record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from luoshi.expectations import actions, queries
from luoshi.expectations.actions import BadPeriod, FiguresRefused, period_end
from luoshi.expectations.queries import FigureField, Foreseen, Value
from luoshi.registry import queries as registry
from luoshi.registry.facts import SubjectInfo
from luoshi.rules.state import Refused
from luoshi.web import staff
from luoshi.web.entries.figures_form import Figures, Group, initial, start
from luoshi.web.entries.refused import sentence
from luoshi.web.entries.who import RECORDS, place_of, reads_subjects, reports_all
from luoshi.web.staff import needs_role

HISTORY = 50


@dataclass(frozen=True, slots=True)
class Change:
    """A value that is new, or that corrects one."""

    name: str
    unit: str
    value: Decimal | None
    corrects: bool
    code: str
    before: Decimal | None


@dataclass(frozen=True, slots=True)
class Preview:
    changes: list[Change]
    same: int
    said: tuple[Foreseen, ...]
    mark: str


@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(*RECORDS)
def figures(request: HttpRequest, id: int) -> HttpResponse:
    """`?period=` brings what was reported for it into the form, `?before=` older history."""
    place = place_of(request, id)
    every = reports_all(request, place)
    known_fields = queries.figure_fields(place, staff.district_id(request))
    fields = tuple(one for one in known_fields if every or not one.signal)
    if not fields:
        raise Http404
    if request.method == "POST":
        return _enter(request, place, fields)
    period = request.GET.get("period", "")
    known = queries.reported(place.id, period) if _is_period(period) else {}
    form = Figures(fields, initial=initial(period, known, fields))
    return _page(request, place, fields, form)


def _enter(request: HttpRequest, place: SubjectInfo, fields: Sequence[FigureField]) -> HttpResponse:
    form = Figures(fields, request.POST)
    if not form.is_valid():
        return _page(request, place, fields, form, status=400)
    known = queries.reported(place.id, form.cleaned_data["period"])
    groups = form.groups()
    changes, same = _changes(fields, groups, known)
    if foreign := _not_his(request, place, changes, known):
        told = _("Somebody else reported this; only the data office corrects it: %(names)s")
        form.add_error(None, told % {"names": ", ".join(foreign)})
        return _page(request, place, fields, form, status=400)
    if any(one.corrects for one in changes) and not form.cleaned_data["reason"]:
        names = ", ".join(one.name for one in changes if one.corrects)
        told = _("Say why, since this was reported otherwise before: %(names)s") % {"names": names}
        form.add_error("reason", told)
        return _page(request, place, fields, form, _preview(request, place, form, changes, same),
                     status=400)  # fmt: skip
    if request.POST.get("step") != "save" or request.POST.get("seen") != form.mark():
        return _page(request, place, fields, form, _preview(request, place, form, changes, same))
    return _save(request, place, fields, form, groups)


def _changes(
    fields: Sequence[FigureField], groups: Sequence[Group], known: Mapping[str, Value]
) -> tuple[list[Change], int]:
    values = _values(groups)
    changes = [
        Change(
            one.name,
            one.unit,
            values[one.code],
            one.code in known,
            one.code,
            known[one.code].value if one.code in known else None,
        )
        for one in fields
        if one.code in values
        and (one.code not in known or known[one.code].value != values[one.code])
    ]
    return changes, len(values) - len(changes)


def _not_his(
    request: HttpRequest, place: SubjectInfo, changes: list[Change], known: Mapping[str, Value]
) -> list[str]:
    """Names of figures that a unit would correct though others reported them: what an inspector
    counted does not give way to what the place says of itself."""
    corrected = [one for one in changes if one.corrects]
    if not corrected or reports_all(request, place):
        return []
    unit = registry.people_of_unit(place.operator or 0, "handler", timezone.localdate())
    own = {staff.person_id(request), *(one.id for one in unit)}
    return [one.name for one in corrected if known[one.code].person not in own]


def _values(groups: Sequence[Group]) -> dict[str, Decimal | None]:
    return {code: value for group in groups for code, value in group.values.items()}


def _preview(
    request: HttpRequest, place: SubjectInfo, form: Figures, changes: list[Change], same: int
) -> Preview:
    """What the rules will say tonight if this is saved."""
    said = queries.foresee(
        staff.district_id(request),
        place,
        period=form.cleaned_data["period"],
        values=_values(form.groups()),
        on=timezone.localdate(),
    )
    return Preview(changes, same, said, form.mark())


def _save(
    request: HttpRequest,
    place: SubjectInfo,
    fields: Sequence[FigureField],
    form: Figures,
    groups: Sequence[Group],
) -> HttpResponse:
    now, new, period = timezone.now(), 0, form.cleaned_data["period"]
    try:
        with transaction.atomic():
            for group in groups:
                new += actions.report_figures(
                    district=staff.district_id(request),
                    subject=place.id,
                    period=period,
                    values=group.values,
                    source=group.source,
                    reported_on=group.reported_on,
                    reason=form.cleaned_data["reason"],
                    person=staff.person_id(request),
                    now=now,
                ).new
    except FiguresRefused:
        form.add_error(None, _("Somebody reported for this period meanwhile: look at the history "
                               "below, then send it again."))  # fmt: skip
    except Refused as no:
        form.add_error(None, sentence(no.code))
    else:
        told = _("Saved: %(new)s values are new. The rules judge them tonight; until then they can "
                 "be corrected before anything is opened.")  # fmt: skip
        known = _("All of this was on record already: nothing was written twice.")
        messages.success(request, told % {"new": new} if new else known)
        address = reverse("entries:figures", args=[place.id])
        return HttpResponseRedirect(f"{address}?period={period}")
    return _page(request, place, fields, form, status=400)


def _is_period(text: str) -> bool:
    try:
        period_end(text)
    except BadPeriod:
        return False
    return True


def _page(
    request: HttpRequest,
    place: SubjectInfo,
    fields: Sequence[FigureField],
    form: Figures,
    preview: Preview | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    text = request.GET.get("before", "")
    before = int(text) if text.isdecimal() and len(text) < 19 else None
    codes = {one.code for one in fields}
    rows = queries.figure_history(place.id, codes=codes, before=before, limit=HISTORY + 1)
    people = registry.people({row.person for row in rows if row.person})
    context = {
        "place": place,
        "form": form,
        "reads": reads_subjects(request),
        "start": start,
        "last": {one.code: one for one in fields},
        "preview": preview,
        "history": rows[:HISTORY],
        "older": rows[HISTORY - 1].id if len(rows) > HISTORY else None,
        "people": {id: one.name for id, one in people.items()},
    }
    return render(request, "entries/figures.html", context, status=status)
