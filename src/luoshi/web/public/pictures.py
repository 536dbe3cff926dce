"""Pictures for a reporter: his own, and those of claim and verification on his case."""

from django.http import Http404, HttpRequest, HttpResponse

from luoshi.cases.queries import Tracked
from luoshi.web import pictures


def serve(request: HttpRequest, found: Tracked, id: int) -> HttpResponse:
    """Http404 for any picture that is not one of his."""
    picture = next((p for p in found.pictures if p.id == id), None)
    if picture is None:
        raise Http404
    return pictures.serve(request, picture)
