"""A district with a case in every state, for whoever looks at every page.

Names and words are Chinese, as in life; what the English pages show of them is listed in `texts`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.test import override_settings
from django.utils import timezone

from luoshi.cases import actions, catalogue, queries
from luoshi.cases.actions import Actor, Child, Command, OldRecord
from luoshi.doors.sheets import actions as sheets
from luoshi.expectations import actions as expectations
from luoshi.expectations import queries as expected
from luoshi.registry import actions as registry
from luoshi.rules.state import MAX_LEVEL
from luoshi.trust import codes
from tests import cast as casting
from tests.cast import PASSWORD, PEOPLE, SPOKEN, Cast, photo
from tests.doors import sheeting
from tests.publication.office import every_state

DAY = timedelta(days=1)
PLACES = ("崇川区", "城东街道", "德民社区居委会", "示范新村")
WORDS = "三号楼后的绿地被挖了种菜，公共车位被地锁占着，楼道口堆满旧家具。"
MANHOLE = "井盖不见了"
SUMMARY = "三号楼损绿种菜、私占车位"
SECRET = "社区主任让亲戚的物业公司承包清运，垃圾没人清。"
BECAUSE = "情况与反馈不符"
DONE = "已组织清理并恢复原状"
SEEN = "现场菜地和地锁都在"
ANSWER = "请携带身份证到街道便民服务中心办理。"
ELSEWHERE = "请拨打自来水公司客服电话。"
LEDGER = "社区台账"
BROKEN = "铺面破损"
PLAYGROUND = "东园"
SHEET = ("幢绿地被种菜", "绿地", "王", "台账", "二")
LAMPS = "河边的灯整夜不亮，看不见路"
FOUND = "东园：未达到“铺面完好”；铺面破损"


@dataclass
class District:
    """`case` and `report` by the name of the state; `code` opens a report, `link` its verdict."""

    cast: Cast
    now: datetime
    case: dict[str, int] = field(default_factory=dict)
    report: dict[str, int] = field(default_factory=dict)
    code: dict[str, str] = field(default_factory=dict)
    link: str = ""
    notice: dict[str, int] = field(default_factory=dict)
    sheet: dict[str, int] = field(default_factory=dict)
    place: int = 0
    look: int = 0
    expectation: int = 0
    plan: int = 0
    round: int = 0

    @property
    def texts(self) -> tuple[str, ...]:
        """What is written in Chinese whatever the language of the page."""
        people = (SPOKEN[login][0] for login in PEOPLE)
        said = (
            WORDS,
            LAMPS,
            MANHOLE,
            SUMMARY,
            SECRET,
            BECAUSE,
            DONE,
            SEEN,
            ANSWER,
            ELSEWHERE,
            LEDGER,
        )
        rows = (*sheeting.HEAD, *SHEET)
        return (*people, *PLACES, *said, FOUND, BROKEN, PLAYGROUND, *rows)

    def verifier(self, name: str) -> str:
        """Who was drawn for a case."""
        found = queries.line(self.case[name])
        assert found
        return self.cast.name_of(found.state.verifier)

    def picture(self, name: str) -> int:
        """One picture of a case."""
        return queries.pictures([self.case[name]])[0].id

    # ---- Making ----

    def take(self, name: str, *, at: datetime | None = None, **given: object) -> int:
        """A report, with a code and a picture."""
        self.code[name] = codes.new_code()
        values: dict[str, object] = {"text": WORDS, "pictures": [photo()], **given}
        got = self.cast.report(at or self.now, code=self.code[name], **values)
        self.case[name], self.report[name] = got.case, got.report
        return got.case

    def do(
        self, who: str, name: str, kind: str, *, at: datetime | None = None, **given: Any
    ) -> Any:
        return self.cast.do(who, self.case[name], kind, at or self.now, **given)

    def say(self, name: str, kind: str, *, text: str = "", **data: object) -> None:
        """What the reporter himself does."""
        actions.act(
            case=self.case[name],
            command=Command(kind, data),
            actor=Actor(report=self.report[name]),
            now=self.now,
            text=text,
        )

    def assigned(self, name: str, *, owner: str = "community", **given: Any) -> None:
        at = given.get("at")
        category = given.pop("category", "estate.parking")
        desk = "inspector1" if given.get("confidential") else "desk1"
        self.take(name, **given)
        self.do(desk, name, "classify", at=at, category=category, text=SUMMARY)
        self.do(desk, name, "assign", at=at, owner=self.cast.units[owner])

    def handling(self, name: str, **given: Any) -> None:
        self.assigned(name, **given)
        self.do(f"{given.get('owner', 'community')}1", name, "acknowledge", at=given.get("at"))

    def claim(self, name: str, *, by: str = "community1") -> None:
        given = {"outcome": "fixed", "measures": ["cleared"], "text": DONE}
        self.do(by, name, "claim", pictures=[photo()], **given)

    def claimed(self, name: str, **given: Any) -> None:
        self.handling(name, **given)
        self.claim(name, by=f"{given.get('owner', 'community')}1")

    def verify(self, name: str, *, passed: bool) -> None:
        who = self.verifier(name)
        self.do(who, name, "open")
        self.do(who, name, "verify", passed=passed, text=SEEN, pictures=[photo()])


def build(now: datetime | None = None) -> District:
    """Everything, in some three seconds."""
    cast = casting.build(PASSWORD, spoken=True)
    made = District(cast, now or timezone.now())
    registry.create_duty(
        district=cast.district,
        unit=cast.units["community"],
        person=cast.people["community1"],
        subject=cast.estate,
        valid_from=casting.SINCE,
    )
    _library(cast)
    for part in (_at_the_desk, _in_hand, _being_verified, _stuck, _families, _ended):
        part(made)
    made.notice = every_state(cast, made.now)
    _playground(made)
    _spreadsheets(made)
    return made


def _playground(made: District) -> None:
    """A field with one place, where a look found something."""
    at: dict[str, Any] = {"district": made.cast.district, "field": "play"}
    expectations.put_field(
        district=made.cast.district, code="play", name="游乐场", name_en="Playgrounds"
    )
    expectations.put_source(**at, code="guide", kind="guide", title="指南", title_en="Guide")
    expectations.put_kind(**at, code="playground", name="游乐场", name_en="Playground", facts=[],
                          public=True)  # fmt: skip
    _expected(made, "play.surface", "铺面完好", "Sound surface", "item",
              {"type": "yesno", "question": "完好吗？", "question_en": "Is it sound?", "na": True,
               "photo": "unmet", "text": "unmet"})  # fmt: skip
    _expected(made, "play.plan", "年度计划", "Plan of the year", "date",
              {"due": "2026-05-10", "proof": "text"})  # fmt: skip
    _reported(made)
    made.place = registry.create_subject(
        district=made.cast.district, kind="playground", name=PLAYGROUND,
        area=made.cast.community_area,
    )  # fmt: skip
    registry.create_duty(
        district=made.cast.district, unit=made.cast.units["garden"], subject=made.place,
        valid_from=casting.SINCE,
    )  # fmt: skip
    expectations.put_round(**at, code="play.draw", kind="playground", name="抽查",
                           name_en="Random checks", draw=1)  # fmt: skip
    made.round = expectations.start_round(
        district=made.cast.district, plan="play.draw", now=made.now,
        starts=timezone.localdate(made.now),
    )  # fmt: skip
    said = expectations.Said(
        expectation="play.surface", result="unmet", text=BROKEN, pictures=[photo()]
    )
    done = expectations.record_check(
        district=made.cast.district, subject=made.place, answers=[said],
        person=made.cast.people["inspector1"], now=made.now, key="first",
    )  # fmt: skip
    made.look = done.check
    made.case["finding"] = done.findings[0].case
    made.do("garden1", "finding", "acknowledge")
    made.claim("finding", by="garden1")
    made.do(made.verifier("finding"), "finding", "open")
    found = expected.demands(made.cast.district, on=timezone.localdate(made.now), field="play")
    made.expectation = found[0].id
    made.plan = next(one.id for one in found if one.code == "play.plan")


def _reported(made: District) -> None:
    """What is entered of a playground: two figures under one rule, and a record."""
    at: dict[str, Any] = {"district": made.cast.district, "field": "play", "kind": "playground"}
    for code, name, name_en in (("swings", "秋千", "Swings"), ("tested", "已检", "Tested")):
        expectations.put_figure_kind(
            **at, code=code, name=name, name_en=name_en, unit="swing", unit_name="架",
            unit_name_en="swings",
        )  # fmt: skip
    expectations.put_record_kind(
        **at, code="walk", name="巡查", name_en="Walk",
        fields=[
            {"code": "by", "name": "巡查人", "name_en": "Who", "type": "text", "required": True},
            {"code": "n", "name": "问题数", "name_en": "Problems", "type": "number"},
        ],
    )  # fmt: skip
    share = {"value": "tested / swings * 100", "unit": "%", "op": ">=", "limit": "90"}
    _expected(made, "play.tested", "秋千都检过", "All swings are tested", "figure", share)


def _expected(
    made: District, code: str, title: str, title_en: str, method: str, spec: dict[str, Any]
) -> None:
    expectations.put_expectation(
        district=made.cast.district, field="play", code=code, version=1, kind="playground",
        title=title, title_en=title_en, source="guide", category="estate.environment",
        tier="papers", days=3, valid_from=date(2026, 1, 1), method=method, spec=spec, now=made.now,
    )  # fmt: skip


def _library(cast: Cast) -> None:
    put = catalogue.put_answer
    put(district=cast.district, code="where", kind="answer", title="办理地点",
        title_en="Where to go", text=ANSWER)  # fmt: skip
    put(district=cast.district, code="utility", kind="decline", title="属于公用企业",
        title_en="A matter of a utility company", text=ELSEWHERE)  # fmt: skip


def _at_the_desk(made: District) -> None:
    units = made.cast.units
    made.take("new")
    made.take("guessed", text=MANHOLE)
    made.take("danger", category="danger.manhole", danger=True)
    made.take("unplaced", subject=None, area=None, place_open=True)
    made.take("accusing", accused=(units["garden"], units["government"]))
    made.take("sealed", text=SECRET, confidential=True, accused=(units["community"],))
    made.assigned("returned", owner="garden")
    made.do("garden1", "returned", "return", right_unit=units["community"], text=BECAUSE)
    made.handling("extension")
    made.do("community1", "extension", "ask_extension", days=3, text=BECAUSE)
    made.take("disputed", category="enquiry.policy")
    made.do("desk1", "disputed", "answer", text=ANSWER)
    made.say("disputed", "reopen", text=BECAUSE)


def _in_hand(made: District) -> None:
    made.assigned("assigned")
    made.handling("handling")
    made.handling("asked")
    made.do("community1", "asked", "contact", how="call", text=BECAUSE)
    made.do("community1", "asked", "ask", text=BECAUSE)
    made.do("community1", "asked", "note", text=SEEN, pictures=[photo()])
    made.handling("colleague")
    made.do("community1", "colleague", "hand_over", person=made.cast.people["community2"])
    made.claimed("back")
    made.verify("back", passed=False)
    made.do("inspector1", "back", "inspect", text=SEEN, pictures=[photo()])
    made.handling("sealed handling", text=SECRET, confidential=True, owner="police")


def _being_verified(made: District) -> None:
    made.claimed("claimed")
    made.claimed("site", category="estate.environment")
    with override_settings(RAISED_PERCENT=100):
        made.claimed("raised")
    made.do(made.verifier("raised"), "raised", "open")
    made.claimed("verdict")
    made.verify("verdict", passed=True)
    made.link = actions.issue_link(report=made.report["verdict"], now=made.now)
    with _absent(made.cast, "verifier", "inspector", "leader", "panel"):
        made.claimed("nobody")


def _stuck(made: District) -> None:
    units, long_ago = made.cast.units, made.now - 30 * DAY
    made.handling("overdue", at=long_ago)
    made.handling("deferred", at=long_ago)
    later = (made.now + 20 * DAY).isoformat()
    made.do("leader1", "deferred", "defer", review_at=later, text=BECAUSE)
    made.handling("past review", at=long_ago)
    before = (made.now - DAY).isoformat()
    made.do(
        "leader1", "past review", "defer", at=made.now - 2 * DAY, review_at=before, text=BECAUSE
    )
    made.assigned("ruling", owner="garden")
    made.do("garden1", "ruling", "return", right_unit=units["community"], text=BECAUSE)
    made.do("desk1", "ruling", "rule", owner=units["community"], text=BECAUSE)
    made.do("community1", "ruling", "return", right_unit=units["garden"], text=BECAUSE)
    made.handling("twice unsolved")
    _twice_unsolved(made, "twice unsolved")
    made.handling("top level")
    for _ in range(MAX_LEVEL):
        made.do("leader1", "top level", "escalate", text=BECAUSE)


def _twice_unsolved(made: District, name: str) -> None:
    for _ in range(2):
        made.claim(name)
        made.verify(name, passed=True)
        made.say(name, "verdict", solved=False, satisfied=False, text=BECAUSE)


def _families(made: District) -> None:
    made.handling("parent", category="estate.environment")
    units = made.cast.units
    parts = [
        Child(category="estate.green", owner=units["garden"], summary=SUMMARY),
        Child(category="estate.parking", owner=units["police"], summary=SUMMARY),
    ]
    _, first, second = actions.split(
        case=made.case["parent"],
        children=parts,
        actor=made.cast.actor("desk1"),
        now=made.now,
        text=BECAUSE,
    )
    made.case |= {"part": first.case, "part in hand": second.case}
    made.do("police1", "part in hand", "acknowledge")
    made.take("target", at=made.now - DAY)
    made.take("merged")
    actions.merge(
        case=made.case["merged"],
        target=made.case["target"],
        actor=made.cast.actor("desk1"),
        now=made.now,
        text=BECAUSE,
    )


def _ended(made: District) -> None:
    made.claimed("fixed", owner="police")
    made.verify("fixed", passed=True)
    made.say("fixed", "verdict", solved=True, satisfied=True, text=DONE)
    made.take("declined")
    made.do("desk1", "declined", "decline", reason="utility", text=ELSEWHERE)
    with override_settings(SAMPLE_PERCENT=100):
        # Elsewhere: the same question at the same place would reopen the first.
        for name, where in (("sampled", made.cast.estate), ("sampled too", None)):
            made.take(name, category="enquiry.policy", subject=where)
            made.do("desk1", name, "answer", text=ANSWER)
    made.do(_sampler(made, "sampled too"), "sampled too", "check_sample", right=True)
    made.handling("unsolved")
    _twice_unsolved(made, "unsolved")
    made.do("leader1", "unsolved", "conclude", text=BECAUSE)
    made.case["unverified"] = actions.record_old(
        record=OldRecord(
            district=made.cast.district,
            ledger=LEDGER,
            line="12",
            text=WORDS,
            closing_words=DONE,
            happened_at=made.now - 60 * DAY,
            category="estate.clutter",
            area=made.cast.community_area,
        ),
        by=made.cast.actor("desk1"),
        now=made.now,
    )


def _sampler(made: District, name: str) -> str:
    found = queries.line(made.case[name])
    assert found
    return made.cast.name_of(found.state.sampler)


@contextmanager
def _absent(cast: Cast, *roles: str) -> Iterator[None]:
    away = [cast.people[login] for login, (role, _unit) in PEOPLE.items() if role in roles]
    for person in away:
        registry.set_absence(person=person, until=timezone.localdate())
    yield
    for person in away:
        registry.set_absence(person=person, until=None)


def _spreadsheets(made: District) -> None:
    """An import in each of the states in which a page of it looks different."""
    cast, now = made.cast, made.now

    def more(book: Any, _page: Any) -> None:
        book.create_sheet("二")

    rows = sheeting.messages(3)
    rows[1][4] = "123"
    book = sheeting.xlsx([sheeting.HEAD, *rows])
    made.sheet["mapping"] = sheeting.upload(cast, book, now).id
    made.sheet["ready"] = sheeting.check(cast, sheeting.upload(cast, book, now), now).id
    made.sheet["done"] = sheeting.whole(cast, book, now).id
    made.sheet["choosing"] = sheeting.upload(cast, sheeting.xlsx([["内容"]], shape=more), now).id
    made.sheet["refused"] = sheeting.upload(cast, sheeting.xlsx([]), now).id
    waiting = sheeting.upload(cast, book, now)
    sheets.map_columns(id=waiting.id, mapping=waiting.mapping, options={})
    made.sheet["checking"] = waiting.id
