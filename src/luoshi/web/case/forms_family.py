"""The forms by which the desk joins cases and takes them apart."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luoshi.cases import actions, queries
from luoshi.cases.actions import Actor, Child
from luoshi.cases.wording import refusal
from luoshi.web.case import choices
from luoshi.web.case.fields import chosen, missing, words
from luoshi.web.case.forms import CommandForm

FEWEST_PARTS, MOST_PARTS = 2, 6
WHAT_MISSING = _("Say what this part is about.")


class Merge(CommandForm):
    command = "merge"
    template = "case/forms/merge.html"
    help = _("Into the older case; its reporters follow and each has a verdict there.")
    alike = forms.ChoiceField(
        label=_("Older open cases that may be the same"),
        required=False,
        widget=forms.RadioSelect,
    )
    number = forms.CharField(label=_("Number of the older case"), required=False, max_length=30)
    text = words(_("Why"), required=False)

    offered = False

    def prepare(self) -> None:
        if self.is_bound:
            self.offer()  # else the page asks for them when the form is unfolded

    def offer(self) -> None:
        """Read the older cases to choose from."""
        found = [(line.number, f"{line.number} · {line.text[:60]}") for line in self.about.alike]
        self.offered = bool(found)
        if not found:
            del self.fields["alike"]
            return
        self.options("alike", list(found))
        self.fields["number"].label = _("Or by its number")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        number = given.get("number") or given.get("alike", "")
        target = queries.case_of_number(self.about.district, number) if number else None
        if target is None or not self._may_open(target):
            self.add_error("number", _("Choose a case, or type the number of one you can see."))
        given["target"] = target
        return given

    def _may_open(self, case: int) -> bool:
        return queries.may_open(case=case, person=self.about.person, now=self.about.now)

    def give(self, *, actor: Actor, now: datetime, seen: int | None) -> None:
        actions.merge(
            case=self.about.case,
            target=self.cleaned_data["target"],
            actor=actor,
            now=now,
            text=self.cleaned_data["text"],
            seen=seen,
        )


class Unmerge(CommandForm):
    command = "unmerge"
    text = words(_("Why"), required=False)

    def give(self, *, actor: Actor, now: datetime, seen: int | None) -> None:
        actions.unmerge(
            case=self.about.case,
            actor=actor,
            now=now,
            text=self.cleaned_data["text"],
            seen=seen,
        )


class Split(CommandForm):
    """Two to six parts; a row that is wholly empty is no part."""

    command = "split"
    template = "case/forms/split.html"
    help = _("Each part has an owner and a deadline of its own; the whole waits for all of them.")

    def prepare(self) -> None:
        categories = choices.categories(self.about.categories)
        units = choices.units(self.about.units)
        for n in self.rows:
            self.fields[f"category{n}"] = forms.ChoiceField(
                label=_("Category"),
                choices=categories,
                required=n <= FEWEST_PARTS,
                error_messages=missing("category_missing"),
            )
            owner = chosen(
                _("Who answers for it"), code="owner_missing", required=n <= FEWEST_PARTS
            )
            owner.choices = units
            self.fields[f"owner{n}"] = owner
            self.fields[f"what{n}"] = forms.CharField(
                label=_("What is to be done"),
                max_length=500,
                required=n <= FEWEST_PARTS,
                error_messages={"required": WHAT_MISSING},
            )
            self.initial.setdefault(
                f"category{n}", self.about.state.category if n <= FEWEST_PARTS else ""
            )
        self.fields["text"] = words(_("Why it is split"), required=False)

    @property
    def rows(self) -> range:
        return range(1, MOST_PARTS + 1)

    @property
    def more(self) -> bool:
        """Whether something stands in the rows that are folded away."""
        return any(
            self.value_of(f"{k}{n}") for n in self.rows[FEWEST_PARTS:] for k in ("owner", "what")
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        parts = []
        for n in self.rows:
            category, owner, what = (given.get(f"{k}{n}") for k in ("category", "owner", "what"))
            if not (owner or what):
                continue
            parts.append(Child(category=category or "", owner=owner or 0, summary=what or ""))
            if n > FEWEST_PARTS:
                self._check(n, category, owner, what)
        if len(parts) < FEWEST_PARTS:
            self.add_error(None, refusal("parts_missing"))
        given["parts"] = parts
        return given

    def _check(self, n: int, category: Any, owner: Any, what: Any) -> None:
        if not category:
            self.add_error(f"category{n}", refusal("category_missing"))
        if not owner:
            self.add_error(f"owner{n}", refusal("owner_missing"))
        if not what:
            self.add_error(f"what{n}", WHAT_MISSING)

    def give(self, *, actor: Actor, now: datetime, seen: int | None) -> None:
        actions.split(
            case=self.about.case,
            children=self.cleaned_data["parts"],
            actor=actor,
            now=now,
            text=self.cleaned_data["text"],
            seen=seen,
        )
