"""For pages that are nothing without a district."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from luoshi.registry.facts import DistrictInfo
from luoshi.web import here

P = ParamSpec("P")


def with_district(
    view: Callable[Concatenate[HttpRequest, DistrictInfo, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Passes the district on; while none is registered, a page says so."""

    @wraps(view)
    def found(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        district = here.district()
        if district is None:
            return render(request, "public/no_district.html", status=503)
        return view(request, district, *args, **kwargs)

    return found
