"""Pictures as they are served: whole, or small for grids (`?small=1`)."""

from typing import Protocol

from django.http import Http404, HttpRequest, HttpResponse

from luoshi.infra import files

DAY = 24 * 3600
KEPT = f"private, max-age={DAY}, immutable"
NOT_KEPT = "private, no-store"
POLICY = "; ".join(
    ("default-src 'none'", "style-src 'unsafe-inline'", "frame-ancestors 'none'", "sandbox")
)
"""A browser that opens a picture by its address makes a page around it, with style of its own in
the elements, which the policy of our pages forbids. Nothing else may happen there."""


class Stored(Protocol):
    """A picture of a case or of a check: the names of its files, and whether it is confidential."""

    @property
    def id(self) -> int: ...
    @property
    def copy(self) -> str: ...
    @property
    def thumb(self) -> str: ...
    @property
    def sealed(self) -> bool: ...


def serve(request: HttpRequest, found: Stored) -> HttpResponse:
    """A rebuilt copy, which is always a JPEG without metadata; whether it may be seen was asked
    before. Http404 when its file is missing or damaged."""
    small = request.GET.get("small") == "1"
    try:
        data = files.get(found.thumb if small else found.copy)
    except files.FileError as error:
        raise Http404 from error
    response = HttpResponse(data, content_type="image/jpeg")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Content-Disposition"] = f'inline; filename="{found.id}.jpg"'
    # A browser may keep the small ones, which no history lists: what an address shows never
    # changes. The whole ones it may not, since machines are shared, and of confidential cases none.
    response.headers["Cache-Control"] = KEPT if small and not found.sealed else NOT_KEPT
    return response


def small(url: str) -> str:
    """The address of the small copy of the picture at `url`."""
    return f"{url}?small=1"
