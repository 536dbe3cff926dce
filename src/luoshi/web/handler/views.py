"""The room of whoever handles cases: a street worker's phone first."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luoshi.registry import queries as registry
from luoshi.web import staff
from luoshi.web.handler import board
from luoshi.web.single import single
from luoshi.web.staff import needs_role

DEEDS = frozenset(
    {"acknowledge", "claim", "note", "hand_over", "contact", "ask", "return", "withdraw_claim"}
)


@require_safe
@needs_role("handler")
def index(request: HttpRequest) -> HttpResponse:
    """Every case of my units, by what must be done next and by when."""
    now = timezone.now()
    district, units = staff.district_id(request), my_units(request)
    person = staff.person_id(request)
    part, after = request.GET.get("part", ""), request.GET.get("after", "")
    first = not after
    try:
        working = (
            board.working(district=district, units=units, person=person, after=after)
            if part != "waiting"
            else None
        )
        waiting = (
            board.waiting(district=district, units=units, after=after)
            if first or part == "waiting"
            else None
        )
    except ValueError as error:
        raise Http404 from error
    context = {
        "working": working,
        "waiting": waiting,
        "done": board.done(district=district, units=units) if first else (),
        "late": board.late(working, now) if working else 0,
        "first": first,
        "units": registry.unit_names(units, language=request.LANGUAGE_CODE),
        "me": person,
    }
    return render(request, "handler/index.html", context)


@require_safe
@needs_role("handler")
def act(request: HttpRequest, case: int, command: str) -> HttpResponse:
    """The form of one command, big enough for a thumb."""
    back, title = reverse("handler:index"), _("My cases")
    return single(request, case, command, among=DEEDS, back=back, title=title)


def my_units(request: HttpRequest) -> tuple[int, ...]:
    """The units of the district for which the signed-in person handles cases today."""
    district = staff.district_id(request)
    held = staff.roles_of(request)
    found = {r.unit for r in held if r.role == "handler" and r.district == district}
    return tuple(sorted(found))
