"""A working day in the browser, and what it costs: docs/day.md is written from these journeys.

Keys, taps and characters are the same on every machine: they must be what the document says.
Seconds and kilobytes are measured when it is written; here they only have loose limits.
"""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from luoshi.cases import queries
from luoshi.cases.suggest import training
from luoshi.cases.suggest.examples import Example
from tests.cases.test_suggest import history, learn
from tests.cast import Cast
from tests.journeys import browsing, counting, messages
from tests.journeys.conftest import Visit
from tests.journeys.counting import Cost, Counted, Day

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
            try:
                self.page.wait_for_url(lambda url: f"/case/{case}/" not in url, timeout=8000)
            except Exception:
                print("XX", message, self.page.url); self.page.screenshot(path="/tmp/w/shots/day-fail.png", full_page=True); raise
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
    costs: list[Cost] = [cost for row in day.rows.values() for cost in row.costs]
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
