"""The facts that are kept of a subject, as a page shows them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from markupsafe import Markup

from luoshi.expectations.queries import KindInfo
from luoshi.web import formats


def facts(
    kind: KindInfo, known: Mapping[str, Any], *, public: bool = False
) -> list[tuple[str, object]]:
    """Name and value in the order of the kind; `public`: without those that it keeps private."""
    return [
        (name_of(fact), shown(fact, known[fact["code"]]))
        for fact in kind.facts
        if known.get(fact["code"]) not in (None, "", []) and not (public and fact.get("private"))
    ]


def name_of(fact: Mapping[str, Any]) -> str:
    english = (get_language() or "").startswith("en") and fact.get("name_en")
    return str(fact["name_en"] if english else fact["name"])


def shown(fact: Mapping[str, Any], value: Any) -> object:
    """A value in the words of the reader."""
    if fact["type"] == "choice":
        return next((name_of(c) for c in fact.get("choices", ()) if c["code"] == value), value)
    if fact["type"] == "date":
        return _day(str(value))
    if fact["type"] == "notice":
        return _notice(str(value))
    return value


def _notice(number: str) -> str:
    try:
        there = reverse("notices:show", args=[number])
    except NoReverseMatch:  # whatever somebody typed into a spreadsheet
        return number
    return Markup('<a href="{}">{}</a>').format(there, number)


def _day(text: str) -> str:
    try:
        return formats.date(date.fromisoformat(text))
    except ValueError:
        return text
