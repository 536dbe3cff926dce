"""What the desk types in: a report that somebody told, and a line of an old ledger."""

from datetime import datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.cases import queries
from luoshi.cases.storms import LONGEST as LONGEST_ORDER
from luoshi.cases.wording import DOOR, STATUS, refusal
from luoshi.registry import queries as registry
from luoshi.trust import phones
from luoshi.trust.errors import BadPhone
from luoshi.web.case import choices
from luoshi.web.case.fields import missing, words
from luoshi.web.problem import LONGEST, PlaceForm, Problem

DOORS = ("phone", "visit", "letter")


class Filters(forms.Form):
    """What the list of open cases shows; nothing chosen shows all."""

    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    area = forms.ChoiceField(label=gettext_lazy("Street or community"), required=False)

    def __init__(self, district: int, initial: Any) -> None:
        super().__init__(initial={name: initial.get(name, "") for name in self.base_fields})
        any_of: list[choices.Choice] = [("", gettext_lazy("(any)"))]
        still: choices.Choices = [(code, word) for code, word in STATUS.items() if code != "closed"]
        found: dict[str, choices.Choices] = {
            "status": still,
            "category": choices.categories(queries.categories(district))[1:],
            "area": choices.areas(registry.areas(district))[1:],
        }
        for name, options in found.items():
            cast(forms.ChoiceField, self.fields[name]).choices = [*any_of, *options]


class Intake(Problem):
    door = forms.ChoiceField(
        label=gettext_lazy("How it came"),
        choices=[(door, DOOR[door]) for door in DOORS],
        widget=forms.RadioSelect,
        error_messages=missing("", gettext_lazy("Say how it came: phone, visit or letter.")),
    )
    text = words(
        gettext_lazy("What was reported"),
        empty=gettext_lazy("Write down what was reported."),
        rows=6,
        longest=LONGEST,
        help_text=gettext_lazy("In the reporter's own words, without name or phone number."),
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "invalid": gettext_lazy(
                "This is no e-mail address: type it like name@example.org, or leave it empty."
            )
        },
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language for messages"),
        choices=settings.LANGUAGES,
        error_messages=missing(
            "", gettext_lazy("Choose the language in which the reporter is written to.")
        ),
    )
    minor = forms.BooleanField(label=gettext_lazy("The reporter is under 18"), required=False)
    give_code = forms.BooleanField(
        label=gettext_lazy("Give an access code"),
        help_text=gettext_lazy(
            "Read it out on the phone when no number is left; whoever comes in always gets it "
            "printed. With it one can follow the report and have the last word."
        ),
        required=False,
    )
    confidential = forms.BooleanField(
        label=gettext_lazy("Confidential: only for the inspection team"),
        help_text=gettext_lazy("The text is sealed at once; the desk cannot open it any more."),
        required=False,
    )
    field_order = (
        "door", "text", "category", "danger", "place", "area", "subject", "pictures", "phone",
        "name", "email", "language", "minor", "give_code", "confidential", "accused",
    )  # fmt: skip

    def __init__(self, district: int, data: Any = None, files: Any = None) -> None:
        super().__init__(district, data, files)
        self.initial["language"] = settings.LANGUAGE_CODE

    def clean_phone(self) -> str:
        given: str = self.cleaned_data["phone"]
        if given:
            try:
                phones.normalise(given)
            except BadPhone as error:
                raise forms.ValidationError(refusal(error.code)) from error
        return given

    def takes_code(self) -> bool:
        """Whoever comes in takes it along; a letter can carry none back."""
        door = self.cleaned_data["door"]
        return door == "visit" or (door == "phone" and bool(self.cleaned_data["give_code"]))


class OldRow(PlaceForm):
    ledger = forms.CharField(
        label=gettext_lazy("Ledger"),
        max_length=80,
        error_messages=missing("", gettext_lazy("Name the ledger from which the entry is.")),
    )
    line = forms.CharField(
        label=gettext_lazy("Line"),
        max_length=20,
        error_messages=missing(
            "", gettext_lazy("Give the line, so that the same entry is not copied twice.")
        ),
    )
    happened_at = forms.DateField(
        label=gettext_lazy("Day of the entry"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=missing("", gettext_lazy("Give the day that stands in the ledger.")),
    )
    text = words(
        gettext_lazy("What was wrong"),
        empty=gettext_lazy("Write what was wrong."),
        longest=LONGEST,
    )
    closing_words = words(
        gettext_lazy("How it was closed then"),
        required=False,
        rows=2,
        help_text=gettext_lazy("As the ledger says it, for example: notice posted."),
    )
    field_order = (
        "ledger", "line", "happened_at", "text", "closing_words", "category", "area", "subject",
    )  # fmt: skip

    def clean_happened_at(self) -> datetime:
        day = self.cleaned_data["happened_at"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("An old record lies in the past."))
        return datetime.combine(day, time(12), timezone.get_default_timezone())


class BulkMerge(forms.Form):
    """Which case takes what was ticked, why, and whether further ones like it shall follow."""

    target = forms.ChoiceField(
        label=gettext_lazy("Into which case"), widget=forms.RadioSelect, required=False
    )
    number = forms.CharField(label=gettext_lazy("Or by its number"), required=False, max_length=30)
    text = words(
        gettext_lazy("Why they are the same"), empty=gettext_lazy("Say in a few words why."), rows=2
    )
    further = forms.BooleanField(
        label=gettext_lazy("Put further ones like this into this case, too"),
        help_text=gettext_lazy(
            "Until the time below the worker merges new reports that are alike, in your name and "
            "on record. The list of the desk shows it; you can end it and take everything back."
        ),
        required=False,
    )
    until = forms.DateTimeField(
        label=gettext_lazy("Until"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(
        self, district: int, options: choices.Choices, data: Any = None, initial: Any = None
    ) -> None:
        more = {"until": timezone.localtime(evening(timezone.now()))}
        super().__init__(data, initial={**more, **(initial or {})})
        self.district = district
        cast(forms.ChoiceField, self.fields["target"]).choices = options

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        number = given.get("number", "")
        if number:
            given["into"] = queries.case_of_number(self.district, number)
        else:
            given["into"] = int(given["target"]) if given.get("target") else None
        if given["into"] is None:
            self.add_error("number", _("Choose a case, or type the number of one you can see."))
        if given.get("further") and not _soon(given.get("until")):
            self.add_error("until", refusal("until_wrong"))
        return given


def _soon(until: datetime | None) -> bool:
    now = timezone.now()
    return until is not None and now < until <= now + LONGEST_ORDER


def evening(now: datetime) -> datetime:
    """When an instruction ends unless another time is chosen: at six, or in two hours."""
    six = timezone.localtime(now).replace(hour=18, minute=0, second=0, microsecond=0)
    return six if six > now + timedelta(hours=1) else now + timedelta(hours=2)
