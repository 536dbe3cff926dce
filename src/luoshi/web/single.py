"""One command on a page of its own: what the case is about, then the one form. For phones, and for
lists that lead to a deed with one tap."""

from collections.abc import Collection
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from luoshi.cases import queries
from luoshi.cases.wording import COMMAND, EVENT
from luoshi.web.camera import CameraInput
from luoshi.web.cards import cards
from luoshi.web.case.about import about
from luoshi.web.case.panel import panel


def single(
    request: HttpRequest,
    case: int,
    command: str,
    *,
    among: Collection[str],
    back: str,
    title: Any,
) -> HttpResponse:
    """The page of one command. `back` is where he came from and goes on to; 404 for a command
    that this room does not give and for a case outside his scope."""
    if command not in among:
        raise Http404
    there = about(request, case)
    found = panel(there, only=(command,), next=back, likely=command)
    for offer in found.offers:
        if "pictures" in offer.form.fields:
            offer.form.fields["pictures"].widget = CameraInput()
    said = None if there.state.sealed else queries.last_said([case]).get(case)
    context = {
        "panel": found,
        "card": cards([there.page.line], district=there.district)[0],
        "what": COMMAND[command],
        "said": said,
        "said_what": EVENT.get(said.kind, said.kind) if said else "",
        "back": back,
        "back_title": title,
    }
    return render(request, "single.html", context)
