"""What everybody may read of a place of a public kind, in plain words: no person is named, neither
staff nor whoever looked, and no case."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from luoshi.expectations import queries
from luoshi.registry import queries as registry
from luoshi.web import here
from luoshi.web.case.choices import Label

PLAIN: Mapping[str, Label] = {
    "met": _("In order"),
    "unmet": _("Not in order: somebody answers for putting it right"),
    "unknown": _("Not known: something was not reported"),
    "never": _("Nobody has looked yet"),
    "na": _("Does not apply here"),
    "waiting": _("Not due yet"),
}
LOOK = {"met": "good", "unmet": "bad", "unknown": "wait"}


@require_safe
def place(request: HttpRequest, id: int) -> HttpResponse:
    """404 for every place of a kind that is not public."""
    district = here.district()
    if district is None:
        raise Http404
    found = registry.subjects_by_id([id], district=district.id).get(id)
    kind = queries.kind(district.id, found.kind) if found else None
    if found is None or kind is None or not kind.public or not found.active:
        raise Http404
    wanted = queries.demands(district.id, on=timezone.localdate(), kind=found.kind)
    context = {
        "place": found,
        "kind": kind,
        "stands": queries.standings(district.id, wanted, id),
        "plain": PLAIN,
        "looks": LOOK,
    }
    return render(request, "fields/place.html", context)
