"""What a deed costs: keys and taps as the browser saw them, its time, what the network bore.

Keys and touches are counted by the page itself, by trusted events alone. What a robot cannot press
is added by rule: a field of text costs one tap to get into, and its characters; a list two taps; a
picture one tap in the page and two in the camera.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.journeys.costs import Cost
from tests.journeys.visitor import Visitor, picture

COUNT = """
for (const [event, name] of [["keydown", "keys"], ["pointerdown", "taps"]])
  addEventListener(event, (e) => {
    if (!e.isTrusted || location.protocol === "about:") return;
    sessionStorage.setItem(name, Number(sessionStorage.getItem(name)) + 1);
  }, true);
"""
READ = "['keys', 'taps'].map((name) => Number(sessionStorage.getItem(name)))"
SCROLLED = "e => Math.max(0, Math.round(e.getBoundingClientRect().bottom - innerHeight))"


@dataclass
class Wire:
    """What goes over the network for one page, as the browser's own tools tell it."""

    down: int = 0
    up: int = 0

    def watch(self, tools: CDPSession) -> None:
        tools.on("Network.loadingFinished", self._came)
        tools.on("Network.requestWillBeSentExtraInfo", self._went)
        tools.send("Network.enable")

    def _came(self, event: dict[str, Any]) -> None:
        self.down += int(event["encodedDataLength"])

    def _went(self, event: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in event["headers"].items()}
        self.up += int(headers.get("content-length", 0))


class Counted(Visitor):
    """A visitor whose every touch is counted."""

    def __init__(self, page: Page, language: str) -> None:
        super().__init__(page, language)
        self.wire = Wire()
        self.wire.watch(page.context.new_cdp_session(page))
        page.context.add_init_script(COUNT)
        self.added = Cost()

    @contextmanager
    def doing(self) -> Iterator[Cost]:
        """The cost of what is done inside; filled in when it ends, the page then being there."""
        cost, before, began = Cost(), self._now(), time.monotonic()
        yield cost
        self.page.wait_for_load_state("load")
        cost.seconds = time.monotonic() - began
        after = self._now()
        cost.keys, cost.taps = after.keys - before.keys, after.taps - before.taps
        cost.typed = after.typed - before.typed
        cost.down, cost.up = after.down - before.down, after.up - before.up

    def _now(self) -> Cost:
        keys, taps = (0, 0) if self.page.url == "about:blank" else self.page.evaluate(READ)
        return Cost(
            keys=keys,
            taps=taps + self.added.taps,
            typed=self.added.typed,
            down=self.wire.down,
            up=self.wire.up + self.added.up,
        )

    def key(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)

    def fill(self, source: str, text: str, within: Locator | None = None) -> None:
        super().fill(source, text, within)
        self.added.taps += 1
        self.added.typed += len(text)

    def pick(self, source: str, option: str, within: Locator | None = None) -> None:
        super().pick(source, option, within)
        self.added.taps += 2

    def shoot(self, source: str = "Take a picture") -> None:
        """Takes a picture with the camera: the tap on it, and in it shutter and "use"."""
        taken = picture()
        self.field(source).first.set_input_files(taken)
        self.added.taps += 3
        self.added.up -= len(taken["buffer"])

    def below(self, wanted: Locator) -> int:
        """By how many pixels one must scroll before all of it can be seen."""
        expect(wanted).to_be_visible()
        return int(wanted.evaluate(SCROLLED))
