"""Starting a round: after a plan of the pack, or put together; of all places or of drawn ones.

The pool is frozen and the seed made when it is started: nobody chooses a seed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from luoshi.expectations import actions, queries
from luoshi.expectations.actions import MOST_IN_ROUND
from luoshi.expectations.queries import Demand, KindInfo, PlanInfo
from luoshi.registry import queries as registry
from luoshi.rules.expectations import Method
from luoshi.rules.state import Refused
from luoshi.trust import codes
from luoshi.web import once, staff
from luoshi.web.case import choices
from luoshi.web.entries.asked import day
from luoshi.web.entries.refused import REFUSED, sentence
from luoshi.web.fields.rounds import STARTERS
from luoshi.web.staff import needs_role

SALT = "luoshi.fields.round"
USUAL = 7


@dataclass(frozen=True, slots=True)
class Begun:
    """What the form starts from: a kind, perhaps a plan, perhaps only places that are due."""

    kind: KindInfo
    plan: PlanInfo | None
    due: bool
    demands: tuple[Demand, ...]


class Start(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of the round"),
        max_length=120,
        error_messages={"required": REFUSED["name_missing"]},
    )
    expectations = forms.MultipleChoiceField(
        label=gettext_lazy("What is looked at"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one thing to look at.")},
    )
    area = forms.TypedChoiceField(
        label=gettext_lazy("Where"), required=False, coerce=int, empty_value=None
    )
    draw = forms.IntegerField(
        label=gettext_lazy("How many are drawn"),
        required=False,
        min_value=1,
        max_value=MOST_IN_ROUND,
        help_text=gettext_lazy(
            "Left empty, all are looked at. The list is frozen first, then the seed is made; both "
            "are published with the round."
        ),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": gettext_lazy("Write a number, or leave it empty for all of them."),
            "min_value": REFUSED["draw_nothing"],
        },
    )
    person = forms.TypedChoiceField(
        label=gettext_lazy("Who carries it out"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, begun: Begun, district: int, data: Any = None, **given: Any) -> None:
        super().__init__(data, initial=_initial(begun), **given)
        self._choices("expectations", [(one.code, one.title) for one in begun.demands])
        areas = choices.areas(registry.areas(district))
        self._choices("area", [("", _("The whole district")), *areas[1:]])
        self._choices("person", [("", _("any inspector")), *inspectors(district)])
        self.fields["starts"] = day(gettext_lazy("First day"))
        self.fields["ends"] = day(gettext_lazy("Last day"))
        if begun.due:
            del self.fields["area"]

    def _choices(self, name: str, found: Sequence[Any]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = found


def inspectors(district: int) -> list[tuple[str, str]]:
    """Whoever may check today, by name; two queries."""
    roster = registry.roster(district, on=timezone.localdate())
    people = registry.people({one.person for one in roster if one.role == "inspector"})
    return sorted(((str(one.id), one.name) for one in people.values()), key=lambda row: row[1])


def _initial(begun: Begun) -> dict[str, Any]:
    plan, today = begun.plan, timezone.localdate()
    wanted = {*plan.expectations} if plan and plan.expectations else None
    days = (plan.every if plan else None) or USUAL
    return {
        "name": plan.name if plan else _usual_name(begun, today),
        "expectations": [d.code for d in begun.demands if wanted is None or d.code in wanted],
        "draw": plan.draw if plan and not begun.due else None,
        "starts": today,
        "ends": today + timedelta(days=days - 1),
    }


def _usual_name(begun: Begun, today: date) -> str:
    what = _("looks that are due") if begun.due else _("check")
    return f"{begun.kind.name} · {what} · {today.isoformat()}"


@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(*STARTERS)
def new(request: HttpRequest) -> HttpResponse:
    """Without `?plan=` or `?kind=` what one can begin with; `?due=1`: only of places whose next
    look is due."""
    district = staff.district_id(request)
    begun = _begun(request, district)
    if begun is None:
        return _first(request, district)
    if request.method != "POST":
        return _page(request, begun, Start(begun, district))
    form, name = Start(begun, district, request.POST), once.name(request, salt=SALT)
    if form.is_valid() and name is None:
        form.add_error(None, _("The form lay open for too long: check it and send it again."))
    if name is None or not form.is_valid():
        return _page(request, begun, form, name, status=400)
    return _start(request, district, begun, form, name)


def _start(
    request: HttpRequest, district: int, begun: Begun, form: Start, name: str
) -> HttpResponse:
    data, kind, today = form.cleaned_data, begun.kind.code, timezone.localdate()
    subjects: tuple[int, ...] = ()
    try:
        if begun.due:
            subjects = queries.due_subjects(district, kind, on=today, limit=100_000)
            if not subjects:
                raise Refused("nothing_to_check")
        made = actions.compose_round(
            district=district,
            kind=kind,
            name=data["name"],
            now=timezone.now(),
            starts=data["starts"],
            ends=data["ends"],
            expectations=data["expectations"],
            area=data.get("area"),
            draw=data["draw"],
            subjects=subjects,
            by=staff.person_id(request),
            person=data["person"],
            plan=begun.plan.code if begun.plan else "",
            key=name,
        )
    except Refused as no:
        field = {"round_ends_first": "ends", "round_too_long": "ends"}.get(no.code)
        form.add_error(field, sentence(no.code))
        return _page(request, begun, form, name, status=400)
    messages.success(request, _("The round is started."))
    return HttpResponseRedirect(reverse("fields:round", args=[made]))


def _begun(request: HttpRequest, district: int) -> Begun | None:
    plan, code = None, request.GET.get("kind", "")
    if wanted := request.GET.get("plan", ""):
        plan = next((one for one in queries.plans(district) if one.code == wanted), None)
        if plan is None:
            raise Http404
        code = plan.kind
    if not code:
        return None
    kind = queries.kind(district, code)
    found = queries.questions(district, code, on=timezone.localdate())
    if kind is None or not found:
        raise Http404
    return Begun(kind, plan, request.GET.get("due") == "1", found)


def _first(request: HttpRequest, district: int) -> HttpResponse:
    """Plans and kinds by field; only kinds of which a person looks at something."""
    looked = {
        one.kind
        for one in queries.demands(district, on=timezone.localdate())
        if one.method == Method.ITEM
    }
    plans, kinds = queries.plans(district), queries.kinds(district)
    rows = [
        (
            field,
            [one for one in plans if one.field == field.code and one.kind in looked],
            [one for one in kinds if one.field == field.code and one.code in looked],
        )
        for field in queries.fields(district)
    ]
    context = {"rows": [row for row in rows if row[1] or row[2]]}
    return render(request, "fields/round_begin.html", context)


def _page(
    request: HttpRequest, begun: Begun, form: Start, name: str | None = None, *, status: int = 200
) -> HttpResponse:
    counts = registry.subject_counts(staff.district_id(request), kinds=[begun.kind.code])
    context = {
        "begun": begun,
        "form": form,
        "count": counts.get(begun.kind.code, 0),
        "token": once.token(name or codes.new_token(), salt=SALT),
    }
    return render(request, "fields/round_new.html", context, status=status)
