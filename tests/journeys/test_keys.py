"""The desk by keyboard: a plain report is dispatched with two keys."""

import random

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from luoshi.cases import queries
from luoshi.cases.models import Suggested
from luoshi.cases.suggest import training
from luoshi.cases.suggest.examples import Example
from luoshi.registry import actions as registry
from tests import cast as casting
from tests.cases.test_suggest import history, learn
from tests.cast import Cast
from tests.journeys.conftest import OpenAs


@pytest.fixture
def taught(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    def read(district: int, target: str) -> list[Example]:
        return history() if target == "category" else []

    monkeypatch.setattr(training, "examples", read)
    monkeypatch.setattr(training, "NEEDED", 20)
    learn(timezone.now())
    for category, unit in (("estate.green", "garden"), ("estate.environment", "community")):
        registry.create_duty(
            district=cast.district,
            unit=cast.units[unit],
            category=category,
            area=cast.street_area,
            valid_from=casting.SINCE,
        )
    return cast


def test_a_plain_report_is_dispatched_with_two_keys_and_the_next_opens(
    taught: Cast, open_as: OpenAs
) -> None:
    now = timezone.now()
    first, second = (
        taught.report(now, text=text, external_id=f"{random.random()}").case
        for text in ("我们楼下草坪挖了种菜，请处理", "我们楼下垃圾桶满了没人清，很久了")
    )
    page = open_as().sign_in("desk1", "/desk/").page
    _listens(page)
    for key in ("j", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url(f"**/case/{first}/")
    _listens(page)
    # The owner is asked of the duty list in between, and sending waits for it.
    for key in ("s", "d"):
        page.keyboard.press(key)
    page.wait_for_url(f"**/case/{second}/")
    line = queries.line(first)
    assert line is not None
    assert (line.state.category, line.state.owner) == ("estate.green", taught.units["garden"])
    assert Suggested.objects.get(case=first).taken
    _within_a_field_letters_are_letters(page)
    _keys_can_be_switched_off(page)


def _listens(page: Page) -> None:
    """The script has run: a key pressed before is a key lost."""
    expect(page.locator("[data-keys]")).to_be_visible()


def _within_a_field_letters_are_letters(page: Page) -> None:
    field = page.locator("#dispatch_text")
    field.focus()
    page.keyboard.type("dds")
    expect(field).to_have_value("dds")
    page.keyboard.press("Escape")
    expect(field).not_to_be_focused()


def _keys_can_be_switched_off(page: Page) -> None:
    page.keyboard.press("?")
    page.locator("[data-keys-on]").uncheck()
    page.reload()
    expect(page.locator("[data-quick]")).to_be_visible()
    chosen = page.locator("#dispatch_category").input_value()
    for key in ("s", "1", "2"):
        page.keyboard.press(key)
    expect(page.locator("#dispatch_category")).to_have_value(chosen)
    expect(page.locator(".hint-box.taken")).to_have_count(0)
