"""The door to one's own report: by access code, or by number and phone."""

import re
import unicodedata

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from luoshi.cases import queries
from luoshi.cases.wording import REFUSAL, refusal
from luoshi.registry.facts import DistrictInfo
from luoshi.trust import codes, limits, phones
from luoshi.trust.errors import BadCode, BadPhone
from luoshi.web.public import access
from luoshi.web.public.district import with_district

TRIES_A_DAY = 20
"""For one report number, and for one phone: who guesses phones or numbers gets no further."""

_DIGITS = re.compile(r"\D*(\d{6})\D{0,3}(\d{6})\D*")
PLAIN = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Your code"),
        help_text=gettext_lazy("17 letters and digits, as on your receipt. Dashes do not matter."),
        error_messages={"required": REFUSAL["code_missing"]},
        widget=forms.TextInput(attrs=PLAIN),
    )

    def clean_code(self) -> str:
        try:
            return codes.normalise(self.cleaned_data["code"])
        except BadCode as error:
            raise forms.ValidationError(refusal(error.code)) from error


class NumberForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Number of the report"),
        help_text=gettext_lazy("For example 260520-123456"),
        error_messages={"required": gettext_lazy("Type the number of your report.")},
        widget=forms.TextInput(attrs={**PLAIN, "inputmode": "text"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone number that you gave, or sent the message from"),
        error_messages={"required": gettext_lazy("Type your phone number.")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )

    def clean_number(self) -> str:
        number = tidy(self.cleaned_data["number"])
        if number is None:
            raise forms.ValidationError(
                _("The number has six digits, a dash and six digits, for example 260520-123456.")
            )
        return number

    def clean_phone(self) -> str:
        try:
            return phones.normalise(self.cleaned_data["phone"])
        except BadPhone as error:
            raise forms.ValidationError(refusal(error.code)) from error


def tidy(typed: str) -> str | None:
    """A number as it is stored, however it was typed; None when it cannot be one."""
    found = _DIGITS.fullmatch(unicodedata.normalize("NFKC", typed))
    return f"{found[1]}-{found[2]}" if found else None


@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
@with_district
def track(request: HttpRequest, district: DistrictInfo) -> HttpResponse:
    """Two small forms; `by` says which one was sent."""
    if request.method != "POST":
        return _page(request)
    if request.POST.get("by") == "number":
        return _by_number(request, district)
    return _by_code(request, district)


def _by_code(request: HttpRequest, district: DistrictInfo) -> HttpResponse:
    form = CodeForm(request.POST, auto_id="code_%s")
    if not form.is_valid():
        return _page(request, by_code=form, status=422)
    report = queries.by_code(district.id, form.cleaned_data["code"])
    if report is None:
        # The check character fits, so it is no slip: no report has this code.
        form.add_error("code", _("No report has this code. Was the report really sent?"))
        return _page(request, by_code=form, status=404)
    return _open(request, report)


def _by_number(request: HttpRequest, district: DistrictInfo) -> HttpResponse:
    form = NumberForm(request.POST, auto_id="number_%s")
    if not form.is_valid():
        return _page(request, by_number=form, status=422)
    number, phone = form.cleaned_data["number"], form.cleaned_data["phone"]
    if not _allowed(number, phone):
        form.add_error(
            None,
            _("There were too many tries with this number today. Come back tomorrow, use your "
              "code, or call us."),
        )  # fmt: skip
        return _page(request, by_number=form, status=429)
    report = queries.by_phone(district.id, number, phone)
    if report is None:
        form.add_error(
            None,
            _("No report has this number and this phone. Compare the number digit by digit, and "
              "use the phone that you gave then. Without a phone, only the code opens it."),
        )  # fmt: skip
        return _page(request, by_number=form, status=404)
    return _open(request, report)


def _allowed(number: str, phone: str) -> bool:
    now = timezone.now()
    by_number = limits.allow(scope="track-number", key=number, limit=TRIES_A_DAY, now=now)
    by_phone = limits.allow(scope="track-phone", key=phone, limit=TRIES_A_DAY, now=now)
    return by_number and by_phone


def _open(request: HttpRequest, report: int) -> HttpResponse:
    access.grant(request, report)
    return redirect("public:mine")


def _page(
    request: HttpRequest,
    *,
    by_code: CodeForm | None = None,
    by_number: NumberForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "by_code": by_code or CodeForm(auto_id="code_%s"),
        "by_number": by_number or NumberForm(auto_id="number_%s"),
        "opened": access.opened(request),
    }
    return render(request, "public/track.html", context, status=status)
