"""The page of one subject: what is expected of it, who answers, what was seen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luoshi.expectations import queries
from luoshi.expectations.queries import CheckInfo, SubjectPage
from luoshi.expectations.queries.subjects import CHECKS
from luoshi.registry import queries as registry
from luoshi.web import staff
from luoshi.web.case.choices import language
from luoshi.web.fields.facts import facts
from luoshi.web.fields.linked import linked
from luoshi.web.fields.views import ROLES, WORDS
from luoshi.web.parts import Picture
from luoshi.web.pictures import small
from luoshi.web.sheets import lists
from luoshi.web.staff import needs_role


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers today for the expectations of one duty."""

    unit: str
    person: str


@require_safe
@needs_role(*ROLES)
def subject(request: HttpRequest, id: int) -> HttpResponseBase:
    """`?before=` a check shows older ones; `?format=xlsx`: the figures reported of it."""
    page = page_of(request, id)
    if lists.wanted(request):
        return lists.figures(page)
    people = registry.people(_people(page))
    named = {id: person.name for id, person in people.items()}
    context = {
        "place": page.subject,
        "about": page,
        "field": queries.field(staff.district_id(request), page.kind.field),
        "area": _area(page),
        "facts": facts(page.kind, page.subject.facts),
        "answering": _answering(page, named),
        "looks": [(one, who(one, named), photos(one)) for one in page.checks],
        "older": page.checks[-1].id if len(page.checks) == CHECKS else None,
        "cases": linked(request, _cases(page)),
        "may_check": "inspector" in staff.role_names(request) and asks(page),
        "enters": page.subject.active and bool(staff.role_names(request) & {"data", "inspector"}),
        "has_figures": queries.reports_figures(staff.district_id(request), page.subject.kind),
        "operator": _operator(page),
        **WORDS,
    }
    return render(request, "fields/subject.html", context)


def page_of(request: HttpRequest, id: int) -> SubjectPage:
    """Http404 for what is not of his district."""
    text = request.GET.get("before", "")
    before = int(text) if text.isdecimal() and len(text) < 19 else None
    page = queries.subject_page(
        staff.district_id(request), id, on=timezone.localdate(), before=before
    )
    if page is None:
        raise Http404
    return page


def asks(page: SubjectPage) -> bool:
    """Whether there is anything here for a person to look at."""
    return page.subject.active and any(one.demand.method == "item" for one in page.stands)


def who(look: CheckInfo, named: Mapping[int, str]) -> str:
    """A verifier is not named: he was drawn, and his case may still be open."""
    if look.by == "rule":
        return _("by its rule")
    if look.case:
        return _("the drawn verifier")
    return named.get(look.person or 0, "—")


def photos(look: CheckInfo) -> list[Picture]:
    found = []
    for answer in look.answers:
        for number, id in enumerate(answer.pictures, 1):
            url = reverse("fields:picture", args=[id])
            title = answer.demand.title
            alt = _("Picture %(n)d of: %(title)s") % {"n": number, "title": title}
            found.append(Picture(url=url, alt=alt, thumb=small(url), caption=title))
    return found


def _area(page: SubjectPage) -> str:
    area = page.subject.area
    return registry.area_names([area]).get(area, "") if area else ""


def _operator(page: SubjectPage) -> str:
    unit = page.subject.operator
    return registry.unit_names([unit], language=language()).get(unit, "") if unit else ""


def _people(page: SubjectPage) -> set[int]:
    looked = {one.person for one in page.checks if one.person and not one.case}
    return looked | {person for _unit, person in page.answers_for.values() if person}


def _cases(page: SubjectPage) -> Iterable[int]:
    found = {a.case for look in page.checks for a in look.answers if a.case}
    return found | set(page.cases) | {one.case for one in page.stands if one.case}


def _answering(page: SubjectPage, named: Mapping[int, str]) -> dict[str, Answering]:
    units = registry.unit_names(
        {unit for unit, _person in page.answers_for.values()}, language=language()
    )
    return {
        category: Answering(units.get(unit, "—"), named.get(person or 0, ""))
        for category, (unit, person) in page.answers_for.items()
    }
