"""The six stories: each from what is found to how it ends. Returns the cases of each."""

from datetime import datetime, timedelta
from typing import Any

from demo import places
from demo.fields.figures import (
    INVENTED,
    PAGE,
    PRESCHOOLS,
    PROGRAMME,
    PURCHASE,
    SIGNALS,
    WARNINGS,
)
from demo.fields.telling import Field
from luoshi.cases import actions as cases
from luoshi.cases import wording
from luoshi.cases.actions import Actor, Child
from luoshi.expectations import actions
from luoshi.expectations import queries as asked
from luoshi.expectations.actions import Said
from luoshi.rules.credit_code import uscc_ok


def inspection(story: Field, at: datetime) -> tuple[int, ...]:
    there = places.communities(story.walk.demo)
    estate = places.estate(story.walk.demo)
    by = story.walk.demo.people["inspector1"]
    who = story.walk.called("inspector1")
    plan: dict[str, Any] = {"district": story.district, "now": at, "starts": at.date(), "by": by}
    round = actions.start_round(plan="inspection.communities", subjects=there, **plan)
    drawn = [one.subject for one in asked.round_subjects(round)]
    story.line(
        at,
        who,
        f"开始一轮巡察：从 {len(there)} 个社区随机抽取",
        f"{len(drawn)} 个社区，种子公开可复算",
    )
    for subject in drawn:
        at = story.walk.later(at, 0.3, 0.6)
        shown = Said(expectation="community.channels", result="met", pictures=[story.walk.photo()])
        others = [Said(expectation=f"community.{x}", result="met") for x in ("acted", "lookback")]
        story.check("inspector1", subject, at, shown, *others, round=round)
    story.line(at, who, f"{len(drawn)} 个社区逐项检查（履职、渠道、回头看）", "均符合")
    at = story.walk.later(at, 1, 2)
    estates = actions.start_round(plan="inspection.estates", subjects=[estate], **plan)
    broken = Said(expectation="estate.no_planting", result="unmet", text="楼后绿地有菜地四处。",
                  pictures=[story.walk.photo()])  # fmt: skip
    free = Said(expectation="estate.parking_free", result="met")
    [case] = story.check("inspector1", estate, at, broken, free, round=estates)
    story.opened(at, case, "检查芦汀苑小区：公共绿地没有毁绿种菜——不符合（附照片）", who)
    at = story.acknowledge(case, at)
    at = story.claim(case, at, ["cleared", "replanted"], "菜地已清除并补种绿化。")
    met = Said(expectation="estate.no_planting", result="met", pictures=[story.walk.photo()])
    story.verify(case, at, "四处菜地均已复绿。", met)
    story.ends(case, "小区绿地")
    return (case,)


def markets(story: Field, at: datetime) -> tuple[int, ...]:
    point, stall = places.market_parts(story.walk.demo)
    nobody = Said(expectation="point.person", choice="nobody", text="没有公示责任人。",
                  pictures=[story.walk.photo()])  # fmt: skip
    [first] = story.check("inspector2", point, at, nobody)
    story.opened(
        at, first, "检查沣桥农贸市场水产区点位：没有责任人", story.walk.called("inspector2")
    )
    story.night(at, "stall.purchase_record")
    second = story.found(at, stall, "stall.purchase_record")
    then = story.claim(
        first, story.acknowledge(first, at), ["appointed"], "已明确责任人并公示上墙。"
    )
    named = Said(expectation="point.person", choice="present")
    story.verify(first, then, "责任人在岗，清楚职责。", named)
    then = story.acknowledge(second, at)
    _purchase(story, stall, then)
    then = story.claim(second, then, ["recorded"], "摊主已补齐进货查验记录。")
    then = story.walk.later(then, 1, 2)
    _purchase(story, stall, then)
    story.verify(second, then, "当日记录和凭证齐全。")
    story.ends(first, "点位责任人")
    story.ends(second, "进货查验记录")
    return first, second


def _purchase(story: Field, stall: int, at: datetime) -> None:
    data = {
        "goods": "鲫鱼", "quantity": "40千克", "supplier": "示例水产批发部",
        "supplier_contact": "示例路1号（虚构）", "proof": "演示-01",
    }  # fmt: skip
    actions.add_record(
        district=story.district, subject=stall, record="purchase", on=at.date(), now=at, data=data
    )
    story.line(at, "摊主", "进货查验记录：鲫鱼40千克", "已登记")


def finance(story: Field, at: datetime) -> tuple[int, ...]:
    demo, walk = story.walk.demo, story.walk
    firm = places.enterprise(demo, since=at.date() - timedelta(days=900))
    story.line(at, "区金融监督管理办公室", f"登记企业 示例财富咨询有限公司（{places.CODE}）",
               "统一社会信用代码校验通过" if uscc_ok(places.CODE) else "校验不通过")  # fmt: skip
    first = at.date().isoformat()
    for unit, values in SIGNALS:
        at = walk.at_work(at + timedelta(minutes=5))
        story.figures(at, firm, first, values, INVENTED, unit=unit)
    story.night(at, *WARNINGS)
    parent = story.found(at, firm, "finance.return.ceiling")
    story.unknown(at, firm, "finance.complaints")
    at = story.acknowledge(parent, at)
    parts = [
        Child(category="finance.warning", owner=owner, summary=words, days=3)
        for owner, words in (
            (demo.units["market"], "查处违规宣传"),
            (demo.story.street_office, "走访投资人"),
            (demo.units["labour"], "核查减员和工资"),
        )
    ]
    at = walk.later(at, 0.5, 1)
    _parent, *born = cases.split(
        case=parent, children=parts, actor=Actor(person=demo.people["desk1"]), now=at,
        text="联动处置，分三块办理。",
    )  # fmt: skip
    story.line(at, walk.called("desk1"), str(wording.COMMAND["split"]), "3 块，各有承办单位和期限")
    ends = [_part(story, child.case, at) for child in born]
    at = story.claim(
        parent, max(ends), ["joint", "withdrawn", "talked"], "约谈并停止宣传，已会同处置。"
    )
    at = story.verify(parent, at, "现场宣传已撤，等下一期数据。")
    return _released(story, firm, parent, at), *(child.case for child in born)


def _part(story: Field, case: int, at: datetime) -> datetime:
    at = story.claim(case, story.acknowledge(case, at), ["joint", "talked"], "本单位部分已办理。")
    return story.verify(case, at, "现场核实，与反馈一致。")


def _released(story: Field, firm: int, case: int, at: datetime) -> int:
    """Nothing but the next figures below the limit lifts a warning."""
    at = story.walk.later(at, 24, 26)
    values: dict[str, str | int | None] = {
        code: value for _unit, some in SIGNALS for code, value in some.items()
    }
    values |= {"promised_return": "4.2", "insured_now": 18, "complaints_hotline": 0,
               "complaints_police": 0}  # fmt: skip
    story.figures(at, firm, at.date().isoformat(), values, INVENTED, unit="各部门")
    story.night(at, *WARNINGS)
    who = story.walk.verifier(story.walk.state(case))
    story.pass_it(case, who, story.walk.later(at, 1, 2), "收益率降至4.2%，低于上限。")
    story.ends(case, "金融风险预警")
    return case


def preschools(story: Field, at: datetime) -> tuple[int, ...]:
    walk = story.walk
    district = places.preschools(walk.demo)
    story.figures(at, district, "2020-06", PRESCHOOLS, PAGE, unit="区教育体育局")
    sums = ("sum.kinds", "sum.public", "sum.children", "share.sum")
    codes = [f"preschools.{x}" for x in (*sums, "inclusive", "public", "perpeople")]
    story.night(at, *codes)
    assert all(story.stand(at, district, f"preschools.{x}").result == "met" for x in sums)
    story.line(at, "系统规则", "四项勾稽关系（园所、举办单位、幼儿、占比）", "均相符")
    case = story.found(at, district, "preschools.inclusive")
    story.found(at, district, "preschools.public")
    story.unknown(at, district, "preschools.perpeople")
    story.acknowledge(case, at)
    deadline = walk.state(case).deadline
    assert deadline is not None
    late = walk.at_work(deadline + timedelta(days=1))
    if late < walk.until:
        review = (late + timedelta(days=90)).isoformat()
        why = "新建园所建成前补不齐公办学位，期限已过，挂账并定期复核。"
        story.do("leader1", "defer", late, case=case, review_at=review, text=why)
    story.ends(case, "下一期学前教育报表（两项占比达标后核验）")
    return (case,)


def assistance(story: Field, at: datetime) -> tuple[int, ...]:
    programme, purchase = places.assistance(story.walk.demo)
    unit = "区发展和改革委员会"
    story.figures(at, programme, "2019", PROGRAMME, PAGE, unit=unit)
    story.figures(at, purchase, "2019", PURCHASE, PAGE, unit=unit)
    names = ("sources", "projects", "units", "buyers", "batches")
    story.night(at, *(f"assistance.{x}" for x in names))
    money = story.found(at, programme, "assistance.sources")
    waiting = [
        story.found(at, programme, "assistance.projects"),
        story.found(at, programme, "assistance.units"),
        story.found(at, purchase, "assistance.buyers"),
    ]
    story.unknown(at, programme, "assistance.batches")
    for case in waiting:
        story.acknowledge(case, at)
    at = story.acknowledge(money, at)
    at = story.walk.later(at, 2, 4)
    story.figures(at, programme, "2019", {"funds_other_named": 60000}, INVENTED, unit=unit,
                  reason="演示：另6万元为县级配套，补报来源")  # fmt: skip
    at = story.claim(money, at, ["disclosed", "figures_corrected"], "已补报6万元来源。")
    story.verify(money, at, "144万元加6万元等于150万元。")
    story.ends(money, "资金来源")
    for case, about in zip(
        waiting, ("项目名称", "户数人数分开报", "另3家采购单位名称"), strict=True
    ):
        story.ends(case, about)
    return money, *waiting


def information(story: Field, at: datetime) -> tuple[int, ...]:
    table = places.vacancies(story.walk.demo, on=at.date())
    period = at.date().isoformat()
    story.figures(at, table, period, {"posts_stated": 34}, PAGE, unit="区卫生健康委员会")
    story.night(at, "information.posts")
    story.unknown(at, table, "information.posts")
    at = story.walk.later(at, 1, 2)
    story.figures(at, table, period, {"posts_table": 33}, INVENTED, unit="区卫生健康委员会")
    story.night(at, "information.posts")
    case = story.found(at, table, "information.posts")
    at = story.acknowledge(case, at)
    at = story.walk.later(at, 0.2, 0.5)
    story.figures(at, table, period, {"posts_table": 34}, INVENTED, unit="区卫生健康委员会",
                  reason="岗位表漏录一个岗位，已发布更正")  # fmt: skip
    at = story.claim(case, at, ["corrected"], "岗位表已更正为34人，并注明更正日期。")
    story.verify(case, at, "公告34人，岗位表合计34人。")
    story.ends(case, "招聘公告")
    return (case,)
