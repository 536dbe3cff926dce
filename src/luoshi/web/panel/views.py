"""The room of the registered outside panel: where nobody inside may decide, it does."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from luoshi.web.called import called
from luoshi.web.staff import needs_role


@require_safe
@needs_role("panel")
def index(request: HttpRequest) -> HttpResponse:
    """Only the cases on which this person has a seat today: no district list, no figures."""
    found = called(request, timezone.now(), after=request.GET.get("after", ""))
    return render(request, "panel/index.html", {"called": found})
