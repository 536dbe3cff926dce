"""What the registry is asked. Values come out, never rows.

Each function is one SQL query unless it says otherwise; one that is asked for a single thing
raises `NotRegistered` when there is none.
"""

from luoshi.registry.facts import (
    AreaInfo,
    DistrictInfo,
    DutyInfo,
    HeldRole,
    NearSubject,
    PersonInfo,
    SubjectInfo,
    UnitInfo,
)
from luoshi.registry.places import PlaceMatch
from luoshi.registry.queries.areas import (
    area,
    area_names,
    areas,
    code_on,
    communities,
    district,
    district_by_id,
    districts,
    sketch,
    streets,
)
from luoshi.registry.queries.duties import (
    DutyBook,
    duties,
    duty_book,
    duty_for,
    subjects_of_units,
)
from luoshi.registry.queries.lookup import NotRegistered
from luoshi.registry.queries.matching import match_place
from luoshi.registry.queries.people import (
    affiliations,
    people,
    people_of_unit,
    person,
    roles_of,
    roster,
)
from luoshi.registry.queries.subjects import (
    area_centres,
    nearest_subjects,
    parts_of,
    place_names,
    subject,
    subject_counts,
    subject_facts,
    subject_names,
    subjects,
    subjects_by_id,
    subjects_called,
    subjects_in,
    subjects_named,
    subjects_page,
)
from luoshi.registry.queries.units import (
    desk_phone,
    handling_units,
    unit,
    unit_names,
    unit_of_area,
    units,
)
from luoshi.registry.queries.worktime import calendar, terms

__all__ = [
    "AreaInfo",
    "DistrictInfo",
    "DutyBook",
    "DutyInfo",
    "HeldRole",
    "NearSubject",
    "NotRegistered",
    "PersonInfo",
    "PlaceMatch",
    "SubjectInfo",
    "UnitInfo",
    "affiliations",
    "area",
    "area_centres",
    "area_names",
    "areas",
    "calendar",
    "code_on",
    "communities",
    "desk_phone",
    "district",
    "district_by_id",
    "districts",
    "duties",
    "duty_book",
    "duty_for",
    "handling_units",
    "match_place",
    "nearest_subjects",
    "parts_of",
    "people",
    "people_of_unit",
    "person",
    "place_names",
    "roles_of",
    "roster",
    "sketch",
    "streets",
    "subject",
    "subject_counts",
    "subject_facts",
    "subject_names",
    "subjects",
    "subjects_by_id",
    "subjects_called",
    "subjects_in",
    "subjects_named",
    "subjects_of_units",
    "subjects_page",
    "terms",
    "unit",
    "unit_names",
    "unit_of_area",
    "units",
]
