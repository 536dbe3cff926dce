"""Which registered names occur in a free text.

Asked for every report that comes in, hence in plain SQL.
"""

from datetime import date

from django.db import connection

from luoshi.infra import direct
from luoshi.registry.places import Hit, PlaceMatch, choose, tidy

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
