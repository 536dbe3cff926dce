"""The fields: what is demanded, and how many subjects stand where. No score is made of it."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from luoshi.expectations import queries
from luoshi.expectations.queries import FieldInfo
from luoshi.expectations.wording import METHOD, RESULT, SEVERITY, SOURCE
from luoshi.registry import queries as registry
from luoshi.web import staff
from luoshi.web.asked import key_in
from luoshi.web.fields.linked import linked
from luoshi.web.inspector.streets import streets
from luoshi.web.papers import names as papers
from luoshi.web.sheets import lists
from luoshi.web.staff import needs_role

ROLES = tuple(sorted(staff.roles_for("fields")))
COLUMNS = ("met", "unmet", "unknown", "waiting", "na", "never")
LIMIT = 50


@require_safe
@needs_role(*ROLES)
def index(request: HttpRequest) -> HttpResponse:
    found = queries.fields(staff.district_id(request))
    rows = [(field, dict(field.counts)) for field in found]
    return render(request, "fields/index.html", {"rows": rows})


@require_safe
@needs_role(*ROLES)
def show(request: HttpRequest, code: str) -> HttpResponseBase:
    """One field: each expectation with its counts, the newest findings, last night's run.
    `?format=xlsx`: all findings."""
    district, today = staff.district_id(request), timezone.localdate()
    field = _field(district, code)
    if lists.wanted(request):
        return lists.findings(request, field)
    kinds = queries.kinds(district, field=code)
    by_kind = {kind.code: kind.name for kind in kinds}
    counted = queries.overview(district, code, on=today)
    findings = queries.new_findings(district, field=code)
    context = {
        "field": field,
        "kinds": kinds,
        "groups": [
            (by_kind.get(kind, kind), [one for one in counted if one.demand.kind == kind])
            for kind in dict.fromkeys(one.demand.kind for one in counted)
        ],
        "findings": findings,
        "places": registry.subject_names({one.subject for one in findings}),
        "cases": linked(request, {one.case for one in findings}),
        "night": queries.last_night(district),
        "papers": papers.of_field(),
        "streets": streets(district),
        **WORDS,
    }
    return render(request, "fields/show.html", context)


WORDS = {
    "columns": COLUMNS,
    "results": RESULT,
    "methods": METHOD,
    "severities": SEVERITY,
    "source_kinds": SOURCE,
}


@require_safe
@needs_role(*ROLES)
def kind(request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
    """All subjects of a kind, by the order in which they were registered. `?format=xlsx`"""
    district = staff.district_id(request)
    field, about = _field(district, code), queries.kind(district, kind)
    if about is None or about.field != code:
        raise Http404
    if lists.wanted(request):
        return lists.subjects(request, about)
    found = queries.places(district, kind, after=after(request), limit=LIMIT + 1)
    told = {"papers": papers.of_field(), "kind": kind, "sheet": True}
    return _list(request, found, {"field": field, "title": about.name, "demand": None, **told})


@require_safe
@needs_role(*ROLES)
def standing(request: HttpRequest, code: str, id: int, result: str) -> HttpResponse:
    """The subjects for which one expectation stands at a result."""
    district, today = staff.district_id(request), timezone.localdate()
    field = _field(district, code)
    demands = queries.demands(district, on=today, field=code)
    demand = next((one for one in demands if one.id == id), None)
    if demand is None or result not in RESULT or result == "never":
        raise Http404
    found = queries.standing_at(id, result, after=after(request), limit=LIMIT + 1)
    return _list(
        request, found, {"field": field, "title": demand.title, "demand": demand, "result": result}
    )


def _list(
    request: HttpRequest, found: tuple[queries.Place, ...], about: dict[str, object]
) -> HttpResponse:
    shown = found[:LIMIT]
    areas = registry.area_names({one.subject.area for one in shown if one.subject.area})
    last = shown[-1].subject.id if len(found) > LIMIT else None
    context = {"places": shown, "areas": areas, "next": last, "result": "", "sheet": False, **about}
    return render(request, "fields/places.html", context)


def _field(district: int, code: str) -> FieldInfo:
    found = queries.field(district, code)
    if found is None:
        raise Http404
    return found


def after(request: HttpRequest) -> int:
    """The id after which a list goes on; 0 at its beginning."""
    return key_in(request) or 0
