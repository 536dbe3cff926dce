"""Which registered names occur in a free text.

Asked for every report that comes in, hence in plain SQL.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import connection
from django.db.models import QuerySet

from luoshi.infra import direct
from luoshi.registry.models import Alias, Area, AreaCode, Subject
from luoshi.registry.places import Hit, PlaceMatch, choose, tidy
from luoshi.registry.queries.lookup import living

NAMES = """
SELECT a.name, a.id, a.parent_id, CAST(NULL AS bigint)
FROM registry_area a
WHERE a.district_id = %(district)s AND {living} AND {position}(%(text)s, a.name) > 0
UNION ALL
SELECT f.name, a.id, a.parent_id, CAST(NULL AS bigint)
FROM registry_areacode f JOIN registry_area a ON a.id = f.area_id
WHERE f.district_id = %(district)s AND {living} AND {former} AND {position}(%(text)s, f.name) > 0
UNION ALL
SELECT l.text, a.id, a.parent_id, CAST(NULL AS bigint)
FROM registry_alias l JOIN registry_area a ON a.id = l.area_id
WHERE l.district_id = %(district)s AND {living} AND {position}(%(text)s, l.text) > 0
UNION ALL
SELECT s.name, s.area_id, a.parent_id, s.id
FROM registry_subject s LEFT JOIN registry_area a ON a.id = s.area_id
WHERE s.district_id = %(district)s AND s.active AND {position}(%(text)s, s.name) > 0
UNION ALL
SELECT l.text, s.area_id, a.parent_id, s.id
FROM registry_alias l JOIN registry_subject s ON s.id = l.subject_id
LEFT JOIN registry_area a ON a.id = s.area_id
WHERE l.district_id = %(district)s AND s.active AND {position}(%(text)s, l.text) > 0
"""

NOW = {"living": "a.valid_to IS NULL", "former": "TRUE"}
ON = {
    "living": "a.valid_from <= %(on)s AND (a.valid_to IS NULL OR a.valid_to > %(on)s)",
    # Former names go on being used, so they count from their first day for ever.
    "former": "f.valid_from <= %(on)s",
}


def match_place(district: int, text: str, *, on: date | None = None) -> PlaceMatch:
    """The area and subject that a free text names by name, former name or alias (one query).

    Names are looked up among the areas that exist on the day `on` (default: those that have not
    ended) and active subjects. A name that nobody registered matches nothing; that is no error.
    """
    position = "instr" if connection.vendor == "sqlite" else "strpos"
    sql = NAMES.format(position=position, **(ON if on else NOW))
    found = direct.select(sql, {"district": district, "text": tidy(text), "on": on})
    return choose([Hit(*row) for row in found])


def match_places(district: int, texts: Iterable[str]) -> list[PlaceMatch]:
    """`match_place` for many texts among the names of today: two queries for any number.

    Names are found by their first letters, so that a text costs what its length costs, however
    many names there are.
    """
    areas = (
        Area.objects.filter(living(None), district=district).values_list("name", "pk", "parent"),
        _former(district).values_list("name", "area", "area__parent"),
        _area_aliases(district).values_list("text", "area", "area__parent"),
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


def _former(district: int) -> QuerySet[AreaCode]:
    return AreaCode.objects.filter(living(None, "area__"), district=district, area__isnull=False)


def _area_aliases(district: int) -> QuerySet[Alias]:
    return Alias.objects.filter(living(None, "area__"), district=district, area__isnull=False)


def _subjects(district: int) -> QuerySet[Subject]:
    return Subject.objects.filter(district=district, active=True)


def _subject_aliases(district: int) -> QuerySet[Alias]:
    return Alias.objects.filter(district=district, subject__active=True)
