"""Fixtures for journeys: `visit` opens a page as a visitor of some width and language, `open_as`
gives somebody in front of it; `cast` is the district behind the pages."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from luoshi.trust import limits
from tests import cast as casting
from tests.cast import PASSWORD, Cast
from tests.journeys import browsing, inbox
from tests.journeys.visitor import Visitor

# Playwright keeps an event loop in this thread; the test's own queries are plain calls anyway.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

Visit = Callable[..., Page]
OpenAs = Callable[..., Visitor]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        with browsing.chromium() as started:
            yield started
    except browsing.NoBrowser as problem:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            raise
        pytest.skip(str(problem))


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer) -> Iterator[Visit]:
    """visit(width="phone"|"desktop", language="zh-hans"|"en", **context options) -> Page.

    Each call is another visitor. At the end no page may have met a script error, content that the
    policy refused, or another server.
    """
    visitors, problems = [], []

    def new(*, width: str = "desktop", language: str = "zh-hans", **more: object) -> Page:
        visitor = browsing.context(
            browser, base_url=live_server.url, width=width, language=language, **more
        )
        visitors.append(visitor)
        problems.append(browsing.watch(visitor, base_url=live_server.url))
        return visitor.new_page()

    yield new
    for visitor in visitors:
        visitor.close()
    assert not any(problems), problems


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit()


@pytest.fixture
def phone(visit: Visit) -> Page:
    return visit(width="phone")


@pytest.fixture
def axe() -> Callable[[Page], None]:
    return browsing.assert_accessible


@pytest.fixture
def open_as(visit: Visit) -> OpenAs:
    """open_as(width=…, language=…, **context options): somebody with a browser of his own."""

    def new(*, language: str = "zh-hans", **more: object) -> Visitor:
        return Visitor(visit(language=language, **more), language)

    return new


@pytest.fixture
def cast(live_server: LiveServer, settings: Any) -> Iterator[Cast]:
    """The district, with names as people know them; messages stay in `inbox`."""
    settings.SMS_SENDER = "tests.journeys.inbox.Phone"
    settings.LUOSHI_PUBLIC_URL = live_server.url
    limits.forget()
    inbox.read()
    yield casting.build(PASSWORD, spoken=True)
    inbox.read()
