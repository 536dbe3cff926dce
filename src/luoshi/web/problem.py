"""The form of a problem that staff write down, told to them or found by themselves."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.cases import queries
from luoshi.cases.actions import NewReport
from luoshi.registry import queries as registry
from luoshi.web.case import choices
from luoshi.web.case.fields import PicturesField, words
from luoshi.web.public.place import resolve

LONGEST = 10_000
"""Characters: letters are long."""


class PlaceForm(forms.Form):
    """Category and place, as far as they are known."""

    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    area = forms.ChoiceField(label=gettext_lazy("Street or community"), required=False)
    subject = forms.ChoiceField(label=gettext_lazy("Known place"), required=False)

    def __init__(self, district: int, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.district = district
        known = registry.subjects(district, limit=500)
        categories = choices.categories(queries.categories(district))
        self._choices("category", [("", gettext_lazy("(not sure)")), *categories[1:]])
        self._choices("area", choices.areas(registry.areas(district)))
        self._choices("subject", choices.subjects(known))

    def _choices(self, name: str, found: choices.Choices) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = found


class Problem(PlaceForm):
    """What somebody told, or found himself: where it is, what is wrong, and whom it accuses."""

    text = words(
        gettext_lazy("What was reported"),
        empty=gettext_lazy("Write down what was reported."),
        rows=6,
        longest=LONGEST,
    )
    place = forms.CharField(
        label=gettext_lazy("Place or address as told"), required=False, max_length=200
    )
    danger = forms.BooleanField(
        label=gettext_lazy("Danger to life: 2 hours, counted from now"), required=False
    )
    pictures = PicturesField()
    accused = forms.ChoiceField(
        label=gettext_lazy("Unit that the report accuses"),
        help_text=gettext_lazy("Nobody of it may act on the case or verify it."),
        required=False,
    )

    def __init__(self, district: int, data: Any = None, files: Any = None) -> None:
        super().__init__(district, data, files)
        self._choices("accused", [("", gettext_lazy("(none)")), *_all_units(district)])

    def report(self, *, door: str, external_id: str, **more: Any) -> NewReport:
        """What was typed, as a door hands it over; `more` is what else that door knows."""
        given = self.cleaned_data
        where = resolve(
            registry.district_by_id(self.district),
            text=given["place"],
            area=given["area"],
            spot=int(given["subject"]) if given["subject"] else None,
            point=None,
        )
        told: dict[str, Any] = {
            "category": given["category"],
            "area": where.area,
            "subject": where.subject,
            "place_open": where.open,
            "danger": given["danger"],
            "accused": (int(given["accused"]),) if given["accused"] else (),
            "pictures": [upload.read() for upload in given["pictures"]],
        }
        return NewReport(
            district=self.district,
            door=door,
            external_id=external_id,
            text=self._whole_text(),
            **{**told, **more},
        )

    def _whole_text(self) -> str:
        """An address is free text too, and lives where the other words do."""
        text, where = self.cleaned_data["text"], self.cleaned_data["place"]
        told = _("Place: %(where)s") % {"where": where}
        return f"{text}\n\n{told}" if where else str(text)


def _all_units(district: int) -> choices.Choices:
    """Every unit, those too that own no case: a report may accuse any."""
    names = registry.unit_names(registry.units(district), language=choices.language())
    return [(str(id), name) for id, name in sorted(names.items())]
