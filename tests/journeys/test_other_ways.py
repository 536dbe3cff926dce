"""Other ways through the same pages: in confidence, without scripts, by keyboard, in English."""

import re

from django.utils import timezone
from playwright.sync_api import expect

from luoshi.cases import queries
from luoshi.trust import codes
from tests.cast import PASSWORD, Cast, photo
from tests.journeys.conftest import OpenAs

PHONE = "13800138000"
IN_CONFIDENCE = "社区主任让自家亲戚的物业公司承包清运，垃圾却没人清。"


def test_what_is_told_in_confidence_is_read_only_with_a_reason(cast: Cast, open_as: OpenAs) -> None:
    me = open_as(width="phone").go("/report/")
    me.follow("In confidence")
    me.sees("Your secret code")
    shown = me.code()
    me.shows("40-confidential-form")
    me.fill("What is wrong?", IN_CONFIDENCE)
    me.pick("Which office or company is it about?", "德民社区居委会")
    me.press("Send the report")
    me.sees("We have your report")
    assert me.code() == shown, "the code written down before sending is the one that counts"
    number = me.number()
    me.shows("41-confidential-receipt")

    desk = open_as().sign_in("desk1", "/desk/")
    desk.sees("Nothing waits here")
    desk.fill("Number or words", number)
    desk.press("Find")
    desk.sees("Nothing found")

    elsewhere = open_as(width="desktop").go("/track/")
    elsewhere.fill("Your code", shown.replace("-", " ").lower())
    elsewhere.press("Open the report", elsewhere.page.locator("[data-by-code]"))
    elsewhere.sees("Your words are locked: only the inspection team can open them.")
    expect(elsewhere.page.locator("body")).not_to_contain_text(IN_CONFIDENCE)
    elsewhere.shows("42-confidential-track")

    inspector = open_as().sign_in("inspector1", "/inspector/")
    inspector.shows("43-inspector-inbox")
    inspector.follow("Open report %(number)s", number=number)
    inspector.fill("Why do you open it?", "看")
    inspector.press("Open the text")
    inspector.sees("The reason is too short to be understood later.")
    expect(inspector.page.locator("body")).not_to_contain_text(IN_CONFIDENCE)
    inspector.shows("44-reveal-refused")
    inspector.fill("Why do you open it?", "受理保密举报，判断由谁办理")
    inspector.press("Open the text")
    inspector.sees(IN_CONFIDENCE)
    inspector.shows("45-revealed")
    inspector.follow("To the case")
    inspector.shows("46-sealed-case")
    expect(inspector.page.locator("body")).not_to_contain_text(IN_CONFIDENCE)


def test_a_resident_reports_and_tracks_without_scripts(cast: Cast, open_as: OpenAs) -> None:
    me = open_as(width="phone", java_script_enabled=False).go("/report/")
    me.press("Send the report")
    me.sees("Say what is wrong.")
    me.fill("What is wrong?", "公共车位被地锁占着")
    me.attach("Choose pictures")
    me.fill("Place or address", "示范")
    me.press("Show known places")
    me.sees("Pictures that are here already")
    me.tick("示范新村")
    me.press("Send the report")
    me.sees("We have your report")
    code = me.code()
    me.shows("50-scriptless-receipt")
    me.press("Open my report")
    me.sees("公共车位被地锁占着")
    me.fill("What do you want to add?", "今天又多了一把地锁")
    me.press("Send this too")
    me.sees("Added. The unit and the desk can read it now.")
    me.shows("51-scriptless-mine")

    again = open_as(java_script_enabled=False).go("/track/")
    again.fill("Your code", code)
    again.press("Open the report", again.page.locator("[data-by-code]"))
    again.sees("今天又多了一把地锁")
    expect(again.page.locator("main img")).to_have_count(1)


def test_the_code_of_the_receipt_opens_the_report_when_scanned(cast: Cast, open_as: OpenAs) -> None:
    code = codes.new_code()
    cast.report(timezone.now(), code=code)
    me = open_as(width="phone").go(f"/track/#{code}")
    me.sees("绿地被种菜，车位被占")
    assert code not in me.page.url


def test_the_desk_dispatches_without_touching_the_mouse(cast: Cast, open_as: OpenAs) -> None:
    now = timezone.now()
    for words in ("第一件：绿地被种菜", "第二件：通道被私占", "第三件：堆放杂物"):
        cast.report(now, text=words)
    desk = open_as().go("/desk/")
    press = desk.page.keyboard.press
    desk.tab_to(desk.field("Login name"))
    desk.page.keyboard.type("desk1")
    desk.tab_to(desk.field("Password"))
    desk.page.keyboard.type(PASSWORD)
    press("Enter")
    expect(desk.page.locator("[data-keys]")).to_be_visible()
    for key, words in (("j", "第一件"), ("j", "第二件"), ("j", "第三件"), ("k", "第二件")):
        press(key)
        expect(desk.page.locator(":focus")).to_contain_text(words)
    desk.shows("60-keys")
    press("Enter")
    desk.sees("Who answers for it")
    case = int(desk.page.url.split("/")[-2])
    number = desk.page.locator(".case-head .num").inner_text()
    desk.tab_to(desk.field("Who answers for it"))
    desk.arrow_to(desk.field("Who answers for it"), "交通警察大队")
    desk.tab_to(desk.page.locator("#do-dispatch .send"))
    press("Enter")
    desk.sees("%(number)s: dispatched.", number=number)
    line = queries.line(case)
    assert line
    assert line.state.owner == cast.units["police"]


def test_an_english_reader_reports_and_follows_it_in_english(cast: Cast, open_as: OpenAs) -> None:
    me = open_as(width="phone", language="en").go("/")
    me.page.get_by_role("main").get_by_role("link", name=re.compile("^Report a problem")).click()
    me.fill("What is wrong?", "Somebody locked three public parking spaces.")
    me.pick("What is it about?", "Parking space taken")
    me.fill("Place or address", "示范新村")
    me.fill("Your phone number", f"+86 {PHONE}")
    me.attach("Choose pictures")
    me.press("Send the report")
    me.sees("We have your report")
    number = me.number()
    me.shows("70-english-receipt")

    case = queries.case_of_number(cast.district, number)
    assert case
    now = timezone.now()
    cast.do("desk1", case, "assign", now, owner=cast.units["police"])
    cast.do("police1", case, "acknowledge", now)
    cast.do("police1", case, "ask", now, text="Which building?")

    again = open_as(width="phone", language="en").go("/track/")
    again.fill("Number of the report", number.replace("-", " "))
    again.fill("Phone number that you gave", PHONE)
    again.press("Open the report", again.page.locator("form").filter(has_text="phone"))
    again.sees("Traffic Police must contact you")
    again.sees("Which building?")
    again.fill("What do you want to add?", "Building 3.")
    again.shows("71-english-mine")
    again.press("Send this too")
    again.sees("Building 3.")


def test_a_picture_opened_by_its_address_is_shown_and_no_policy_is_broken(
    cast: Cast, open_as: OpenAs
) -> None:
    """The visitor's console is watched: the page that the browser makes around a picture has style
    of its own in its elements."""
    case = cast.report(timezone.now(), pictures=[photo()]).case
    one = queries.case_page(case=case, person=cast.people["desk1"], now=timezone.now())
    assert one is not None
    desk = open_as().sign_in("desk1", "/desk/")
    answer = desk.page.goto(f"/case/picture/{one.pictures[0].id}/")
    assert answer is not None
    assert "sandbox" in answer.headers["content-security-policy"]
    picture = desk.page.locator("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") == 64
