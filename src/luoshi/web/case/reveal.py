"""Looking at who reported: a reason first, on record before anything is opened, shown once."""

from typing import Any, cast

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from luoshi.cases import queries
from luoshi.cases.queries import Sealed
from luoshi.cases.wording import refusal
from luoshi.trust import vault
from luoshi.trust.errors import Erased, KeyExposed, KeyMissing, ReasonRefused
from luoshi.web.case.about import About, about
from luoshi.web.case.choices import Label
from luoshi.web.case.fields import words
from luoshi.web.case.opened import Opened, open_words
from luoshi.web.case.show import may_reveal
from luoshi.web.staff import needs_role, person_id

WHAT: dict[str, Label] = {
    "text": _("The text of the report"),
    "contact": _("Name and how to reach the reporter"),
}


class RevealForm(forms.Form):
    what = forms.ChoiceField(label=_("What"), widget=forms.RadioSelect)
    reason = words(
        _("Why you must see it"),
        help_text=_("It stays on record with your name and can be checked by others."),
        rows=2,
    )

    def __init__(self, found: Sealed, data: Any = None) -> None:
        there = {"text": found.confidential, "contact": found.contact is not None}
        self.names = [name for name, is_there in there.items() if is_there]
        super().__init__(data, initial={"what": next(iter(self.names), None)}, auto_id="reveal_%s")
        cast(forms.ChoiceField, self.fields["what"]).choices = [
            (name, WHAT[name]) for name in self.names
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@needs_role()
def reveal(request: HttpRequest, case: int, report: int) -> HttpResponse:
    """404 for everybody who may not reveal in this case, as if there were nothing."""
    there = about(request, case)
    found = queries.sealed(case=case, report=report)
    if found is None or not may_reveal(request, there, sealed=found.confidential):
        raise Http404
    form = RevealForm(found, request.POST if request.method == "POST" else None)
    if not form.names:
        raise Http404
    context: dict[str, Any] = {"about": there, "found": found, "form": form, "report": report}
    if not form.is_valid():
        return _page(request, context, status=400 if form.is_bound else 200)
    return _opened(request, there, form, context)


def _opened(
    request: HttpRequest, there: About, form: RevealForm, context: dict[str, Any]
) -> HttpResponse:
    try:
        opened = _reveal(request, form, context)
    except ReasonRefused as no:
        form.add_error("reason", refusal(no.code))
        return _page(request, context, status=400)
    except Erased:
        form.add_error(None, _("It was lawfully erased: there is nothing left to show."))
        return _page(request, context, status=409)
    except (KeyMissing, KeyExposed):
        form.add_error(None, _("This machine cannot open it: tell the operator."))
        return _page(request, context, status=409)
    return _page(request, {**context, "opened": opened, "is_text": isinstance(opened, list)})


def _reveal(
    request: HttpRequest, form: RevealForm, context: dict[str, Any]
) -> list[Opened] | vault.Contact | str:
    on_record: dict[str, Any] = {
        "by": person_id(request),
        "reason": form.cleaned_data["reason"],
        "now": timezone.now(),
    }
    if form.cleaned_data["what"] == "contact":
        return vault.reveal(vault_id=context["found"].contact, **on_record)
    report = queries.sealed_report(context["report"])
    return open_words(report, **on_record) if report else []


def _page(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, "case/reveal.html", {"opened": None, **context}, status=status)
