"""What lets an inspector's phone go on without signal: what it needs to send what it kept."""

from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_safe

from luoshi.web import staff
from luoshi.web.staff import needs_role


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It stands at the root, since it may answer only for what lies beneath
    its own address, and is asked for anew each time, so that an old one does not stay."""
    headers = {"Cache-Control": "no-cache"}
    return HttpResponse(_script(), content_type="text/javascript; charset=utf-8", headers=headers)


@cache
def _script() -> bytes:
    found = finders.find("luoshi/worker.js")
    if not isinstance(found, str):
        raise FileNotFoundError("luoshi/worker.js")
    return Path(found).read_bytes()


@require_safe
@needs_role()
def here(request: HttpRequest) -> HttpResponse:
    """Whether there is signal, who is signed in, and a fresh token with which he may send."""
    return JsonResponse({"person": str(staff.person_id(request)), "token": get_token(request)})


@require_safe
@needs_role("inspector")
def kept(request: HttpRequest) -> HttpResponse:
    """What lies on this phone; the page is the same for everybody, scripts fill it."""
    return render(request, "fields/kept.html")
