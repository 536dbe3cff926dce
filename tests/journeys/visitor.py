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
        self._named("button", source, within).click()

    def follow(self, source: str, within: Locator | None = None) -> None:
        self._named("link", source, within).click()

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
        self.field(source, within).check()

    def attach(self, source: str, within: Locator | None = None) -> None:
        self.field(source, within).set_input_files(picture())

    # ---- What he sees ----

    def field(self, source: str, within: Locator | None = None) -> Locator:
        return (within or self.page).get_by_label(self.words(source))

    def sees(self, source: str, within: Locator | None = None, **values: Any) -> Locator:
        """Waits until the words are there to be read."""
        words = self.words(source, **values)
        found = (within or self.page.locator("body")).get_by_text(words).first
        expect(found).to_be_visible()
        return found

    def shows(self, name: str) -> None:
        """Keeps a picture of the page for whoever wants to look at the journey."""
        if KEEP_PICTURES:
            folder = Path(KEEP_PICTURES)
            folder.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=folder / f"{name}.png", full_page=True)

    def _named(self, role: Any, source: str, within: Locator | None) -> Locator:
        return (within or self.page).get_by_role(role, name=self.words(source), exact=True)
