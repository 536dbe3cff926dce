"""Places whose next look is due, the longest overdue first."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from luoshi.expectations import queries
from luoshi.registry import queries as registry
from luoshi.web import staff
from luoshi.web.entries.records import cursor
from luoshi.web.fields.rounds import may_start
from luoshi.web.fields.views import LIMIT, ROLES
from luoshi.web.staff import needs_role


@require_safe
@needs_role(*ROLES)
def due(request: HttpRequest) -> HttpResponse:
    """`?field=` and `?kind=` narrow it; a kind of another field counts without the field."""
    district, today = staff.district_id(request), timezone.localdate()
    fields, kinds = queries.fields(district), queries.kinds(district)
    field, kind = request.GET.get("field", ""), request.GET.get("kind", "")
    chosen = next((one for one in kinds if one.code == kind), None)
    if (kind and chosen is None) or (field and all(one.code != field for one in fields)):
        raise Http404
    field = chosen.field if chosen else field
    found = queries.due_looks(
        district, on=today, field=field, kind=kind, after=cursor(request.GET.get("after", "")),
        limit=LIMIT + 1,
    )  # fmt: skip
    shown = found[:LIMIT]
    places = registry.subjects_by_id({one.subject for one in shown})
    last = shown[-1] if len(found) > LIMIT else None
    context = {
        "rows": [
            (places[one.subject], one, _days(one.due, today))
            for one in shown
            if one.subject in places and places[one.subject].active
        ],
        "fields": fields,
        "kinds": [one for one in kinds if not field or one.field == field],
        "field": field,
        "kind": chosen,
        "areas": registry.area_names({one.area for one in places.values() if one.area}),
        "starts": may_start(request),
        "checks": "inspector" in staff.role_names(request),
        "next": f"{last.due.isoformat()}_{last.subject}" if last else None,
    }
    return render(request, "fields/due.html", context)


def _days(due: date, today: date) -> int:
    return (today - due).days
