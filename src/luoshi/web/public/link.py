"""The one-time link in a message. Looking at it uses nothing up: messengers fetch addresses to show
a preview. Only the verdict that is sent through it does."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from luoshi.cases import queries
from luoshi.web.public import access, mine, pictures

private = cache_control(private=True, no_store=True)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The report of the link, with the verdict to give."""
    now = timezone.now()
    report = queries.by_link(token, now=now)
    if report is None:
        return render(request, "public/link_gone.html", status=410)
    found = queries.tracked(report, now=now)
    if request.method != "POST":
        return mine.page(request, found, token=token)
    form = mine.VerdictForm(request.POST, auto_id="verdict_%s")
    if not form.is_valid():
        return mine.page(request, found, verdict=form, token=token, status=422)
    answer = mine.give(request, found, form)
    if answer is None:
        return mine.page(request, found, verdict=form, token=token, status=409)
    # Whoever had the link may go on reading without it.
    access.grant(request, report)
    return answer


@require_safe
def picture(request: HttpRequest, token: str, id: int) -> HttpResponse:
    """A picture on the page of a link, as long as the link is good."""
    now = timezone.now()
    report = queries.by_link(token, now=now)
    if report is None:
        raise Http404
    return pictures.serve(request, queries.tracked(report, now=now), id)
