from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from luoshi.web.staff import needs_role


@needs_role("verifier", "panel")
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "placeholder.html", {"base": "base_staff.html"})
