"""The pictures of a case, to those who may open the case."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from luoshi.cases import queries
from luoshi.web.pictures import serve
from luoshi.web.staff import needs_role, person_id


@require_safe
@needs_role()
def picture(request: HttpRequest, picture: int) -> HttpResponse:
    """404 for all who may not see it."""
    found = queries.picture(picture, person=person_id(request), now=timezone.now())
    if found is None:
        raise Http404
    return serve(request, found)
