"""Public information in the demo: a recruitment, a letter, a guide and a bulletin, by the actions
that editors use. The texts are invented."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from luoshi.publication import actions, queries, tokens
from luoshi.publication.content import Content
from luoshi.publication.tables import Given

DAY = timedelta(days=1)

POSTS = """招聘单位\t岗位\t专业要求\t人数
第一社区卫生服务中心\t全科医师\t临床医学\t6
第一社区卫生服务中心\t护理\t护理学\t7
第二社区卫生服务中心\t中医师\t中医学\t4
第二社区卫生服务中心\t护理\t护理学\t6
疾病预防控制中心\t公共卫生\t预防医学\t5
妇幼保健所\t儿童保健\t临床医学\t3
妇幼保健所\t检验\t医学检验技术\t2
卫生监督所\t财务\t会计学\t1
合计\t\t\t34"""

RECRUITMENT = Content(
    title="区卫健委下属事业单位公开招聘{{notice.posts}}名工作人员",
    title_en="Institutions under the Health Commission recruit {{notice.posts}} staff",
    body="""根据工作需要，现面向社会公开招聘工作人员{{notice.posts}}名，岗位见附表。

# 一、报名
- 报名在网上进行，不收取任何费用。
- 每人限报一个岗位。

# 二、考试
考试分笔试和面试，时间、地点另行通知。

# 三、聘用
考察、体检合格的，按规定公示后办理聘用手续。""",
    body_en="""{{notice.posts}} posts are open to the public; they are listed in the table.

# How to apply
- Applications are made online and cost nothing.
- Each applicant may apply for one post.

# Examination
There is a written test and an interview; time and place will be announced.

# Appointment
Whoever passes the medical check is named on a public list and then appointed.""",
    tables=(Given(text=POSTS, title="附表：招聘岗位", counted="人数"),),
)

LETTER = Content(
    title="致广大中小学（幼儿园）师生员工及家长的一封信",
    title_en="A letter to pupils, teachers and families",
    body="""各位老师、同学、家长：

新学期就要开始了。为了大家的健康和安全，请做好以下几件事。

- 返校前如有发热、咳嗽等不适，请先就诊，并告知班主任。
- 上学、放学路上请错峰出行，不在校门口聚集。
- 勤洗手，常通风，饮食清洁，作息规律。

如有疑问，请与所在学校联系。祝大家新学期平安顺利！""",
    body_en="""Dear teachers, pupils and parents,

The new term is about to begin. For everybody's health and safety please remember:

- Whoever has a fever or a cough sees a doctor first and tells the class teacher.
- Come and leave at the times of your class; do not gather at the gate.
- Wash your hands, air the rooms, eat clean food and sleep enough.

Your school will answer your questions. We wish you a good and safe term.""",
)

GUIDE = Content(
    title="农贸（批）市场和生鲜超市常态化疫情防控指南",
    title_en="Guide for food markets and fresh-food supermarkets: prevention as a routine",
    body="""# 一、责任到点到人
市场主办单位为每个点位明确责任人，姓名在点位公示。

# 二、清洁消毒
每日收市后对地面、摊位、公共卫生间清洁消毒，并做记录。

# 三、进货查验
经营户查验并留存进货凭证，做到来源可查。

# 四、禁止事项
严禁销售野生动物。""",
    body_en="""# A named person for every point
The operator names who answers for each point of the market; the name is shown there.

# Cleaning and disinfection
Floors, stalls and toilets are cleaned and disinfected after closing every day, and it is recorded.

# Where goods come from
Stall holders check and keep the papers of what they buy.

# Forbidden
Wild animals must not be sold.""",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """Numbers of what was published."""

    recruitment: str
    letter: str
    guide: str
    bulletin: str


def play(
    *, district: int, person: int, units: Mapping[str, int], now: datetime, days: int = 30
) -> Played:
    """`person` holds the role `data`; `units`: ids for health, education, market and data. The
    recruitment is corrected once; the bulletin speaks of the last `days` days."""

    def publish(kind: str, unit: str, content: Content, at: datetime, **given: Any) -> str:
        content = replace(content, unit=units[unit], **given)
        common: dict[str, Any] = {"district": district, "person": person, "now": at}
        made = actions.create(kind=kind, unit=units[unit], **common)
        rev = actions.save(publication=made, rev=1, content=content, **common)
        _publish(made, rev, **common)
        work = queries.work(district, made)
        return work.line.number if work else ""

    recruitment = publish(
        "recruitment", "health", RECRUITMENT, now - 20 * DAY,
        expires_at=(now + 5 * DAY).isoformat(),
    )  # fmt: skip
    _correct(district, recruitment, person, now - 18 * DAY)
    letter = publish("letter", "education", LETTER, now - 12 * DAY)
    guide = publish("guide", "market", GUIDE, now - 6 * DAY)
    content = _bulletin(district, recruitment, now, days)
    bulletin = publish("bulletin", "data", content, now - timedelta(hours=1))
    return Played(recruitment=recruitment, letter=letter, guide=guide, bulletin=bulletin)


def _publish(made: int, rev: int, **common: Any) -> None:
    work = queries.work(common["district"], made)
    if work and work.draft:
        actions.publish(publication=made, draft=work.draft, rev=rev, **common)


def _correct(district: int, number: str, person: int, now: datetime) -> None:
    shown = queries.show(district, number)
    if shown is None:
        raise LookupError(number)
    made = shown.line.id
    common: dict[str, Any] = {"district": district, "person": person, "now": now}
    actions.correct(publication=made, **common)
    table = replace(shown.content.tables[0], text=POSTS.replace("会计学", "会计学或审计学"))
    content = replace(
        shown.content,
        tables=(table,),
        reason="附表“财务”岗位的专业要求漏写了审计学，现予补上；人数不变。",
        reason_en="The finance post also takes degrees in auditing, which was left out.",
    )
    rev = actions.save(publication=made, rev=1, content=content, **common)
    _publish(made, rev, **common)


def _bulletin(district: int, recruitment: str, now: datetime, days: int) -> Content:
    last = (now - DAY).date()
    period = f"period={last - (days - 1) * DAY}..{last}"
    rate = f"{{{{cases.on_time {period}}}}}"
    can_tell = _can_tell(rate, district, now)
    in_time, in_time_en = (f"按期办结率为{rate}，", f" On time: {rate}.") if can_tell else ("", "")
    return Content(
        title="崇川区诉求办理简报",
        title_en="Bulletin: how reports are handled in Chongchuan",
        body=f"""# 一、受理与办结
全区受理诉求{{{{cases.received {period}}}}}件，派给承办单位{{{{cases.assigned {period}}}}}件。
{in_time}经独立核验办结{{{{cases.closed_verified {period}}}}}件。只反馈、未经核验的，不算办结。

# 二、反映什么
按类别统计共{{{{cases.by_category {period}}}}}件，点开数字可看分类明细。

# 三、信息公开
发布公告{{{{notices.published {period}}}}}份。
公开招聘岗位{{{{notice.posts number={recruitment}}}}}个。
农贸市场防控指南的对照措施共[18](来源：区市场监督管理局印发的指南)条。""",
        body_en=f"""# Received and closed
{{{{cases.received {period}}}}} cases were received; {{{{cases.assigned {period}}}}} were given to \
a unit.{in_time_en} {{{{cases.closed_verified {period}}}}} were closed after an independent \
verification. What is only claimed does not count.

# What about
By category: {{{{cases.by_category {period}}}}} cases; open the figure for the list.

# Public information
Notices published: {{{{notices.published {period}}}}}; posts open: \
{{{{notice.posts number={recruitment}}}}}. The guide for food markets has \
[18](source: the guide of the Market Supervision Bureau) measures.""",
    )


def _can_tell(raw: str, district: int, now: datetime) -> bool:
    try:
        tokens.ask(tokens.uses(raw)[0][0], district=district, now=now)
    except tokens.CannotTell:
        return False
    return True
