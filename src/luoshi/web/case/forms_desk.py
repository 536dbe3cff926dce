"""The forms of the desk: where a report belongs, who answers for it, and what needs no owner."""

import json
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luoshi.cases import actions, suggest
from luoshi.cases.actions import Actor, Command
from luoshi.cases.gaps import VARIABLES, fill
from luoshi.cases.wording import URGENCY, refusal
from luoshi.registry import queries as registry
from luoshi.registry.queries import SubjectInfo
from luoshi.web.case import choices
from luoshi.web.case.about import About
from luoshi.web.case.fields import chosen, either, missing, words
from luoshi.web.case.forms import CommandForm
from luoshi.web.case.hint import Hint, hint
from luoshi.web.case.replying import known

PREVIEW = "preview"
"""The button that shows an answer as the reporter gets it; nothing is sent."""


class Classify(CommandForm):
    command = "classify"
    template = "case/forms/classify.html"
    category = forms.ChoiceField(label=_("Category"), error_messages=missing("category_missing"))
    urgency = forms.ChoiceField(
        label=_("Urgency"),
        required=False,
        choices=[("", _("As usual for the category")), *URGENCY.items()],
    )
    area = chosen(_("Street or community"), code="unknown_command", required=False)
    find = forms.CharField(label=_("Find a place by name"), required=False, max_length=80)
    subject = chosen(_("Place"), code="unknown_command", required=False)
    text = words(
        _("Summary for the public list"),
        required=False,
        rows=2,
        help_text=_("Your words, without anything that tells who reported."),
    )

    def prepare(self) -> None:
        self._preset()
        self.options("category", choices.categories(self.about.categories))
        self.options("area", choices.areas(self.about.areas))
        self.options("subject", choices.subjects(self._places()))
        attrs = self.fields["find"].widget.attrs
        attrs["hx-get"] = reverse("case:places", args=[self.about.case])
        attrs["hx-target"] = f"#{self.command}_subject"
        attrs["hx-trigger"] = "input changed delay:300ms"
        attrs["hx-include"] = f"#{self.command}_area, #{self.command}_subject"
        attrs["autocomplete"] = "off"

    @cached_property
    def hint(self) -> Hint | None:
        return hint(self.about)

    def take(self) -> None:
        """Put in what is suggested, for browsers without scripts; anything else stays."""
        found = self.hint
        if found and found.category:
            self.initial["category"] = found.category
        if found and found.owner_too:
            self.initial["owner"] = found.owner
        self.prepare()

    def give(self, *, actor: Actor, now: datetime, seen: int | None) -> None:
        with transaction.atomic():
            self.command_given(actor=actor, now=now, seen=seen)
            if self.about.suggestion:
                suggest.record(
                    district=self.about.district,
                    case=self.about.case,
                    said=self.about.suggestion,
                    category=self.cleaned_data["category"],
                    owner=self.cleaned_data.get("owner"),
                    now=now,
                )

    def command_given(self, *, actor: Actor, now: datetime, seen: int | None) -> None:
        super().give(actor=actor, now=now, seen=seen)

    def _preset(self) -> None:
        state = self.about.state
        self.initial.setdefault("category", state.category or self.about.guess)
        usual = self.about.category(str(self.initial["category"]))
        differs = state.urgency == "danger" or (
            state.category and usual and usual.urgency != state.urgency
        )
        self.initial.setdefault("urgency", state.urgency if differs else "")
        known = state.area or state.subject
        self.initial.setdefault("area", state.area if known else self.about.match.area)
        self.initial.setdefault("subject", state.subject if known else self.about.match.subject)
        if state.summary:
            self.initial.setdefault("text", self.about.page.line.text)

    def _places(self) -> list[SubjectInfo]:
        """The subject chosen now, those found by name, and those of the area."""
        now = _id(self.value_of("subject"))
        found = [one for one in (self.about.subject(now),) if one] if now else []
        area, text = _id(self.value_of("area")), self.value_of("find").strip()
        if text:
            found += registry.subjects(self.about.district, text=text)
        if area or not text:
            found += self.about.places(area)
        return found

    def data_of(self) -> dict[str, Any]:
        given = self.cleaned_data
        category = self.about.category(given["category"])
        subject = self.about.subject(given["subject"]) if given["subject"] else None
        return {
            "category": given["category"],
            "urgency": given["urgency"] or (category.urgency if category else "ordinary"),
            "tier": category.tier if category else "papers",
            "area": given["area"] or (subject.area if subject else None),
            "subject": given["subject"],
        }


class Owned:
    """What forms that name an owner know about him before he is chosen."""

    about: About
    suggested: int | None = None

    def suggest(self, category: str, area: int | None, subject: int | None) -> None:
        """Asks the duty list."""
        found = self.about.duty(category=category, area=area, subject=subject)
        self.suggested, self.suggested_name = None, ""
        if found:
            self.suggested = found[0]
            self.suggested_name = " · ".join(self._named(*found))

    def _named(self, unit: int, person: int | None) -> list[str]:
        units = [choices.unit_name(one) for one in self.about.units if one.id == unit]
        return units + [one.name for one in registry.people([person] if person else []).values()]


class Assign(CommandForm, Owned):
    command = "assign"
    template = "case/forms/assign.html"
    owner = chosen(_("Who answers for it"), code="owner_missing")

    def prepare(self) -> None:
        state = self.about.state
        self.suggest(state.category, state.area, state.subject)
        self.options("owner", choices.units(self.about.units))
        self.initial.setdefault("owner", self.suggested)

    @property
    def due(self) -> datetime:
        """When the case is due if it is assigned now."""
        return self.about.deadlines[self.about.state.urgency]


class Dispatch(Classify, Owned):
    """Classify and assign in one step: both or neither."""

    command = "dispatch"
    submit = _("Dispatch")
    template = "case/forms/dispatch.html"
    owner = chosen(_("Who answers for it"), code="owner_missing")
    field_order = ("category", "urgency", "area", "find", "subject", "owner", "text")

    def prepare(self) -> None:
        super().prepare()
        category, area, subject = (self.value_of(n) for n in ("category", "area", "subject"))
        self.suggest(category, _id(area), _id(subject))
        self.options("owner", choices.units(self.about.units))
        self.initial.setdefault("owner", self.suggested)
        for name in ("category", "urgency", "area", "subject"):
            self.fields[name].widget.attrs.update(self._asks_again())

    def _asks_again(self) -> dict[str, str]:
        """Another category or place may mean another owner and another deadline."""
        return {
            "hx-get": reverse("case:suggest", args=[self.about.case]),
            "hx-target": "#dispatch_owner_box",
            "hx-trigger": "change",
            "hx-include": "closest form",
            "hx-params": "category,urgency,area,subject,owner,suggested",
        }

    @property
    def due(self) -> datetime:
        category = self.about.category(self.value_of("category"))
        usual = category.urgency if category else self.about.state.urgency
        return self.about.deadlines.get(self.value_of("urgency") or usual) or self.about.now

    def command_given(self, *, actor: Actor, now: datetime, seen: int | None) -> None:
        """Inside the transaction of `give`."""
        actions.act(
            case=self.about.case,
            command=Command("classify", self.data_of()),
            actor=actor,
            now=now,
            text=self.cleaned_data["text"],
            seen=seen,
        )
        owner = {"owner": self.cleaned_data["owner"]}
        actions.act(case=self.about.case, command=Command("assign", owner), actor=actor, now=now)


class Answer(CommandForm):
    command = "answer"
    template = "case/forms/answer.html"
    help = _("The case closes; the reporter can dispute it, and a random share is checked.")
    answer = forms.ChoiceField(label=_("From the library"), required=False)
    text = words(
        _("Answer to the reporter"),
        required=False,
        rows=5,
        help_text=_("Left empty, the text of the library is sent as it is."),
    )
    variables = VARIABLES

    def prepare(self) -> None:
        self.library = self.about.answers("answer")
        self.options("answer", choices.answers(self.library))
        # With scripts the field shows at once what the reporter gets, its gaps filled.
        texts = {one.code: fill(one.text, self.known).text for one in self.library}
        self.fields["answer"].widget.attrs["data-fill"] = "answer_text"
        self.fields["answer"].widget.attrs["data-texts"] = json.dumps(texts, ensure_ascii=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        texts = {one.code: one.text for one in self.library}
        raw = given.get("text") or texts.get(given.get("answer", ""), "")
        if not raw:
            self.add_error("text", _("Write an answer, or choose one from the library."))
            return given
        filled = fill(raw, self.known)
        given["text"] = filled.text
        if filled.missing:
            self._tell_missing(filled.missing)
        elif PREVIEW in self.data or filled.text not in (raw, self.data.get("previewed")):
            # What was filled in is read before it is sent.
            self.preview = filled.text
            self.add_error(None, _("The reporter gets the text below. Send it if it is right."))
        return given

    @cached_property
    def known(self) -> dict[str, str]:
        return known(self.about)

    def _tell_missing(self, names: Iterable[str]) -> None:
        gaps = ", ".join(f"{{{name}}}" for name in names)
        said = gettext("Nothing is known here for %(gaps)s: write it in, or leave it out.")
        self.add_error("text", said % {"gaps": gaps})


class Decline(CommandForm):
    command = "decline"
    help = _("The case closes; the reporter can dispute it, and a random share is checked.")
    reason = forms.ChoiceField(
        label=_("Reason"), error_messages=missing("reason_missing", _("Choose a reason."))
    )
    text = words(_("Where the reporter should go instead"), code="where_instead_missing")

    def prepare(self) -> None:
        self.options("reason", choices.answers(self.about.answers("decline")))


class Transfer(CommandForm):
    command = "transfer"
    help = _("The original deadline stays, and the former owner still counts as a handler.")
    owner = chosen(_("Who answers for it"), code="owner_missing")
    text = words(_("Why"))

    def prepare(self) -> None:
        without = [self.about.state.owner]
        self.options("owner", choices.units(self.about.units, without=without))


class Rule(CommandForm):
    command = "rule"
    owner = chosen(_("Who answers for it"), code="owner_missing")
    text = words(_("Why"))

    def prepare(self) -> None:
        self.options("owner", choices.units(self.about.units))
        last = self.about.last("returned")
        if last:
            self.initial.setdefault("owner", last.data.get("right_unit"))


class DeclineReturn(CommandForm):
    command = "decline_return"
    help = _("It is verified like any claim, and the desk then counts as a handler.")
    text = words(_("Why nobody is responsible"))


class DecideExtension(CommandForm):
    command = "decide_extension"
    granted = either(_("More time?"), _("Grant"), _("Refuse"), code="verdict_missing")
    days = forms.IntegerField(
        label=_("Working days more"), min_value=1, max_value=60, required=False
    )
    text = words(_("Why"), required=False, help_text=_("Needed when you refuse."))

    def prepare(self) -> None:
        asked = self.about.last("extension_asked")
        if asked:
            self.initial.setdefault("days", asked.data.get("days"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("granted") and not given.get("days"):
            self.add_error("days", refusal("days_missing"))
        if given.get("granted") is False:
            given["days"] = None
        return given


def _id(text: str) -> int | None:
    return int(text) if text.isdigit() else None
