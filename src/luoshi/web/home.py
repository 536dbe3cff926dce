"""The first page after the sign-in: what waits for me today in each of my rooms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from luoshi.cases import queries
from luoshi.doors.mail import queries as mail
from luoshi.doors.sheets import queries as sheets
from luoshi.expectations import queries as expectations
from luoshi.publication import queries as notices
from luoshi.rules.permissions import VERIFIER_CHAIN
from luoshi.web import called, staff
from luoshi.web.here import district
from luoshi.web.leader.reasons import REASONS
from luoshi.web.sheets.kinds import mine
from luoshi.web.staff import needs_role
from luoshi.web.words import ROLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One line: how many wait, and where. `late`: shown as pressing when there are any."""

    label: str | Promise
    count: int
    url: str
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    label: str | Promise
    url: str
    lines: tuple[Waiting, ...]


@require_safe
@needs_role()
def home(request: HttpRequest) -> HttpResponse:
    """Without any room a page that says whom to ask."""
    now, mine = timezone.now(), staff.rooms(request)
    drawn = _drawn(request) if staff.role_names(request) & {*VERIFIER_CHAIN} else ()
    rooms = [
        Today(
            label=room.label,
            url=reverse(f"{room.name}:index"),
            lines=tuple(LINES[room.name](request, now)) if room.name in LINES else drawn,
        )
        for room in mine
    ]
    if drawn and drawn[0].count and not any(room.name == "verifier" for room in mine):
        rooms.insert(0, Today(label=_("Verification"), url=reverse("verifier:index"), lines=drawn))
    roles = [ROLE[name] for name in sorted(staff.role_names(request))]
    context = {"rooms": rooms, "roles": roles, "mailbox": _mailbox(request, now)}
    return render(request, "staff_home.html", context)


def _mailbox(request: HttpRequest, now: datetime) -> mail.Standing | None:
    """For whoever runs the system; the desk has it on its own page."""
    here = district() if request.user.is_staff else None
    return mail.standing(here.id, now=now) if here else None


def _drawn(request: HttpRequest) -> tuple[Waiting, ...]:
    count = queries.claims_waiting(staff.person_id(request))
    return (Waiting(label=_("Drawn for me to verify"), count=count, url=reverse("verifier:index")),)


def _desk(request: HttpRequest, now: datetime) -> list[Waiting]:
    url = reverse("desk:index")
    found = queries.desk_waiting(staff.district_id(request), staff.person_id(request))
    return [
        Waiting(label=_("To triage"), count=found["triage"], url=url),
        Waiting(label=_("Returned, ruling awaited"), count=found["ruling"], url=url),
        Waiting(label=_("More time asked for"), count=found["extension"], url=url),
        _samples(found["samples"], url),
    ]


def _handler(request: HttpRequest, now: datetime) -> list[Waiting]:
    url, district = reverse("handler:index"), staff.district_id(request)
    units = {r.unit for r in staff.roles_of(request) if r.role == "handler"}
    found = queries.unit_waiting(district, units, now=now)
    return [
        Waiting(label=_("To acknowledge"), count=found["acknowledge"], url=url),
        Waiting(label=_("Due within a day, or late"), count=found["soon"], url=url, late=True),
        Waiting(label=_("Being handled"), count=found["handling"], url=url),
    ]


def _inspector(request: HttpRequest, now: datetime) -> list[Waiting]:
    url, district = reverse("inspector:index"), staff.district_id(request)
    hidden = queries.hidden_from({r.unit for r in staff.roles_of(request)}, district)
    waiting = queries.sealed_waiting(district, without=hidden)
    return [
        Waiting(label=_("Confidential reports to triage"), count=waiting, url=url),
        _samples(queries.samples_waiting(staff.person_id(request)), url),
    ]


def _leader(request: HttpRequest, now: datetime) -> list[Waiting]:
    url, district = reverse("leader:index"), staff.district_id(request)
    hidden = queries.hidden_from({r.unit for r in staff.roles_of(request)}, district)
    counts = queries.stuck_counts(district, now=now, without=hidden)
    stuck = [
        Waiting(label=REASONS[kind].title, count=n, url=f"{url}?kind={kind}", late=True)
        for kind, n in counts.items()
    ]
    return [*stuck, _called(request, now, f"{url}#called")]


def _panel(request: HttpRequest, now: datetime) -> list[Waiting]:
    return [_called(request, now, reverse("panel:index"))]


def _called(request: HttpRequest, now: datetime, url: str) -> Waiting:
    label = _("Sealed, or nobody else may decide")
    return Waiting(label=label, count=called.count(request, now), url=url, late=True)


def _editor(request: HttpRequest, now: datetime) -> list[Waiting]:
    url, found = reverse("editor:index"), notices.counts(staff.district_id(request), now=now)
    return [
        Waiting(label=_("Drafts"), count=found["drafts"], url=url),
        Waiting(label=_("Ending soon"), count=found["ending"], url=f"{url}?part=ending"),
    ]


def _fields(request: HttpRequest, now: datetime) -> list[Waiting]:
    today, district = timezone.localdate(now), staff.district_id(request)
    url, count = reverse("fields:rounds"), expectations.open_rounds(district, on=today)
    lines = [Waiting(label=_("Rounds of checks under way"), count=count, url=url)]
    if "inspector" in staff.role_names(request):
        mine = expectations.open_rounds(district, on=today, person=staff.person_id(request))
        label = _("Rounds that I carry out")
        lines.append(Waiting(label=label, count=mine, url=f"{url}?mine=1"))
    return lines


def _sheets(request: HttpRequest, now: datetime) -> list[Waiting]:
    kinds = [one.name for one in mine(request)]
    count = sheets.waiting(staff.district_id(request), kinds=kinds)
    return [Waiting(label=_("Imports to go on with"), count=count, url=reverse("sheets:index"))]


def _samples(count: int, url: str) -> Waiting:
    return Waiting(label=_("Decisions drawn for my check"), count=count, url=url)


LINES: Mapping[str, Callable[[HttpRequest, datetime], list[Waiting]]] = {
    "desk": _desk,
    "handler": _handler,
    "inspector": _inspector,
    "leader": _leader,
    "panel": _panel,
    "cases": lambda request, now: [],
    "fields": _fields,
    "sheets": _sheets,
    "editor": _editor,
}
