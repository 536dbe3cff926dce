from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page. `figures` (label, value, note) is shown as soon as somebody passes it."""
    return render(request, "public/home.html", {"figures": None})


@require_safe
def after_reporting(request: HttpRequest) -> HttpResponse:
    """What happens after I report: the way of a case in the reader's words."""
    return render(request, "public/help.html")
