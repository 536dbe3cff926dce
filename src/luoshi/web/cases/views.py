"""All cases as a list that is narrowed down in its address, and views of it that one keeps."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from luoshi.cases import queries, views
from luoshi.cases.queries import Listed
from luoshi.web import formats, staff
from luoshi.web.asked import key_in
from luoshi.web.cards import cards
from luoshi.web.cases.columns import HEAD
from luoshi.web.cases.filters import Filters
from luoshi.web.cases.out import MOST
from luoshi.web.cases.who import ROLES
from luoshi.web.staff import needs_role


@require_safe
@needs_role(*ROLES)
def index(request: HttpRequest) -> HttpResponse:
    """Without anything in the address: the view that he made his default, if he has one."""
    district, person = staff.district_id(request), staff.person_id(request)
    if not request.GET and (query := queries.default_view(district, person)) is not None:
        return HttpResponseRedirect(f"{reverse('cases:index')}?{query or 'all=1'}")
    form = Filters(district, request.GET)
    page, known = Listed(()), form.is_valid()
    if known:
        page = queries.listed(
            district,
            form.wanted,
            person=person,
            now=timezone.now(),
            after=key_in(request, "after"),
            before=key_in(request, "before"),
        )
    query = form.query if known else ""
    context = {
        "form": form,
        "head": HEAD,
        "cards": cards(page.lines, district=district),
        "short": page.short,
        "newer": _url(query, before=page.newer),
        "older": _url(query, after=page.older),
        "query": query,
        "narrowed": known and bool(form.asked),
        "views": [
            {"view": view, "url": _url(view.query, here=True), "current": view.query == query}
            for view in queries.saved_views(district, person)
        ],
        "most": formats.number(MOST),
    }
    return render(request, "cases/index.html", context, status=200 if known else 400)


@require_safe
@needs_role(*ROLES)
def saved(request: HttpRequest) -> HttpResponse:
    """One's own views: rename, delete, choose what one sees first."""
    kept = queries.saved_views(staff.district_id(request), staff.person_id(request))
    rows = [{"view": view, "url": _url(view.query, here=True)} for view in kept]
    return render(request, "cases/views.html", {"rows": rows})


@require_POST
@needs_role(*ROLES)
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the list under a name."""
    form = Filters(staff.district_id(request), dict(parse_qsl(request.POST.get("query", ""))))
    query = form.query if form.is_valid() else ""
    name = request.POST.get("name", "")
    try:
        views.keep_view(**_mine(request), name=name, query=query)
    except views.NotKept as no:
        messages.error(request, _why(no.code))
    else:
        messages.success(request, _("Kept as “%(name)s”.") % {"name": name.strip()})
    return HttpResponseRedirect(_url(query, here=True) or "")


@require_POST
@needs_role(*ROLES)
def change(request: HttpRequest, id: int) -> HttpResponse:
    """`do`: rename, delete, first or not_first."""
    what, mine = request.POST.get("do", ""), _mine(request)
    try:
        if what == "rename":
            done = views.rename_view(**mine, view=id, name=request.POST.get("name", ""))
        elif what == "delete":
            done = views.delete_view(**mine, view=id)
        elif what in ("first", "not_first"):
            done = views.choose_view(**mine, view=id, chosen=what == "first")
        else:
            raise Http404
    except views.NotKept as no:
        messages.error(request, _why(no.code))
        done = True
    if not done:
        raise Http404
    return HttpResponseRedirect(reverse("cases:views"))


def _mine(request: HttpRequest) -> dict[str, Any]:
    return {"district": staff.district_id(request), "person": staff.person_id(request)}


def _why(code: str) -> str:
    return {
        "empty": _("Give the view a name."),
        "taken": _("Another of your views has this name."),
        "too_many": _("You have %(n)s views: delete one first.") % {"n": views.MOST},
    }[code]


def _url(query: str, *, here: bool = False, **key: int | None) -> str | None:
    """The list with these filters, from a key on; None without one."""
    at = {name: value for name, value in key.items() if value is not None}
    if not at and not here:
        return None
    parts = [part for part in (query, urlencode(at)) if part]
    return f"{reverse('cases:index')}?{'&'.join(parts) or 'all=1'}"
