"""A small district with one person for each part, for tests of anything above the registry.

Units:  desk, team (inspection), pool (verifiers), panel, street > community, garden (department),
        police (department), property (contractor that acts for the community), government.
"""

import random
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO

from PIL import Image

from luoshi.cases import actions, catalogue
from luoshi.cases.actions import Actor, Command, Done, NewReport
from luoshi.registry import actions as registry

SINCE = date(2020, 1, 1)
PASSWORD = "correct horse 8 battery"

UNITS = {
    # name: (kind, parent, acts_for)
    "government": ("department", None, None),
    "desk": ("desk", None, None),
    "team": ("team", None, None),
    "pool": ("team", None, None),
    "panel": ("panel", None, None),
    "street": ("street", None, None),
    "community": ("community", "street", None),
    "garden": ("department", None, None),
    "police": ("department", None, None),
    "property": ("contractor", None, "community"),
}
PEOPLE = {
    # login: (role, unit)
    "desk1": ("desk", "desk"),
    "desk2": ("desk", "desk"),
    "inspector1": ("inspector", "team"),
    "inspector2": ("inspector", "team"),
    "verifier1": ("verifier", "pool"),
    "verifier2": ("verifier", "pool"),
    "verifier3": ("verifier", "pool"),
    "panel1": ("panel", "panel"),
    "leader1": ("leader", "government"),
    "leader2": ("leader", "street"),
    "street1": ("handler", "street"),
    "community1": ("handler", "community"),
    "community2": ("handler", "community"),
    "garden1": ("handler", "garden"),
    "police1": ("handler", "police"),
    "property1": ("handler", "property"),
    "data1": ("data", "government"),
}
CATEGORIES = {
    # code: (urgency, tier, picture needed, words)
    "estate.environment": ("ordinary", "site", True, ["脏乱", "种菜", "车位", "堆放"]),
    "estate.green": ("ordinary", "site", True, ["损绿"]),
    "estate.parking": ("ordinary", "papers", False, ["私占"]),
    "estate.clutter": ("ordinary", "papers", True, ["杂物"]),
    "danger.manhole": ("danger", "site", True, ["井盖"]),
    "enquiry.policy": ("enquiry", "papers", False, ["咨询"]),
}


@dataclass
class Cast:
    """The district, and everybody and everything in it by name."""

    district: int
    units: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    street_area: int = 0
    community_area: int = 0
    estate: int = 0

    def actor(self, name: str) -> Actor:
        return Actor(person=self.people[name])

    def report(
        self, now: datetime, *, text: str = "绿地被种菜，车位被占", **given: object
    ) -> actions.Received:
        """A report through a door, by default with a phone and about the estate."""
        values: dict[str, object] = {
            "district": self.district,
            "door": "sms",
            "external_id": f"{random.random()}",
            "text": text,
            "phone": "13800138000",
            "subject": self.estate,
            "area": self.community_area,
        }
        return actions.receive(report=NewReport(**{**values, **given}), now=now)  # type: ignore[arg-type]

    def do(self, who: str, case: int, kind: str, now: datetime, **given: object) -> Done:
        """A command of a person; `text` and `pictures` go beside the data."""
        text = str(given.pop("text", ""))
        pictures = given.pop("pictures", ())
        return actions.act(
            case=case,
            command=Command(kind, given),
            actor=self.actor(who),
            now=now,
            text=text,
            pictures=pictures,  # type: ignore[arg-type]
        )

    def handling(self, now: datetime, *, owner: str = "community", **given: object) -> int:
        """A case that its owner has acknowledged."""
        case = self.report(now, **given).case
        self.do("desk1", case, "classify", now, category="estate.parking")
        self.do("desk1", case, "assign", now, owner=self.units[owner])
        self.do(f"{owner}1", case, "acknowledge", now)
        return case

    def claimed(
        self, now: datetime, *, owner: str = "community", **given: object
    ) -> tuple[int, str]:
        """A claimed case and the login of the verifier who was drawn."""
        case = self.handling(now, owner=owner, **given)
        done = self.claim(f"{owner}1", case, now)
        return case, self.name_of(done.state.verifier)

    def claim(self, who: str, case: int, now: datetime) -> Done:
        return self.do(
            who, case, "claim", now,
            outcome="fixed", measures=["cleared"], text="已清理", pictures=[photo()],
        )  # fmt: skip

    def name_of(self, person: int | None) -> str:
        return next(name for name, id in self.people.items() if id == person)


def build(password: str | None = None) -> Cast:
    """Create the district with everything in it."""
    district = registry.create_district(code="320613", name="崇川区", name_en="Chongchuan")
    cast = Cast(district)
    cast.street_area = registry.create_area(
        district=district, code="320613001", name="城东街道", kind="street"
    )
    cast.community_area = registry.create_area(
        district=district,
        code="320613001001",
        name="德民社区居委会",
        kind="community",
        parent=cast.street_area,
    )
    for name, (kind, parent, acts_for) in UNITS.items():
        cast.units[name] = registry.create_unit(
            district=district,
            name=name,
            name_en=name,
            kind=kind,
            parent=cast.units[parent] if parent else None,
            acts_for=cast.units[acts_for] if acts_for else None,
        )
    for login, (role, unit) in PEOPLE.items():
        person = registry.create_person(username=login, name=login, password=password)
        cast.people[login] = person
        registry.grant_role(person=person, unit=cast.units[unit], role=role, valid_from=SINCE)
    cast.estate = registry.create_subject(
        district=district, kind="estate", name="示范新村", area=cast.community_area
    )
    for code, (urgency, tier, needed, words) in CATEGORIES.items():
        catalogue.put_category(
            district=district,
            code=code,
            field="inspection",
            name=code,
            name_en=code,
            urgency=urgency,
            tier=tier,
            picture_needed=needed,
            measures=["cleared", "repaired", "explained", "notice"],
            words=words,
        )
    return cast


def photo(*, seed: int | None = None, size: tuple[int, int] = (64, 48)) -> bytes:
    """A picture unlike any other (or always the same, with a seed)."""
    noise = random.Random(seed)
    image = Image.frombytes("RGB", size, noise.randbytes(size[0] * size[1] * 3))
    out = BytesIO()
    image.save(out, "JPEG", quality=90)
    return out.getvalue()
