from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from luoshi.web import here
from luoshi.web.public import figures


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page, with what can be said about the last 90 days."""
    district = here.district()
    found = figures.block(district.id, timezone.now()) if district else None
    return render(request, "public/home.html", {"figures": found})


@require_safe
def after_reporting(request: HttpRequest) -> HttpResponse:
    """What happens after I report: the way of a case in the reader's words."""
    return render(request, "public/help.html")
