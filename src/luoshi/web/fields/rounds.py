"""Rounds of checks: what is looked at until when, and, where it was drawn, how to draw again."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luoshi.expectations import queries
from luoshi.registry import queries as registry
from luoshi.web import staff
from luoshi.web.fields.views import LIMIT, ROLES, after
from luoshi.web.papers import names as papers
from luoshi.web.parts import Tab
from luoshi.web.staff import needs_role

NEWEST = 30
ALONG = 500
"""How many pages a phone takes along: a day's work many times over."""

STARTERS = ("inspector", "leader", "data")


@require_safe
@needs_role(*ROLES)
def index(request: HttpRequest) -> HttpResponse:
    """`?mine=1`: under way and mine to carry out."""
    mine = request.GET.get("mine") == "1"
    found = queries.rounds(
        staff.district_id(request),
        after=after(request),
        limit=NEWEST + 1,
        person=staff.person_id(request) if mine else None,
        open_on=timezone.localdate() if mine else None,
    )
    shown = found[:NEWEST]
    people = registry.people({one.person for one in shown if one.person})
    context = {
        "rounds": shown,
        "mine": mine,
        "people": {id: one.name for id, one in people.items()},
        "starts": may_start(request),
        "may_check": _may_check(request),
        "next": shown[-1].id if len(found) > NEWEST else None,
    }
    return render(request, "fields/rounds.html", context)


def may_start(request: HttpRequest) -> bool:
    return bool(staff.role_names(request) & {*STARTERS})


@require_safe
@needs_role(*ROLES)
def show(request: HttpRequest, id: int) -> HttpResponse:
    """What is left of it, or with `?show=done` what is done; by the id of the subject."""
    district = staff.district_id(request)
    found = queries.round_page(district, id)
    if found is None:
        raise Http404
    done = request.GET.get("show", "" if found.done < found.total else "done") == "done"
    rows = queries.round_subjects(id, left=not done, after=after(request), limit=LIMIT + 1)
    shown = rows[:LIMIT]
    wanted = {one.person for one in shown} | {found.person, found.by}
    people = registry.people({person for person in wanted if person})
    asked = queries.questions(district, found.kind, on=timezone.localdate(), round=found)
    context = {
        "round": found,
        "rows": shown,
        "asked": asked,
        "tabs": _tabs(request, found, done=done),
        "may_check": _may_check(request),
        "checks": _may_check(request) and not done,
        "waiting": [one.subject for one in queries.round_subjects(id, left=True, limit=ALONG)]
        if _may_check(request)
        else (),
        "names": registry.subject_names({one.subject for one in shown}),
        "papers": papers.of_round(),
        "people": {id: one.name for id, one in people.items()},
        "show": "done" if done else "left",
        "next": shown[-1].subject if len(rows) > LIMIT else None,
    }
    return render(request, "fields/round.html", context)


def _may_check(request: HttpRequest) -> bool:
    return "inspector" in staff.role_names(request)


def _tabs(request: HttpRequest, found: queries.RoundInfo, *, done: bool) -> list[Tab]:
    left = found.total - found.done
    return [
        Tab(label=_("Left"), url=f"{request.path}?show=left", current=not done, count=left),
        Tab(label=_("Done"), url=f"{request.path}?show=done", current=done, count=found.done),
    ]
