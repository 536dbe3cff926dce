"""Notices and bulletins as everybody reads them."""

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luoshi.publication import queries
from luoshi.publication.words import KIND, LOOK, STATUS
from luoshi.registry import queries as registry
from luoshi.web import here
from luoshi.web.notices import reading
from luoshi.web.parts import Tab


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All that is public, the last first, by kind."""
    kind, after = request.GET.get("kind", ""), request.GET.get("after", "")
    district = here.district()
    if (kind and kind not in KIND) or not re.fullmatch(r"[0-9]{0,18}", after):
        raise Http404
    page = (
        queries.public_list(district.id, kind=kind, after=after) if district else queries.Page(())
    )
    language = get_language() or ""
    query = {"kind": kind} if kind else {}
    more = reverse("notices:index", query={**query, "after": page.next}) if page.next else None
    context = {
        "lines": page.lines,
        "units": registry.unit_names((line.unit for line in page.lines), language=language),
        "tabs": _tabs(kind),
        "more": more,
        "kinds": KIND,
        "states": STATUS,
        "looks": LOOK,
    }
    return render(request, "notices/index.html", context)


def _tabs(current: str) -> list[Tab]:
    base = reverse("notices:index")
    every = Tab(label=_("All"), url=base, current=not current)
    return [
        every,
        *(
            Tab(label=word, url=f"{base}?kind={kind}", current=kind == current)
            for kind, word in KIND.items()
        ),
    ]


@require_safe
def show(request: HttpRequest, number: str, version: int | None = None) -> HttpResponse:
    """A notice at its permanent address, or one of its versions with what it changed."""
    return render(request, "notices/show.html", _context(number, version))


@require_safe
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """For the printer: A4, with the address as a QR code."""
    return render(request, "notices/print.html", _context(number, None))


def _context(number: str, version: int | None) -> dict[str, Any]:
    district = here.district()
    shown = queries.show(district.id, number, version=version) if district else None
    if shown is None:
        raise Http404
    language = get_language() or ""
    steps = {step.kind: step for step in shown.steps}
    corrected = [s for s in shown.steps if s.kind == "corrected"]
    return {
        "shown": shown,
        "line": shown.line,
        "reading": reading.of_version(shown),
        "unit": registry.unit_names([shown.content.unit], language=language).get(
            shown.content.unit, ""
        ),
        "corrections": corrected,
        "versions": [s for s in shown.steps if s.kind in ("published", "corrected")],
        "withdrawn": steps.get("withdrawn"),
        "ended": steps.get("over") if shown.line.status == "over" else None,
        "changes": queries.changes(shown.previous, shown.content) if shown.previous else (),
        "address": reading.address(shown.line.number),
        "kinds": KIND,
        "states": STATUS,
        "looks": LOOK,
    }
