"""A small pack in order, and how tests break it."""

from pathlib import Path

GOOD = """\
field: playground
name: 游乐场
name_en: Playgrounds
sources:
  - {code: guide, kind: guide, title: 安全指南, title_en: Safety guide, date: "2020-02"}
kinds:
  - code: playground
    name: 游乐场
    name_en: Playground
    facts:
      - {code: area, name: 面积, name_en: Area, type: number, unit: m2}
      - {code: opened, name: 开放日期, name_en: Opened on, type: date}
  - {code: swing, name: 秋千, name_en: Swing, part_of: playground}
figures:
  - {code: children, kind: playground, name: 人数, name_en: Children, unit: child}
records:
  - code: round
    kind: playground
    name: 巡查记录
    name_en: Patrol record
    fields:
      - {code: found, name: 发现, name_en: Found, type: text, required: true}
expectations:
  - code: swing.chains
    version: 1
    kind: swing
    title: 链条牢固
    title_en: Chains are sound
    source: guide
    named: false
    severity: serious
    days: 2
    tier: site
    category: playground.swing
    from: 2020-03-01
    every: 7
    item: {type: yesno, question: 链条是否牢固？, question_en: "Are the chains sound?"}
  - code: playground.crowd
    version: 1
    kind: playground
    title: 不拥挤
    title_en: Not crowded
    source: guide
    named: false
    severity: ordinary
    days: 5
    tier: papers
    category: playground.swing
    from: 2020-03-01
    figure: {value: area / children, unit: m2/child, op: ">=", limit: "4"}
  - code: playground.patrol
    version: 1
    kind: playground
    title: 每周巡查
    title_en: Walked every week
    source: guide
    named: false
    severity: ordinary
    days: 5
    tier: papers
    category: playground.swing
    from: 2020-03-01
    record: {record: round, within: 7}
  - code: playground.test
    version: 1
    kind: playground
    title: 每年检验
    title_en: Tested every year
    source: guide
    named: false
    severity: ordinary
    days: 5
    tier: papers
    category: playground.swing
    from: 2020-03-01
    date: {fact: opened, repeat: yearly, proof: document}
categories:
  - {code: playground.swing, name: 秋千, name_en: Swings, measures: [repaired, notice]}
answers:
  - {code: open, title: 开放时间, title_en: Opening hours, text: 每天八点开放。}
rounds:
  - {code: swings, kind: swing, name: 秋千检查, name_en: Swings, every: 7, expectations: all}
"""


def put(folder: Path, text: str | bytes, name: str = "playground") -> Path:
    """A pack in its own folder; the folder."""
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    raw = text.encode() if isinstance(text, str) else text
    (place / "pack.yaml").write_bytes(raw)
    return place
