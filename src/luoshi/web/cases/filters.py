"""What the list of all cases shows, as a form over the address."""

from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.cases import queries
from luoshi.cases.queries import TooShort, Wanted, at_least_two
from luoshi.registry import queries as registry
from luoshi.web import formats
from luoshi.web.asked import Day, begins
from luoshi.web.case import choices
from luoshi.web.words import ORIGIN, STATUS

ANY = ("", gettext_lazy("(any)"))
OPEN = ("open", gettext_lazy("Every open one"))
BEHIND = ("area", "owner", "level", "origin", "since", "until")
LEVELS = ("1", "2", "3")


def _day(label: Any) -> Day:
    return Day(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("Give the day as 2026-05-20.")},
    )


class Filters(forms.Form):
    """All in the address; a field left empty narrows nothing. Unknown values are told."""

    q = forms.CharField(
        label=gettext_lazy("Words, or the beginning of a number"),
        required=False,
        max_length=100,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    area = forms.ChoiceField(label=gettext_lazy("Street or community"), required=False)
    owner = forms.ChoiceField(label=gettext_lazy("Responsible unit"), required=False)
    level = forms.ChoiceField(label=gettext_lazy("Supervision level"), required=False)
    origin = forms.ChoiceField(label=gettext_lazy("Brought by"), required=False)
    since = _day(gettext_lazy("Received from"))
    until = _day(gettext_lazy("Received until"))
    overdue = forms.BooleanField(label=gettext_lazy("Only overdue ones"), required=False)

    def __init__(self, district: int, data: Any) -> None:
        super().__init__({name: data.get(name, "") for name in self.base_fields})
        self._areas = registry.areas(district)
        levels = [(level, _("at least %(level)s") % {"level": level}) for level in LEVELS]
        offered: dict[str, choices.Choices] = {
            "status": [OPEN, *STATUS.items()],
            "category": choices.categories(queries.categories(district))[1:],
            "area": choices.areas(self._areas)[1:],
            "owner": choices.units(registry.handling_units(district))[1:],
            "level": [*levels],
            "origin": [*ORIGIN.items()],
        }
        for name, options in offered.items():
            cast(forms.ChoiceField, self.fields[name]).choices = [ANY, *options]

    def clean_q(self) -> str:
        words: str = self.cleaned_data["q"].replace("\x00", "")
        if words:
            try:
                at_least_two(words)
            except TooShort:
                raise ValidationError(_("Type two characters at least.")) from None
        return words

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day lies before the first one."))
        return found

    @property
    def more(self) -> bool:
        """Whether one of the fields that stand behind the fold is filled in."""
        return any(self.data.get(name) for name in BEHIND)

    @property
    def asked(self) -> dict[str, str]:
        """What is narrowed down, as it stands in an address; once the form is valid."""
        return {
            name: "1" if value is True else str(value)
            for name, value in self.cleaned_data.items()
            if value
        }

    @property
    def query(self) -> str:
        return urlencode(self.asked)

    @property
    def wanted(self) -> Wanted:
        """The same for the query; a street includes its communities."""
        found = self.cleaned_data
        area = int(found["area"]) if found["area"] else None
        until = begins(found["until"] + timedelta(days=1)) if found["until"] else None
        return Wanted(
            words=found["q"],
            status=found["status"],
            category=found["category"],
            areas=tuple(a.id for a in self._areas if area and area in (a.id, a.parent)),
            owner=int(found["owner"]) if found["owner"] else None,
            overdue=found["overdue"],
            level=int(found["level"] or 0),
            origin=found["origin"],
            since=begins(found["since"]) if found["since"] else None,
            until=until,
        )

    @property
    def said(self) -> list[tuple[str, str]]:
        """What is narrowed down, in words: label and value."""
        return [(str(self[name].label), self._value(name)) for name in self.asked]

    def _value(self, name: str) -> str:
        value = self.cleaned_data[name]
        if isinstance(self.fields[name], forms.ChoiceField):
            flat = dict(_flat(cast(forms.ChoiceField, self.fields[name]).choices))
            return str(flat.get(value, value))
        if value is True:
            return _("yes")
        return formats.date(value) if name in ("since", "until") else str(value)


def _flat(offered: Any) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for code, label in offered:
        found += _flat(label) if isinstance(label, list | tuple) else [(str(code), label)]
    return found
