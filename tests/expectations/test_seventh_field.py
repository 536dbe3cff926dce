"""A district adds a field of its own: a folder with a pack, and no line of Python."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from luoshi.cases import queries as cases
from luoshi.expectations import actions, queries
from luoshi.packs.load import install
from luoshi.registry import actions as registry
from luoshi.rules.state import Status
from tests import cast as casting
from tests.cast import photo
from tests.expectations.conftest import NOW, TODAY

PACK = """
field: playgrounds
name: 游乐场安全
name_en: Playground safety
about: 儿童游乐场的铺面、设施和巡查。
about_en: Surfaces, equipment and rounds of playgrounds.
sources:
  - code: own
    kind: plan
    title: 区游乐场管理要求
    title_en: The district's rules for playgrounds
kinds:
  - code: playground
    name: 游乐场
    name_en: Playground
    public: true
figures:
  - {code: swings, kind: playground, name: 秋千数, name_en: Swings, unit: swing}
  - {code: checked, kind: playground, name: 已检秋千数, name_en: Swings checked, unit: swing}
records:
  - code: walk
    kind: playground
    name: 巡查记录
    name_en: Round
    fields: [{code: by, name: 巡查人, name_en: Who, type: text, required: true}]
expectations:
  - code: playground.surface
    version: 1
    kind: playground
    title: 地面无破损
    title_en: The surface is whole
    source: own
    named: false
    severity: serious
    days: 3
    tier: site
    category: playground.repair
    from: "2026-01-01"
    every: 30
    item: {type: yesno, question: 地面是否完好？, question_en: Is the surface whole?, photo: unmet}
  - code: playground.swings
    version: 1
    kind: playground
    title: 秋千检验率不低于九成
    title_en: Nine in ten swings are checked
    source: own
    named: false
    severity: ordinary
    days: 5
    tier: papers
    category: playground.repair
    from: "2026-01-01"
    figure: {value: checked / swings * 100, unit: "%", op: ">=", limit: 90}
  - code: playground.walk
    version: 1
    kind: playground
    title: 每七天巡查一次
    title_en: A round every seven days
    source: own
    named: false
    severity: ordinary
    days: 2
    tier: papers
    category: playground.care
    from: "2026-01-01"
    record: {record: walk, within: 7}
categories:
  - code: playground.repair
    name: 设施维修
    name_en: Repairs
    tier: site
    picture_needed: true
    measures: [repaired, notice]
  - code: playground.care
    name: 日常管理
    name_en: Daily care
    measures: [patrol, explained, notice]
"""


def test_a_seventh_field_works_from_its_pack_alone(db: None, tmp_path: Path) -> None:
    folder = tmp_path / "playgrounds"
    folder.mkdir()
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    cast = casting.build()
    install(district=cast.district, now=NOW - timedelta(days=30), folders=[tmp_path])
    there = registry.create_subject(
        district=cast.district, kind="playground", name="东园", area=cast.community_area
    )
    registry.create_duty(
        district=cast.district, unit=cast.units["garden"], valid_from=date(2026, 1, 1),
        category="playground",
    )  # fmt: skip

    said = actions.Said(expectation="playground.surface", result="unmet", pictures=[photo()])
    [found] = actions.record_check(
        district=cast.district, subject=there, answers=[said],
        person=cast.people["inspector1"], now=NOW, key="one",
    ).findings  # fmt: skip
    actions.report_figures(
        district=cast.district, subject=there, period="2026-Q1", source="园林处", now=NOW,
        values={"swings": Decimal(10), "checked": Decimal(8)}, reported_on=TODAY,
    )  # fmt: skip
    night = actions.evaluate(district=cast.district, now=NOW)
    assert night.findings == 2  # the swings and the missing round

    counted = queries.overview(cast.district, "playgrounds", on=TODAY)
    assert [(c.demand.code, c.unmet) for c in counted] == [
        ("playground.surface", 1), ("playground.swings", 1), ("playground.walk", 1),
    ]  # fmt: skip

    cast.do("garden1", found.case, "acknowledge", NOW)
    done = cast.do(
        "garden1", found.case, "claim", NOW,
        outcome="fixed", measures=["repaired"], text="已换铺面", pictures=[photo()],
    )  # fmt: skip
    verifier = cast.name_of(done.state.verifier)
    cast.do(verifier, found.case, "open", NOW)
    actions.verify(
        case=found.case, district=cast.district, person=cast.people[verifier], passed=True,
        text="看过", now=NOW, pictures=[photo()],
        answers=[actions.Said(expectation="playground.surface", result="met")],
    )  # fmt: skip
    assert cases.lines_of([found.case])[found.case].state.status is Status.CLOSED
