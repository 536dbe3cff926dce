"""The helpers of the journeys themselves: a check that cannot fail proves nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys import browsing, reading


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


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("zh-hans", "<p>待受理 <b>Case closed</b></p>"),
        ("zh-hans", "<details><summary>更多</summary><p>folded away</p></details>"),
        ("zh-hans", "<img alt='a picture' src='data:,'>"),
        ("zh-hans", "<select><option>Please choose</option></select>"),
        ("zh-hans", "<p>贴一张提醒单,不叫落实</p>"),
        ("en", "<p>A notice 不叫落实</p>"),
    ],
)
def test_what_is_not_in_the_readers_language_is_noticed(
    page: Page, language: str, body: str
) -> None:
    page.set_content(f"<html lang={language}><title>110</title>{body}")
    assert len(reading.foreign(page, language=language, given=())) == 1


def test_names_and_what_is_marked_as_another_language_may_stand(page: Page) -> None:
    page.set_content(
        "<html lang=en><title>Case</title><p>At 示范新村, code <b class=code>A1B2</b></p>"
        "<a lang=zh-hans>简体中文</a>"
    )
    assert reading.foreign(page, language="en", given=["示范新村"]) == []
