"""The pictures of the README, taken from a served demo district.

make demo serve            in one terminal
python -m tools.screens    in another; writes docs/screens/*.png
"""

import os
from collections import Counter
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

import django
import typst
from PIL import Image
from playwright.sync_api import Browser, Page

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.settings")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from demo.show import PASSWORD  # noqa: E402
from demo.story import PHONE  # noqa: E402
from luoshi.cases import actions, queries, suggest  # noqa: E402
from luoshi.cases.actions import NewReport  # noqa: E402
from luoshi.cases.suggest import training  # noqa: E402
from luoshi.registry import queries as registry  # noqa: E402
from luoshi.web.papers import press  # noqa: E402
from tests.journeys import browsing  # noqa: E402
from tests.journeys.messages import DARK, HOLE  # noqa: E402

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screens"
BASE = os.environ.get("LUOSHI_PUBLIC_URL", "http://127.0.0.1:8000")
PHONE_HEIGHT, DESKTOP_HEIGHT = 1100, 900


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    district = registry.districts()[0].id
    _a_night(district)
    _a_morning(district)
    with browsing.chromium() as browser:
        _public(browser, district)
        _staff(browser, district)
        _verifier(browser, district)
    _printed("ledger", "inspector1", reverse("papers:problems"))
    _printed("brief", "leader1", reverse("leader:brief"))


def _a_night(district: int) -> None:
    """What the desk settled so far is learned, as every night."""
    cursor: int | None = 0
    while cursor is not None:
        cursor = training.train(cursor, now=timezone.now()).cursor


def _a_morning(district: int) -> None:
    """A power cut that six people report, and one danger; the same ones when it is run again."""
    now, place = timezone.now(), registry.subjects(district, kind="estate", limit=1)[0]
    for n, text in enumerate((*DARK, HOLE)):
        actions.receive(
            report=NewReport(
                district=district,
                door="sms",
                external_id=f"screens {n}",
                text=text,
                phone=f"138{n:08}",
                category=queries.guess_category(district, text),
                area=place.area,
                subject=place.id,
            ),
            now=now,
        )


def _public(browser: Browser, district: int) -> None:
    page = _open(browser, "phone")
    page.goto("/report/")
    _shoot(page, "report-phone", PHONE_HEIGHT)
    page.goto("/track/")
    page.fill("[name=number]", _story(district).reports[0].number)
    page.fill("[name=phone]", PHONE)
    page.press("[name=phone]", "Enter")
    page.wait_for_url("**/track/mine/**")
    _shoot(page, "track-phone", PHONE_HEIGHT)
    page = _open(browser, "desktop")
    page.goto(reverse("open:index"))
    _shoot(page, "open", DESKTOP_HEIGHT)


def _staff(browser: Browser, district: int) -> None:
    story = _story(district).line.id
    market = registry.subjects(district, kind="market", limit=1)[0].id
    rooms = (
        ("desk", "desk1", "/desk/", "desktop", "zh-hans"),
        ("desk-en", "desk1", "/desk/", "desktop", "en"),
        ("triage", "desk1", _suggested(district), "desktop", "zh-hans"),
        ("case", "desk1", f"/case/{story}/", "desktop", "zh-hans"),
        ("handler-phone", _busiest(district), "/handler/", "phone", "zh-hans"),
        ("fields", "inspector1", "/fields/", "desktop", "zh-hans"),
        ("check-phone", "inspector1", f"/subjects/{market}/check/", "phone", "zh-hans"),
        ("leader", "leader1", "/leader/", "desktop", "zh-hans"),
    )
    for name, login, path, width, language in rooms:
        page = _signed_in(browser, login, width, language)
        page.goto(path)
        _shoot(page, name, PHONE_HEIGHT if width == "phone" else DESKTOP_HEIGHT)


def _verifier(browser: Browser, district: int) -> None:
    case, verifier = _claimed(district)
    page = _signed_in(browser, verifier, "phone")
    page.goto(f"/verifier/{case}/")
    begin = page.locator(f"form[action*='/case/{case}/do/open/'] button")
    if begin.count():
        begin.first.click()
        page.wait_for_selector(f"form[action*='/case/{case}/do/verify/']")
    page.locator("#said-title").scroll_into_view_if_needed()
    _shoot(page, "verifier-phone", PHONE_HEIGHT)


def _printed(name: str, login: str, path: str) -> None:
    """The first sheet of a document, drawn by what makes its PDF."""
    made: list[bytes] = []

    def draw(template: str, told: str, *, tagged: bool = True) -> bytes:
        found = typst.compile(
            press.TEMPLATES / f"{template}.typ",
            root=press.TEMPLATES,
            font_paths=press.fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": told},
            format="png",
            ppi=100,
        )
        made.append(found[0] if isinstance(found, list) else found)
        return b""

    reader = Client(headers={"accept-language": "zh-hans"})
    reader.force_login(get_user_model().objects.get(username=login))
    with patch.object(press, "_set", draw):
        reader.get(path, headers={"host": "localhost"})
    _keep(Image.open(BytesIO(made[0])), name)


def _suggested(district: int) -> str:
    """A report of which earlier cases speak clearly."""
    for line in queries.inbox(district, limit=40).lines:
        said = suggest.suggest(district=district, text=line.text)
        if said.category.value.startswith("estate.") and not line.state.category:
            return f"/case/{line.id}/"
    raise LookupError("no report that earlier cases speak of: run make demo first")


def _busiest(district: int) -> str:
    """Who handles cases in the unit that has most in hand."""
    busy = Counter(
        line.state.owner
        for status in ("assigned", "handling")
        for line in queries.district_cases(district, status=status, limit=100).lines
    )
    seats = registry.roster(district, on=timezone.localdate())
    owner = busy.most_common(1)[0][0]
    person = next(s.person for s in seats if s.role == "handler" and s.unit == owner)
    return registry.people([person])[person].username


def _story(district: int) -> queries.CasePage:
    """The page of the estate story: the closed case with three parts that somebody reported."""
    desk, after = registry.person("desk1").id, ""
    while True:
        page = queries.district_cases(district, status="closed", after=after, limit=100)
        for line in page.lines:
            if line.state.children == 3:
                found = queries.case_page(case=line.id, person=desk, now=timezone.now())
                if found and found.reports:
                    return found
        assert page.next, "no story: run make demo first"
        after = page.next


def _claimed(district: int) -> tuple[int, str]:
    lines = queries.district_cases(district, status="claimed", limit=100).lines
    line = next(line for line in lines if line.state.verifier)
    people = registry.people([line.state.verifier])
    return line.id, people[line.state.verifier].username


def _open(browser: Browser, width: str, language: str = "zh-hans") -> Page:
    return browsing.context(browser, base_url=BASE, width=width, language=language).new_page()


def _signed_in(browser: Browser, login: str, width: str, language: str = "zh-hans") -> Page:
    page = _open(browser, width, language)
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
    _keep(Image.open(file), name)


def _keep(picture: Image.Image, name: str) -> None:
    """Phones at 1.5 points a pixel, in few colours."""
    picture = picture.convert("RGB")
    if picture.width < 800:
        picture.thumbnail((600, 4000), Image.Resampling.LANCZOS)
    picture.quantize(128).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
