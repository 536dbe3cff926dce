"""A district with one member of staff for each role, and one without."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from django.test import Client

from luoshi.registry import actions

PASSWORD = "open sesame 4711"
ROLES = ("desk", "handler", "verifier", "inspector", "leader", "panel")


@dataclass(frozen=True)
class District:
    id: int
    unit: int
    people: dict[str, int]


@pytest.fixture
def district(db: None) -> District:
    id = actions.create_district(code="320613", name="崇川区", name_en="Chongchuan District")
    unit = actions.create_unit(district=id, name="受理派单岗", kind="desk")
    people = {
        name: actions.create_person(username=name, name=f"{name} 甲", password=PASSWORD)
        for name in (*ROLES, "nobody")
    }
    for role in ROLES:
        actions.grant_role(person=people[role], unit=unit, role=role, valid_from=date(2020, 1, 1))
    return District(id, unit, people)


SignIn = Callable[[str], Client]


@pytest.fixture
def sign_in(district: District) -> SignIn:
    """Signs somebody in through the page, by the name of his role."""

    def through_the_page(name: str) -> Client:
        client = Client(headers={"Accept-Language": "en"})
        client.post("/sign-in/", {"login": name, "password": PASSWORD})
        return client

    return through_the_page
