"""The form of reported figures, made from the figure kinds of the pack.

A return comes from one source: its empty fields say "not reported". Signals come from different
departments, each with source and date of its own: an empty one says nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.expectations.actions import BadPeriod, period_end
from luoshi.expectations.periods import period_start
from luoshi.expectations.queries import FigureField, Value
from luoshi.web.entries.asked import NumberField, as_typed, day

FUTURE = gettext_lazy("This day is still to come: write the day on which it was reported.")
SOURCE = gettext_lazy("Say who reported it: a department and its return.")


RETURN = "return"
"""The start of the names of source and day of a return."""


def start(code: str) -> str:
    """The name of the field of a figure, and the start of those of its source and day; no code has
    a dash, so that none can be taken for another field of the form."""
    return f"of-{code}"


@dataclass(frozen=True, slots=True)
class Group:
    """Values that one source reported on one day."""

    source: str
    reported_on: date
    values: Mapping[str, Decimal | None]


class Figures(forms.Form):
    period = forms.CharField(
        label=gettext_lazy("Period"),
        max_length=10,
        help_text=gettext_lazy("2020, 2020-H1, 2020-Q2, 2020-06 or a day: 2020-06-30"),
        error_messages={"required": gettext_lazy("Say of which period: for example 2020-06.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Why a value is corrected"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "Needed when a value differs from what was reported for this period before. Both stay "
            "on record."
        ),
    )

    def __init__(self, fields: Sequence[FigureField], data: Any = None, **given: Any) -> None:
        super().__init__(data, **given)
        self.returns = [one for one in fields if not one.signal]
        self.signals = [one for one in fields if one.signal]
        self.fields["reason"].marked = False  # type: ignore[attr-defined]
        for one in fields:
            self.fields[start(one.code)] = NumberField(
                label=one.name, decimals=one.decimals, percent=one.percent, required=False
            )
            self.fields[start(one.code)].marked = False  # type: ignore[attr-defined]
        sources = [RETURN] if self.returns else []
        for first in [*sources, *(start(one.code) for one in self.signals)]:
            self.fields[f"{first}-source"] = forms.CharField(
                label=_("Source"), max_length=120, required=False
            )
            self.fields[f"{first}-day"] = day(_("Reported on"), ahead=FUTURE, required=False)
            for part in ("source", "day"):  # needed beside a value only
                self.fields[f"{first}-{part}"].marked = False  # type: ignore[attr-defined]

    def clean_period(self) -> str:
        text = str(self.cleaned_data["period"]).strip()
        try:
            period_end(text)
        except BadPeriod:
            wrong = _("This is no period: write 2020, 2020-H1, 2020-Q2, 2020-06 or 2020-06-30.")
            raise forms.ValidationError(wrong) from None
        if period_start(text) > timezone.localdate():
            raise forms.ValidationError(_("This period has not begun: check the year."))
        return text

    def clean(self) -> dict[str, Any]:
        """Source and day are asked for beside what was entered."""
        data, returns, signals = self.cleaned_data, self.returns, self.signals
        given = [one for one in (*returns, *signals) if data.get(start(one.code)) is not None]
        if not given and not self.errors:
            self.add_error(None, _("Nothing is entered: write at least one figure."))
        if any(not one.signal for one in given):
            self._asked(RETURN)
        for one in given:
            if one.signal:
                self._asked(start(one.code))
        return data

    def _asked(self, first: str) -> None:
        for part, sentence in (("source", SOURCE), ("day", _("Say on which day."))):
            name = f"{first}-{part}"
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, sentence)

    def groups(self) -> list[Group]:
        """What is to be written. A return of which nothing is entered is none, and an empty signal
        changes nothing."""
        found: dict[tuple[str, date], dict[str, Decimal | None]] = {}
        data = self.cleaned_data
        told = {one.code: data[start(one.code)] for one in self.returns}
        if any(value is not None for value in told.values()):
            found[(data[f"{RETURN}-source"], data[f"{RETURN}-day"])] = told
        for one in self.signals:
            first = start(one.code)
            if data[first] is not None:
                by = (data[f"{first}-source"], data[f"{first}-day"])
                found.setdefault(by, {})[one.code] = data[first]
        return [Group(source, on, values) for (source, on), values in found.items()]

    def mark(self) -> str:
        """The same only for the same entries: what is saved is what was previewed."""
        told = sorted((name, str(value)) for name, value in self.cleaned_data.items())
        return sha256(repr(told).encode()).hexdigest()[:32]


def initial(period: str, known: Mapping[str, Value], fields: Sequence[FigureField]) -> Any:
    """What was reported for the period, to be completed or corrected."""
    found: dict[str, Any] = {"period": period}
    for one in fields:
        if value := known.get(one.code):
            first = start(one.code) if one.signal else RETURN
            found[start(one.code)] = as_typed(value.value)
            found[f"{first}-source"] = value.source
            found[f"{first}-day"] = value.reported_on
    return found
