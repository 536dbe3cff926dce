"""Which report this visitor has opened: kept in his session, on this device, until he leaves."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

KEY = "luoshi_report"
P = ParamSpec("P")


def grant(request: HttpRequest, report: int) -> None:
    """He has shown that the report is his. The session gets a new name, so that nobody who knew
    the old one comes along."""
    request.session.cycle_key()
    request.session[KEY] = report


def opened(request: HttpRequest) -> int | None:
    """The report that this visitor has opened."""
    report = request.session.get(KEY)
    return report if isinstance(report, int) else None


def leave(request: HttpRequest) -> None:
    """Forget the report on this device; staff stay signed in."""
    request.session.pop(KEY, None)
    if not request.user.is_authenticated:
        request.session.flush()


def with_report(
    view: Callable[Concatenate[HttpRequest, int, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """For views of one's own report: they get its id, others are sent to the door."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        report = opened(request)
        if report is None:
            messages.info(request, _("Please open your report first."))
            return redirect("public:track")
        return view(request, report, *args, **kwargs)

    return guarded
