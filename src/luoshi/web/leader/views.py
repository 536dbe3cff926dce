"""The room of whoever supervises: what does not move, why, and whose turn it is."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luoshi.cases import queries
from luoshi.cases.wording import COMMAND, EVENT
from luoshi.infra import chores
from luoshi.web import staff
from luoshi.web.called import called
from luoshi.web.cards import cards
from luoshi.web.leader import figures
from luoshi.web.leader.reasons import DEEDS, REASONS, deeds
from luoshi.web.single import single
from luoshi.web.staff import needs_role


@require_safe
@needs_role("leader")
def index(request: HttpRequest) -> HttpResponse:
    """Stuck cases by reason, the load of verifications, and the figures of the quarter."""
    now, district = timezone.now(), staff.district_id(request)
    hidden = queries.hidden_from({r.unit for r in staff.roles_of(request)}, district)
    counts = queries.stuck_counts(district, now=now, without=hidden)
    kind = request.GET.get("kind") or next((k for k, n in counts.items() if n), "overdue")
    if kind not in REASONS:
        raise Http404
    try:
        page = queries.stuck(
            district, kind, now=now, without=hidden, after=request.GET.get("after", "")
        )
    except ValueError as error:
        raise Http404 from error
    context = {
        "kind": kind,
        "reasons": REASONS,
        "counts": counts,
        "cards": cards(page.lines, district=district),
        "said": queries.last_said(line.id for line in page.lines),
        "deeds": deeds,
        "command_words": COMMAND,
        "event_words": EVENT,
        "next": page.next,
        "called": called(request, now, after=request.GET.get("called", "")),
        "check": chores.standing(now=now, prefix="check."),
        "load": queries.tier_load(district),
        "verifiers": figures.verifiers(district, now),
        "claims": queries.claims_waiting(staff.person_id(request)),
        "figures": figures.block(district, now),
    }
    return render(request, "leader/index.html", context)


@require_safe
@needs_role("leader")
def act(request: HttpRequest, case: int, command: str) -> HttpResponse:
    """The form of one command, reached from a card with one click."""
    back, title = reverse("leader:index"), _("Supervision")
    return single(request, case, command, among=DEEDS, back=back, title=title)
