"""A real browser: Debian's Chromium through Playwright, at phone and desktop width."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

WHAT_TO_INSTALL = "no Chromium to test with: install the package chromium (Debian)"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
WIDTHS = {"phone": PHONE, "desktop": DESKTOP}
PATIENCE = 20_000
"""Milliseconds: a machine may be busy with other tests; a fault that is there stays."""

LANGUAGES = {"zh-hans": "zh-CN", "en": "en-GB"}


class NoBrowser(RuntimeError):
    """No Chromium can be had on this machine; the message says what to install."""


@contextmanager
def chromium() -> Iterator[Browser]:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not program:
        raise NoBrowser(WHAT_TO_INSTALL)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        expect.set_options(timeout=PATIENCE)
        yield browser
        browser.close()


def context(
    browser: Browser, *, base_url: str, width: str, language: str, **more: Any
) -> BrowserContext:
    """A visitor of one width and language; cookies are his own. Without more said his browser keeps
    no pages for later: what one test put there would answer in the next."""
    options = {**WIDTHS[width], "locale": LANGUAGES[language], "service_workers": "block", **more}
    visitor = browser.new_context(base_url=base_url, timezone_id="Asia/Shanghai", **options)
    visitor.set_default_timeout(PATIENCE)
    return visitor


def watch(visitor: BrowserContext, *, base_url: str) -> list[str]:
    """Collects what a visitor must never meet: script errors, refused content, other servers."""
    problems: list[str] = []
    visitor.on("weberror", lambda event: problems.append(str(event.error)))
    visitor.on(
        "console",
        lambda message: "Content Security Policy" in message.text and problems.append(message.text),
    )
    # The last two: the browser shows a PDF with an extension of its own.
    own = (base_url, "data:", "blob:", "about:", "chrome:", "chrome-extension:")
    visitor.on(
        "request",
        lambda request: request.url.startswith(own) or problems.append(f"asked {request.url}"),
    )
    return problems


AXE = Axe().axe_script
RUN_AXE = "options => axe.run(document, options).then(found => found.violations)"


def assert_accessible(page: Page, *, colours: bool = True) -> None:
    """No serious or critical violation of WCAG that axe can find on the page as it is now.

    Colours take most of its time; they may be left out where they are known to be the same.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": colours}}}
    bad = [
        f"{rule['id']} ({rule['impact']}): {node['html'][:160]}"
        for rule in page.evaluate(RUN_AXE, options)
        if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"]
    ]
    assert not bad, f"{page.url}\n" + "\n".join(bad)


def assert_fits(page: Page) -> None:
    """Nothing makes the page scroll sideways."""
    size = page.viewport_size
    assert size
    # A phone zooms out instead of scrolling, so window.innerWidth would hide the fault.
    wide = page.evaluate("document.documentElement.scrollWidth") - size["width"]
    assert wide <= 0, f"{page.url} is {wide} pixels wider than the window"
