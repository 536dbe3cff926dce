"""What the suggestions of category and owner were worth: for whoever answers for the data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from luoshi.cases import suggest
from luoshi.cases.suggest import Standing, Tally
from luoshi.web import staff
from luoshi.web.case.choices import Label
from luoshi.web.staff import needs_role

LATELY = timedelta(days=90)
TITLES: Mapping[str, Label] = {"category": _("Category"), "owner": _("Who answers for it")}


@dataclass(frozen=True, slots=True)
class Part:
    title: Label
    tally: Tally
    standing: Standing | None


@require_safe
@needs_role("desk", "data", "leader")
def page(request: HttpRequest) -> HttpResponse:
    """Three queries."""
    district, now = staff.district_id(request), timezone.now()
    known = suggest.standing(district)
    tallies = suggest.tally(district, since=now - LATELY)
    parts = [Part(title, tallies[target], known.get(target)) for target, title in TITLES.items()]
    return render(
        request,
        "desk/suggestions.html",
        {"parts": parts, "days": LATELY.days, "needed": suggest.NEEDED},
    )
