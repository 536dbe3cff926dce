"""Pictures taken at checks, to those who read the pages of subjects."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from luoshi.expectations import queries
from luoshi.web import staff
from luoshi.web.fields.views import ROLES
from luoshi.web.pictures import serve
from luoshi.web.staff import needs_role


@dataclass(frozen=True, slots=True)
class _Copy:
    id: int
    copy: str
    thumb: str
    sealed: bool = False


@require_safe
@needs_role(*ROLES)
def picture(request: HttpRequest, id: int) -> HttpResponse:
    found = queries.picture(id)
    if found is None or found.district != staff.district_id(request):
        raise Http404
    return serve(request, _Copy(found.pk, found.copy, found.thumb))
