"""The page where a report is written and sent, on the ordinary and on the confidential track.

One form, three buttons: send, look up known places, and (with a script) the device's position.
Whatever the button and whatever goes wrong, the form comes back with all that was typed and chosen.
The access code is made with the form and travels in it, signed: sending twice is sending once.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST

from luoshi.cases import actions, queries
from luoshi.cases.actions import NewReport, Refused
from luoshi.cases.wording import refusal
from luoshi.infra.files import StorageFull
from luoshi.infra.pictures import PictureRefused
from luoshi.registry import queries as registry
from luoshi.registry.facts import DistrictInfo
from luoshi.trust import codes, limits, phones
from luoshi.web.public import known, photos, place, receipt, uploads
from luoshi.web.public.district import with_district
from luoshi.web.public.known import Known
from luoshi.web.public.photos import Photos
from luoshi.web.public.report_form import ConfidentialForm, ContactForm, OrdinaryForm

SALT = "luoshi.public.report"
FORM_SECONDS = 3 * 24 * 3600
POSTS_A_FORM = 60
LOOKS_A_FORM = 120
REPORTS_A_PHONE = 30


@dataclass(slots=True)
class Draft:
    """A form on its way: what was typed, the pictures, and the code that it will have."""

    confidential: bool
    code: str
    form: ContactForm
    photos: Photos = field(default_factory=Photos)
    problems: list[str] = field(default_factory=list)
    known: tuple[Known, ...] = ()


@cache_control(private=True, no_cache=True)  # no two people may be given one form and its code
@uploads.takes_pictures
@require_http_methods(["GET", "HEAD", "POST"])
@with_district
def report(
    request: HttpRequest, district: DistrictInfo, *, confidential: bool = False
) -> HttpResponse:
    """Shows the form; a POST with step=find looks up places, any other sends the report."""
    form_of = ConfidentialForm if confidential else OrdinaryForm
    if request.method != "POST":
        form = form_of(district=district, initial=_about(request, district))
        draft = Draft(confidential, codes.new_code(), form)
        draft.form.look(wanted=False)
        return _page(request, draft)
    draft = Draft(confidential, "", form_of(request.POST, district=district))
    draft.code = _code(request, draft)
    sent = queries.by_code(district.id, draft.code)
    if sent is not None:
        # Sent before, by a second click or from an old page: its receipt, whatever the form says.
        return _receipt(sent, draft.code, again=True)
    draft.photos = photos.read(request)
    if not limits.allow(
        scope="report-form", key=draft.code, limit=POSTS_A_FORM, now=timezone.now()
    ):
        return _limited(request, draft)
    if request.POST.get("step") == "find":
        return _find(request, draft)
    return _send(request, draft, district)


def _about(request: HttpRequest, district: DistrictInfo) -> dict[str, Any]:
    """`?place=`: the page of a place leads here, so that nobody has to look it up again."""
    text = request.GET.get("place", "")
    if not (text.isdecimal() and len(text) < 19):
        return {}
    found = registry.subjects_by_id([int(text)], district=district.id).get(int(text))
    return {"spot": str(found.id)} if found and found.active else {}


def _code(request: HttpRequest, draft: Draft) -> str:
    """The code that came with the form, or a new one for a form that lay too long."""
    try:
        code: str = signing.loads(request.POST.get("form", ""), salt=SALT, max_age=FORM_SECONDS)
    except signing.BadSignature:
        draft.problems.append(
            _("The form was open for more than three days. It has a new code now: please check "
              "everything and send it again.")
        )  # fmt: skip
        return codes.new_code()
    return code


def _find(request: HttpRequest, draft: Draft) -> HttpResponse:
    draft.form.look(wanted=True)
    draft.form.quiet()
    _look_again(request, draft)
    return _page(request, draft, looked=True)


def _look_again(request: HttpRequest, draft: Draft) -> None:
    """What was offered before is offered again, so that a choice is not lost."""
    if isinstance(draft.form, OrdinaryForm) and "known_shown" in request.POST:
        draft.known = known.known(draft.form.district, draft.form, draft.code)


def _send(request: HttpRequest, draft: Draft, district: DistrictInfo) -> HttpResponse:
    draft.form.look(wanted="looked" in request.POST)
    if not draft.form.is_valid() or draft.photos.errors or draft.problems:
        _look_again(request, draft)
        return _page(request, draft, status=422)
    phone = draft.form.cleaned_data["phone"]
    email = draft.form.cleaned_data.get("email")
    if (phone and not _phone_allowed(phone)) or (email and not _email_allowed(email)):
        return _limited(request, draft)
    if isinstance(draft.form, OrdinaryForm) and "known_shown" not in request.POST:
        draft.known = known.known(district, draft.form, draft.code)
        if draft.known:
            return _page(request, draft)  # once: with a script it was shown while typing
    joins = known.chosen(known.given(request.POST), draft.code)
    try:
        new = replace(_new(draft, district), joins=None if draft.confidential else joins)
        received = actions.receive(report=new, now=timezone.now())
    except (Refused, PictureRefused) as error:
        draft.problems.append(refusal(error.code))
    except StorageFull:
        draft.problems.append(_no_room())
    else:
        draft.photos.arrived()
        return _receipt(received.report, draft.code, again=received.repeated)
    return _page(request, draft, status=422)


def _phone_allowed(phone: str) -> bool:
    number = phones.normalise(phone)
    return limits.allow(scope="report-phone", key=number, limit=REPORTS_A_PHONE, now=timezone.now())


def _email_allowed(email: str) -> bool:
    """Each report is told to its address: nobody is to be written to without end."""
    address = email.lower()
    return limits.allow(scope="report-mail", key=address, limit=REPORTS_A_PHONE, now=timezone.now())


def _new(draft: Draft, district: DistrictInfo) -> NewReport:
    given: dict[str, Any] = draft.form.cleaned_data
    where = place.resolve(
        district,
        text=given["place"],
        area=given["area"],
        spot=int(given["spot"]) if given["spot"] else None,
        point=draft.form.point(),
    )
    lat, lon = draft.form.point() or (None, None)
    return NewReport(
        district=district.id,
        door="web",
        external_id=codes.code_hash(draft.code).hex(),
        text=_whole_text(given),
        phone=given["phone"] or None,
        name=given.get("name") or None,
        email=given.get("email") or None,
        code=draft.code,
        confidential=draft.confidential,
        minor=given["minor"],
        category=_category(draft, district),
        area=where.area,
        subject=where.subject,
        place_open=where.open and not draft.confidential,
        accused=(int(given["accused"]),) if given.get("accused") else (),
        lat=lat,
        lon=lon,
        language=get_language() or "zh-hans",
        pictures=draft.photos.data,
    )


def _whole_text(given: dict[str, Any]) -> str:
    """An address is the reporter's free text too, and lives where his other words do."""
    where = given["place"]
    told = _("Place: %(where)s") % {"where": where}
    return f"{given['text']}\n\n{told}" if where else str(given["text"])


def _category(draft: Draft, district: DistrictInfo) -> str:
    if draft.confidential:
        return ""
    chosen: str = draft.form.cleaned_data["category"]
    return chosen or queries.guess(draft.form.categories, draft.form.cleaned_data["text"])


def _receipt(report: int, code: str, *, again: bool) -> HttpResponse:
    response = redirect(receipt.address(report, again=again))
    receipt.remember(response, code)
    return response


def _limited(request: HttpRequest, draft: Draft) -> HttpResponse:
    draft.form.look(wanted=False)
    draft.form.quiet()
    draft.problems.append(
        _("Too many reports came this way today, so this one was not sent. What you wrote is still "
          "here: send it tomorrow, or call us.")
    )  # fmt: skip
    return _page(request, draft, status=429)


def _page(
    request: HttpRequest, draft: Draft, *, looked: bool = False, status: int = 200
) -> HttpResponse:
    try:
        draft.photos.carry_on()
    except StorageFull:
        draft.photos.fresh.clear()
        draft.photos.errors.append(_no_room())
    context = {
        "draft": draft,
        "form": draft.form,
        "photos": draft.photos,
        "token": signing.dumps(draft.code, salt=SALT),
        "code": codes.show(draft.code),
        "map": place.map_of(draft.form.district, draft.form.point()),
        "looked": looked,
        "known": draft.known,
        "picked": known.given(request.POST),
    }
    template = "public/report_confidential.html" if draft.confidential else "public/report.html"
    return render(request, template, context, status=status)


def _no_room() -> str:
    return _("Pictures cannot be stored at the moment. Please send the report without them.")


@require_POST
@with_district
def near(request: HttpRequest, district: DistrictInfo) -> HttpResponse:
    """For the script: the known places and the map for a position, as a piece of the page."""
    form = OrdinaryForm(request.POST, district=district)
    form.look(wanted=True)
    where = place.map_of(district, form.point())
    return render(request, "public/spots.html", {"form": form, "map": where, "looked": True})


@require_POST
@with_district
def already_known(request: HttpRequest, district: DistrictInfo) -> HttpResponse:
    """For the script: what is known already of what is being typed, as a piece of the page.
    Nothing of it is kept."""
    draft = Draft(False, "", OrdinaryForm(request.POST, district=district))
    draft.code = _code(request, draft)
    enough = limits.allow(
        scope="report-known", key=draft.code, limit=LOOKS_A_FORM, now=timezone.now()
    )
    found = known.known(district, draft.form, draft.code) if enough and not draft.problems else ()  # type: ignore[arg-type]
    picked = known.given(request.POST)
    return render(request, "public/known.html", {"known": found, "picked": picked, "asked": True})
