"""Giving a command: POST /case/<id>/do/<command>/, from whatever page its form stands on."""

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from luoshi.cases import queries
from luoshi.cases.actions import Actor, NoSuchCase, Refused
from luoshi.cases.wording import refusal
from luoshi.expectations.actions import AnswersRefused
from luoshi.infra.files import StorageFull
from luoshi.infra.pictures import PictureRefused
from luoshi.web.case import asking, forms, own, show
from luoshi.web.case.about import About, about
from luoshi.web.case.forms import CommandForm
from luoshi.web.case.forms_desk import Classify
from luoshi.web.case.panel import FORMS, Refusal
from luoshi.web.staff import needs_role, person_id, role_names

LOOKING = "find_now"
"""The button beside the search for a place, for browsers without scripts: nothing is given."""

TAKING = "take_suggestion"
"""The button beside a suggestion, for browsers without scripts: it fills in, nothing is given."""

TRIAGED = frozenset({"dispatch", "assign", "answer", "decline"})
"""After these the desk is done with a case and goes on."""


@needs_role()
def do(request: HttpRequest, case: int, command: str) -> HttpResponse:
    """Give one command. 302 to `next` when done; else the page with what was typed, 400 or 409."""
    if command not in FORMS:
        raise Http404
    there = about(request, case)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("case:show", args=[case]))
    if LOOKING in request.POST:
        return _answer(request, there, _unsent(there, command, request.POST))
    if TAKING in request.POST:
        return _answer(request, there, _taken(there, command, request.POST))
    refused = _give(request, there, command)
    if refused is None:
        return _done(request, there, command)
    return _answer(request, about(request, case), refused)


def _give(request: HttpRequest, there: About, command: str) -> Refusal | None:
    """None when the command was given."""
    seen = request.POST.get("seen", "")
    if not seen.isdigit() or int(seen) != there.page.line.seq:
        return _unsent(there, command, request.POST, code="changed_meanwhile")
    form = FORMS[command](there, request.POST, request.FILES)
    if not form.is_valid():
        return Refusal(command=command, sentence="", form=form, status=400)
    try:
        form.give(actor=Actor(person=person_id(request)), now=timezone.now(), seen=int(seen))
    except Refused as no:
        if no.code == "changed_meanwhile":
            return _unsent(there, command, request.POST, code=no.code)
        form.refused = no.code
        form.doubts = own.doubted(no.details.get("pictures", ()))
        return Refusal(command=command, sentence=refusal(no.code), form=form, status=409)
    except (PictureRefused, StorageFull) as no:
        return Refusal(command=command, sentence=refusal(no.code), form=form, status=400)
    except AnswersRefused as no:
        asking.tell(form, asking.asked(form), no)
        return Refusal(command=command, sentence="", form=form, status=400)
    except NoSuchCase:
        raise Http404 from None
    return None


def _unsent(there: About, command: str, typed: QueryDict, *, code: str = "") -> Refusal:
    """The form as it was typed, not judged: something else comes first."""
    form = FORMS[command](there, initial=_typed(FORMS[command](there), typed))
    sentence = refusal(code) if code else ""
    return Refusal(command=command, sentence=sentence, form=form, status=409 if code else 200)


def _taken(there: About, command: str, typed: QueryDict) -> Refusal:
    unsent = _unsent(there, command, typed)
    if isinstance(unsent.form, Classify):
        unsent.form.take()
    return unsent


def _typed(form: CommandForm, typed: QueryDict) -> dict[str, Any]:
    many = django_forms.MultipleChoiceField
    return {
        name: typed.getlist(name) if isinstance(field, many) else typed.get(name)
        for name, field in form.fields.items()
        if name in typed
    }


def _answer(request: HttpRequest, there: About, refused: Refusal) -> HttpResponse:
    """The page again, or for a script only the words above the form, so that pictures stay."""
    if request.headers.get("HX-Request"):
        context = {"refused": refused, "seen": there.page.line.seq, **show.news(request, there)}
        return render(request, "case/refused.html", context, status=refused.status)
    return show.answer(request, there, refused=refused)


def _done(request: HttpRequest, there: About, command: str) -> HttpResponse:
    messages.success(request, _recorded(there, command))
    url = _next(request) or _page(request, there.case, command)
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(url)
    return HttpResponseRedirect(url)


def _recorded(there: About, command: str) -> str:
    number, page = there.page.line.number, reverse("case:show", args=[there.case])
    if command == "dispatch":
        # A slip of the hand is mended by a transfer: nothing that happened is taken back.
        return format_html(
            '{} <a href="{}#do-transfer">{}</a>',
            _("%(number)s: dispatched.") % {"number": number},
            page,
            _("Wrong unit? Transfer it."),
        )
    return format_html(
        '<a href="{}">{}</a>: {}',
        page,
        number,
        _("%(command)s, recorded.") % {"command": forms.label(command)},
    )


def _next(request: HttpRequest) -> str:
    url = request.POST.get("next", "")
    return url if url_has_allowed_host_and_scheme(url, allowed_hosts=None) else ""


def _page(request: HttpRequest, case: int, command: str) -> str:
    """Whoever triages goes on to the next case; else the case page, unless the command has ended
    his part in the case."""
    if command in TRIAGED and "desk" in role_names(request):
        return reverse("desk:next")
    if queries.may_open(case=case, person=person_id(request), now=timezone.now()):
        return reverse("case:show", args=[case])
    return reverse("staff_home")
