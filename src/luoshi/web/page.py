"""What every page knows: its language, its text size, whether it is in the elder mode, and links
that change them.

All choices live in cookies, set by a plain link, so that they work without JavaScript, without an
account and without a session.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

TEXT_COOKIE = "luoshi_text"
TEXT_SIZES: dict[str, str | Promise] = {
    "normal": _("Standard"),
    "large": _("Large"),
    "larger": _("Extra large"),
}
ELDER_COOKIE = "luoshi_elder"
A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Choice:
    """One link of a switch."""

    code: str
    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Page:
    """`page` in every template."""

    lang: str
    text: str
    langs: tuple[Choice, ...]
    texts: tuple[Choice, ...]
    elder: bool
    """Fewer and larger things, one under the other; the way out stands on top of every page."""
    to_elder: str
    from_elder: str


def text_size(request: HttpRequest) -> str:
    """normal, large or larger."""
    size = request.COOKIES.get(TEXT_COOKIE, "normal")
    return size if size in TEXT_SIZES else "normal"


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `page`, and `now` for everything that shows time left."""
    lang, text = get_language() or settings.LANGUAGE_CODE, text_size(request)
    langs = tuple(
        Choice(code, str(name), _prefer(request, lang=code), code == lang)
        for code, name in settings.LANGUAGES
    )
    texts = tuple(
        Choice(code, str(name), _prefer(request, text=code), code == text)
        for code, name in TEXT_SIZES.items()
    )
    found = Page(
        lang,
        text,
        langs,
        texts,
        elder=request.COOKIES.get(ELDER_COOKIE) == "1",
        to_elder=_prefer(request, elder="1"),
        from_elder=_prefer(request, elder="0"),
    )
    return {"page": found, "now": timezone.now()}


def _prefer(request: HttpRequest, **choice: str) -> str:
    return f"{reverse('prefer')}?{urlencode({**choice, 'next': request.get_full_path()})}"


@require_safe
def prefer(request: HttpRequest) -> HttpResponse:
    """Keep a choice of language, text size or mode and go back. Anything unknown is left alone."""
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    response = HttpResponseRedirect(back)
    lang, text = request.GET.get("lang", ""), request.GET.get("text", "")
    if lang in dict(settings.LANGUAGES) and check_for_language(lang):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, lang)
    if text in TEXT_SIZES:
        _keep(response, TEXT_COOKIE, text)
    if request.GET.get("elder") in {"0", "1"}:
        _keep(response, ELDER_COOKIE, request.GET["elder"])
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(name, value, max_age=A_YEAR, secure=secure, httponly=True, samesite="Lax")
