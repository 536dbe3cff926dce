"""The receipt. Its address names the report, signed; the code is only in a cookie of this browser,
never in an address, since addresses are written into logs."""

from datetime import datetime

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from luoshi.cases import queries
from luoshi.cases.moments import until
from luoshi.cases.queries import CategoryInfo, Tracked
from luoshi.cases.wording import URGENCY
from luoshi.rules.state import Due
from luoshi.trust import codes
from luoshi.web import formats
from luoshi.web.public import place

SALT = "luoshi.public.receipt"
COOKIE = "luoshi_receipt"
A_DAY = 24 * 3600
private = cache_control(private=True, no_store=True)


def address(report: int, *, again: bool = False) -> str:
    """Where the receipt of a report is shown, for a day."""
    signed = signing.dumps(report, salt=SALT)
    path = reverse("public:received", args=[signed])
    return f"{path}?again=1" if again else path


def remember(response: HttpResponseBase, code: str) -> None:
    """Leave the code with the browser until it is closed, for the receipt's pages only."""
    response.set_cookie(
        COOKIE,
        signing.dumps(code, salt=SALT),
        path=_path(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _path() -> str:
    return reverse("public:report") + "received/"


@private
@require_safe
def show(request: HttpRequest, signed: str) -> HttpResponse:
    """Number, code, and what happens next, with dates."""
    report = _report(signed)
    if report is None:
        return render(request, "public/receipt_gone.html", status=410)
    found = queries.tracked(report, now=timezone.now())
    code = _code(request, found)
    context = {
        "found": found,
        "signed": signed,
        "again": "again" in request.GET,
        "code": codes.show(code) if code else None,
        "link": _link(request, code) if code else None,
        "place": place.name_of(found.state.area, found.state.subject),
        "category": _category(found),
        "danger": found.state.urgency == "danger",
        "steps": _steps(found),
    }
    return render(request, "public/receipt.html", context)


@private
@require_safe
def as_text(request: HttpRequest, signed: str) -> HttpResponse:
    """The same in plain text, to be kept as a file."""
    report = _report(signed)
    if report is None:
        return render(request, "public/receipt_gone.html", status=410)
    found = queries.tracked(report, now=timezone.now())
    code = _code(request, found)
    lines = [
        _("Receipt"),
        "",
        _("Number: %(number)s") % {"number": found.number},
        _("Received: %(at)s") % {"at": formats.datetime(found.received_at)},
        *([_("Code: %(code)s") % {"code": codes.show(code)}] if code else []),
        _("To look: %(url)s") % {"url": request.build_absolute_uri(reverse("public:track"))},
        "",
        *_steps(found),
        "",
        _("Whoever has the code can read your report: show it to nobody. It cannot be replaced."),
    ]
    response = HttpResponse("\r\n".join(lines) + "\r\n", content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="receipt-{found.number}.txt"'
    return response


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Remove the code from this browser."""
    response = redirect("public:home")
    response.delete_cookie(COOKIE, path=_path())
    return response


def _report(signed: str) -> int | None:
    try:
        report = signing.loads(signed, salt=SALT, max_age=A_DAY)
    except signing.BadSignature:
        return None
    return report if isinstance(report, int) else None


def _code(request: HttpRequest, found: Tracked) -> str | None:
    """The code in the cookie, if it is that of this report: the browser may have sent several."""
    try:
        code: str = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=A_DAY)
    except signing.BadSignature:
        return None
    return code if queries.by_code(found.district, code) == found.report else None


def _link(request: HttpRequest, code: str) -> str:
    # What stands behind the # stays in the browser: no server, no log sees it.
    return request.build_absolute_uri(reverse("public:track")) + "#" + code


def _category(found: Tracked) -> str:
    info: CategoryInfo | None = queries.category(found.district, found.state.category)
    return info.label(get_language() or "zh-hans") if info else ""


def _steps(found: Tracked) -> list[str]:
    """What happens next, with the dates that are known."""
    state = found.state
    steps = []
    if state.due is Due.TRIAGE and state.next_at:
        steps.append(_first_step(found, state.next_at))
    steps.append(
        _("Then one unit answers for it, within the time for its kind: %(term)s.")
        % {"term": URGENCY.get(state.urgency, state.urgency)}
    )
    steps.append(_("Somebody independent checks what was done. A posted notice does not count."))
    steps.append(_("You say whether it is solved. The case is not closed on paper."))
    return steps


def _first_step(found: Tracked, at: datetime) -> str:
    if found.track == "confidential":
        return _("By %(until)s the inspection team reads it.") % {"until": until(at)}
    return _("By %(until)s the desk decides who must act.") % {"until": until(at)}
