"""The mode for the elderly in a real browser: every text is large, every target too."""

from playwright.sync_api import Page

from tests.cast import Cast
from tests.journeys import browsing

PAGES = ("/", "/help/", "/report/", "/report/confidential/", "/track/", "/open/", "/open/streets/",
         "/n/", "/places/")  # fmt: skip
TOO_SMALL = """() => {
  const seen = (e) => e.checkVisibility() && e.getBoundingClientRect().width > 1;
  const found = [];
  for (const e of document.querySelectorAll("body *")) {
    const said = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!said || !seen(e) || e.closest("svg, .seal, .sr, .skip, option")) continue;
    const style = getComputedStyle(e);
    const size = parseFloat(style.fontSize);
    if (size < 18 || parseFloat(style.lineHeight) / size < 1.5)
      found.push(`${e.tagName} ${e.textContent.trim().slice(0, 20)} ${size} ${style.lineHeight}`);
  }
  for (const e of document.querySelectorAll("a.btn, button, .nav a, select, .entry, summary"))
    if (seen(e) && e.getBoundingClientRect().height < 48) found.push(`${e.tagName} ${e.className}`);
  return found;
}"""


def test_texts_are_of_18_pixels_and_targets_of_48_on_every_public_page(
    cast: Cast, phone: Page
) -> None:
    phone.goto("/prefer/?elder=1&next=/")
    for address in PAGES:
        phone.goto(address)
        assert phone.evaluate(TOO_SMALL) == [], address
        browsing.assert_fits(phone)
        assert phone.locator("a", has_text="退出关怀版").first.is_visible()
    phone.goto("/")
    browsing.assert_accessible(phone)
    phone.locator("a", has_text="退出关怀版").first.click()
    assert "elder" not in (phone.locator("html").get_attribute("class") or "")
