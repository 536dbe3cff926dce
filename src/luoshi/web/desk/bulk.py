"""Several cases that are one: merged together after one look, each judged by the rules for itself;
taken back in the same way. And the standing instruction for those that still come."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luoshi.cases import queries, storms
from luoshi.cases.actions import Actor, Refused
from luoshi.cases.queries import Line
from luoshi.cases.storms import Order, Outcome
from luoshi.cases.wording import refusal
from luoshi.registry import queries as registry
from luoshi.web import staff
from luoshi.web.alike import same
from luoshi.web.asked import key
from luoshi.web.cards import cards
from luoshi.web.case.choices import Choices
from luoshi.web.desk.forms import BulkMerge
from luoshi.web.staff import needs_role

FEWEST = 2


@require_POST
@needs_role("desk")
def merge(request: HttpRequest) -> HttpResponse:
    """First a look at what was ticked, with the choice of the case that takes them; then the deed,
    and a page that says of each what became of it."""
    district = staff.district_id(request)
    ticked = _ticked(request)
    if len(ticked) < FEWEST and "target" not in request.POST:
        messages.warning(request, _("Tick two cases at least."))
        return HttpResponseRedirect(reverse("desk:index"))
    options = _options(request, ticked)
    if request.POST.get("step") != "merge":
        # A group that was found alike brings its reason along; it is read, and can be changed.
        reason = request.POST.get("text", "")
        initial = {"target": str(ticked[0].id) if ticked else "", "text": reason}
        return _look(request, ticked, BulkMerge(district, options, initial=initial))
    form = BulkMerge(district, options, request.POST)
    if not form.is_valid():
        return _look(request, ticked, form, status=400)
    target = form.cleaned_data["into"]
    if not queries.open_to([target], district=district, **_who(request)):
        form.add_error("number", _("Choose a case, or type the number of one you can see."))
        return _look(request, ticked, form, status=400)
    now, actor = timezone.now(), Actor(person=staff.person_id(request))
    done = storms.merge_all(
        cases=[line.id for line in ticked],
        target=target,
        actor=actor,
        now=now,
        text=form.cleaned_data["text"],
    )
    if form.cleaned_data["further"]:
        _give_order(request, target, form.cleaned_data["until"], actor, now)
    return _told(request, done, target=target)


def _give_order(
    request: HttpRequest, target: int, until: datetime, actor: Actor, now: datetime
) -> None:
    try:
        storms.give_order(target=target, actor=actor, until=until, now=now)
    except Refused as no:
        messages.error(request, refusal(no.code))


@require_POST
@needs_role("desk")
def unmerge(request: HttpRequest) -> HttpResponse:
    """Take merges back, one by one."""
    done = storms.unmerge_all(
        cases=[line.id for line in _ticked(request)],
        actor=Actor(person=staff.person_id(request)),
        now=timezone.now(),
        text=_("Taken back by the desk."),
    )
    return _told(request, done, undone=True)


@require_POST
@needs_role("desk")
def end_order(request: HttpRequest, order: int) -> HttpResponse:
    """Stop a standing instruction; what it merged is listed, to be taken back if need be."""
    district, now = staff.district_id(request), timezone.now()
    if storms.order_of(order, district) is None:
        raise Http404
    storms.end_order(
        order=order, district=district, actor=Actor(person=staff.person_id(request)), now=now
    )
    found = storms.order_of(order, district)
    if found is None or not found.joined:
        messages.success(request, _("The instruction has ended. It merged nothing."))
        return HttpResponseRedirect(reverse("desk:index"))
    numbers = queries.numbers(found.joined)
    done = tuple(Outcome(case, numbers[case]) for case in found.joined if case in numbers)
    return _told(request, done, target=found.target, ended=True)


def standing(orders: Iterable[Order], targets: Mapping[int, Line]) -> list[dict[str, Any]]:
    """The instructions that run, for the top of the list."""
    found = [order for order in orders if order.target in targets]
    people = registry.people(order.person for order in found) if found else {}
    return [
        {
            "order": order,
            "target": targets[order.target],
            "by": people[order.person].name if order.person in people else "",
        }
        for order in found
    ]


def _ticked(request: HttpRequest) -> list[Line]:
    """What was ticked and he may see, the oldest first."""
    given = [id for c in request.POST.getlist("case") if (id := key(c)) is not None]
    allowed = queries.open_to(
        given[: storms.AT_ONCE], district=staff.district_id(request), **_who(request)
    )
    found = queries.lines_of(allowed)
    return [found[case] for case in sorted(found)]


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"person": staff.person_id(request), "now": timezone.now()}


def _options(request: HttpRequest, ticked: Sequence[Line]) -> Choices:
    """Which case may take them: the oldest ticked, or an older open one that is likely the same."""
    if not ticked:
        return []
    district, oldest_one = staff.district_id(request), ticked[0]
    likely = queries.likely_to(oldest_one, text=oldest_one.text, district=district, **_who(request))
    first = f"{oldest_one.number} · {oldest_one.text[:60]}"
    oldest = _("%(case)s (the oldest ticked)") % {"case": first}
    found: Choices = [(str(ticked[0].id), oldest)]
    for one in same(likely, district=district):
        why = _(", ").join(one.reasons)
        found.append((str(one.line.id), f"{one.line.number} · {one.line.text[:60]} ({why})"))
    return found


def _look(
    request: HttpRequest, ticked: Sequence[Line], form: BulkMerge, *, status: int = 200
) -> HttpResponse:
    rows = cards(ticked, district=staff.district_id(request))
    context = {"rows": rows, "form": form, "apart": len({card.where for card in rows}) > 1}
    return render(request, "desk/merge.html", context, status=status)


def _told(
    request: HttpRequest,
    done: Sequence[Outcome],
    *,
    target: int | None = None,
    undone: bool = False,
    ended: bool = False,
) -> HttpResponse:
    context = {
        "went": [one for one in done if not one.refused],
        "failed": [(one, refusal(one.refused)) for one in done if one.refused],
        "target": queries.line(target) if target else None,
        "undone": undone,
        "ended": ended,
    }
    return render(request, "desk/merged.html", context)
