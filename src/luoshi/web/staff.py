"""Who is signed in, which rooms are his, and the gate in front of every staff page."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRedirect

from luoshi.registry import queries as registry
from luoshi.registry.facts import HeldRole

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Room:
    """A part of the staff pages. `name` is its URL namespace and folder; whoever has one of
    `roles` may enter."""

    name: str
    label: str | Promise
    roles: frozenset[str]


ROOMS = (
    Room("desk", gettext_lazy("Desk"), frozenset({"desk"})),
    Room("handler", gettext_lazy("My cases"), frozenset({"handler"})),
    Room("verifier", gettext_lazy("Verification"), frozenset({"verifier", "panel"})),
    Room("inspector", gettext_lazy("Inspection"), frozenset({"inspector"})),
    Room("leader", gettext_lazy("Supervision"), frozenset({"leader"})),
    Room("panel", gettext_lazy("Outside panel"), frozenset({"panel"})),
    Room(
        "cases",
        gettext_lazy("All cases"),
        frozenset({"desk", "inspector", "leader", "handler"}),
    ),
    Room(
        "fields",
        gettext_lazy("Fields"),
        frozenset({"inspector", "leader", "desk", "data"}),
    ),
    Room("sheets", gettext_lazy("Spreadsheets"), frozenset({"desk", "data"})),
    Room("editor", gettext_lazy("Notices"), frozenset({"data"})),
)


def roles_for(room: str) -> frozenset[str]:
    """Who may enter this room."""
    return next(one.roles for one in ROOMS if one.name == room)


INSIDE = {"entries": "fields"}
"""Pages with a namespace of their own that belong to a room."""


def person_id(request: HttpRequest) -> int:
    """Whoever is signed in; only behind `needs_role`."""
    if request.user.pk is None:
        raise PermissionDenied
    return int(request.user.pk)


def roles_of(request: HttpRequest) -> tuple[HeldRole, ...]:
    """The roles that the signed-in person holds today; asked once a request."""
    held: tuple[HeldRole, ...] | None = getattr(request, "_luoshi_roles", None)
    if held is None:
        held = ()
        if request.user.is_authenticated:
            held = registry.roles_of(request.user.pk, on=timezone.localdate())
        request._luoshi_roles = held  # type: ignore[attr-defined]
    return held


def role_names(request: HttpRequest) -> frozenset[str]:
    """desk, handler, verifier, inspector, leader, panel, data: those he holds today."""
    return frozenset(held.role for held in roles_of(request))


def district_id(request: HttpRequest) -> int:
    """The district in which he works; only behind `needs_role` with a role."""
    held = roles_of(request)
    if not held:
        raise PermissionDenied
    return held[0].district


def rooms(request: HttpRequest) -> tuple[Room, ...]:
    """The rooms that he may enter, in the order of the bar."""
    held = role_names(request)
    return tuple(room for room in ROOMS if room.roles & held)


def lacks_second_factor(request: HttpRequest) -> bool:
    """True when this installation demands TOTP and the signed-in person has not set it up."""
    return bool(settings.REQUIRE_TOTP) and not is_mfa_enabled(
        request.user, [Authenticator.Type.TOTP]
    )


def needs_role(*roles: str) -> Callable[[View[P]], View[P]]:
    """Opens a page to holders of one of `roles`; without any, to every member of staff.

    The anonymous go to the sign-in and come back, whoever must set up TOTP is sent there, and the
    others get a plain 403 that says what the page needs. The answer is never kept by a cache,
    unless the view itself says how.
    `view.roles` is there for the matrix test.
    """

    def decorator(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            turned_away = _turned_away(request, roles)
            if turned_away is not None:
                return turned_away
            response = view(request, *args, **kwargs)
            if not response.has_header("Cache-Control"):
                patch_cache_control(response, no_store=True, private=True)
            return response

        guarded.roles = frozenset(roles)  # type: ignore[attr-defined]
        return guarded

    return decorator


def _turned_away(request: HttpRequest, roles: tuple[str, ...]) -> HttpResponseBase | None:
    if not request.user.is_authenticated:
        return _elsewhere(request, redirect_to_login(request.get_full_path()).url)
    if lacks_second_factor(request):
        return _elsewhere(request, reverse("mfa_activate_totp"))
    if roles and not role_names(request) & set(roles):
        raise PermissionDenied(_("Your roles do not include this part."))
    return None


def _elsewhere(request: HttpRequest, url: str) -> HttpResponseBase:
    """A redirect that also moves the whole page when only a part of it was asked for."""
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(url)
    return HttpResponseRedirect(url)


def may_administer(request: HttpRequest) -> bool:
    """The admin's own question: staff of the administration, with a second factor if one is due."""
    user = request.user
    return bool(user.is_active and user.is_staff) and not lacks_second_factor(request)


@needs_role()
def admin_door(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """In place of the admin's own sign-in, which knows no second factor."""
    if not request.user.is_staff:
        raise PermissionDenied(_("Your roles do not include this part."))
    back = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return HttpResponseRedirect(back if safe else reverse("admin:index"))


def bar(request: HttpRequest) -> list[dict[str, Any]]:
    """For the template of the staff bar."""
    match = request.resolver_match
    current = match.namespace if match else ""
    return [
        {
            "label": room.label,
            "url": reverse(f"{room.name}:index"),
            "current": room.name == INSIDE.get(current, current),
        }
        for room in rooms(request)
    ]
