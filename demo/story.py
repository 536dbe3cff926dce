"""The estate of the newspaper page: from a pasted notice to a verified closure, step by step.

Every step is a command of somebody with his role, or a message at a door; each is printed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from unicodedata import east_asian_width

from django.test import override_settings
from django.utils.translation import gettext as _

from demo import gateway, texts
from demo.walk import Walk
from luoshi.cases import actions, queries, wording
from luoshi.cases.actions import Actor, Child, OldRecord, Refused
from luoshi.infra import outbox

BEGINS = timedelta(days=41)
"""How long before today the old ledger row was written; the story ends about ten days ago."""

PHONE = "13800000000"
"""No subscriber has this number."""

MESSAGE = (
    "青榆家园小区环境脏乱差，绿地被挖了种菜，公共车位被私占，楼道口乱堆乱放。"
    "社区就在小区里办公，只贴了一张提醒单。"
)
LINK = re.compile(r"/v/([\w-]+)/")
COLUMN = 30
THANKS = "感谢为民办实事，小区的违法种植终于清理了，环境又变得整洁了。"


@dataclass
class Story:
    """Tells as it goes: `out` gets one line for each step."""

    walk: Walk
    out: Callable[[str], None]
    case: int = 0
    token: str = ""
    lines: list[tuple[datetime, str]] = field(default_factory=list)

    def line(self, at: datetime, actor: str, what: str, result: str) -> None:
        local = at.astimezone(self.walk.calendar.tz)
        told = f"{local:%m-%d %H:%M}  {actor}{' ' * (COLUMN - width(actor))}{what}  →  {result}"
        self.lines.append((at, told))

    def print(self) -> None:
        """What was told since the last time, in the order in which it happened; then the worker
        sends its messages, and the resident reads them."""
        for _at, told in sorted(self.lines, key=lambda line: line[0]):
            self.out(told)
        last = max(at for at, _told in self.lines)
        self.lines.clear()
        outbox.run_due(now=last)
        for text in gateway.read():
            self.out(f"{'':13}✉ {text}")
            if link := LINK.search(text):
                self.token = link.group(1)

    def do(self, who: str, kind: str, at: datetime, *, case: int = 0, **given: Any) -> None:
        """One command, told with what came of it."""
        done = self.walk.do(who, case or self.case, kind, at, **given)
        what = str(wording.COMMAND.get(kind, kind))
        if kind == "verify":
            what += ": " + (_("passed") if given["passed"] else _("failed"))
        self.line(at, self.walk.called(who), what, str(wording.STATUS[done.state.status or "new"]))

    def refused(self, who: str, kind: str, at: datetime, **given: Any) -> None:
        """One command that the rules refuse, told with the reason."""
        try:
            self.walk.do(who, self.case, kind, at, **given)
        except Refused as no:
            what = str(wording.COMMAND[kind])
            result = _("REFUSED: %(why)s") % {"why": wording.refusal(no.code)}
            self.line(at, self.walk.called(who), what, result)
            return
        raise AssertionError(f"{kind} should have been refused")


def tell(walk: Walk, *, now: datetime, out: Callable[[str], None]) -> Story:
    """Play the whole story so that it ends some days before `now`."""
    story = Story(walk, out)
    at = walk.at_work(now - BEGINS)
    with override_settings(SMS_SENDER="demo.gateway.Phone"):
        return _play(story, at)


def _play(story: Story, at: datetime) -> Story:
    for chapter in (
        _notice_on_the_wall,
        _message,
        _community_claims,
        _inspection_steps_in,
        _three_parts,
        _last_word,
    ):
        at = chapter(story, at)
        story.print()
    return story


def width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def _notice_on_the_wall(story: Story, at: datetime) -> datetime:
    place = story.walk.demo.story
    story.case = actions.record_old(
        record=OldRecord(
            district=story.walk.demo.district,
            ledger=_("community ledger"),
            line="17",
            text="青榆家园环境脏乱",
            closing_words=texts.ON_THE_WALL,
            happened_at=at - timedelta(days=20),
            category="estate.environment",
            area=place.community,
            subject=place.estate,
        ),
        by=Actor(person=story.walk.demo.people["desk1"]),
        now=at,
    )
    story.line(
        at,
        story.walk.called("desk1"),
        _("Import of an old ledger row: “closed: notice posted”"),
        str(wording.RESOLUTION["unverified"]),
    )
    return at


def _message(story: Story, at: datetime) -> datetime:
    """On the third day of the inspection a text message arrives."""
    walk = story.walk
    at = walk.at_work(at + timedelta(days=2))
    district = walk.demo.district
    got = gateway.hand_in(id="story-1", sender=PHONE, text=MESSAGE, district=district, now=at)
    assert queries.case_of_number(district, got.number) == story.case, "the old row is found again"
    story.line(
        at,
        _("a resident"),
        _("Text message: vegetables in the green, parking taken, things piled up"),
        _("same place and category: %(number)s reopens the case at the desk")
        % {"number": got.number},
    )
    return at


def _community_claims(story: Story, at: datetime) -> datetime:
    walk, place = story.walk, story.walk.demo.story
    at = walk.later(at, 0.2, 0.5)
    summary = "青榆家园损绿种菜、私占车位、乱堆乱放"
    story.do("desk1", "classify", at, category="estate.environment", text=summary)
    story.do("desk1", "assign", at, owner=place.community_office)
    at = walk.later(at, 1, 2)
    community = walk.handler(place.community_office)
    story.do(community, "acknowledge", at, person=walk.demo.people[community])
    at = walk.later(at, 1, 2)
    story.do(community, "contact", at, how="call")
    notice: dict[str, Any] = {"outcome": "fixed", "measures": ["notice"], "text": texts.ON_THE_WALL}
    at = walk.later(at, 1, 2)
    story.refused(community, "claim", at, pictures=1, **notice)
    at = walk.later(at, 24, 30)
    cleared: dict[str, Any] = {
        "outcome": "fixed",
        "measures": ["cleared"],
        "text": "已组织清理，现场整洁。",
    }
    story.do(community, "claim", at, pictures=1, **cleared)
    return _verify(
        story, story.case, at, passed=False, text="菜地、地锁、堆物都在，照片拍的是别处。"
    )


def _verify(story: Story, case: int, at: datetime, *, passed: bool, text: str) -> datetime:
    """By whoever was drawn, on site, with pictures of his own."""
    who = story.walk.verifier(story.walk.state(case))
    at = story.walk.later(at, 3, 6)
    story.do(who, "open", at, case=case)
    at = story.walk.at_work(at + timedelta(minutes=40))
    story.do(who, "verify", at, case=case, passed=passed, text=text, pictures=2)
    return at


def _inspection_steps_in(story: Story, at: datetime) -> datetime:
    walk, place = story.walk, story.walk.demo.story
    at = walk.later(at, 2, 4)
    seen = "现场损绿种菜六处、地锁四把、楼道堆物五处，提醒单仍贴在墙上。"
    story.do("inspector1", "inspect", at, text=seen, pictures=2)
    at = walk.later(at, 0.2, 0.5)
    words = "转街道党工委，立行立改。"
    story.do("inspector1", "transfer", at, owner=place.street_office, text=words)
    return at


def _three_parts(story: Story, at: datetime) -> datetime:
    """Green, parking and clutter, each with an owner of its own, each verified by itself."""
    walk, units = story.walk, story.walk.demo.units
    parts = (
        Child(category="estate.green", owner=units["green"], summary="清除菜地、补种绿化"),
        Child(category="estate.parking", owner=units["traffic"], summary="拆除地锁、恢复车位"),
        Child(
            category="estate.clutter",
            owner=walk.demo.story.property_company,
            summary="清运楼道堆物",
        ),
    )
    at = walk.later(at, 0.5, 1)
    _parent, *children = actions.split(
        case=story.case,
        children=parts,
        actor=Actor(person=walk.demo.people["desk1"]),
        now=at,
        text="分绿地、车位、堆物三块办理。",
    )
    story.line(
        at,
        walk.called("desk1"),
        str(wording.COMMAND["split"]),
        _("%(n)s parts, each with owner and deadline") % {"n": len(children)},
    )
    street = walk.handler(walk.demo.story.street_office)
    story.do(street, "acknowledge", at := walk.later(at, 0.5, 1))
    ends = [_part(story, child.case, part, at) for child, part in zip(children, parts, strict=True)]
    return max(ends)


def _part(story: Story, case: int, part: Child, at: datetime) -> datetime:
    who = story.walk.handler(part.owner)
    at = story.walk.later(at, 1, 3)
    story.do(who, "acknowledge", at, case=case)
    measure, words = texts.WORK[part.category]
    at = story.walk.later(at, 24, 40)
    claim: dict[str, Any] = {"outcome": "fixed", "measures": [measure], "text": words}
    story.do(who, "claim", at, case=case, pictures=1, **claim)
    return _verify(story, case, at, passed=True, text="现场已恢复，与反馈一致。")


def _last_word(story: Story, at: datetime) -> datetime:
    walk = story.walk
    street = walk.handler(walk.demo.story.street_office)
    at = walk.later(at, 2, 4)
    words = "街道会同城管、社区、物业和邻里党员集中整治，三块均已核验。"
    done: dict[str, Any] = {"outcome": "fixed", "measures": ["cleared", "patrol"], "text": words}
    story.do(street, "claim", at, pictures=1, **done)
    at = _verify(story, story.case, at, passed=True, text="菜地已补绿，车位和楼道畅通。")
    story.print()
    at = walk.at_work(at + timedelta(hours=3))
    report = queries.by_link(story.token, now=at)
    assert report is not None, "the link in the message opens the verdict"
    end = walk.say(report, story.case, "verdict", at, solved=True, satisfied=True, text=THANKS)
    verdict = _("%(state)s, in the reporter's word: %(verdict)s") % {
        "state": wording.STATUS[end.state.status or "closed"],
        "verdict": wording.VERDICT[end.state.verdict or "solved"],
    }
    story.line(at, _("the resident"), _("Verdict by the one-time link: “%(words)s”")
               % {"words": THANKS}, verdict)  # fmt: skip
    return at
