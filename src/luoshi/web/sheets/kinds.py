"""Who imports what, and what each kind of import asks beside its columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.expectations import actions, queries
from luoshi.expectations.queries.columns import kinds_with_figures
from luoshi.web import staff
from luoshi.web.case.fields import missing

ROLES = ("desk", "data")


@dataclass(frozen=True, slots=True)
class About:
    """A kind of import. `role`: who does it."""

    name: str
    role: str
    title: str | Promise
    lead: str | Promise


ABOUT: Mapping[str, About] = {
    "messages": About(
        "messages",
        "desk",
        gettext_lazy("Messages"),
        gettext_lazy("The ledger of a hotline or a message board: each row becomes a report."),
    ),
    "subjects": About(
        "subjects",
        "data",
        gettext_lazy("Subjects"),
        gettext_lazy("Places, enterprises, projects of one kind, with what is known of them."),
    ),
    "returns": About(
        "returns",
        "data",
        gettext_lazy("Returns"),
        gettext_lazy("Reported figures: one row a subject, one column a figure."),
    ),
}


def mine(request: HttpRequest) -> list[About]:
    """The kinds that he may import."""
    roles = staff.role_names(request)
    return [one for one in ABOUT.values() if one.role in roles]


def about(request: HttpRequest, kind: str) -> About:
    """Http404 for what is none, or not his."""
    found = next((one for one in mine(request) if one.name == kind), None)
    if found is None:
        raise Http404
    return found


def targets(district: int, kind: str) -> list[tuple[str, str | Promise]]:
    """What may be imported of a kind: code and name."""
    if kind == "messages":
        return [
            ("new", gettext_lazy("New problems, to be worked on")),
            ("old", gettext_lazy("An old ledger: closed, unverified, in no rate")),
        ]
    kinds = queries.kinds(district)
    if kind == "returns":
        reported = kinds_with_figures(district)
        kinds = tuple(one for one in kinds if one.code in reported)
    return [(one.code, one.name) for one in kinds]


class Ledger(forms.Form):
    """Beside messages."""

    ledger = forms.CharField(
        label=gettext_lazy("Name of the ledger"),
        max_length=60,
        help_text=gettext_lazy(
            "Always the same for the same source, for example 12345: a number is unique in it."
        ),
        error_messages=missing("", gettext_lazy("Name the ledger from which the rows are.")),
    )

    def options(self) -> dict[str, str]:
        return {"ledger": self.cleaned_data["ledger"].strip()}


class Nothing(forms.Form):
    """Beside subjects."""

    def options(self) -> dict[str, str]:
        return {}


class Return(forms.Form):
    """Beside reported figures."""

    period = forms.CharField(
        label=gettext_lazy("Period"),
        max_length=10,
        required=False,
        help_text=gettext_lazy(
            "2020, 2020-H1, 2020-Q2, 2020-06 or 2020-06-30; empty when a column gives it."
        ),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=80,
        help_text=gettext_lazy("Who reports the figures, and where they stand."),
        error_messages=missing("", gettext_lazy("Say where the figures come from.")),
    )
    reported_on = forms.DateField(
        label=gettext_lazy("Reported on"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=missing("", gettext_lazy("Give the day of the return.")),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason of a correction"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Needed when a value differs from the one reported before."),
    )

    def clean_period(self) -> str:
        given: str = self.cleaned_data["period"].strip()
        if given:
            try:
                actions.period_end(given)
            except actions.BadPeriod as no:
                raise forms.ValidationError(
                    _("Write 2020, 2020-H1, 2020-Q2, 2020-06 or 2020-06-30.")
                ) from no
        return given

    def clean_reported_on(self) -> Any:
        day = self.cleaned_data["reported_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day lies in the future."))
        return day

    def options(self) -> dict[str, str]:
        given = self.cleaned_data
        return {
            "period": given["period"],
            "source": given["source"].strip(),
            "reported_on": given["reported_on"].isoformat(),
            "reason": given["reason"].strip(),
        }


OPTIONS: Mapping[str, type[Ledger | Nothing | Return]] = {
    "messages": Ledger,
    "subjects": Nothing,
    "returns": Return,
}


class Upload(forms.Form):
    """What, and the file; the options of the kind stand in a form of their own."""

    target = forms.ChoiceField(
        label=gettext_lazy("What is in it"),
        widget=forms.RadioSelect,
        error_messages=missing("", gettext_lazy("Say what the file holds.")),
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.tsv,.txt"}),
        help_text=gettext_lazy("An .xlsx or .csv file of at most 30 MB and 100,000 rows."),
        error_messages=missing("", gettext_lazy("Choose a file.")),
    )

    def __init__(self, district: int, kind: str, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        target = cast(forms.ChoiceField, self.fields["target"])
        target.choices = targets(district, kind)
        if kind != "messages":
            target.widget = forms.Select()
            target.widget.choices = target.choices
            target.label = _("Kind of subject")
