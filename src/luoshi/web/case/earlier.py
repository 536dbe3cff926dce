"""What came before a new case and may be the same; fetched by its page once that is there."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from luoshi.cases import queries
from luoshi.web import staff
from luoshi.web.alike import same
from luoshi.web.case.about import about
from luoshi.web.case.forms_family import Merge
from luoshi.web.case.panel import possible
from luoshi.web.staff import needs_role


@require_safe
@needs_role()
def earlier(request: HttpRequest, case: int) -> HttpResponse:
    """Open cases that may be the same, with the reasons, and what was closed lately at the place;
    a page of its own where no script asks."""
    found = queries.earlier(case=case, person=staff.person_id(request), now=timezone.now())
    if found is None:
        raise Http404
    district = staff.district_id(request)
    context = {
        "line": found.case,
        "same": same(found.same, district=district),
        "closed": found.closed,
    }
    part = bool(request.headers.get("HX-Request"))
    return render(request, "case/alike.html" if part else "case/earlier.html", context)


@require_safe
@needs_role()
def options(request: HttpRequest, case: int) -> HttpResponse:
    """For the form of merging, once it is unfolded: older open cases of the place."""
    there = about(request, case)
    if "merge" not in possible(there):
        raise Http404
    form = Merge(there)  # unbound: nobody has sent anything that could be wrong
    form.offer()
    return render(request, "case/forms/older.html", {"form": form})
