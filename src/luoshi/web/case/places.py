"""Small answers for the scripts of the classification form; without scripts nobody asks them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from luoshi.web.case.about import about
from luoshi.web.case.forms_desk import Classify, Dispatch
from luoshi.web.case.panel import possible
from luoshi.web.staff import needs_role

ASKED = ("category", "urgency", "area", "find", "subject")


@require_safe
@needs_role()
def places(request: HttpRequest, case: int) -> HttpResponse:
    """Options for the list of places: what is called so, or lies in the area."""
    there = about(request, case)
    if "classify" not in possible(there):
        raise Http404
    typed = {name: request.GET[name] for name in ASKED if name in request.GET}
    return render(request, "case/forms/options.html", {"form": Classify(there, initial=typed)})


@require_safe
@needs_role()
def suggest(request: HttpRequest, case: int) -> HttpResponse:
    """The field for the owner, with whoever the duty list names for this category and place.

    An owner chosen by hand stays; one that was only suggested gives way to the new suggestion.
    """
    there = about(request, case)
    if "dispatch" not in possible(there):
        raise Http404
    typed = {name: request.GET[name] for name in ASKED if name in request.GET}
    owner = request.GET.get("owner", "")
    if owner and owner != request.GET.get("suggested", ""):
        typed["owner"] = owner
    return render(request, "case/forms/owner.html", {"form": Dispatch(there, initial=typed)})
