"""The room of the desk: what waits for a decision, the longest waiting first."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from luoshi.cases import queries, storms
from luoshi.cases.queries import Storm
from luoshi.doors.mail import queries as mail
from luoshi.web import staff
from luoshi.web.asked import key
from luoshi.web.case.choices import Label
from luoshi.web.desk.bulk import standing
from luoshi.web.desk.forms import Filters
from luoshi.web.desk.queue import LISTS, Ask, rows, storm_rows
from luoshi.web.parts import Tab
from luoshi.web.staff import needs_role

Found = TypeVar("Found")

TITLES: Mapping[str, Label] = {
    "triage": gettext_lazy("To triage"),
    "rulings": gettext_lazy("Rulings"),
    "extensions": gettext_lazy("More time"),
    "unverified": gettext_lazy("No verifier"),
    "samples": gettext_lazy("Second checks for me"),
    "open": gettext_lazy("All open"),
}
EMPTY: Mapping[str, Label] = {
    "triage": gettext_lazy("Every report has been dispatched."),
    "rulings": gettext_lazy("No unit has returned a case."),
    "extensions": gettext_lazy("No unit waits for an answer about more time."),
    "unverified": gettext_lazy("A verifier was found for every claim."),
    "samples": gettext_lazy("No decision was drawn for your check."),
    "open": gettext_lazy("No open case fits."),
}
COUNT_OF = {
    "triage": "triage",
    "rulings": "ruling",
    "extensions": "extension",
    "samples": "samples",
}


@require_safe
@needs_role("desk")
def index(request: HttpRequest) -> HttpResponse:
    name = request.GET.get("tab", "triage")
    if name not in TITLES:
        raise Http404
    ask = _ask(request)
    if name == "triage":
        shown = _triage(ask)
    else:
        page = _read(LISTS[name], ask)
        shown = {"rows": rows(page.lines, district=ask.district), "page": page}
    context = {
        "name": name,
        "title": TITLES[name],
        "empty": EMPTY[name],
        "tabs": _tabs(request, name),
        **shown,
        "next": _url(request, after=shown["page"].next) if shown["page"].next else None,
        "first": _url(request) if ask.after else None,
        "mailbox": mail.standing(ask.district, now=ask.now),
        "filters": Filters(ask.district, request.GET) if name == "open" else None,
    }
    return render(request, "desk/index.html", context)


def _triage(ask: Ask) -> dict[str, Any]:
    """Danger to life on top, whatever has waited longer; new cases that are alike as one line for
    each group, in place of its cases; then what waits, the longest first."""
    groups, orders = _storms(ask), storms.orders(ask.district, now=ask.now)
    grouped = {case for group in groups for case in group.cases}
    targets = [order.target for order in orders]
    found = _read(
        lambda ask: queries.to_triage(
            ask.district, without=ask.hidden, grouped=grouped, others=targets, after=ask.after
        ),
        ask,
    )
    on_top = {line.id for line in found.dangers}
    waiting = [line for line in found.page.lines if line.id not in on_top]
    ready = rows((*found.dangers, *waiting), district=ask.district)
    return {
        "dangers": ready[: len(found.dangers)],
        "rows": ready[len(found.dangers) :],
        "page": found.page,
        "storms": () if ask.after else storm_rows(groups, district=ask.district),
        "standing": standing(orders, found.others),
    }


def _storms(ask: Ask) -> tuple[Storm, ...]:
    """New cases that are alike: one line for each group, in place of its cases."""
    return queries.storms(ask.district, now=ask.now, without=ask.hidden)


@require_safe
@needs_role("desk")
def following(request: HttpRequest) -> HttpResponse:
    """To the case that waits longest, after another was dispatched. What the list shows as one
    line is not handed out one by one: the list is where it is merged."""
    ask = _ask(request)
    groups = _storms(ask)
    grouped = {case for group in groups for case in group.cases}
    found = queries.to_triage(ask.district, without=ask.hidden, grouped=grouped)
    if waiting := (*found.dangers, *found.page.lines):
        return HttpResponseRedirect(reverse("case:show", args=[waiting[0].id]))
    messages.info(
        request, _only_groups(len(groups)) if groups else _("Nothing waits for triage any more.")
    )
    return HttpResponseRedirect(reverse("desk:index"))


def _only_groups(n: int) -> str:
    said = ngettext(
        "Only a group of cases that are alike waits now: look and merge.",
        "Only %(n)s groups of cases that are alike wait now: look and merge.",
        n,
    )
    return said % {"n": n}


def hidden(request: HttpRequest) -> frozenset[int]:
    """Cases against a unit of the one who asks, which he may not even count."""
    mine = {role.unit for role in staff.roles_of(request)}
    return queries.hidden_from(mine, staff.district_id(request))


def _ask(request: HttpRequest) -> Ask:
    district = staff.district_id(request)
    area = request.GET.get("area", "")
    return Ask(
        district=district,
        person=staff.person_id(request),
        hidden=hidden(request),
        now=timezone.now(),
        after=request.GET.get("after", ""),
        status=request.GET.get("status", ""),
        area=key(area),
        category=request.GET.get("category", ""),
    )


def _read(read: Callable[[Ask], Found], ask: Ask) -> Found:
    try:
        return read(ask)
    except ValueError as error:  # a key of a page that no page gave out
        raise Http404 from error


def _tabs(request: HttpRequest, current: str) -> list[Tab]:
    counts = queries.desk_waiting(staff.district_id(request), staff.person_id(request))

    return [
        Tab(
            label=label,
            url=reverse("desk:index", query={"tab": name}),
            current=name == current,
            count=counts.get(COUNT_OF.get(name, "")),
        )
        for name, label in TITLES.items()
    ]


def _url(request: HttpRequest, **more: str | None) -> str:
    """This list again, with its filters."""
    kept = {k: v for k, v in request.GET.items() if k != "after" and v}
    return reverse("desk:index", query={**kept, **more})
