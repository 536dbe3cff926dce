"""Checks with a phone that has no signal: nothing is lost, nothing counts twice."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Error, FilePayload, Route, expect

from luoshi.cases import queries as cases
from luoshi.cases.wording import REFUSAL
from luoshi.expectations import actions, queries
from luoshi.registry import actions as registry
from tests.cast import Cast
from tests.journeys.conftest import OpenAs
from tests.journeys.visitor import Visitor

NO_SIGNAL = "No signal. What you enter is kept on this phone and sent when there is signal again."
NO_SPACE = (
    "This phone has no space left: the check is neither kept nor sent. Leave this page open, free "
    "some space, and send it again."
)
PLACES = ("东园", "西园", "南园")
BROKEN = "铺面破损"
NO_PICTURE = "秋千断了"
SPOILT: FilePayload = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"spoilt on the way"}


@dataclass
class Round:
    """Three playgrounds, one question each, all to be looked at this week."""

    cast: Cast
    id: int
    places: tuple[int, ...]

    @property
    def address(self) -> str:
        return f"/rounds/{self.id}/"

    def check(self, n: int) -> str:
        return f"/subjects/{self.places[n]}/check/"

    def checks(self, n: int) -> tuple[queries.CheckInfo, ...]:
        return queries.checks_of(self.cast.district, self.places[n])

    @property
    def done(self) -> int:
        found = queries.round_page(self.cast.district, self.id)
        assert found
        return found.done


@pytest.fixture
def week(cast: Cast) -> Round:
    at: dict[str, Any] = {"district": cast.district, "field": "play"}
    since, now = date(2026, 1, 1), timezone.now()
    actions.put_field(district=cast.district, code="play", name="游乐场", name_en="Playgrounds")
    actions.put_source(**at, code="guide", kind="guide", title="指南", title_en="Guide")
    actions.put_kind(**at, code="playground", name="游乐场", name_en="Playground", facts=[])
    actions.put_expectation(
        **at, code="play.surface", version=1, kind="playground", title="铺面完好",
        title_en="Sound surface", source="guide", category="estate.environment", tier="papers",
        days=3, valid_from=since, now=now, method="item",
        spec={"type": "yesno", "question": "完好吗？", "question_en": "Is it sound?",
              "text": "unmet"},
    )  # fmt: skip
    places = tuple(
        registry.create_subject(
            district=cast.district, kind="playground", name=name, area=cast.community_area
        )
        for name in PLACES
    )
    registry.create_duty(
        district=cast.district, unit=cast.units["garden"], valid_from=since, category="estate"
    )
    actions.put_round(
        **at, code="play.weekly", kind="playground", name="周检", name_en="Weekly checks"
    )
    made = actions.start_round(
        district=cast.district, plan="play.weekly", now=now, starts=timezone.localdate(now)
    )
    return Round(cast, made, places)


class Losing:
    """While it is on, the server gets what is sent and answers; the answer never arrives.

    It stands in the way from the first page on: put there later it may miss what is under way.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.on, self.answers = False, list[int]()
        context.route("**/check/", self._handle)

    def _handle(self, route: Route) -> None:
        if not self.on or route.request.method != "POST":
            route.continue_()
            return
        self.answers.append(route.fetch(max_redirects=0).status)
        route.abort("connectionreset")


def waits(inspector: Visitor, n: int) -> None:
    panel = inspector.page.locator("[data-kept]")
    expect(panel.locator("[data-count]")).to_have_text(str(n))


def signal(inspector: Visitor) -> BrowserContext:
    return inspector.page.context


ON_PHONE = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const page of await cache.matchAll()) found.push(await page.text());
  }
  const base = await new Promise((done) => {
    const asked = indexedDB.open("luoshi");
    asked.onsuccess = () => done(asked.result);
  });
  const all = base.transaction("kept").objectStore("kept").getAll();
  await new Promise((done) => { all.onsuccess = done; });
  base.close();
  return found.concat(all.result.map((one) => JSON.stringify(one))).join();
}"""
"""Everything that somebody with the phone could read, pages and entries."""


FULL = """() => {
  IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
}"""
ADDRESSES = """async () => {
  const found = [];
  for (const name of await caches.keys()) found.push(...await (await caches.open(name)).keys());
  return found.map(({ url }) => new URL(url).pathname).filter((one) => !one.startsWith("/static/"));
}"""


def on_phone(inspector: Visitor, *texts: str) -> None:
    """Waits until they are: it happens a moment after one has typed."""
    inspector.page.wait_for_load_state()
    for _ in range(100):
        kept = inspector.page.evaluate(ON_PHONE)
        if all(text in kept for text in texts):
            return
        inspector.page.wait_for_timeout(50)
    raise AssertionError(f"{texts} are not kept")


def look_without_signal(inspector: Visitor, week: Round) -> None:
    inspector.go(week.check(0)).sees(NO_SIGNAL)
    inspector.shows("no-signal-1")
    inspector.tick("met")
    inspector.unfold("Remark and pictures")
    inspector.attach("or choose pictures taken before")
    inspector.press("Send the check")
    inspector.sees("Places that can be checked without signal")
    waits(inspector, 1)
    inspector.shows("no-signal-2")
    inspector.follow(PLACES[1])
    inspector.tick("unmet")
    inspector.press("Send the check")
    inspector.sees("Write what you saw.")
    inspector.shows("no-signal-3")
    inspector.fill("Remark", BROKEN)
    inspector.press("Send the check")
    waits(inspector, 2)
    inspector.follow(PLACES[2])
    inspector.tick("unmet")
    inspector.fill("Remark", NO_PICTURE)
    inspector.field("or choose pictures taken before").set_input_files(SPOILT)
    inspector.press("Send the check")
    waits(inspector, 3)
    assert week.done == 0


def correct_what_is_refused(inspector: Visitor) -> None:
    inspector.sees(str(REFUSAL["not_a_picture"]))
    inspector.shows("no-signal-4")
    inspector.follow("Open and correct")
    inspector.sees(str(REFUSAL["not_a_picture"]))
    expect(inspector.field("Remark")).to_have_value(NO_PICTURE)
    expect(inspector.choice("unmet")).to_be_checked()
    chosen = inspector.field("or choose pictures taken before")
    assert chosen.evaluate("e => e.files.length") == 1
    inspector.shows("no-signal-5")
    chosen.set_input_files([])
    inspector.press("Send the check")
    inspector.sees("Check recorded")
    inspector.go("/rounds/")
    expect(inspector.page.locator("[data-kept]")).to_be_hidden()


def test_a_round_without_signal_is_sent_later_and_stored_once(week: Round, open_as: OpenAs) -> None:
    inspector = open_as(width="phone", service_workers="allow")
    losing = Losing(signal(inspector))
    inspector.sign_in("inspector1", week.address)
    inspector.press("Take this round along")
    saved = inspector.words("{saved} of {all} places saved on this phone")
    inspector.sees(saved.format(saved=3, all=3))
    lies_there = set(inspector.page.evaluate(ADDRESSES))
    checks = {week.check(n) for n in range(len(PLACES))}
    assert lies_there == checks | {week.address, "/rounds/kept/"}
    signal(inspector).set_offline(True)
    look_without_signal(inspector, week)

    losing.on = True
    signal(inspector).set_offline(False)
    inspector.press("Send now")
    inspector.sees(NO_SIGNAL)
    waits(inspector, 3)
    assert set(losing.answers) == {302}
    assert len(week.checks(0)) == 1
    losing.on = False
    inspector.press("Send now")
    waits(inspector, 1)
    inspector.sees("What was found")
    correct_what_is_refused(inspector)

    [met], [unmet] = week.checks(0), week.checks(1)
    assert len(met.answers[0].pictures) == 1
    assert timedelta(0) < met.received_at - met.at < timedelta(minutes=5)
    assert unmet.answers[0].text == BROKEN
    [case] = [one.case for one in unmet.answers if one.case]
    opened = cases.line(case)
    assert opened
    assert opened.state.status == "assigned"
    assert week.checks(2)[0].answers[0].text == NO_PICTURE
    assert week.done == 3


def drafted(inspector: Visitor, address: str) -> None:
    """Filled in, the browser closed and opened again, and all is there."""
    inspector.tick("unmet")
    inspector.fill("Remark", BROKEN)
    inspector.attach("or choose pictures taken before")
    on_phone(inspector, address, BROKEN, '"files')
    inspector.page.reload()
    inspector.sees("Draft restored, of")
    expect(inspector.field("Remark")).to_have_value(BROKEN)
    chosen = inspector.field("or choose pictures taken before")
    assert chosen.evaluate("e => e.files.length") == 1


def signs_out(inspector: Visitor) -> None:
    inspector.page.locator(".menu summary").click()
    inspector.press("Sign out")
    expect(inspector.page).to_have_url(re.compile(r"://[^/]+/$"))


def test_on_a_shared_phone_nobody_finds_or_sends_what_another_kept(
    week: Round, open_as: OpenAs
) -> None:
    mine = week.check(2)
    phone = open_as(width="phone", service_workers="allow").sign_in("inspector1", mine)
    drafted(phone, mine)
    phone.page.evaluate(FULL)
    signal(phone).set_offline(True)
    phone.press("Send the check")
    phone.sees(NO_SPACE)
    signal(phone).set_offline(False)
    phone.page.reload()
    phone.sees("Draft restored, of")

    signal(phone).clear_cookies()
    phone.press("Send the check")
    phone.sees("Sign in for staff")
    phone.sign_in("inspector2", "/rounds/kept/")
    phone.sees("None yet: open a round with signal and take it along.")
    expect(phone.page.locator("[data-kept]")).to_be_hidden()
    signs_out(phone)
    assert week.checks(2) == ()

    phone.sign_in("inspector1", "/rounds/kept/")
    phone.sees("What was found")
    [check] = week.checks(2)
    assert check.person == week.cast.people["inspector1"]
    assert len(check.answers[0].pictures) == 1
    phone.go(mine)
    phone.tick("met")
    on_phone(phone, mine, "look_")
    signs_out(phone)
    assert phone.page.evaluate(ON_PHONE) == ""
    signal(phone).set_offline(True)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        phone.go(mine)
