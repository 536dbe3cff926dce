from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from luoshi.web import here
from luoshi.web.public import figures

STATES = {
    "new": _("The desk reads it and decides who must act."),
    "assigned": _("A unit was named and must take it on."),
    "handling": _("The unit works on it. Its deadline is shown."),
    "returned": _("The unit says that it is not the right one; it is decided who is."),
    "claimed": _("The unit says that it is done. Nobody believes it yet: it is checked."),
    "verdict": _("The check held. Now you say whether it is solved."),
    "deferred": _("It cannot be done now. A leader put it off, with a day on which it is looked at "
                  "again. It counts as open."),
    "closed": _("It ended, and the page says how: fixed, answered, unfounded or not solved."),
}  # fmt: skip
"""Each state in the reader's words."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page, with what can be said about the last 90 days."""
    district = here.district()
    found = figures.block(district.id, timezone.now()) if district else None
    return render(request, "public/home.html", {"figures": found})


@require_safe
def after_reporting(request: HttpRequest) -> HttpResponse:
    """What happens after I report: the way of a case in the reader's words."""
    return render(request, "public/help.html", {"states": STATES.items()})
