"""Fields that several command forms share."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from luoshi.cases.wording import REFUSAL
from luoshi.web.case.choices import Label

LONGEST_TEXT = 4000
COMPARED = _("Where and when a picture was taken is compared with the case and then removed.")
PICTURES_HELP = _(
    "JPEG, PNG or WebP, at most 10 MB each, 9 at a time. Where and when a picture was taken is "
    "compared with the case and then removed."
)


def missing(code: str, own: Label = "") -> dict[str, Any]:
    """The rules' own sentence where a field was left empty or unclear, or a better one."""
    sentence = own or REFUSAL[code]
    return {"required": sentence, "invalid_choice": sentence, "invalid": sentence}


def words(
    label: Label,
    *,
    code: str = "reason_missing",
    empty: Label = "",
    required: bool = True,
    help_text: Label = "",
    rows: int = 3,
    longest: int = LONGEST_TEXT,
) -> forms.CharField:
    """`empty`: what is said when nothing was written, where it is no reason that is asked for."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages=missing(code, empty),
    )


def chosen(
    label: Label, *, code: str, required: bool = True, help_text: Label = ""
) -> forms.TypedChoiceField:
    """One id of a list that the form fills in; None when left empty."""
    return forms.TypedChoiceField(
        label=label,
        required=required,
        help_text=help_text,
        coerce=int,
        empty_value=None,
        error_messages=missing(code),
    )


def either(label: Label, yes: Label, no: Label, *, code: str) -> forms.TypedChoiceField:
    """Two radio buttons, none of them chosen beforehand; True or False."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("yes", yes), ("no", no)],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages=missing(code),
    )


def end_of_day(day: date) -> datetime:
    """The last second of a day where the district lies."""
    return datetime.combine(day, time(23, 59, 59), timezone.get_default_timezone())


class ExplanationField(forms.CharField):
    """Why a picture looks like an earlier one, or was taken at another time or place: asked for
    when one does, so that it stands folded away until then."""

    folded = True

    def __init__(self) -> None:
        super().__init__(
            label=_("Why it looks like an earlier one, or has another time or place"),
            required=False,
            max_length=LONGEST_TEXT,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_(
                "For example: taken from the same spot as the one before; the camera's clock is "
                "wrong. "
                "Whoever verifies reads this beside the picture."
            ),
        )


class Radios(forms.ChoiceField):
    """Radio buttons that are needed in some cases only; the help says in which."""

    marked = False
    widget = forms.RadioSelect


class PicturesInput(forms.FileInput):
    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several pictures; cleaned to a list of uploaded files, empty when none was chosen.

    `marked`: whether it says that it is optional; not where the help says when it is needed.
    """

    marked = True
    widget = PicturesInput(attrs={"accept": "image/jpeg,image/png,image/webp", "multiple": True})

    def __init__(self, *, label: Label = "", help_text: Label = "", required: bool = False) -> None:
        super().__init__(
            label=label or _("Pictures"), help_text=help_text or PICTURES_HELP, required=required
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        uploads: Sequence[UploadedFile[Any]] = data if isinstance(data, list | tuple) else [data]
        given = [upload for upload in uploads if upload]
        if not given:
            super().clean(None, initial)
        return [super(PicturesField, self).clean(upload, initial) for upload in given]

    def needed(self, when: Label) -> None:
        """Says when pictures are needed; whether they are the rules know."""
        self.help_text, self.marked = format_lazy("{} {}", when, COMPARED), False
