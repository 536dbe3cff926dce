"""The places of the six fields, and many more for the population: all invented, by actions."""

import random
from datetime import date, timedelta

from demo.district import Demo
from luoshi.registry import actions, queries
from luoshi.registry.actions import NewDuty
from luoshi.registry.queries import SubjectInfo
from luoshi.rules.credit_code import ALPHABET, uscc_ok

CODE, *RESERVE_CODES = (
    next(c for x in ALPHABET if uscc_ok(c := f"91320600MA000000{n}{x}")) for n in range(1, 5)
)
"""Made up for the demo, with a right check character."""

RESERVE = (
    ("示例智造有限公司", "seed", "manufacturing", "reform_by"),
    ("示例软件有限公司", "core", "technology", "counsel_by"),
    ("示例物流有限公司", "filing", "services", "filing_by"),
)
"""Invented firms of the listing reserve, one of each tier, and the date that its tier plans."""

FIRST = ("云汀", "竹坞", "松影", "兰渚", "梅坪", "荷汀", "枫岸", "桂溪", "柳汐", "荻浦",
         "苇塘", "菱湾", "杏坡", "棠溪", "槿园", "麦浪")  # fmt: skip
LAST = {
    "estate": ("家园", "新村", "花苑", "公寓"),
    "market": ("农贸市场",),
    "restaurant": ("小厨",),
    "preschool": ("幼儿园",),
}
SORTS = ("public", "inclusive", "other")
DUTY = {"market": "market", "restaurant": "market", "preschool": "education"}


def more(demo: Demo, chance: random.Random, since: date) -> None:
    """Some hundred more places, so that few cases meet at the same one."""
    known = [s for s in queries.subjects(demo.district, limit=100) if s.area and s.lat and s.lon]
    duties = []
    for kind, lasts in LAST.items():
        for name in (first + last for last in lasts for first in FIRST):
            made = _near(demo, chance, chance.choice(known), kind, name)
            if unit := DUTY.get(kind):
                who = demo.units[unit]
                duties.append(
                    NewDuty(unit=who, person=demo.handlers[who], valid_from=since, subject=made)
                )
    actions.create_duties(district=demo.district, duties=duties)


def _near(demo: Demo, chance: random.Random, other: SubjectInfo, kind: str, name: str) -> int:
    """In the same community, some streets away."""
    assert other.lat is not None
    assert other.lon is not None
    return actions.create_subject(
        district=demo.district,
        kind=kind,
        name=name,
        facts={"sort": SORTS[FIRST.index(name[:2]) % len(SORTS)]} if kind == "preschool" else {},
        area=other.area,
        address=f"{name}路{chance.randrange(1, 200)}号（虚构）",
        lat=round(other.lat + chance.uniform(-0.006, 0.006), 5),
        lon=round(other.lon + chance.uniform(-0.006, 0.006), 5),
    )


def communities(demo: Demo) -> list[int]:
    """The communities of the story's street as places that a round can draw."""
    return [
        actions.create_subject(district=demo.district, kind="community", name=c.name, area=c.id)
        for c in queries.communities(demo.story.street)
    ]


def estate(demo: Demo) -> int:
    return actions.create_subject(
        district=demo.district, kind="estate", name="芦汀苑小区", area=demo.story.community,
        address="芦汀路2号（虚构）", lat=32.0425, lon=120.788,
    )  # fmt: skip


def market_parts(demo: Demo) -> tuple[int, int]:
    """A point of duty and a stall of the western market."""
    parent = demo.subjects["market-west"]
    point = actions.create_subject(
        district=demo.district, kind="point", name="沣桥农贸市场水产区", parent=parent,
        area=demo.story.community, facts={"use": "hall"},
    )  # fmt: skip
    stall = actions.create_subject(
        district=demo.district, kind="stall", name="沣桥农贸市场水产3号摊", parent=parent,
        area=demo.story.community, facts={"goods": "fish"},
    )  # fmt: skip
    return point, stall


def enterprise(demo: Demo, *, since: date) -> int:
    firm = actions.create_subject(
        district=demo.district, kind="enterprise", name="示例财富咨询有限公司",
        area=demo.story.community, address="青榆路100号（虚构）", code=CODE,
        facts={"uscc": CODE, "business": "投资咨询"},
    )  # fmt: skip
    who = demo.units["finance"]
    duty = NewDuty(unit=who, person=demo.handlers[who], valid_from=since, subject=firm)
    actions.create_duties(district=demo.district, duties=[duty])
    return firm


def preschools(demo: Demo) -> int:
    return actions.create_subject(
        district=demo.district, kind="preschools", name="崇川区学前教育报表"
    )


def assistance(demo: Demo) -> tuple[int, int]:
    """The year of cooperation and its purchases."""
    programme = actions.create_subject(
        district=demo.district, kind="programme", name="崇川区—佛坪县对口协作",
        facts={"partner": "陕西省汉中市佛坪县"},
    )  # fmt: skip
    purchase = actions.create_subject(
        district=demo.district, kind="purchase", name="2019年采购佛坪农产品", parent=programme
    )
    return programme, purchase


def others(demo: Demo, *, on: date) -> None:
    """What stories do not speak of, so that each kind has somebody: invented but for the two
    counties, with dates still to come."""
    later = (on + timedelta(days=200)).isoformat()
    programme = next(iter(queries.subjects(demo.district, kind="programme")))
    made: dict[str, tuple[str, int | None, dict[str, str]]] = {
        "agreement": ("口腔健康合作协议（儿童窝沟封闭）", programme.id, {
            "parties": "崇川区、佛坪县", "result_by": later, "ends_on": later}),
        "pairing": ("永兴街道与某镇结对", programme.id, {"street": "永兴街道", "township": "某镇"}),
        "project": ("产业协作项目（虚构）", programme.id, {"complete_by": later}),
        "point": ("沣桥农贸市场禽蛋区", demo.subjects["market-west"], {"use": "hall"}),
    }  # fmt: skip
    batches(demo, programme.id)
    reserve(demo, on=on)
    for kind, (name, parent, facts) in made.items():
        actions.create_subject(
            district=demo.district, kind=kind, name=name, parent=parent, facts=facts,
            area=demo.story.community if kind == "point" else None,
        )  # fmt: skip


def reserve(demo: Demo, *, on: date) -> None:
    """The page names a reserve by tier and class and gives no number: three invented firms."""
    joined, later = (on - timedelta(days=20)).isoformat(), (on + timedelta(days=200)).isoformat()
    for code, (name, tier, kind, planned) in zip(RESERVE_CODES, RESERVE, strict=True):
        firm = actions.create_subject(
            district=demo.district, kind="enterprise", name=name, area=demo.story.community,
            address="青榆路（虚构）", code=code, facts={"uscc": code},
        )  # fmt: skip
        actions.create_subject(
            district=demo.district, kind="reserve", name=f"{name}后备档案", parent=firm,
            facts={"tier": tier, "class": kind, "joined_on": joined, planned: later},
        )  # fmt: skip


def batches(demo: Demo, programme: int) -> None:
    """The page names two batches of 2019 and neither the amount of each nor a date: both stay
    open, and what depends on them is unknown."""
    for name in ("2019年第一批资金", "2019年第二批资金"):
        actions.create_subject(
            district=demo.district, kind="fund_batch", name=name, parent=programme
        )


def vacancies(demo: Demo, *, on: date) -> int:
    """The table of the notice that recruits 34."""
    notice = actions.create_subject(
        district=demo.district, kind="notice", name="公开招聘34名工作人员",
        facts={"published_on": on.isoformat(), "sort": "recruitment", "issuer": "区卫健委"},
    )  # fmt: skip
    return actions.create_subject(
        district=demo.district, kind="vacancies", name="公开招聘34名：岗位表", parent=notice
    )
