"""What waits at the desk at half past eight: forty messages, as people write them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from luoshi.cases import catalogue
from luoshi.cases import queries as cases
from luoshi.registry import actions as registry
from luoshi.registry import queries
from tests import cast as casting
from tests.cast import Cast

POWER = "utility.power"
DARK = (
    "突然停电了，整栋楼都黑了",
    "又停电，电梯也停了，有老人困在里面出不来",
    "全黑了，停电两小时没人说一声",
    "请问为什么停电？",
    "什么时候恢复？停电冰箱里的菜都要坏了",
    "停电了，热水器不能用",
)
HOLE = "路口井盖不见了，孩子放学要走过这里"
RENT = "公租房怎么申请，要带什么材料，想咨询一下"
PLAIN = {
    # category: messages of which its words or its history speak clearly
    "estate.green": (
        "楼下草坪挖了种菜，还浇粪水，味道很大，请处理",
        "花坛里种葱种蒜，公共绿地成了自家菜园",
        "绿化带被毁了，有人在里面搭棚子",
        "三号楼后面绿地被人种菜，去年反映过",
        "有人把草坪挖了种菜，围了铁丝网，小孩被划伤",
        "损绿严重，桂花树被砍了两棵",
    ),
    "estate.parking": (
        "车位被人私占，装了地锁，回来没地方停车",
        "地锁占着停车位，消防车进不来",
        "有人私装地锁，一排公共车位都锁上了",
        "停车位被杂物占着，说了几次不听",
        "私占车位的越来越多，晚上绕几圈",
        "楼下停车位有人私装地锁，请拆除",
    ),
    "estate.environment": (
        "垃圾堆了好几天，苍蝇很多，请清运",
        "楼道里脏乱没人扫，墙上都是小广告",
        "垃圾桶满了没人清，污水流到路上",
        "污水流到路上，一走一脚泥",
        "楼道脏乱，一个月没有保洁来过",
        "垃圾堆了好几天没人管，气味传到四楼",
    ),
    "estate.clutter": (
        "楼梯间堆满杂物，轮椅推不过去",
        "车棚里全是杂物，电瓶车放不进去",
        "消防通道堆杂物，万一着火怎么办",
        "天台堆着装修剩下的杂物，大风天吓人",
    ),
}
KNOWN = (
    # what was reported yesterday, what comes in again today
    ("五号楼水管爆了，水往外冒", "水管爆了，水冒了一夜，快来人修"),
    ("西门路灯不亮，走夜路看不见", "西门这里路灯不亮，老人摔了一跤"),
    ("健身器材断了，螺丝露在外面", "健身器材断了没人修，螺丝露着扎手"),
)
ANSWERERS = {
    "estate.green": "garden",
    "estate.parking": "police",
    "estate.environment": "community",
    "estate.clutter": "property",
    "danger.manhole": "street",
    POWER: "street",
}


@dataclass(frozen=True, slots=True)
class Message:
    """`kind`: plain | storm | known | enquiry | danger. `category`: what a person sees in it."""

    kind: str
    category: str
    text: str
    place: str = ""


def prepare(cast: Cast) -> None:
    """The category of the power cut, the library of answers, and who answers for what."""
    catalogue.put_category(
        district=cast.district, code=POWER, field="inspection", name="停电", name_en="Power cut",
        urgency="utility", tier="papers", picture_needed=False, measures=["repaired"],
        words=["停电"],
    )  # fmt: skip
    for n, title in enumerate(("公租房申请", "老年证办理", "犬证办理"), start=1):
        catalogue.put_answer(
            district=cast.district, code=f"answer{n}", kind="answer", title=title, title_en=title,
            text=f"{title}：请携带身份证到街道便民服务中心办理，周一至周五。",
        )  # fmt: skip
    for category, unit in ANSWERERS.items():
        registry.create_duty(
            district=cast.district, unit=cast.units[unit], category=category,
            area=cast.street_area, valid_from=casting.SINCE,
        )  # fmt: skip


def send(cast: Cast, now: datetime) -> dict[int, Message]:
    """Forty messages within the last hours, the oldest first, by case."""
    for n, (before, _again) in enumerate(KNOWN, start=1):
        where = _place(cast, f"旧城{n}村")
        case = cast.report(now - timedelta(days=1), text=before, subject=where).case
        at = now - timedelta(hours=20)
        cast.do("desk1", case, "classify", at, category="estate.environment", subject=where,
                area=cast.community_area)  # fmt: skip
        cast.do("desk1", case, "assign", at, owner=cast.units["street"])
    found: dict[int, Message] = {}
    for n, one in enumerate(_mixed()):
        where = cast.estate if one.kind == "storm" else _place(cast, one.place)
        at = now - timedelta(minutes=80 - 2 * n)
        phone = f"138{n:08}"
        # As the door for text messages hands them in.
        guess = cases.guess_category(cast.district, one.text)
        got = cast.report(at, text=one.text, subject=where, phone=phone, category=guess)
        found[got.case] = one
    return found


def _mixed() -> list[Message]:
    """In the order in which they came: the storm among the others."""
    plain = [
        Message("plain", category, text, f"文峰{len(category) * 10 + n}村")
        for category, texts in PLAIN.items()
        for n, text in enumerate(texts)
    ]
    storm = [Message("storm", POWER, DARK[n % len(DARK)]) for n in range(12)]
    known = [
        Message("known", "", again, f"旧城{n}村") for n, (_, again) in enumerate(KNOWN, start=1)
    ]
    enquiries = [Message("enquiry", "enquiry.policy", RENT, f"问{n}村") for n in range(2)]
    danger = [Message("danger", "danger.manhole", HOLE, "河口")]
    others = [*plain[::2], *enquiries, *plain[1::2], *known, *danger]
    # One of the storm after every second of the others.
    for n, one in enumerate(storm):
        others.insert(3 * n + 2, one)
    return others


def _place(cast: Cast, name: str) -> int:
    """Made once."""

    known = [one.id for one in queries.subjects(cast.district, text=name) if one.name == name]
    return known[0] if known else registry.create_subject(
        district=cast.district, kind="estate", name=name, area=cast.community_area
    )  # fmt: skip
