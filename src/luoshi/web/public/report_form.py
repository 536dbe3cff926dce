"""The form of a report, on both tracks."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.forms.utils import ErrorDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from luoshi.cases import queries
from luoshi.cases.queries import CategoryInfo
from luoshi.cases.wording import refusal
from luoshi.registry import queries as registry
from luoshi.registry.facts import DistrictInfo
from luoshi.registry.words import HANDLING_KINDS, UNIT_KINDS
from luoshi.trust import phones
from luoshi.trust.errors import BadPhone
from luoshi.web.asked import key
from luoshi.web.public import place
from luoshi.web.public.place import Spot

LONGEST = 10_000
"""Characters of a report. Checked here and not in the browser, which would silently cut off what
somebody pastes."""

TOO_LONG = gettext_lazy(
    "This text has %(show_value)d characters; %(limit_value)d are possible. Shorten it, or send "
    "the rest afterwards: nothing is lost."
)


def words(label: Any, help_text: Any = "", *, required: bool = False, rows: int = 0) -> Any:
    """A field for text; several rows make it a large one."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(),
        validators=[MaxLengthValidator(LONGEST if rows else 200, TOO_LONG)],
    )


def degrees(most: int) -> forms.FloatField:
    return forms.FloatField(
        required=False,
        widget=forms.HiddenInput(),
        validators=[MinValueValidator(-most), MaxValueValidator(most)],
    )


class PlaceForm(forms.Form):
    """Where it is. `look` shows the known places that fit; every field is optional by itself."""

    place = words(
        gettext_lazy("Place or address"),
        gettext_lazy("The estate, market or shop, or road and number, or what is beside it."),
    )
    area = forms.ChoiceField(label=gettext_lazy("Street and community"), required=False)
    spot = forms.ChoiceField(
        label=gettext_lazy("Known places"), required=False, widget=forms.RadioSelect()
    )
    lat = degrees(90)
    lon = degrees(180)

    spots: Sequence[Spot] = ()

    def __init__(self, *args: Any, district: DistrictInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.district = district
        # Lists are made when they are drawn or something was chosen, which most leave alone.
        self._field("area").choices = lambda: place.area_choices(district.id)

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (told to the type checker)
        return field

    def look(self, *, wanted: bool) -> None:
        """Fill the list of known places; not `wanted`, only with the one already chosen."""
        asked: dict[str, Any] = {"chosen": self._id("spot")}
        if wanted:
            asked["text"] = self.data.get("place", "").replace("\x00", "").strip()[:200]
            asked["area"] = self._id("area")
            asked["point"] = self.point()
        self.spots = place.spots(self.district, **asked)
        self._field("spot").choices = [
            *((str(s.id), f"{s.name} ({s.note})" if s.note else s.name) for s in self.spots),
            ("", _("None of these")),
        ]

    def _id(self, name: str) -> int | None:
        """What was chosen, before anything is checked; None for what no id can be."""
        given = self.data.get(name, "") if self.is_bound else str(self.initial.get(name, ""))
        return key(given)

    def quiet(self) -> None:
        """Show no errors: whoever looks up a place has not sent anything yet."""
        self._errors = ErrorDict()
        self.cleaned_data = {}

    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude, when both were given, can be degrees and shall count."""
        if self.data.get("forget_point"):
            return None
        try:
            lat, lon = float(self.data.get("lat", "")), float(self.data.get("lon", ""))
        except ValueError:
            return None
        return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


class ContactForm(PlaceForm):
    """What both tracks ask."""

    categories: Sequence[CategoryInfo] = ()

    text = words(
        gettext_lazy("What is wrong?"),
        gettext_lazy("In your own words: what you saw, and since when."),
        required=True,
        rows=6,
    )
    phone = forms.CharField(
        label=gettext_lazy("Your phone number"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy("For news by mail, when you give no mobile number."),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "invalid": gettext_lazy(
                "This is no e-mail address: type it like name@example.org, or leave it empty."
            )
        },
    )
    minor = forms.BooleanField(
        label=gettext_lazy("I am under 18"),
        help_text=gettext_lazy("Then nobody asks you for a verdict in the end."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].error_messages["required"] = _("Say what is wrong.")
        if not settings.MAIL_OUT:
            del self.fields["email"]  # nobody could write to it

    def clean_phone(self) -> str:
        given: str = self.cleaned_data["phone"]
        if not given:
            return ""
        try:
            phones.normalise(given)
        except BadPhone as error:
            raise forms.ValidationError(refusal(error.code)) from error
        return given


class OrdinaryForm(ContactForm):
    """A report that the desk reads and gives to a unit."""

    category = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        help_text=gettext_lazy("If you do not know, leave it as it is: the desk sorts it out."),
        required=False,
    )
    name = words(gettext_lazy("Your name"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.categories = queries.categories(self.district.id)
        self._field("category").choices = lambda: [
            ("", _("I do not know")),
            *((c.code, _label(c)) for c in self.categories),
        ]

    def clean(self) -> None:
        told = any(self.cleaned_data.get(name) for name in ("place", "area", "spot"))
        if not (told or self.point() or "place" in self.errors):
            self.add_error(
                "place",
                _("Say where it is, or choose “It is about no particular place” below."),
            )


class ConfidentialForm(ContactForm):
    """A report that only the inspection team reads."""

    accused = forms.ChoiceField(
        label=gettext_lazy("Which office or company is it about?"),
        help_text=gettext_lazy("Nobody of the one that you choose gets to decide on your report."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._field("accused").choices = lambda: _accused(self.district.id)


def _label(category: CategoryInfo) -> str:
    label = category.label(get_language() or "zh-hans")
    if category.urgency != "danger":
        return label
    return _("%(category)s: call 110, 119 or 120 first") % {"category": label}


def _accused(district: int) -> list[tuple[str, Any]]:
    """Every unit by its kind, those too that own no cases: desk, teams."""
    units = registry.units(district)
    names = registry.unit_names(units, language=get_language() or "zh-hans")
    groups: list[tuple[str, Any]] = [
        (
            str(UNIT_KINDS[kind]),
            [(str(id), names[id]) for id in sorted(units) if units[id].kind == kind],
        )
        for kind in (*HANDLING_KINDS, "desk", "team")
    ]
    return [("", _("I leave that open")), *(group for group in groups if group[1])]
