"""What every page has: two languages, three text sizes, nothing from elsewhere, honest errors."""

import re

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest
from django.test import Client
from django.urls import include, path
from pytest_django.fixtures import Settings

from luoshi.web import style
from tests.pages.conftest import PASSWORD, SignIn


def broken(request: HttpRequest) -> None:
    raise RuntimeError


def damaged(request: HttpRequest) -> None:
    raise SuspiciousOperation


def forbidden(request: HttpRequest) -> None:
    raise PermissionDenied("Only the desk answers here.")


urlpatterns = [
    path("style/", style.page),
    path("broken/", broken),
    path("damaged/", damaged),
    path("forbidden/", forbidden),
    path("", include("luoshi.urls")),
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

PUBLIC = ["/", "/help/", "/sign-in/", "/style/", "/no-such-page/", "/forbidden/", "/damaged/"]
STAFF = ["/sign-in/account/", "/sign-in/totp/", "/sign-in/password/", "/sign-in/out/", "/style/"]


def text(client: Client, address: str, **headers: str) -> str:
    return client.get(address, headers=headers).content.decode()


def test_a_page_speaks_chinese_unless_the_browser_asks_for_english(client: Client) -> None:
    assert "贴一张提醒单，不叫落实。" in text(client, "/")
    english = text(client, "/", accept_language="en-GB,en;q=0.9")
    assert "A notice is not a fix." in english
    assert '<html lang="en"' in english
    assert not re.findall(r"[\u4e00-\u9fff]+", re.sub(r"简体中文|语言|落实", "", english))


def test_the_language_link_leads_back_to_the_same_page_and_is_kept(client: Client) -> None:
    assert 'href="/prefer/?lang=en&amp;next=%2Fhelp%2F"' in text(client, "/help/")
    answer = client.get("/prefer/?lang=en&next=/help/")
    assert answer.headers["Location"] == "/help/"
    assert "What happens after I report" in text(client, "/help/")
    client.get("/prefer/?lang=zh-hans&next=/help/")
    assert "反映之后会怎样" in text(client, "/help/")


@pytest.mark.parametrize("back", ["//elsewhere.example/", "https://elsewhere.example/", ""])
def test_a_preference_link_never_leads_to_another_site(client: Client, back: str) -> None:
    assert client.get("/prefer/", {"lang": "en", "next": back}).headers["Location"] == "/"


def test_an_unknown_language_or_size_changes_nothing(client: Client) -> None:
    answer = client.get("/prefer/?lang=xx&text=huge&next=/")
    assert not answer.cookies
    client.cookies["luoshi_text"] = "enormous"
    assert 'class="text-normal"' in text(client, "/")


@pytest.mark.parametrize("size", ["large", "larger"])
def test_the_text_size_is_kept_by_a_plain_link(client: Client, size: str) -> None:
    assert f"/prefer/?text={size}&amp;next=%2F" in text(client, "/")
    client.get(f"/prefer/?text={size}&next=/")
    assert f'class="text-{size}"' in text(client, "/")
    assert f'class="text-{size}"' in text(client, "/sign-in/")


def test_reading_a_public_page_leaves_no_cookie(client: Client) -> None:
    for address in ("/", "/help/"):
        assert not client.get(address).cookies


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_page_takes_nothing_from_elsewhere(client: Client, address: str) -> None:
    takes_nothing_from_elsewhere(client, address)


@pytest.mark.parametrize("address", STAFF)
def test_a_staff_page_takes_nothing_from_elsewhere(sign_in: SignIn, address: str) -> None:
    client = sign_in("desk")
    client.post("/sign-in/again/?next=/", {"password": PASSWORD})  # the set-up page asks for it
    takes_nothing_from_elsewhere(client, address)


def takes_nothing_from_elsewhere(client: Client, address: str) -> None:
    answer = client.get(address)
    body = answer.content.decode()
    assert "<h1>" in body
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    loaded = re.findall(r'(?:src|href|action|data-[a-z]+|hx-[a-z]+)="((?:https?:)?//[^"]*)', body)
    assert loaded == []
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", body)
    assert not re.search(r"<script(?![^>]*\ssrc=\"/static/)", body)


def test_the_styles_and_scripts_of_a_page_are_there(client: Client, sign_in: SignIn) -> None:
    body = text(client, "/") + text(sign_in("desk"), "/desk/")
    files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', body))
    assert {name.rsplit(".")[-1] for name in files} == {"css", "js", "svg"}
    assert any("htmx" in name for name in files)
    for name in files:
        assert client.get(name).status_code == 200


def test_public_pages_carry_a_small_sheet_and_nothing_of_the_rooms(
    client: Client, sign_in: SignIn
) -> None:
    sheets = re.compile(r'rel="stylesheet" href="(/static/[^"]+)"')
    for address in ("/", "/report/", "/track/", "/sign-in/"):
        assert sheets.findall(text(client, address)) == ["/static/luoshi/luoshi.css"]
    both = ["/static/luoshi/luoshi.css", "/static/luoshi/rooms.css"]
    assert sheets.findall(text(sign_in("desk"), "/desk/")) == both
    for sheet in both:
        assert len(client.get(sheet).getvalue()) <= 20 * 1024, sheet


@pytest.mark.parametrize(
    ("address", "status", "chinese", "english"),
    [
        ("/no-such-page/", 404, "没有这个页面", "There is no such page"),
        ("/forbidden/", 403, "您无权打开此页面", "You may not open this page"),
        ("/damaged/", 400, "请求无法读取", "This request could not be read"),
        ("/broken/", 500, "系统出了问题", "Something went wrong on our side"),
    ],
)
def test_an_error_is_explained_in_both_languages(
    address: str, status: int, chinese: str, english: str
) -> None:
    client = Client(raise_request_exception=False)
    answer = client.get(address)
    assert answer.status_code == status
    assert chinese in answer.content.decode()
    assert english in text(client, address, accept_language="en")


def test_a_refusal_says_why(client: Client) -> None:
    assert "Only the desk answers here." in text(client, "/forbidden/")


def test_a_form_that_was_open_too_long_is_refused_with_a_remedy() -> None:
    client = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    answer = client.post("/sign-in/", {"login": "desk", "password": "x"})
    assert answer.status_code == 403
    assert "copy what you wrote" in answer.content.decode()


def test_the_style_page_is_not_served_outside_debug_mode(
    client: Client, settings: Settings
) -> None:
    settings.ROOT_URLCONF = "luoshi.urls"
    assert client.get("/style/").status_code == 404
