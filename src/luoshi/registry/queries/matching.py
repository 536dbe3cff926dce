"""Which registered names occur in a free text."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast, StrIndex

from luoshi.registry.models import Alias, Area, AreaCode, Subject
from luoshi.registry.places import Hit, PlaceMatch, choose, tidy
from luoshi.registry.queries.lookup import living


def match_place(district: int, text: str, *, on: date | None = None) -> PlaceMatch:
    """The area and subject that a free text names by name, former name or alias (one query).

    Names are looked up among the areas that exist on the day `on` (default: those that have not
    ended) and active subjects. A name that nobody registered matches nothing; that is no error.
    """
    named = (
        _hits(Area.objects.filter(living(on), district=district), text, "name", "pk", "parent"),
        _hits(_former(district, on), text, "name", "area", "area__parent"),
        _hits(_area_aliases(district, on), text, "text", "area", "area__parent"),
        _hits(_subjects(district), text, "name", "area", "area__parent", "pk"),
        _hits(
            _subject_aliases(district),
            text,
            "text",
            "subject__area",
            "subject__area__parent",
            "subject",
        ),
    )
    return choose([Hit(*row) for row in named[0].union(*named[1:], all=True)])


def match_places(district: int, texts: Iterable[str]) -> list[PlaceMatch]:
    """`match_place` for many texts among the names of today: two queries for any number.

    Names are found by their first letters, so that a text costs what its length costs, however
    many names there are.
    """
    areas = (
        Area.objects.filter(living(None), district=district).values_list("name", "pk", "parent"),
        _former(district, None).values_list("name", "area", "area__parent"),
        _area_aliases(district, None).values_list("text", "area", "area__parent"),
    )
    subjects = (
        _subjects(district).values_list("name", "area", "area__parent", "pk"),
        _subject_aliases(district).values_list(
            "text", "subject__area", "subject__area__parent", "subject"
        ),
    )
    by_start: dict[str, list[Hit]] = defaultdict(list)
    for name, area, street in areas[0].union(*areas[1:], all=True):
        by_start[name[:2]].append(Hit(name, area, street, None))
    for name, area, street, subject in subjects[0].union(*subjects[1:], all=True):
        by_start[name[:2]].append(Hit(name, area, street, subject))
    return [choose(_named(tidy(text), by_start)) for text in texts]


def _named(text: str, by_start: Mapping[str, Sequence[Hit]]) -> list[Hit]:
    """Each name that occurs in the text, once."""
    found = {
        id(hit): hit
        for at in range(len(text))
        for start in (text[at : at + 2], text[at : at + 1])
        for hit in by_start.get(start, ())
        if text.startswith(hit.text, at)
    }
    return list(found.values())


def _former(district: int, on: date | None) -> QuerySet[AreaCode]:
    """Former names go on being used, so they count from their first day for ever."""
    rows = AreaCode.objects.filter(living(on, "area__"), district=district, area__isnull=False)
    return rows.filter(valid_from__lte=on) if on else rows


def _area_aliases(district: int, on: date | None) -> QuerySet[Alias]:
    return Alias.objects.filter(living(on, "area__"), district=district, area__isnull=False)


def _subjects(district: int) -> QuerySet[Subject]:
    return Subject.objects.filter(district=district, active=True)


def _subject_aliases(district: int) -> QuerySet[Alias]:
    return Alias.objects.filter(district=district, subject__active=True)


def _hits(
    rows: QuerySet[Any], text: str, name: str, area: str, street: str, subject: str | None = None
) -> QuerySet[Any, Any]:
    """(name, area, its street, subject) of the rows whose name occurs in the text."""
    occurs = rows.annotate(at=StrIndex(Value(tidy(text), TextField()), F(name))).filter(at__gt=0)
    ids = (F(area), F(street), F(subject) if subject else Value(None))
    columns = [Cast(name, TextField()), *(Cast(column, BigIntegerField()) for column in ids)]
    found: QuerySet[Any, Any] = occurs.values_list(*columns)
    return found
