"""What an address or a form may say: keys and days, so that no number is larger than the database
holds and no day lies where no calendar reaches."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.urls.converters import IntConverter
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)


class KeyConverter(IntConverter):
    """`<key:id>` in an address."""

    regex = "[0-9]{1,18}"


def key(text: str) -> int | None:
    """The id that a text says; None when no id can be written so."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def key_in(request: HttpRequest, name: str = "after") -> int | None:
    """The one in the query, None without; 404 for what no page of ours gave out."""
    text = request.GET.get(name, "")
    found = key(text)
    if text and found is None:
        raise Http404
    return found


def begins(day: date) -> datetime:
    """When a day begins here."""
    return timezone.make_aware(datetime.combine(day, time()))


class Day(forms.DateField):
    """A day of these hundred years."""

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and not FIRST <= day <= LAST:
            raise forms.ValidationError(_("Choose a day between 2000 and 2099."))
        return day
