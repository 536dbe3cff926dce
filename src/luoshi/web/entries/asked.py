"""Fields that these forms share: numbers as offices write them, days that are not ahead."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.expectations.reading import LONGEST, REMEDY, BadNumber, read_number
from luoshi.web.case.choices import Label

DAY = _("Write the day like 2020-06-30.")


class NumberField(forms.CharField):
    """A number typed as people write it; None when it is left empty."""

    def __init__(self, *, decimals: int | None = None, percent: bool = True, **given: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 14})
        super().__init__(max_length=2 * LONGEST, widget=widget, **given)
        self.decimals, self.percent = decimals, percent

    def to_python(self, value: Any) -> Any:
        try:
            return read_number(value or "", decimals=self.decimals, percent=self.percent)
        except BadNumber as no:
            raise ValidationError(str(REMEDY[no.code]), code=no.code) from no

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """Its length was looked at when it was read."""


def as_typed(value: Decimal | None) -> str:
    """A number as it stands in its field: 44, 78.33."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def day(label: Label, *, ahead: Label = "", help_text: Label = "", **given: Any) -> forms.DateField:
    """A day; with `ahead` one after today is refused in these words."""
    attrs = {"type": "date"} | ({"max": timezone.localdate().isoformat()} if ahead else {})

    def not_ahead(value: date) -> None:
        if value > timezone.localdate():
            raise ValidationError(ahead)

    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(attrs=attrs, format="%Y-%m-%d"),
        validators=[not_ahead] if ahead else [],
        error_messages={"invalid": DAY, "required": DAY},
        **given,
    )
