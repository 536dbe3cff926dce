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
# What a reader sees in place of these keys where a test asks for it: Chinese, English.
SPOKEN = {
    "government": ("崇川区人民政府", "District Government"),
    "desk": ("受理派单中心", "Dispatch Desk"),
    "team": ("区委巡察组", "Inspection Team"),
    "pool": ("第三方核验组", "Verification Team"),
    "panel": ("群众监督团", "Outside Panel"),
    "street": ("城东街道办事处", "Chengdong Sub-district Office"),
    "community": ("德民社区居委会", "Demin Residents' Committee"),
    "garden": ("园林绿化管理处", "Parks Department"),
    "police": ("交通警察大队", "Traffic Police"),
    "property": ("德民物业公司", "Demin Property Company"),
    "estate.environment": ("小区环境脏乱", "Neglected estate"),
    "estate.green": ("损绿种菜", "Green space dug up for vegetables"),
    "estate.parking": ("私占车位", "Parking space taken"),
    "estate.clutter": ("乱堆乱放", "Things piled up"),
    "danger.manhole": ("井盖缺失", "Open manhole"),
    "enquiry.policy": ("政策咨询", "Question about rules"),
    "desk1": ("林受理", ""),
    "desk2": ("何派单", ""),
    "inspector1": ("陆巡察", ""),
    "inspector2": ("章巡察", ""),
    "verifier1": ("苏核验", ""),
    "verifier2": ("葛核验", ""),
    "verifier3": ("范核验", ""),
    "panel1": ("彭代表", ""),
    "leader1": ("鲁主任", ""),
    "leader2": ("韦书记", ""),
    "street1": ("姜街道", ""),
    "community1": ("戚社区", ""),
    "community2": ("谢社区", ""),
    "garden1": ("邹绿化", ""),
    "police1": ("柏交警", ""),
    "property1": ("窦物业", ""),
    "data1": ("云台账", ""),
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
        """A command of a person; `text`, `pictures` and `explanation` go beside the data. Whoever
        verifies has heard the reporter by phone, unless it is said otherwise."""
        if kind == "verify":
            given.setdefault("heard", "call")
        text = str(given.pop("text", ""))
        explanation = str(given.pop("explanation", ""))
        pictures = given.pop("pictures", ())
        return actions.act(
            case=case,
            command=Command(kind, given),
            actor=self.actor(who),
            now=now,
            text=text,
            pictures=pictures,  # type: ignore[arg-type]
            explanation=explanation,
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


def build(password: str | None = None, *, spoken: bool = False) -> Cast:
    """Create the district with everything in it; `spoken`: with names as people know them."""

    def called(key: str) -> tuple[str, str]:
        return SPOKEN[key] if spoken else (key, key)

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
            name=called(name)[0],
            name_en=called(name)[1],
            kind=kind,
            parent=cast.units[parent] if parent else None,
            acts_for=cast.units[acts_for] if acts_for else None,
        )
    for login, (role, unit) in PEOPLE.items():
        person = registry.create_person(username=login, name=called(login)[0], password=password)
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
            name=called(code)[0],
            name_en=called(code)[1],
            urgency=urgency,
            tier=tier,
            picture_needed=needed,
            measures=["cleared", "repaired", "explained", "notice"],
            words=words,
        )
    return cast


def view(*, seed: int | None = None) -> bytes:
    """A picture with large patches of light and shade, which its copies keep."""
    noise = random.Random(seed)
    patches = Image.frombytes("RGB", (12, 9), noise.randbytes(12 * 9 * 3))
    out = BytesIO()
    patches.resize((320, 240), Image.Resampling.BICUBIC).save(out, "JPEG", quality=90)
    return out.getvalue()


def photo(*, seed: int | None = None, size: tuple[int, int] = (64, 48)) -> bytes:
    """A picture unlike any other (or always the same, with a seed)."""
    noise = random.Random(seed)
    image = Image.frombytes("RGB", size, noise.randbytes(size[0] * size[1] * 3))
    out = BytesIO()
    image.save(out, "JPEG", quality=90)
    return out.getvalue()
