"""A small district: two streets, three communities, their offices, a few people."""

from dataclasses import dataclass
from datetime import date

import pytest

from luoshi.registry import actions

SINCE = date(2024, 1, 1)
TODAY = date(2026, 5, 20)


@dataclass(frozen=True)
class World:
    district: int
    east: int
    """A street with the communities `canal` and `elms`."""
    west: int
    """A street with the community `other_canal`, named like one in the east."""
    canal: int
    elms: int
    other_canal: int
    east_office: int
    canal_office: int
    keepers: int
    """A property company that acts for the community office of `canal`."""
    desk: int
    anna: int
    bo: int
    estate: int


@pytest.fixture
def world(db: None) -> World:
    district = actions.create_district(code="320613", name="崇川区", name_en="Chongchuan")
    east = actions.create_area(district=district, code="001", name="东苑街道", kind="street")
    west = actions.create_area(district=district, code="002", name="西苑街道", kind="street")

    def community(code: str, name: str, parent: int) -> int:
        return actions.create_area(
            district=district, code=code, name=name, kind="community", parent=parent
        )

    canal = community("001001", "运河社区", east)
    east_office = actions.create_unit(
        district=district, name="东苑街道办事处", name_en="East office", kind="street", area=east
    )
    canal_office = actions.create_unit(
        district=district, name="运河居委会", kind="community", parent=east_office, area=canal
    )
    return World(
        district=district,
        east=east,
        west=west,
        canal=canal,
        elms=community("001002", "青榆社区", east),
        other_canal=community("002001", "大运河社区", west),
        east_office=east_office,
        canal_office=canal_office,
        keepers=actions.create_unit(
            district=district, name="物业公司", kind="contractor", acts_for=canal_office
        ),
        desk=actions.create_unit(district=district, name="受理中心", kind="desk"),
        anna=actions.create_person(username="anna", name="安娜"),
        bo=actions.create_person(username="bo", name="波"),
        estate=actions.create_subject(
            district=district, kind="estate", name="青榆家园", area=canal, lat=32.0, lon=120.8
        ),
    )
