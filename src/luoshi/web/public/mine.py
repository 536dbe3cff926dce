"""One's own report, once it is open: where it stands, its history, and what one can do about it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from luoshi.cases import actions, queries
from luoshi.cases.actions import Actor, Command, Refused
from luoshi.cases.moments import until
from luoshi.cases.queries import Tracked
from luoshi.cases.wording import refusal
from luoshi.infra.files import StorageFull
from luoshi.infra.pictures import PictureRefused
from luoshi.rules.state import Status
from luoshi.web.public import access, photos, pictures, place, story, uploads
from luoshi.web.public.photos import Photos
from luoshi.web.public.report_form import words
from luoshi.web.public.standing import standing

private = cache_control(private=True, no_store=True)


class ReplyForm(forms.Form):
    text = words(gettext_lazy("What do you want to add?"), rows=4)
    seen = forms.IntegerField(widget=forms.HiddenInput(), required=False)


class VerdictForm(forms.Form):
    """Nothing is chosen beforehand: no answer is no answer."""

    solved = forms.ChoiceField(
        label=gettext_lazy("Is the problem solved?"),
        choices=(("yes", gettext_lazy("Solved")), ("no", gettext_lazy("Not solved"))),
        widget=forms.RadioSelect(),
        error_messages={"required": gettext_lazy("Say whether the problem is solved.")},
    )
    satisfied = forms.ChoiceField(
        label=gettext_lazy("Are you satisfied with how it was handled?"),
        choices=(("yes", gettext_lazy("Satisfied")), ("no", gettext_lazy("Not satisfied"))),
        widget=forms.RadioSelect(),
        required=False,
    )
    text = words(
        gettext_lazy("What you want to say about it"),
        gettext_lazy("If it is not solved: what is still missing?"),
        rows=3,
    )

    def command(self) -> Command:
        """The verdict as the core takes it."""
        satisfied = {"yes": True, "no": False}.get(self.cleaned_data["satisfied"])
        return Command(
            "verdict", {"solved": self.cleaned_data["solved"] == "yes", "satisfied": satisfied}
        )


class DisputeForm(forms.Form):
    text = words(gettext_lazy("Why should it be opened again?"), required=True, rows=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].error_messages["required"] = refusal("reason_missing")


@private
@require_safe
@access.with_report
def mine(request: HttpRequest, report: int) -> HttpResponse:
    return page(request, queries.tracked(report, now=timezone.now()))


@private
@uploads.takes_pictures
@require_POST
@access.with_report
def reply(request: HttpRequest, report: int) -> HttpResponse:
    """More words or pictures. Sent twice, they are added once."""
    found = queries.tracked(report, now=timezone.now())
    form, given = ReplyForm(request.POST, auto_id="reply_%s"), photos.read(request)
    if not form.is_valid() or given.errors:
        return page(request, found, reply=form, given=given, status=422)
    try:
        _say(found, form, given)
    except (Refused, PictureRefused, StorageFull) as error:
        form.add_error(None, refusal(error.code))
        return page(request, found, reply=form, given=given, status=409)
    given.arrived()
    messages.success(request, _("Added. The unit and the desk can read it now."))
    return redirect("public:mine")


def _say(found: Tracked, form: ReplyForm, given: Photos) -> None:
    """The page's sequence number tells a second click from a second message."""
    more: dict[str, Any] = {
        "case": found.case.id,
        "command": Command("reply"),
        "actor": Actor(report=found.report),
        "text": form.cleaned_data["text"],
        "pictures": given.data,
    }
    seen = form.cleaned_data["seen"]
    try:
        actions.act(**more, now=timezone.now(), seen=seen)
    except Refused as error:
        if error.code != "changed_meanwhile":
            raise
        if not _said(found.report, seen, form.cleaned_data["text"], len(given.data)):
            actions.act(**more, now=timezone.now())


def _said(report: int, seen: int, text: str, count: int) -> bool:
    """Whether these very words came in since the page was shown."""
    now = queries.tracked(report, now=timezone.now())
    return any(
        entry.kind == "replied"
        and entry.seq > seen
        and (entry.text or "") == text
        and len(entry.data.get("pictures", ())) == count
        for entry in now.entries
    )


@private
@require_POST
@access.with_report
def verdict(request: HttpRequest, report: int) -> HttpResponse:
    """Solved or not."""
    found = queries.tracked(report, now=timezone.now())
    form = VerdictForm(request.POST, auto_id="verdict_%s")
    if not form.is_valid():
        return page(request, found, verdict=form, status=422)
    return give(request, found, form) or page(request, found, verdict=form, status=409)


def give(request: HttpRequest, found: Tracked, form: VerdictForm) -> HttpResponse | None:
    """Records a verdict and goes to the report; None when refused, with the reason in the form."""
    text = form.cleaned_data["text"]
    if not found.may_give_verdict:
        code = "verdict_given_before" if found.state.status is Status.VERDICT else "wrong_status"
        form.add_error(None, refusal(code))
        return None
    if not _act(found, form.command(), form, text=text):
        return None
    solved = form.cleaned_data["solved"] == "yes"
    messages.success(
        request,
        _("Thank you. Your word is on record.")
        if solved
        else _("Your word is on record. The unit has to go on with it."),
    )
    return redirect("public:mine")


@private
@require_POST
@access.with_report
def dispute(request: HttpRequest, report: int) -> HttpResponse:
    """Open a closed case again."""
    found = queries.tracked(report, now=timezone.now())
    form = DisputeForm(request.POST, auto_id="dispute_%s")
    if not form.is_valid():
        return page(request, found, dispute=form, status=422)
    if not _act(found, Command("reopen"), form, text=form.cleaned_data["text"]):
        return page(request, found, dispute=form, status=409)
    messages.success(request, _("Your report is open again."))
    return redirect("public:mine")


@private
@require_POST
@access.with_report
def deny(request: HttpRequest, report: int) -> HttpResponse:
    """Nobody contacted me."""
    found = queries.tracked(report, now=timezone.now())
    form = forms.Form(request.POST)
    form.full_clean()
    if not _act(found, Command("deny"), form):
        messages.error(request, " ".join(str(error) for error in form.non_field_errors()))
        return redirect("public:mine")
    messages.success(request, _("It is on record that nobody contacted you."))
    return redirect("public:mine")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the report on this device."""
    access.leave(request)
    messages.success(request, _("Your report is closed on this device."))
    return redirect("public:track")


@require_safe
@access.with_report
def picture(request: HttpRequest, report: int, id: int) -> HttpResponse:
    return pictures.serve(request, queries.tracked(report, now=timezone.now()), id)


def _act(found: Tracked, command: Command, form: forms.Form, *, text: str = "") -> bool:
    """Whether the core agreed; its reason goes into the form."""
    try:
        actions.act(
            case=found.case.id,
            command=command,
            actor=Actor(report=found.report),
            now=timezone.now(),
            text=text,
        )
    except Refused as error:
        form.add_error(None, refusal(error.code))
        return False
    return True


def page(
    request: HttpRequest,
    found: Tracked,
    *,
    reply: ReplyForm | None = None,
    given: Photos | None = None,
    verdict: VerdictForm | None = None,
    dispute: DisputeForm | None = None,
    token: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a report. With a `token` it is the page of a one-time link: only the verdict."""
    state, now, given = found.state, timezone.now(), given or Photos()
    try:
        given.carry_on()
    except StorageFull as error:
        given.fresh.clear()
        given.errors.append(refusal(error.code))
    known, url = story.names(found), _picture_url(token)
    own = [p for p in found.pictures if p.purpose == "report" and p.report == found.report]
    context = {
        "found": found,
        "state": state,
        "token": token,
        "standing": standing(state, known, now),
        "question": _question(found),
        "place": place.name_of(state.area, state.subject),
        "unit": known.unit(state.owner) if state.owner else None,
        **_deadlines(found),
        "entries": story.entries(found, known, url),
        "pictures": story.grid(own, url),
        "photos": given,
        "reply": _reply(found, reply),
        "verdict": verdict or VerdictForm(auto_id="verdict_%s"),
        "dispute": dispute or DisputeForm(auto_id="dispute_%s"),
        "status": _("Waiting for your word") if found.may_give_verdict else None,
        "may_deny": state.status is Status.HANDLING and state.contacted,
    }
    return render(request, "public/mine.html", context, status=status)


def _reply(found: Tracked, given: ReplyForm | None) -> ReplyForm:
    return given or ReplyForm(initial={"seen": found.case.seq}, auto_id="reply_%s")


def _picture_url(token: str) -> Callable[[int], str]:
    if token:
        return lambda id: reverse("public:link_picture", args=[token, id])
    return lambda id: reverse("public:picture", args=[id])


def _deadlines(found: Tracked) -> dict[str, str | None]:
    """The unit's deadline, and the first one beside it when it was put off; while they count."""
    state = found.state
    runs = state.open and state.status is not Status.VERDICT
    first = state.original_deadline if state.original_deadline != state.deadline else None
    return {
        "deadline": until(state.deadline) if runs and state.deadline else None,
        "first_deadline": until(first) if runs and first else None,
    }


def _question(found: Tracked) -> str | None:
    """What the unit asked and nobody has answered yet."""
    last = next((e for e in reversed(found.entries) if e.kind in {"asked", "replied"}), None)
    return (last.text or "") if last and last.kind == "asked" and found.state.open else None
