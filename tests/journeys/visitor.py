"""Somebody in front of a page: presses, fills in and reads what he sees, in his own language.

Words are given as the source has them, in English; the page is in whatever language he reads. Names
and texts that are nobody's to translate are given as they are.
"""

import os
import re
from pathlib import Path
from typing import Any

from django.utils import translation
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.cast import PASSWORD, photo

KEEP_PICTURES = os.environ.get("JOURNEY_PICTURES", "")
"""A folder for a picture of each step that a journey `shows`; empty keeps none."""


def picture() -> FilePayload:
    """A photo to choose in a form, unlike any other."""
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo(size=(320, 240))}


class Visitor:
    def __init__(self, page: Page, language: str) -> None:
        self.page = page
        self.language = language

    def words(self, source: str, **values: Any) -> str:
        """A text of the source as this visitor reads it."""
        with translation.override(self.language):
            found = translation.gettext(source)
            return found % {k: self.words(str(v)) for k, v in values.items()} if values else found

    def go(self, address: str) -> "Visitor":
        self.page.goto(address)
        return self

    def sign_in(self, login: str, address: str) -> "Visitor":
        """Asks for a page of the staff and signs in on the way."""
        self.go(address)
        self.fill("Login name", login)
        self.fill("Password", PASSWORD)
        self.press("Sign in")
        expect(self.page).to_have_url(re.compile(re.escape(address) + "$"))
        return self

    # ---- What he does ----

    def press(self, source: str, within: Locator | None = None) -> None:
        self.page.wait_for_load_state()  # by the time that one has read it, scripts are there
        self._named("button", source, within).click()

    def follow(self, source: str, within: Locator | None = None, **values: Any) -> None:
        self._named("link", source, within, **values).click()

    def unfold(self, source: str, within: Locator | None = None) -> None:
        """Opens what is folded away under these words."""
        words = self.words(source)
        (within or self.page).locator("summary").filter(has_text=words).click()

    def fill(self, source: str, text: str, within: Locator | None = None) -> None:
        self.field(source, within).fill(text)

    def pick(self, source: str, option: str, within: Locator | None = None) -> None:
        """Chooses from a list, by the words of the choice."""
        self.field(source, within).select_option(label=self.words(option))

    def tick(self, source: str, within: Locator | None = None) -> None:
        self.page.wait_for_load_state()  # what it unfolds, a script unfolds
        self.choice(source, within).check()

    def attach(self, source: str, within: Locator | None = None) -> None:
        self.field(source, within).set_input_files(picture())

    # ---- What he sees ----

    def field(self, source: str, within: Locator | None = None) -> Locator:
        found = (within or self.page).get_by_label(self.words(source))
        return found.filter(visible=True)

    def choice(self, source: str, within: Locator | None = None) -> Locator:
        """The box or button to tick whose words begin so: "Solved" is not "Not solved"."""
        where, begins = within or self.page, re.compile("^" + re.escape(self.words(source)))
        return where.get_by_role("radio", name=begins).or_(
            where.get_by_role("checkbox", name=begins)
        )

    def sees(self, source: str, within: Locator | None = None, **values: Any) -> Locator:
        """Waits until the words are there to be read."""
        words = self.words(source, **values)
        found = (within or self.page.locator("body")).get_by_text(words)
        found = found.filter(visible=True).first
        expect(found).to_be_visible()
        return found

    def code(self) -> str:
        """The access code on the page."""
        return self._marked(r"(\w{4}-){4}\w")

    def number(self) -> str:
        """The number of the report on the page."""
        return self._marked(r"\d{6}-\d{6}")

    def _marked(self, pattern: str) -> str:
        marks = self.page.locator(".code").all_inner_texts()
        return next(mark for mark in marks if re.fullmatch(pattern, mark))

    def shows(self, name: str) -> None:
        """Keeps a picture of the page for whoever wants to look at the journey."""
        if KEEP_PICTURES:
            folder = Path(KEEP_PICTURES)
            folder.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=folder / f"{name}.png", full_page=True)

    def tab_to(self, wanted: Locator, *, most: int = 60) -> None:
        """Goes there with the Tab key alone; so many steps are more than anybody has patience."""
        here = "e => e === document.activeElement"
        steps = (self.page.keyboard.press("Tab") for _ in range(most))
        assert any(wanted.evaluate(here) for _ in steps), f"no way by keyboard to {wanted}"

    def arrow_to(self, field: Locator, option: str) -> None:
        """Chooses from the list that has the focus with the arrow keys."""
        chosen = field.locator("option:checked")
        for _ in range(field.locator("option").count()):
            if chosen.inner_text() == self.words(option):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the keys do not reach {option}")

    def _named(self, role: Any, source: str, within: Locator | None, **values: Any) -> Locator:
        name = self.words(source, **values)
        return (within or self.page).get_by_role(role, name=name, exact=True)
