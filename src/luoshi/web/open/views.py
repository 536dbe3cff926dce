"""Cases that everybody may read: the list, one of them, and how many there were by street."""

from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from luoshi.cases import queries
from luoshi.registry import queries as registry
from luoshi.registry.facts import DistrictInfo
from luoshi.web.case import choices
from luoshi.web.names_of_cases import case_of, name_of
from luoshi.web.open import counts, words
from luoshi.web.public.district import with_district

PAGE = 20
STATES = [("", _("(any)")), ("open", _("Being worked on")), ("closed", _("Closed"))]


class Filters(forms.Form):
    street = forms.ChoiceField(label=_("Street"), required=False)
    category = forms.ChoiceField(label=_("What it is about"), required=False)
    state = forms.ChoiceField(label=_("Status"), required=False, choices=STATES)

    def __init__(self, district: int, data: object) -> None:
        super().__init__({name: data.get(name, "") for name in self.base_fields})  # type: ignore[attr-defined]
        self.areas = registry.areas(district)
        streets = [(str(a.id), a.name) for a in self.areas if a.kind == "street"]
        known = choices.categories(queries.categories(district))[1:]
        self.fields["street"].choices = [STATES[0], *streets]  # type: ignore[attr-defined]
        self.fields["category"].choices = [STATES[0], *known]  # type: ignore[attr-defined]

    @property
    def within(self) -> tuple[int, ...]:
        street = int(self.cleaned_data["street"] or 0)
        return tuple(a.id for a in self.areas if street and street in (a.id, a.parent))

    @property
    def query(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}


@require_safe
@cache_control(max_age=60, private=True)
@vary_on_cookie
@with_district
def index(request: HttpRequest, district: DistrictInfo) -> HttpResponse:
    """By street, category and state; page by page."""
    form = Filters(district.id, request.GET)
    if not form.is_valid():
        raise Http404
    found = queries.open_cases(
        district.id,
        category=form.cleaned_data["category"],
        areas=form.within,
        status=form.cleaned_data["state"],
        after=_key(request, "after"),
        before=_key(request, "before"),
        limit=PAGE,
    )
    context = {
        "form": form,
        "rows": _rows(district, found.cases),
        "newer": _url(form, before=found.newer),
        "older": _url(form, after=found.older),
    }
    return render(request, "open/index.html", context)


@require_safe
@cache_control(max_age=60, private=True)
@vary_on_cookie
@with_district
def show(request: HttpRequest, district: DistrictInfo, name: str) -> HttpResponse:
    """What happened: codes and days, no more."""
    case = case_of(name)
    found = queries.open_case(district.id, case) if case else None
    if found is None:
        raise Http404
    one, steps = found
    context = {"row": _rows(district, (one,))[0], "steps": words.told(steps)}
    return render(request, "open/case.html", context)


@require_safe
@cache_control(max_age=60, private=True)
@vary_on_cookie
@with_district
def streets(request: HttpRequest, district: DistrictInfo) -> HttpResponse:
    """The sketch map and its table."""
    found = counts.counted(district.id, timezone.now())
    context = {"found": found, "days": counts.DAYS, "fewest": counts.FEWEST}
    return render(request, "open/streets.html", context)


def _rows(district: DistrictInfo, found: tuple[queries.OpenCase, ...]) -> list[dict[str, object]]:
    labels = {c.code: c.label(choices.language()) for c in queries.categories(district.id)}
    areas = registry.area_names({one.area for one in found if one.area})
    return [
        {
            "one": one,
            "name": name_of(one.id),
            "what": labels.get(one.category, ""),
            "where": areas.get(one.area or 0, ""),
        }
        for one in found
    ]


def _key(request: HttpRequest, name: str) -> int | None:
    found = request.GET.get(name, "")
    case = case_of(found) if found else None
    if found and case is None:
        raise Http404  # a key that no page gave out
    return case


def _url(form: Filters, **key: int | None) -> str | None:
    at = {name: name_of(case) for name, case in key.items() if case is not None}
    return f"{reverse('open:index')}?{urlencode({**form.query, **at})}" if at else None
