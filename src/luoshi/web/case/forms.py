"""A form for each command. `FORMS[command](about, data, files)`; a valid one is given by `give`.

The rules decide; a form only asks for what they need and speaks their sentences where a field was
left empty. Field names are the keys of the command's data; `text` and `pictures` go beside it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, cast

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luoshi.cases import actions
from luoshi.cases.actions import Actor, Command
from luoshi.cases.wording import COMMAND, HEARD, MEANS, MEASURE, RESOLUTION, refusal
from luoshi.expectations import actions as expectations
from luoshi.registry import queries as registry
from luoshi.rules.state import Tier
from luoshi.web import formats
from luoshi.web.case import asking, choices
from luoshi.web.case.about import About
from luoshi.web.case.choices import Choices, Label
from luoshi.web.case.fields import (
    ExplanationField,
    PicturesField,
    Radios,
    chosen,
    either,
    end_of_day,
    missing,
    words,
)

OUTCOMES = ("fixed", "answered", "unfounded")
SPOKE = frozenset({"call", "met"})
"""Ways of hearing the reporter that leave no trace but what the verifier writes down."""


class CommandForm(forms.Form):
    """What a command asks for. `template` draws the fields; `submit` is the word on the button."""

    command: ClassVar[str] = ""
    template: ClassVar[str] = "case/forms/plain.html"
    submit: ClassVar[Label] = ""
    help: Label = ""
    preview: str = ""  # the words as they would be sent

    def __init__(
        self,
        about: About,
        data: Any = None,
        files: Any = None,
        *,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, initial=dict(initial or {}), auto_id=f"{self.command}_%s")
        self.about = about
        self.refused = ""  # the code, when the rules refused what was typed
        self.doubts: list[str] = []  # what speaks against which picture, when that was the reason
        self.prepare()

    def prepare(self) -> None:
        """Fills in what can be chosen here, and what is likely."""

    def options(self, name: str, found: Choices) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = found

    def pictures_needed(self, when: Label) -> None:
        cast(PicturesField, self.fields["pictures"]).needed(when)

    def value_of(self, name: str) -> str:
        """What stands in a field now, typed or preset, before it is checked."""
        found = self.data.get(name) if self.is_bound else self.initial.get(name)
        return "" if found is None else str(found)

    def data_of(self) -> dict[str, Any]:
        """The data of the command, from the cleaned fields."""
        beside = {"text", "pictures", "explanation"}
        return {k: v for k, v in self.cleaned_data.items() if k not in beside and v is not None}

    @property
    def unfolds(self) -> bool:
        """Whether the explanation of a picture stands open: it is asked for, or was written."""
        return self.asks_why or bool(self.value_of("explanation"))

    @property
    def asks_why(self) -> bool:
        """Whether it was refused for a picture that nobody explained."""
        return self.refused in {"look_alike_unexplained", "time_or_place_unexplained"}

    @property
    def sent_pictures(self) -> bool:
        """Whether pictures came with what was typed: a page that comes back has lost them."""
        return any(any(self.files.getlist(name)) for name in self.files or ())

    def give(self, *, actor: Actor, now: datetime, seen: int | None) -> None:
        """Give the command. Raises what `actions` raises."""
        actions.act(
            case=self.about.case,
            command=Command(self.command, self.data_of()),
            actor=actor,
            now=now,
            text=self.cleaned_data.get("text", ""),
            pictures=[upload.read() for upload in self.cleaned_data.get("pictures", ())],
            explanation=self.cleaned_data.get("explanation", ""),
            seen=seen,
        )


OWN_LABELS: Mapping[str, Label] = {
    "dispatch": _("Dispatch: classify and assign"),
    "assign": _("Assign, as classified now"),
}


def label(command: str) -> Label:
    return {**COMMAND, **OWN_LABELS}.get(command, command)


# ---- The unit that answers for the case ----


class Acknowledge(CommandForm):
    command = "acknowledge"
    person = chosen(_("Who handles it"), code="person_missing")

    def prepare(self) -> None:
        self.options("person", choices.people(self.about.colleagues))
        if any(person.id == self.about.person for person in self.about.colleagues):
            self.initial.setdefault("person", self.about.person)


class HandOver(CommandForm):
    command = "hand_over"
    person = chosen(_("To whom"), code="person_missing")
    text = words(_("What should be known"), required=False)

    def prepare(self) -> None:
        others = [p for p in self.about.colleagues if p.id != self.about.state.person]
        self.options("person", choices.people(others))


class Return(CommandForm):
    command = "return"
    help = _("A unit returns a case once; the clock does not stop.")
    right_unit = chosen(_("Which unit is right"), code="right_unit_missing")
    text = words(_("Why it is not yours"))

    def prepare(self) -> None:
        found = choices.units(self.about.units, without=[self.about.state.owner])
        self.options("right_unit", found)


class Contact(CommandForm):
    command = "contact"
    how = forms.ChoiceField(
        label=_("How"),
        choices=list(MEANS.items()),
        widget=forms.RadioSelect,
        error_messages=missing("means_missing"),
    )
    text = words(_("What was said"), required=False)


class Ask(CommandForm):
    command = "ask"
    help = _("The reporter gets the question by message and on the page of the report.")
    text = words(_("Your question"), empty=_("Write your question."))

    def prepare(self) -> None:
        if self.about.state.verifier == self.about.person:
            self.help = _(
                "The reporter gets the question by message and on the page of the report, "
                "without your name. The answer appears here."
            )


class Note(CommandForm):
    command = "note"
    text = words(_("Note"), required=False, help_text=_("Officers see it, the reporter does not."))
    pictures = PicturesField()


class AskExtension(CommandForm):
    command = "ask_extension"
    help = _("Once, and before the deadline. Undecided at the deadline means refused.")
    days = forms.IntegerField(
        label=_("Working days more"),
        min_value=1,
        max_value=60,
        error_messages=missing("days_missing"),
    )
    text = words(_("Why"))


class WithdrawExtension(CommandForm):
    command = "withdraw_extension"


class Claim(CommandForm):
    command = "claim"
    template = "case/forms/explained.html"
    submit = _("Send to verification")
    help = _("Somebody of no unit concerned is drawn and checks what you write here.")
    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=[(outcome, RESOLUTION[outcome]) for outcome in OUTCOMES],
        widget=forms.RadioSelect,
        error_messages=missing("outcome_missing"),
    )
    measures = forms.MultipleChoiceField(
        label=_("What was done"),
        widget=forms.CheckboxSelectMultiple,
        error_messages=missing("measures_missing"),
        help_text=_("A posted notice alone is not a measure: it is refused."),
    )
    text = words(
        _("In your own words"),
        empty=_("Write what was done, so that others can check it."),
        help_text=_("The reporter reads this."),
    )
    pictures = PicturesField()
    explanation = ExplanationField()

    def prepare(self) -> None:
        category = self.about.category(self.about.state.category)
        known = category.measures if category and category.measures else tuple(MEASURE)
        self.options("measures", [(code, MEASURE.get(code, code)) for code in known])
        if category and category.picture_needed:
            self.pictures_needed(_("This category needs a picture that shows the result."))


class WithdrawClaim(CommandForm):
    command = "withdraw_claim"
    text = words(_("Why"), required=False)


# ---- Verifying ----


class Open(CommandForm):
    command = "open"
    help = _("From then on the unit can no longer withdraw its claim.")


class Verify(CommandForm):
    """Of a case with findings it asks for the next look at each thing that was found."""

    command = "verify"
    template = "case/forms/verify.html"
    submit = _("Record my decision")
    passed = either(
        _("Does the claim hold?"),
        _("Yes: solved as claimed"),
        _("No: send it back"),
        code="verdict_missing",
    )
    heard = Radios(
        label=_("How did you hear the reporter?"),
        choices=list(HEARD.items()),
        required=False,
        help_text=_(
            "On the papers no claim passes before the reporter was heard. You can ask here; "
            "the desk calls for you, so that nobody needs to learn the number."
        ),
        error_messages=missing("no_reply_yet"),
    )
    text = words(
        _("What you saw"), required=False, help_text=_("Needed when the claim does not hold.")
    )
    pictures = PicturesField(label=_("Your own pictures"))
    explanation = ExplanationField()

    def prepare(self) -> None:
        self.asked = asking.blocks(self.about.case, now=timezone.now())
        for block in self.asked:
            if block.asks:
                asking.put_fields(self, block.demand, block.subject)
        state = self.about.state
        if state.raised or state.tier is Tier.SITE:
            del self.fields["heard"]
            self.pictures_needed(
                _("Verified on site: pictures that you took there yourself are needed.")
            )
        elif not state.reporters:
            del self.fields["heard"]
        else:
            # An answer counts only once it is there.
            self.options("heard", [h for h in HEARD.items() if state.replied or h[0] != "reply"])
            self.fields["text"].label = _("What you saw, and what the reporter said")
            self.fields["text"].help_text = _(
                "Needed when the claim does not hold, and when the reporter was heard outside."
            )

    def clean(self) -> dict[str, Any] | None:
        given = super().clean() or {}
        if "heard" in self.fields and given.get("passed") and not given.get("heard"):
            self.add_error("heard", refusal("reporter_not_heard"))
        if given.get("heard") in SPOKE and not given.get("text"):
            self.add_error("text", _("Write what the reporter said."))
        return given

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """Those that are no part of a look."""
        mine = [block.start for block in self.asked]
        own = [f for f in self if not any(f.name.startswith(start) for start in mine)]
        return [field for field in own if field.name != "explanation"]

    def give(self, *, actor: Actor, now: datetime, seen: int | None) -> None:
        """Raises AnswersRefused besides."""
        given = self.cleaned_data
        expectations.verify(
            case=self.about.case,
            district=self.about.district,
            person=actor.person or 0,
            passed=given["passed"],
            now=now,
            text=given.get("text", ""),
            answers=asking.said(self, asking.asked(self)),
            pictures=[upload.read() for upload in given.get("pictures", ())],
            explanation=given.get("explanation", ""),
            heard=given.get("heard", ""),
            seen=seen,
        )


class Recuse(CommandForm):
    command = "recuse"
    help = _("Somebody else is drawn.")
    text = words(_("Why you should not decide on this"))


class CheckSample(CommandForm):
    command = "check_sample"
    right = either(
        _("Was the decision of the desk right?"),
        _("Right"),
        _("Wrong: the case is reopened"),
        code="verdict_missing",
    )
    text = words(_("Why"), required=False, help_text=_("Needed when it was wrong."))


# ---- Inspection and leaders ----


class Inspect(CommandForm):
    command = "inspect"
    text = words(_("What is there"), empty=_("Write down what you found."))
    pictures = PicturesField(label=_("Your own pictures"))


class LiftAccusation(CommandForm):
    command = "lift_accusation"
    unit = chosen(_("Unit"), code="not_accused")
    text = words(_("Why"))

    def prepare(self) -> None:
        names = registry.unit_names(self.about.state.accused, language=choices.language())
        self.options("unit", [choices.EMPTY, *((str(u), n) for u, n in names.items())])
        if len(names) == 1:
            self.initial.setdefault("unit", next(iter(names)))


class Conclude(CommandForm):
    command = "conclude"
    help = _("It counts as unsolved in every figure, and the reporter reads the reasons.")
    text = words(_("Reasons"))


class Defer(CommandForm):
    command = "defer"
    help = _("A deferred case is not closed: the clock runs on and it comes back on that day.")
    review_at = forms.DateField(
        label=_("Look at it again on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=missing("review_date_missing"),
    )
    text = words(_("Why"))

    def prepare(self) -> None:
        latest, field = self._latest().date(), self.fields["review_at"]
        field.widget.attrs |= {
            "min": (self.about.today + timedelta(days=1)).isoformat(),
            "max": latest.isoformat(),
        }
        field.help_text = gettext("At most %(days)d days ahead: by %(day)s at the latest.") % {
            "days": settings.LONGEST_DEFERRAL_DAYS,
            "day": formats.date(latest),
        }

    def clean_review_at(self) -> str:
        day, latest = self.cleaned_data["review_at"], self._latest()
        if day <= self.about.today:
            raise forms.ValidationError(refusal("review_date_past"))
        if day > latest.date():
            raise forms.ValidationError(refusal("review_date_too_far"))
        # Of the last day as much as the limit leaves.
        return min(end_of_day(day), latest).isoformat()

    def _latest(self) -> datetime:
        return timezone.localtime() + timedelta(days=settings.LONGEST_DEFERRAL_DAYS)


class Resume(CommandForm):
    command = "resume"
    text = words(_("Why"), required=False)


class Escalate(CommandForm):
    command = "escalate"
    text = words(_("Why"))


class Reopen(CommandForm):
    command = "reopen"
    text = words(_("Why"))
