"""The demo district: public names and codes, invented people and places, made through actions."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from luoshi.registry import actions, queries
from luoshi.registry.actions import Grant, NewArea, NewDuty, NewPerson, NewUnit

PHONE = "000-0000{:04d}"
"""Telephones of the units for the public: an area code that nobody has."""
WITHOUT_PHONE = frozenset({"verification", "panel", "leaders"})
DATA = Path(__file__).parent / "data"
IN_OFFICE = timedelta(days=3 * 365)
"""How long before `today` everybody has had his role: longer than any demo case is old."""


@dataclass(frozen=True)
class Login:
    """Somebody who can sign in, with his role and unit."""

    username: str
    name: str
    role: str
    unit: str


@dataclass(frozen=True)
class Story:
    """Where the estate story plays: ids."""

    street: int
    community: int
    estate: int
    street_office: int
    community_office: int
    property_company: int


@dataclass
class Demo:
    """Ids of everything in the demo district, by key.

    areas: by code. units: offices of areas by the code of the area, all others by the key in
    cast.json. people: by login name. handlers: the person who handles cases, by id of the unit.
    subjects: by the key in cast.json. logins: whoever was given the password.
    """

    district: int
    areas: dict[str, int] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    handlers: dict[int, int] = field(default_factory=dict)
    subjects: dict[str, int] = field(default_factory=dict)
    logins: tuple[Login, ...] = ()

    @property
    def story(self) -> Story:
        place = _read("cast")["story"]
        return Story(
            street=self.areas[place["street"]],
            community=self.areas[place["community"]],
            estate=self.subjects[place["estate"]],
            street_office=self.units[place["street"]],
            community_office=self.units[place["community"]],
            property_company=self.units[place["property"]],
        )


@transaction.atomic
def build(*, today: date, password: str) -> Demo:
    """Create the district with everybody in it; IntegrityError when it exists already."""
    facts, cast = _read("district"), _read("cast")
    since = today - IN_OFFICE
    demo = Demo(_district(facts))
    _areas(demo, facts)
    _units(demo, facts, cast)
    _people(demo, cast, since, password)
    _subjects(demo, cast)
    _duties(demo, cast, since)
    return demo


def _read(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def _district(facts: Any) -> int:
    district = actions.create_district(
        code=facts["code"],
        name=facts["name"],
        name_en=facts["name_en"],
        outline=facts["outline"],
    )
    for former in facts["former"]:
        actions.add_former_code(
            district=district,
            code=former["code"],
            name=former["name"],
            valid_from=date.fromisoformat(former["since"]),
            valid_to=date.fromisoformat(former["until"]),
        )
    actions.seed_holidays(district=district)
    return district


def place_name(committee: str) -> str:
    """The area of a residents' or villagers' committee: 德民社区居委会 is that of 德民社区."""
    village = re.sub(r"村?村委会$", "村", committee)
    return re.sub(r"(居委会|居民委[员委]会)$", "", village)


def _areas(demo: Demo, facts: Any) -> None:
    streets = [NewArea(code=s["code"], name=s["name"], kind="street") for s in facts["streets"]]
    demo.areas = actions.create_areas(district=demo.district, areas=streets)
    communities = [
        NewArea(
            code=community["code"],
            name=place_name(community["name"]),
            kind="community",
            parent=demo.areas[street["code"]],
        )
        for street in facts["streets"]
        for community in street["communities"]
    ]
    demo.areas |= actions.create_areas(district=demo.district, areas=communities)


def _units(demo: Demo, facts: Any, cast: Any) -> None:
    english = cast["street_names_en"]
    _add_units(demo, {s["code"]: _street_office(demo, s, english) for s in facts["streets"]})
    _add_units(
        demo,
        {
            community["code"]: NewUnit(
                name=community["name"],
                kind="community",
                parent=demo.units[street["code"]],
                area=demo.areas[community["code"]],
            )
            for street in facts["streets"]
            for community in street["communities"]
        },
    )
    _add_units(
        demo,
        {
            unit["key"]: NewUnit(
                name=unit["name"],
                name_en=unit["name_en"],
                kind=unit["kind"],
                acts_for=demo.units[unit["acts_for"]] if "acts_for" in unit else None,
            )
            for unit in cast["units"]
        },
    )


def _street_office(demo: Demo, street: Any, english: dict[str, str]) -> NewUnit:
    office = "办事处" if street["name"].endswith("街道") else "管理委员会"
    return NewUnit(
        name=street["name"] + office,
        name_en=f"{english[street['code']]} Office",
        kind="street",
        area=demo.areas[street["code"]],
    )


def _add_units(demo: Demo, new: dict[str, NewUnit]) -> None:
    first = len(demo.units) + 1
    called = [
        unit if key in WITHOUT_PHONE else replace(unit, phone=PHONE.format(number))
        for number, (key, unit) in enumerate(new.items(), first)
    ]
    ids = actions.create_units(district=demo.district, units=called)
    demo.units |= dict(zip(new, ids, strict=True))


def _people(demo: Demo, cast: Any, since: date, password: str) -> None:
    logins = [NewPerson(username=login["username"], name=login["name"]) for login in cast["logins"]]
    demo.people = actions.create_people(people=logins, shared_password=password)
    roles = [(x["username"], x["role"], x["unit"]) for x in cast["logins"]]
    others = _unmanned(demo, cast, {unit for _, role, unit in roles if role == "handler"})
    silent = {unit: NewPerson(username=f"h-{unit}", name=name) for unit, name in others}
    demo.people |= actions.create_people(people=silent.values())
    roles += [(person.username, "handler", unit) for unit, person in silent.items()]
    actions.grant_roles(
        grants=[
            Grant(person=demo.people[who], unit=demo.units[unit], role=role, valid_from=since)
            for who, role, unit in roles
        ]
    )
    demo.handlers = {
        demo.units[unit]: demo.people[who] for who, role, unit in roles if role == "handler"
    }
    names = queries.unit_names(demo.units.values())
    demo.logins = tuple(
        Login(x["username"], x["name"], x["role"], names[demo.units[x["unit"]]])
        for x in cast["logins"]
    )
    _administrator(demo, cast["administrator"], password)


def _administrator(demo: Demo, who: Any, password: str) -> None:
    demo.people[who["username"]] = actions.create_person(
        username=who["username"],
        name=who["name"],
        password=password,
        is_staff=True,
        is_superuser=True,
    )
    demo.logins += (Login(who["username"], who["name"], "administrator", ""),)


def _unmanned(demo: Demo, cast: Any, manned: set[str]) -> Iterator[tuple[str, str]]:
    """(unit, invented name) for each unit that handles cases and has nobody yet."""
    other = {x["key"] for x in cast["units"] if x["kind"] not in ("department", "contractor")}
    names = _invented_names(cast)
    for unit in demo.units:
        if unit not in manned | other:
            yield unit, next(names)


def _invented_names(cast: Any) -> Iterator[str]:
    """Every surname with every given name once, mixed: both numbers are prime to each other."""
    surnames, given = cast["surnames"], cast["given_names"]
    for n in range(len(surnames) * len(given)):
        yield surnames[n % len(surnames)] + given[n % len(given)]


def _subjects(demo: Demo, cast: Any) -> None:
    for new in cast["subjects"]:
        subject = actions.create_subject(
            district=demo.district,
            kind=new["kind"],
            name=new["name"],
            area=demo.areas[new["area"]],
            address=new["address"],
            lat=new["lat"],
            lon=new["lon"],
            operator=demo.units[new["operator"]] if "operator" in new else None,
        )
        for text in new["aliases"]:
            actions.add_alias(district=demo.district, text=text, subject=subject)
        demo.subjects[new["key"]] = subject


def _duties(demo: Demo, cast: Any, since: date) -> None:
    def duty(unit: str, **what: Any) -> NewDuty:
        id = demo.units[unit]
        return NewDuty(unit=id, person=demo.handlers[id], valid_from=since, **what)

    areas = [duty(code, area=area) for code, area in demo.areas.items()]
    subjects = [duty(s["duty"], subject=demo.subjects[s["key"]]) for s in cast["subjects"]]
    categories = [
        duty(unit["key"], category=category)
        for unit in cast["units"]
        for category in unit.get("duties", ())
    ]
    actions.create_duties(district=demo.district, duties=areas + subjects + categories)
