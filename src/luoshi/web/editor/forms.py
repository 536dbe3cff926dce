"""What an editor types: a new notice, its text and tables, and what he does with it."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from luoshi.publication import tables
from luoshi.publication.content import LONGEST_REASON, MOST_TABLES, Content
from luoshi.publication.tables import Given
from luoshi.publication.words import KIND
from luoshi.web.case.choices import Label

Choices = Sequence[tuple[str, Label]]
FORMAT = "%Y-%m-%dT%H:%M"
LONGEST_POST = 200_000
"""Longer texts are not even kept: the rules allow far less."""


def moment(label: Label, help_text: Label = "", **given: Any) -> Any:
    """A time of the installation's time zone."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=FORMAT)
    wrong = gettext_lazy("Write day and time, for example 2026-05-20 09:30.")
    return forms.DateTimeField(
        label=label,
        help_text=help_text,
        widget=widget,
        error_messages={"invalid": wrong, "required": wrong},
        **given,
    )


def text(label: Label, rows: int = 3, **given: Any) -> Any:
    given.setdefault("required", False)
    given.setdefault("max_length", LONGEST_POST)
    return forms.CharField(
        label=label, strip=False, widget=forms.Textarea(attrs={"rows": rows}), **given
    )


class New(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=list(KIND.items()), widget=forms.RadioSelect
    )
    unit = forms.ChoiceField(label=gettext_lazy("Unit that answers for it"))
    number = forms.CharField(
        label=gettext_lazy("Number"),
        required=False,
        max_length=30,
        help_text=gettext_lazy(
            "It stays the address of the page for good. Left empty, the next one of the year is "
            "taken."
        ),
    )

    def __init__(self, *args: Any, units: Choices, **given: Any) -> None:
        super().__init__(*args, **given)
        cast(forms.ChoiceField, self.fields["unit"]).choices = units


class Text(forms.Form):
    """The text; what is wrong with it is said beside it and keeps nobody from saving."""

    rev = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(
        label=gettext_lazy("Title"), required=False, max_length=1000, strip=False
    )
    title_en = forms.CharField(
        label=gettext_lazy("Title in English"), required=False, max_length=1000, strip=False
    )
    unit = forms.ChoiceField(label=gettext_lazy("Unit that answers for it"))
    body = text(
        gettext_lazy("Body"),
        rows=16,
        help_text=gettext_lazy(
            "A line that begins with # is a heading, one that begins with - an item of a list. An "
            "empty line begins a new paragraph."
        ),
    )
    body_en = text(gettext_lazy("Text in English"), rows=8)
    expires_at = moment(
        gettext_lazy("Over after"),
        gettext_lazy("The page then says that it is over. Left empty, it stays valid."),
        required=False,
    )
    reason = text(
        gettext_lazy("What is corrected, and why"), rows=2, max_length=LONGEST_REASON,
        help_text=gettext_lazy("Readers see it above the text."),
    )  # fmt: skip
    reason_en = text(gettext_lazy("The same in English"), rows=2, max_length=LONGEST_REASON)

    def __init__(self, *args: Any, units: Choices, correction: bool, **given: Any) -> None:
        super().__init__(*args, **given)
        cast(forms.ChoiceField, self.fields["unit"]).choices = units
        if not correction:
            del self.fields["reason"], self.fields["reason_en"]


class TableText(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("Title of the table"), required=False, max_length=300
    )
    text = text(
        gettext_lazy("Rows"),
        rows=6,
        help_text=gettext_lazy(
            "Copy the cells in a spreadsheet and paste them here; the first row holds the headings."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("or a CSV file"), required=False, allow_empty_file=True
    )
    counted = forms.CharField(
        label=gettext_lazy("Column that is added up"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Its heading, for example the number of posts."),
    )
    source = forms.CharField(
        label=gettext_lazy("Source of the table"), required=False, max_length=500
    )

    def clean_file(self) -> str:
        """What the file says, which then stands in the field of the rows."""
        given = self.cleaned_data.get("file")
        if not given:
            return ""
        try:
            return tables.decode(given.read(tables.LARGEST_FILE + 1))
        except tables.Unreadable as error:
            raise forms.ValidationError(str(error)) from error

    @property
    def given(self) -> Given:
        data = self.cleaned_data
        return Given(
            text=data.get("file") or data["text"],
            title=data["title"],
            counted=data["counted"],
            source=data["source"],
        )


def table_forms(content: Content, data: Any = None, files: Any = None) -> list[TableText]:
    """One for each table and an empty one, as far as there may be more."""
    found = list(content.tables)
    count = len(found) + 1
    if data is not None:
        count = sum(f"table-{n}-text" in data for n in range(MOST_TABLES))
    made = list[TableText]()
    for n in range(min(count, MOST_TABLES)):
        table = found[n] if n < len(found) else Given(text="")
        initial = {name: getattr(table, name) for name in ("title", "text", "counted", "source")}
        made.append(TableText(data, files, initial=initial, prefix=f"table-{n}"))
    return made


def initial(content: Content, rev: int) -> Mapping[str, Any]:
    end = content.end
    return {
        "rev": rev,
        "title": content.title,
        "title_en": content.title_en,
        "unit": str(content.unit),
        "body": content.body,
        "body_en": content.body_en,
        "reason": content.reason,
        "reason_en": content.reason_en,
        "expires_at": timezone.localtime(end) if end else None,
    }


def content_of(form: Text, among: Sequence[TableText]) -> Content:
    data = form.cleaned_data
    end = data["expires_at"]
    return Content(
        title=data["title"],
        title_en=data["title_en"],
        body=data["body"],
        body_en=data["body_en"],
        tables=tuple(table.given for table in among),
        reason=data.get("reason", ""),
        reason_en=data.get("reason_en", ""),
        expires_at=end.isoformat() if end else "",
        unit=int(data["unit"]),
    )


# ---- What is done with it ----


class Publish(forms.Form):
    draft = forms.IntegerField(widget=forms.HiddenInput)
    rev = forms.IntegerField(widget=forms.HiddenInput)
    sure = forms.BooleanField(
        label=gettext_lazy("I have read the preview; it may be published."),
        error_messages={"required": gettext_lazy("Read the preview and say so first.")},
    )


class Schedule(forms.Form):
    rev = forms.IntegerField(widget=forms.HiddenInput)
    publish_at = moment(gettext_lazy("Publish at"))


class Withdraw(forms.Form):
    reason = text(
        gettext_lazy("Reason"), required=True, max_length=LONGEST_REASON,
        help_text=gettext_lazy("Readers see it at the top of the page."),
        error_messages={"required": gettext_lazy("Say why, so that readers can follow it.")},
    )  # fmt: skip
    reason_en = text(gettext_lazy("The same in English"), max_length=LONGEST_REASON)


class Discard(forms.Form):
    rev = forms.IntegerField(widget=forms.HiddenInput)
    sure = forms.BooleanField(
        label=gettext_lazy("The draft may be thrown away."),
        error_messages={"required": gettext_lazy("Say that you are sure.")},
    )
