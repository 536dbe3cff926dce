"""The one template environment: Jinja2 with translations that follow the request's language."""

from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined, Undefined

from luoshi.web import formats, here, qr, staff, words


class Macros:
    """A file of macros under a global name, so that no template has to import it."""

    def __init__(self, env: Environment, path: str) -> None:
        self._env, self._path = env, path

    def __getattr__(self, name: str) -> Any:
        return getattr(self._env.get_template(self._path).module, name)


class Unset(StrictUndefined):
    """A misspelt name still fails when it is printed or looped over, but `{% if name %}` may ask
    for it: Django's own widget templates do."""

    __slots__ = ()
    __bool__ = Undefined.__bool__  # type: ignore[assignment]


def url(name: str, *args: Any, query: dict[str, Any] | None = None, **kwargs: Any) -> str:
    """The address of a named page: `url("case:show", 12)`, `url("desk:index", query={"tab": 1})`.

    Raises NoReverseMatch for an unknown name or missing argument.
    """
    return reverse(name, args=args or None, kwargs=kwargs or None, query=query)


def environment(**options: Any) -> Environment:
    """Called once by Django with the loader and autoescape settings."""
    env = Environment(  # noqa: S701 (autoescape is among the options: Django switches it on)
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
        **{**options, "undefined": Unset},
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.globals.update(
        static=static,
        url=url,
        lang=lambda: get_language() or settings.LANGUAGE_CODE,
        qr_svg=qr.svg,
        time_state=formats.time_state,
        words=words,
        place_name=here.name,
        desk_phone=here.phone,
        staff_bar=staff.bar,
        totp_required=lambda: settings.REQUIRE_TOTP,
        ui=Macros(env, "macros/ui.html"),
        forms=Macros(env, "macros/forms.html"),
    )
    env.filters.update(
        date=formats.date,
        datetime=formats.datetime,
        until=formats.until,
        clock=formats.clock,
        isotime=formats.isotime,
        timeleft=formats.timeleft,
        duration=formats.duration,
        number=formats.number,
        nowrap=formats.nowrap,
    )
    return env
