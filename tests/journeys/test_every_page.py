"""Every page, on a phone and on a desktop, in Chinese and in English: nothing overflows, axe finds
nothing serious, nothing is left untranslated, and public pages are light.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, TransactionTestCase
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from tests.cast import PASSWORD
from tests.journeys import browsing, district, reading
from tests.journeys.browsing import LANGUAGES, assert_accessible, assert_fits
from tests.journeys.district import District
from tests.journeys.sights import NO_PAGE, SECOND_FACTOR, Sight, everything
from tests.pages.rooms import enter
from tests.pages.test_sign_in import totp

SIGHTS = everything()
FIRST = {sight.view: sight for sight in reversed(SIGHTS)}
HEAVIEST = 150_000
"""Bytes of a public page with everything it loads, but for people's pictures."""

STATUS = "performance.getEntriesByType('navigation')[0].responseStatus"
WEIGHT = """
  [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .filter(part => ['navigation', 'link', 'script'].includes(part.initiatorType))
    .reduce((sum, part) => sum + part.decodedBodySize, 0)
"""
LARGEST_TEXT = "document.documentElement.classList.add('text-larger')"
USUAL_TEXT = "document.documentElement.classList.remove('text-larger')"
OPEN_ALL = "document.querySelectorAll('details:not(.menu)').forEach(one => (one.open = true))"


@dataclass
class World:
    """The district behind a server, and in front of it a browser in each language."""

    district: District
    url: str
    secret: str
    visitors: dict[str, BrowserContext]

    def session(self, who: str, *, just_now: bool = False) -> str:
        """The cookie of somebody who is in; `just_now`: by the sign-in itself, moments ago."""
        client = Client()
        if who.startswith("reporter:"):
            code = self.district.code[who.removeprefix("reporter:")]
            client.post("/track/", {"by": "code", "code": code})
        elif just_now:
            self._sign_in(client, who)
        else:
            client = enter(self.district.cast, who)
        return client.cookies["sessionid"].value

    def _sign_in(self, client: Client, who: str) -> None:
        client.post("/sign-in/", {"login": who, "password": PASSWORD})
        if who == SECOND_FACTOR:
            cache.clear()  # a code counts once
            client.post("/sign-in/code/", {"code": totp(self.secret)})
        client.post("/sign-in/again/", {"password": PASSWORD})

    def page(self, language: str, session: str = "") -> Page:
        """An empty page on a phone, with nothing kept from before."""
        visitor = self.visitors[language]
        visitor.clear_cookies()
        if session:
            visitor.add_cookies([{"name": "sessionid", "value": session, "url": self.url}])
        page = visitor.pages[0]
        page.set_viewport_size(browsing.PHONE["viewport"])
        return page

    def visit(self, sight: Sight, language: str) -> Page:
        """A sight as it is meant to be seen."""
        who = sight.visitor(self.district)
        signing_in = sight.view.startswith(("account_", "mfa_"))
        page = self.page(language, self.session(who, just_now=signing_in) if who else "")
        page.goto(sight.start(self.district))
        if sight.do:
            sight.do(page, self.district)
        return page


@pytest.fixture
def transactional_db() -> None:
    """Would empty the database after each test: here all tests look at the same."""


@pytest.fixture(scope="module")
def world(
    browser: Browser, live_server: LiveServer, django_db_setup: None, django_db_blocker: Any
) -> Iterator[World]:
    """Built once: pages are only looked at."""
    with django_db_blocker.unblock():
        made = district.build()
        secret = _second_factor(made)
        visitors, problems = {}, []
        for language in LANGUAGES:
            visitors[language] = browsing.context(
                browser, base_url=live_server.url, width="phone", language=language
            )
            problems.append(browsing.watch(visitors[language], base_url=live_server.url))
            visitors[language].new_page()
        yield World(made, live_server.url, secret, visitors)
        for visitor in visitors.values():
            visitor.close()
        TransactionTestCase("__init__")._fixture_teardown()
    assert not any(problems), problems


def _second_factor(made: District) -> str:
    """One member of staff has an app on his phone; its secret."""
    user = get_user_model().objects.get(pk=made.cast.people[SECOND_FACTOR])
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.name.replace(" ", "-"))
def test_page(world: World, sight: Sight) -> None:
    for language in LANGUAGES:
        page = world.visit(sight, language)
        view = resolve(urlsplit(page.url).path).view_name
        assert (view, page.evaluate(STATUS)) == (sight.view, sight.status)
        if view.startswith("public:"):
            assert page.evaluate(WEIGHT) < HEAVIEST
        first = FIRST[sight.view] is sight
        look(page, language, given=world.district.texts, colours=first)


def look(page: Page, language: str, *, given: tuple[str, ...], colours: bool = True) -> None:
    """Everything that is asked of a page, folded-away parts included.

    `colours`: on the desktop too.
    """
    page.evaluate(OPEN_ALL)
    foreign = reading.foreign(page, language=language, given=given)
    assert not foreign, f"{page.url}\n" + "\n".join(foreign)
    assert_fits(page)
    assert_accessible(page, colours=language == "zh-hans")  # which are the same in any language
    page.evaluate(LARGEST_TEXT)
    assert_fits(page)
    page.evaluate(USUAL_TEXT)
    page.set_viewport_size(browsing.DESKTOP["viewport"])
    assert_fits(page)
    if language == "zh-hans":
        assert_accessible(page, colours=colours)


ERRORS = ("400", "403_csrf", "429", "500")


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_error_page(world: World, error: str, language: str) -> None:
    """Those that nobody can bring about by looking; the others are among the sights."""
    with translation.override(language):
        html = render_to_string(f"{error}.html", request=RequestFactory().get("/"))
    page = world.page(language)
    page.route("**/error/", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("/error/")
    look(page, language, given=world.district.texts)


def test_an_address_that_is_none_has_a_page(world: World) -> None:
    for language in LANGUAGES:
        page = world.page(language)
        answer = page.goto("/nowhere/")
        assert answer
        assert answer.status == 404
        look(page, language, given=world.district.texts)


def test_every_address_that_shows_a_page_is_looked_at() -> None:
    known = {sight.view for sight in SIGHTS} | NO_PAGE.keys()
    assert set(_addresses(get_resolver(), "")) - known == set(), "pages that nobody looks at"
    assert known - set(_addresses(get_resolver(), "")) == set(), "addresses that are gone"


def _addresses(resolver: URLResolver, space: str) -> Iterator[str]:
    """The names of all addresses but those of the administration, which is Django's own."""
    for found in resolver.url_patterns:
        if isinstance(found, URLPattern):
            yield f"{space}{found.name}"
        elif found.namespace != "admin":
            yield from _addresses(found, f"{found.namespace}:" if found.namespace else space)
