"""Reading a page as its reader does: is it all in his language?"""

import re
from collections.abc import Iterable
from typing import Any

from playwright.sync_api import Page

LATIN = re.compile(r"[A-Za-z]{2,}")
DIGEST = re.compile(r"\b[0-9a-f]{32,}\b")
HAN = re.compile(r"[\u3400-\u9fff]+")
HALF_WIDTH = re.compile(r"[\u3400-\u9fff][,;:!?(]")
"""Chinese text has Chinese punctuation."""

KNOWN_ABROAD = frozenset(
    {"JPEG", "PNG", "WebP", "MB", "TOTP", "SHA", "Cookie", "English", "xlsx", "csv", "PDF"}
)
"""Words that a Chinese reader reads in Latin letters."""

IN_BOTH = ("语言 Language", "简体中文")

COLLECT = """() => {
  const own = document.documentElement.lang;
  const foreign = e => (e.closest('[lang]') || document.documentElement).lang !== own;
  const skipped = 'script, style, textarea, kbd, code, .code, .mono';  // kbd: the words on a key
  const found = [document.title];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    if (!parent.closest(skipped) && !foreign(parent)) found.push(walk.currentNode.data);
  }
  const named = ['alt', 'title', 'placeholder', 'aria-label', 'data-busy', 'data-denied',
    'data-failed', 'data-label', 'label'];
  for (const e of document.body.querySelectorAll('*')) {
    if (foreign(e)) continue;
    for (const name of named) if (e.hasAttribute(name)) found.push(e.getAttribute(name));
    if (e.matches('input[type=submit], input[type=button]')) found.push(e.value);
  }
  return found.map(text => text.replace(/\\s+/g, ' ').trim()).filter(text => text);
}"""


def texts(page: Page) -> list[str]:
    """All that stands on the page in its own language, shown or folded away: text, what pictures
    and fields are called, the title."""
    found: Any = page.evaluate(COLLECT)
    return list(dict.fromkeys(found))


def foreign(page: Page, *, language: str, given: Iterable[str]) -> list[str]:
    """What is in another language than the page. `given` are names and words that people wrote:
    nobody translates them."""
    if language == "en":
        return [f"Chinese: {text}" for text in texts(page) if HAN.search(_without(text, given))]
    return [fault for text in texts(page) if (fault := _fault(_without(text, given)))]


def _fault(text: str) -> str:
    words = set(LATIN.findall(DIGEST.sub("", text))) - KNOWN_ABROAD
    if words:
        return f"English {sorted(words)}: {text}"
    return f"half-width punctuation: {text}" if HALF_WIDTH.search(text) else ""


def _without(text: str, given: Iterable[str]) -> str:
    for name in (*IN_BOTH, *sorted(given, key=len, reverse=True)):
        text = text.replace(name, "")
    return text
