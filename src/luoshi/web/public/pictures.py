"""Pictures for a reporter: his own, and those of claim and verification on his case."""

from django.http import Http404, HttpResponse

from luoshi.cases.queries import Tracked
from luoshi.infra import files


def serve(found: Tracked, id: int) -> HttpResponse:
    """The rebuilt copy. Http404 for any picture that is not one of his."""
    picture = next((p for p in found.pictures if p.id == id), None)
    if picture is None:
        raise Http404
    try:
        data = files.get(picture.copy)
    except (files.NotStored, files.Corrupt) as error:
        raise Http404 from error
    return HttpResponse(data, content_type="image/jpeg")
