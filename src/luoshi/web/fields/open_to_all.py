"""What everybody may read of a place of a public kind, in plain words: no person is named, neither
staff nor whoever looked, and no case."""

from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from luoshi.expectations import queries
from luoshi.registry import queries as registry
from luoshi.rules.expectations import draw_subjects
from luoshi.web import here
from luoshi.web.case.choices import Label
from luoshi.web.fields.facts import facts
from luoshi.web.fields.views import after

PLAIN: Mapping[str, Label] = {
    "met": _("In order"),
    "unmet": _("Not in order: somebody answers for putting it right"),
    "unknown": _("Not known: something was not reported"),
    "never": _("Nobody has looked yet"),
    "na": _("Does not apply here"),
    "waiting": _("Not due yet"),
}
LIMIT = 30
DRAWS_DAYS = 90
"""Draws of the same kind in these days are counted beside a draw."""
ORDER = {"unmet": 0, "unknown": 1}
"""What is not in order stands first."""
LOOK = {"met": "good", "unmet": "bad", "unknown": "wait"}


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """`?kind=` one of the public kinds, `?q=` part of a name or address; by id, page by page."""
    district = here.district()
    kinds = [one for one in queries.kinds(district.id) if one.public] if district else []
    counts = (
        registry.subject_counts(district.id, kinds=[one.code for one in kinds], placed=True)
        if district
        else {}
    )  # a notice is public and no place
    wanted = request.GET.get("kind", "")
    kind = next((one for one in kinds if one.code == wanted), None)
    if wanted and kind is None:
        raise Http404
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    found: tuple[queries.Place, ...] = ()
    if kind and district:
        found = queries.places(
            district.id, kind.code, text=text, after=after(request), limit=LIMIT + 1
        )
    shown = found[:LIMIT]
    context = {
        "kinds": [(one, counts[one.code]) for one in kinds if counts.get(one.code)],
        "kind": kind,
        "text": text,
        "rows": shown,
        "areas": registry.area_names({one.subject.area for one in shown if one.subject.area}),
        "next": shown[-1].subject.id if len(found) > LIMIT else None,
    }
    return render(request, "fields/open_places.html", context)


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
        "stands": sorted(
            queries.standings(district.id, wanted, id), key=lambda one: ORDER.get(one.result, 9)
        ),
        "facts": facts(kind, found.facts, public=True),
        "plain": PLAIN,
        "looks": LOOK,
    }
    return render(request, "fields/place.html", context)


@require_safe
def draw(request: HttpRequest, id: int) -> HttpResponse:
    """A draw for everybody: before the round is over only what binds it, so that nobody is warned;
    then seed, pool and drawn, to draw again. Names only of kinds that are public."""
    district = here.district()
    found = queries.round_page(district.id, id) if district else None
    if district is None or found is None or not found.seed:
        raise Http404
    over = found.ends < timezone.localdate() or found.done == found.total
    kind = queries.kind(district.id, found.kind)
    drawn = draw_subjects(pool=found.pool, seed=found.seed, size=found.total) if over else ()
    named = registry.subject_names(drawn) if kind and kind.public else {}
    since = found.starts - timedelta(days=DRAWS_DAYS)
    context = {
        "round": found,
        "kind": kind,
        "over": over,
        "mark": sha256(found.seed.encode()).hexdigest(),
        "drawn": [(one, named.get(one, "")) for one in drawn],
        "before": queries.draws_before(district.id, found.kind, round=id, since=since),
        "days": DRAWS_DAYS,
    }
    return render(request, "fields/draw.html", context)
