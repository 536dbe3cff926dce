"""The only writer of the registry: used by the administration, the demo and the tests.

Everything returns ids. What the registry does not take is `Refused`, with the reason.
"""

from luoshi.registry.actions.areas import (
    NewArea,
    add_former_code,
    create_area,
    create_areas,
    create_district,
    end_area,
    rename_area,
)
from luoshi.registry.actions.common import Refused
from luoshi.registry.actions.people import (
    Grant,
    NewPerson,
    create_people,
    create_person,
    end_role,
    grant_role,
    grant_roles,
    set_absence,
    set_password,
)
from luoshi.registry.actions.subjects import (
    NewDuty,
    add_alias,
    change_subject,
    close_subject,
    create_duties,
    create_duty,
    create_subject,
    end_duty,
)
from luoshi.registry.actions.units import NewUnit, close_unit, create_unit, create_units
from luoshi.registry.actions.worktime import (
    complete_year,
    end_term,
    seed_holidays,
    set_holiday,
    set_term,
)

__all__ = [
    "Grant",
    "NewArea",
    "NewDuty",
    "NewPerson",
    "NewUnit",
    "Refused",
    "add_alias",
    "add_former_code",
    "change_subject",
    "close_subject",
    "close_unit",
    "complete_year",
    "create_area",
    "create_areas",
    "create_district",
    "create_duties",
    "create_duty",
    "create_people",
    "create_person",
    "create_subject",
    "create_unit",
    "create_units",
    "end_area",
    "end_duty",
    "end_role",
    "end_term",
    "grant_role",
    "grant_roles",
    "rename_area",
    "seed_holidays",
    "set_absence",
    "set_holiday",
    "set_password",
    "set_term",
]
