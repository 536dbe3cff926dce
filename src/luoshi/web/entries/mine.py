"""The places of which a handler's unit enters records, proofs and its own figures."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from luoshi.expectations import queries
from luoshi.registry import queries as registry
from luoshi.rules.expectations import Method
from luoshi.web import staff
from luoshi.web.entries.who import units_of
from luoshi.web.fields.views import after
from luoshi.web.staff import needs_role

LIMIT = 50


@require_safe
@needs_role("handler")
def index(request: HttpRequest) -> HttpResponse:
    """Each with what is recorded or delivered of it; by id, page by page."""
    district, today = staff.district_id(request), timezone.localdate()
    found, more = queries.entrusted(
        district, units_of(request), on=today, after=after(request), limit=LIMIT
    )
    wanted = queries.demands(district, on=today)
    records = queries.record_kinds(district)
    kinds = {one.kind for one in found}
    units, reporting = units_of(request), queries.kinds_with_own_figures(district)
    context = {
        "figures": {one.id for one in found if one.operator in units and one.kind in reporting},
        "places": found,
        "next": more,
        "areas": registry.area_names({one.area for one in found if one.area}),
        "records": {kind: [r for r in records if r.kind == kind] for kind in kinds},
        "dates": {
            kind: [d for d in wanted if d.kind == kind and d.method == Method.DATE]
            for kind in kinds
        },
    }
    return render(request, "entries/mine.html", context)
