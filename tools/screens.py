"""The pictures of the README, taken from a served demo district.

make demo serve            in one terminal
python -m tools.screens    in another; writes docs/screens/*.png
"""

import os
from pathlib import Path

import django
from PIL import Image
from playwright.sync_api import Browser, Page

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.settings")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
django.setup()

from demo.show import PASSWORD  # noqa: E402
from demo.story import PHONE  # noqa: E402
from luoshi.cases import queries  # noqa: E402
from luoshi.registry import queries as registry  # noqa: E402
from tests.journeys import browsing  # noqa: E402

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screens"
BASE = os.environ.get("LUOSHI_PUBLIC_URL", "http://127.0.0.1:8000")
PHONE_HEIGHT, DESKTOP_HEIGHT = 1100, 900


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    district = registry.districts()[0].id
    with browsing.chromium() as browser:
        _public(browser, district)
        _staff(browser, district)


def _public(browser: Browser, district: int) -> None:
    page = _open(browser, "phone")
    page.goto("/")
    _shoot(page, "home-phone", PHONE_HEIGHT)
    page.goto("/report/")
    _shoot(page, "report-phone", PHONE_HEIGHT)
    page.goto("/track/")
    page.fill("[name=number]", _story(district).reports[0].number)
    page.fill("[name=phone]", PHONE)
    page.press("[name=phone]", "Enter")
    page.wait_for_url("**/track/mine/**")
    _shoot(page, "track-phone", PHONE_HEIGHT)


def _staff(browser: Browser, district: int) -> None:
    story = _story(district).line.id
    rooms = (
        ("desk", "desk1", "/desk/", "desktop"),
        ("case", "desk1", f"/case/{story}/", "desktop"),
        ("handler-phone", "handler-community", "/handler/", "phone"),
        ("inspector", "inspector1", "/inspector/open/", "desktop"),
        ("leader", "leader1", "/leader/", "desktop"),
    )
    for name, login, path, width in rooms:
        page = _signed_in(browser, login, width)
        page.goto(path)
        _shoot(page, name, PHONE_HEIGHT if width == "phone" else DESKTOP_HEIGHT)
    case, verifier = _claimed(district)
    page = _signed_in(browser, verifier, "desktop")
    page.goto(f"/verifier/{case}/")
    begin = page.locator(f"form[action*='/case/{case}/do/open/'] button")
    if begin.count():
        begin.first.click()
        page.wait_for_selector(f"form[action*='/case/{case}/do/verify/']")
    _shoot(page, "verifier", DESKTOP_HEIGHT + 200)


def _story(district: int) -> queries.CasePage:
    """The page of the estate story: the closed case with three parts."""
    desk, after = registry.person("desk1").id, ""
    while True:
        page = queries.district_cases(district, status="closed", after=after, limit=100)
        for line in page.lines:
            if line.state.children == 3:
                found = queries.case_page(case=line.id, person=desk, now=_now())
                assert found is not None
                return found
        assert page.next, "no story: run make demo first"
        after = page.next


def _now() -> object:
    from django.utils import timezone

    return timezone.now()


def _claimed(district: int) -> tuple[int, str]:
    lines = queries.district_cases(district, status="claimed", limit=100).lines
    line = next(line for line in lines if line.state.verifier)
    people = registry.people([line.state.verifier])
    return line.id, people[line.state.verifier].username


def _open(browser: Browser, width: str) -> Page:
    return browsing.context(browser, base_url=BASE, width=width, language="zh-hans").new_page()


def _signed_in(browser: Browser, login: str, width: str) -> Page:
    page = _open(browser, width)
    page.goto("/sign-in/")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/staff/**")
    return page


def _shoot(page: Page, name: str, height: int) -> None:
    """At most `height` CSS pixels of the page, in few colours to keep the repository small."""
    file = FOLDER / f"{name}.png"
    width = page.viewport_size["width"]
    page.set_viewport_size({"width": width, "height": height})
    page.screenshot(path=str(file))
    picture = Image.open(file).convert("RGB")
    if width < 500:
        picture.thumbnail((600, 4000), Image.Resampling.LANCZOS)
    picture.quantize(128).save(file, optimize=True)


if __name__ == "__main__":
    main()
