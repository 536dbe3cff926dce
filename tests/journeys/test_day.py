"""A working day in the browser, and what it costs: docs/day.md is written from these journeys.

Keys, taps and characters are the same on every machine: they must be what the document says.
Seconds and kilobytes are measured when it is written; here they only have loose limits.
"""

import re
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from luoshi.cases import actions, queries
from luoshi.cases.actions import Actor, Command
from luoshi.cases.suggest import training
from luoshi.cases.suggest.examples import Example
from luoshi.infra import outbox
from tests.cases.test_suggest import history, learn
from tests.cast import Cast, view
from tests.journeys import browsing, inbox, messages
from tests.journeys.conftest import Visit
from tests.journeys.costs import Cost, Day
from tests.journeys.counting import Counted

PAGE_KB = 150
"""The most that one page without pictures may weigh, first visit and all that stays included."""


def assert_good(page: Page) -> None:
    browsing.assert_fits(page)
    browsing.assert_accessible(page)


# ---- Half past eight: the desk ----


@pytest.fixture
def morning(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> dict[int, messages.Message]:
    """Forty messages wait; the desk has a history from which suggestions were learned."""

    def read(district: int, target: str) -> list[Example]:
        return history() if target == "category" else []

    monkeypatch.setattr(training, "examples", read)
    monkeypatch.setattr(training, "NEEDED", 20)
    learn(timezone.now())
    messages.prepare(cast)
    return messages.send(cast, timezone.now())


DESK = "desk"
ENDED = "Nothing waits for triage any more."


class Morning:
    """Whoever triages, with a hand on the keyboard."""

    def __init__(self, desk: Counted, waiting: dict[int, messages.Message], day: Day) -> None:
        self.desk = desk
        self.page = desk.page
        self.waiting = waiting
        self.day = day

    def the_storm_is_merged_in_one_go(self) -> None:
        """The first line below what is dangerous; what is left of it is one case to dispatch."""
        expect(self.page.locator(".storm")).to_have_count(1)
        with self.desk.doing() as cost:
            self.desk.key("j", "j", "Enter")
            self.page.wait_for_url("**/desk/merge/")
            expect(self.page.locator("[name=text]")).not_to_have_value("")
            self.desk.key("d")
            expect(self.page.get_by_role("heading", level=1)).to_have_text(
                self.desk.words("Merged")
            )
            self.desk.key("l")
            self.page.wait_for_url("**/desk/")
        expect(self.page.locator(".storm")).to_have_count(0)
        self.day.note(DESK, "the storm: twelve messages on one power cut", cost)
        merged = [c for c, m in self.waiting.items() if m.kind == "storm"][1:]
        for case in merged:
            del self.waiting[case]

    def the_first_is_opened(self) -> None:
        with self.desk.doing() as cost:
            self.desk.key("j", "Enter")
            self.page.wait_for_url("**/case/*/")
        self.day.note(DESK, "open the first", cost)

    def the_open_one_is_decided(self) -> None:
        case = int(self.page.url.rstrip("/").rsplit("/", 1)[1])
        message = self.waiting.pop(case)
        left = len(self.waiting)
        with self.desk.doing() as cost:
            deed = getattr(self, message.kind)(message)
            gone = "**/case/*/" if left else "**/desk/"
            self.page.wait_for_url(lambda url: f"/case/{case}/" not in url)
            self.page.wait_for_url(gone)
        self.day.note(DESK, deed, cost)

    # ---- By kind; each returns what it was in words ----

    def plain(self, message: messages.Message) -> str:
        category = self.page.locator("#dispatch_category")
        if category.input_value() == message.category:
            self.desk.key("d")
            return "plain, category and owner stand there already"
        suggested = self.page.locator(f"[data-take][data-category='{message.category}']")
        if suggested.count():
            self.desk.key("s", "d")
            return "plain, the suggestion is taken"
        nearest = self.page.locator(f"[data-key][data-category='{message.category}']")
        if nearest.count():
            self.desk.key(nearest.get_attribute("data-key"), "d")
            return "plain, one of the nearest is chosen"
        self.desk.key("c")
        while category.input_value() != message.category:
            self.desk.key("ArrowDown")
        self.desk.key("Control+Enter")
        return "plain, found in the list of categories"

    def danger(self, message: messages.Message) -> str:
        assert self.page.locator("#dispatch_category").input_value() == message.category
        self.desk.key("d")
        return "danger to life"

    def storm(self, message: messages.Message) -> str:
        assert self.page.locator("#dispatch_category").input_value() == message.category
        self.desk.key("d")
        return "the one case of the storm"

    def known(self, message: messages.Message) -> str:
        self.page.locator('[data-key="m"]').wait_for()  # it comes after the page
        self.desk.key("m")
        return "a problem that is known already"

    def enquiry(self, message: messages.Message) -> str:
        self.desk.key("a", "ArrowDown", "Control+Enter")
        return "an enquiry, answered from the library"


def test_forty_messages_are_triaged_by_keyboard_alone(
    cast: Cast, morning: dict[int, messages.Message], visit: Visit
) -> None:
    day = Day()
    desk = Counted(visit(), "zh-hans")
    desk.sign_in("desk1", "/desk/")
    story = Morning(desk, dict(morning), day)
    assert_good(desk.page)
    story.the_storm_is_merged_in_one_go()
    story.the_first_is_opened()
    assert_good(desk.page)
    while story.waiting:
        story.the_open_one_is_decided()
    desk.sees(ENDED)
    _decided_as_meant(cast, morning)
    plain = [row for (_, deed), row in day.rows.items() if deed.startswith("plain")]
    costs = [cost for row in plain for cost in row.costs]
    assert len(costs) == 22
    assert sum(cost.keys for cost in costs) <= 2 * len(costs)
    assert_light(day)
    day.compare()


def assert_light(day: Day) -> None:
    """Pages that show pictures are as heavy as these."""
    plain = [row for row in day.rows.values() if row.part not in {VERIFIER, REPORTER}]
    costs: list[Cost] = [cost for row in plain for cost in row.costs]
    assert max(cost.down for cost in costs) <= PAGE_KB * 1024


def _decided_as_meant(cast: Cast, morning: dict[int, messages.Message]) -> None:
    for case, message in morning.items():
        line = queries.line(case)
        assert line is not None
        state = line.state
        if message.kind in {"plain", "danger"}:
            owner = cast.units[messages.ANSWERERS[message.category]]
            assert (state.category, state.owner) == (message.category, owner), message
        elif message.kind == "enquiry":
            assert state.resolution == "answered"
        elif message.kind == "known":
            assert state.resolution == "merged"


# ---- In the street: who handles, who verifies, who reported ----

HANDLER, VERIFIER, REPORTER = "handler", "verifier", "reporter"
PHONES = ("13900000001", "13900000002")
CLEARED = "已清走杂物，楼道畅通。"
CLEAN = "到现场看过，与反馈一致。"
NOT_DONE = "杂物只搬到了二楼转角。"


class Street:
    """Two cases on three phones."""

    def __init__(self, cast: Cast, visit: Visit, day: Day) -> None:
        self.cast = cast
        self.visit = visit
        self.day = day
        self.cases = [
            self.assigned("三号楼楼道堆满杂物", PHONES[0]),
            self.assigned("六号楼门口垃圾没人清，脏乱", PHONES[1]),
        ]

    def assigned(self, text: str, phone: str) -> int:
        now, cast = timezone.now(), self.cast
        case = cast.report(now, text=text, phone=phone, pictures=[view()]).case
        cast.do("desk1", case, "classify", now, category="estate.environment", text=text)
        cast.do("desk1", case, "assign", now, owner=cast.units["community"])
        return case

    def phone(self, login: str, address: str) -> Counted:
        return Counted(self.visit(width="phone"), "zh-hans").sign_in(login, address)  # type: ignore

    def opens(self, who: Counted, part: str, deed: str, address: str, wanted: Locator) -> None:
        """The page as it comes up, and how far down it has what he came for."""
        with who.doing() as cost:
            who.go(address)
        cost.below = who.below(wanted)
        self.day.note(part, deed, cost)
        assert_good(who.page)

    # ---- Chapters ----

    def one_is_given_to_a_colleague_and_one_taken_on(self) -> None:
        first, second = self.cases
        me = Counted(self.visit(width="phone"), "zh-hans")
        with me.doing() as cost:
            me.sign_in("community1", "/handler/")
        self.day.note(HANDLER, "sign in, everything fetched for the first time", cost)
        words = me.words("Acknowledge: I take it on")
        self.opens(me, HANDLER, "open my cases", "/handler/",
                   me.page.get_by_role("button", name=words).first)  # fmt: skip
        with me.doing() as cost:
            me.follow("Give it to a colleague", card(me, first))
            me.pick("Who handles it", "谢社区")
            me.press("Acknowledge")
            expect(me.page).to_have_url(re.compile("/handler/$"))
        self.day.note(HANDLER, "acknowledge, and give it to a colleague", cost)
        with me.doing() as cost:
            me.press("Acknowledge: I take it on", card(me, second))
            expect(card(me, second)).to_contain_text(me.words("Note or picture"))
        self.day.note(HANDLER, "acknowledge", cost)
        self.contact_and_claim(me, second)

    def contact_and_claim(self, me: Counted, case: int) -> None:
        with me.doing() as cost:
            me.follow("Record the contact", card(me, case))
            me.tick("By phone")
            me.press("Record the contact with the reporter")
            expect(me.page).to_have_url(re.compile("/handler/$"))
        self.day.note(HANDLER, "first contact", cost)
        with me.doing() as cost:
            me.follow("Claim that it is done", card(me, case))
            cost.below = me.below(me.choice("Fixed"))
            me.tick("Fixed")
            me.tick("Cleared or removed on the spot")
            me.fill("In your own words", CLEARED)
            me.shoot()
            me.press("Send to verification")
            expect(me.page).to_have_url(re.compile("/handler/$"))
        self.day.note(HANDLER, "claim, with a picture taken", cost)

    def one_passes_and_one_fails(self) -> None:
        self.verifies(self.cases[0], holds=True, deed="on site: it passes")
        self.verifies(self.cases[1], holds=False, deed="on site: it fails")

    def verifies(self, case: int, *, holds: bool, deed: str) -> None:
        line = queries.line(case)
        assert line is not None
        me = self.phone(self.cast.name_of(line.state.verifier), "/verifier/")
        task = me.page.locator(f"a[href='/verifier/{case}/']")
        self.opens(me, VERIFIER, "open what is drawn for me", "/verifier/", task)
        with me.doing() as cost:
            task.click()
            begin = me.page.get_by_role("button", name=me.words("Begin the verification"))
            cost.below = me.below(begin)
            begin.click()
            me.sees("What the unit claims")
        self.day.note(VERIFIER, "begin: claim, evidence and words side by side", cost)
        assert_good(me.page)
        answer = "Yes: solved as claimed" if holds else "No: send it back"
        with me.doing() as cost:
            me.follow("Your decision")
            cost.below = me.below(me.choice(answer))
            me.tick(answer)
            me.fill("What you saw", CLEAN if holds else NOT_DONE)
            me.shoot()
            me.press("Record my decision")
            expect(me.page).to_have_url(re.compile("/verifier/$"))
        self.day.note(VERIFIER, deed, cost)

    def the_reporter_has_the_last_word(self) -> None:
        outbox.run_due(now=timezone.now())
        links = [re.search(r"http\S+/v/[\w-]+/", said) for to, said in inbox.read()
                 if to.endswith(PHONES[0])]  # fmt: skip
        link = next(found[0] for found in links if found)
        me = Counted(self.visit(width="phone"), "zh-hans")
        self.opens(me, REPORTER, "open the link of the message", link, me.choice("Solved"))
        with me.doing() as cost:
            me.tick("Solved")
            me.tick("Satisfied")
            me.press("Give my word")
            me.sees("Thank you. Your word is on record.")
        self.day.note(REPORTER, "the last word", cost)


def card(me: Counted, case: int) -> Locator:
    return me.page.locator(f"#case-{case}")


def test_two_cases_go_from_phone_to_phone(cast: Cast, visit: Visit) -> None:
    day = Day()
    street = Street(cast, visit, day)
    street.one_is_given_to_a_colleague_and_one_taken_on()
    colleague = street.phone("community2", "/handler/")
    street.contact_and_claim(colleague, street.cases[0])
    street.one_passes_and_one_fails()
    street.the_reporter_has_the_last_word()
    states = [line.state for line in map(queries.line, street.cases) if line]
    assert [(state.status, state.resolution) for state in states] == [
        ("closed", "fixed"), ("handling", None),
    ]  # fmt: skip
    assert_light(day)
    day.compare()


# ---- Five o'clock: the leader ----

LEADER = "leader"
UNSOLVED = "两次核验通过后反映人仍不满意，列为未解决，转专题研究。"


def test_the_leader_reads_prints_and_decides(cast: Cast, visit: Visit) -> None:
    day, now = Day(), timezone.now()
    case = twice_unsolved(cast, now)
    cast.handling(now - timedelta(days=30), text="路灯杆歪了半年")
    me = Counted(visit(), "zh-hans")
    me.sign_in("leader1", "/leader/")
    with me.doing() as cost:
        me.go("/leader/")
        me.sees("What is stuck, and why")
        me.sees("What came back in seven days")
    mine = me.page.locator(f"a[href='/leader/{case}/conclude/']")
    cost.below = me.below(mine)
    day.note(LEADER, "open the page", cost)
    assert_good(me.page)
    with me.doing() as cost:
        me.follow("One page on paper (PDF)")
        me.page.wait_for_url("**/brief.pdf")
    body = me.page.request.get(me.page.url).body()
    cost.down = len(body)  # fetched by the browser's own viewer, which is not listened to
    assert len(PdfReader(BytesIO(body)).pages) == 1
    day.note(LEADER, "the brief as a document", cost)
    me.page.go_back()
    with me.doing() as cost:
        mine.click()
        me.fill("Reasons", UNSOLVED)
        me.press("Conclude as unsolved")
        expect(me.page).to_have_url(re.compile("/leader/$"))
    day.note(LEADER, "one decision: conclude as unsolved", cost)
    line = queries.line(case)
    assert line is not None
    assert line.state.resolution == "unsolved"
    assert_light(day)
    day.compare()


def twice_unsolved(cast: Cast, now: datetime) -> int:
    """Claimed and passed twice, and twice its reporter says that it is not so."""
    got = cast.report(now, text="油烟直排，夜里也熏人")
    cast.do("desk1", got.case, "classify", now, category="estate.parking")
    cast.do("desk1", got.case, "assign", now, owner=cast.units["community"])
    cast.do("community1", got.case, "acknowledge", now)
    for _ in range(2):
        verifier = cast.name_of(cast.claim("community1", got.case, now).state.verifier)
        cast.do(verifier, got.case, "open", now)
        cast.do(verifier, got.case, "verify", now, passed=True, text=CLEAN, pictures=[view()])
        actions.act(
            case=got.case,
            command=Command("verdict", {"solved": False, "satisfied": False}),
            actor=Actor(report=got.report),
            now=now,
            text="还是老样子",
        )
    return got.case
