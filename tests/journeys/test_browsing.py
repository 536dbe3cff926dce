"""The helpers of the journeys themselves: a check that cannot fail proves nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys import browsing


def test_a_picture_without_words_is_found_inaccessible(
    page: Page, axe: Callable[[Page], None]
) -> None:
    page.set_content("<html lang=en><title>t</title><main><h1>t</h1><img src='data:,'></main>")
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)


def test_a_page_wider_than_a_phone_is_noticed(phone: Page) -> None:
    phone.set_content("<meta name=viewport content='width=device-width'><div style='width:900px'>x")
    with pytest.raises(AssertionError, match="wider than the window"):
        browsing.assert_fits(phone)


def test_script_errors_and_other_servers_are_noticed(browser: Browser) -> None:
    own = "http://own.example/"
    visitor = browsing.context(browser, base_url=own, width="desktop", language="en")
    met = browsing.watch(visitor, base_url=own)
    page = visitor.new_page()
    page.route("**/*", lambda route: route.fulfill(body="ok"))
    page.goto(own)
    with page.expect_request("http://other.example/"), visitor.expect_event("weberror"):
        page.set_content("<script>fetch('http://other.example/'); broken()</script>")
    visitor.close()
    assert any("other.example" in problem for problem in met)
    assert any("broken is not defined" in problem for problem in met)
