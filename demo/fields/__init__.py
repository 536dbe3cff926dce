"""The six fields: what is found by rounds, records and figures, and how it ends.

Each field is a short story told through the same actions as everything else. Enterprises, estates,
points and stalls are invented; figures of preschools and assistance are those of the page.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.test import override_settings

from demo import places
from demo.fields import stories
from demo.fields.telling import Field
from demo.walk import Walk

FIELDS = (
    ("preschools", "学前教育：报表对得上，两项标准没有达到", 100, stories.preschools),
    ("finance", "金融风险：一个牵头单位，三个部门联动，下一期数据说了算", 24, stories.finance),
    ("inspection", "巡察：随机抽六个社区，查到的一处问题办到底", 20, stories.inspection),
    ("markets", "农贸市场：责任到点到人，进货有记录", 16, stories.markets),
    ("information", "政务信息：公告写34人，岗位表只有33人", 13, stories.information),
    ("assistance", "对口协作：144万元和150万元，差的6万元是谁出的", 12, stories.assistance),
)
"""In the order of time."""


def tell(walk: Walk, *, now: datetime, out: Callable[[str], None]) -> dict[str, tuple[int, ...]]:
    """Play all six so that they end before `now`; the cases of each field."""
    told: dict[str, tuple[int, ...]] = {}
    with override_settings(SMS_SENDER="demo.gateway.Phone"):
        for field, title, days, play in FIELDS:
            out("")
            out(title)
            story = Field(walk, out)
            told[field] = play(story, walk.at_work(now - timedelta(days=days)))
        places.others(walk.demo, on=now.date())
    return told
