"""The living style page: every macro once, with invented content. Untranslated."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from luoshi.web.parts import Action, Entry, Picture, Tab


class SampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label="Short text", help_text="With a line of help.")
    place = forms.ChoiceField(label="Choice from a list", choices=[("", "—"), ("a", "A")])
    day = forms.DateField(
        label="Day", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    text = forms.CharField(label="Long text", widget=forms.Textarea, required=False)
    way = forms.ChoiceField(
        label="One of a few", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect
    )
    many = forms.MultipleChoiceField(
        label="Some of a few",
        choices=[("a", "A"), ("b", "B")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    sure = forms.BooleanField(label="I confirm this")
    picture = forms.FileField(label="Picture", required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Reason", widget=forms.Textarea)


def page(request: HttpRequest) -> HttpResponse:
    """All macros on one page, in the staff frame when signed in, else in the public one."""
    now = timezone.now()
    context: dict[str, Any] = {
        "base": "base_staff.html" if request.user.is_authenticated else "base.html",
        "statuses": STATUSES,
        "deadlines": [now + timedelta(hours=h) for h in (80, 51, 20, 0.3, -4, -49)],
        "entries": _entries(now),
        "pictures": [_picture(n) for n in (1, 2, 3)],
        "actions": ACTIONS,
        "tabs": TABS,
        "empty": SampleForm(auto_id="empty_%s"),
        "wrong": SampleForm({"title": ""}, auto_id="wrong_%s"),
        "figures": FIGURES,
    }
    return render(request, "style/index.html", context)


STATUSES = [
    *(
        (status, None)
        for status in "new assigned handling returned claimed verdict deferred".split()
    ),
    *(("closed", how) for how in "fixed answered unfounded declined merged unsolved".split()),
    ("closed", "unverified"),
]
TABS = [
    Tab(label="Waiting at the desk", url="?tab=1", current=True, count=12),
    Tab(label="Disputed", url="?tab=2", count=0),
    Tab(label="All", url="?tab=3"),
]
ACTIONS = [
    Action(name="acknowledge", label="Acknowledge", url="#", kind="main"),
    Action(
        name="note",
        label="Write a note",
        url="#",
        form=ReasonForm(auto_id="note_%s"),
        submit="Save the note",
    ),
    Action(name="sheet", label="Open the work sheet", url="#", link=True),
    Action(
        name="decline",
        label="Decline",
        url="#",
        form=ReasonForm(auto_id="decline_%s"),
        kind="bad",
    ),
    Action(
        name="return",
        label="Return to the desk",
        allowed=False,
        reason="More than one working day has passed since the case was assigned.",
    ),
    Action(
        name="close",
        label="Close",
        allowed=False,
        reason="Only a verification by somebody independent closes a case.",
    ),
]
FIGURES = [
    {"label": "Reports this month", "value": "412", "note": ""},
    {"label": "Solved", "value": "7 / 9", "note": "too few for a rate"},
]


def _entries(now: datetime) -> list[Entry]:
    return [
        Entry(at=now - timedelta(days=9), title="Report received", said="小区绿地被挖来种菜。"),
        Entry(at=now - timedelta(days=8), title="Assigned", who="狼山镇街道", kind="main"),
        Entry(
            at=now - timedelta(days=4),
            title="Verification failed",
            who="Verifier",
            text="Only a notice was posted.",
            kind="bad",
            pictures=[_picture(1), _picture(2)],
        ),
        Entry(at=now, title="Verification passed", who="Verifier", kind="good"),
    ]


def _picture(number: int) -> Picture:
    return Picture(
        url="/static/luoshi/seal.svg", alt=f"{number}", caption="Taken on site by the verifier"
    )
