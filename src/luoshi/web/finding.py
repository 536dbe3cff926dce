"""The search of all staff: by words of two characters and more, or straight to a number.

Everybody finds what he may open, and nothing else; what is confidential is found by its number
alone, by the inspection team.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from luoshi.cases import queries
from luoshi.cases.queries import Page, TooShort
from luoshi.web import staff
from luoshi.web.asked import key_in
from luoshi.web.cards import cards
from luoshi.web.staff import needs_role


@require_safe
@needs_role()
def find(request: HttpRequest) -> HttpResponse:
    """A whole number leads to its case; else the cases whose words fit, the newest first."""
    asked = request.GET.get("q", "").replace("\x00", "").strip()
    case = _of_number(request, asked)
    if case is not None:
        return HttpResponseRedirect(reverse("case:show", args=[case]))
    still = request.GET.get("open") == "1"
    page, short = Page(()), False
    if asked:
        try:
            page = _page(request, asked, still)
        except TooShort:
            short = True
    more = {"q": asked, "open": "1" if still else "", "after": page.next}
    context = {
        "asked": asked,
        "still": still,
        "short": short,
        "cards": cards(page.lines, district=staff.district_id(request)),
        "next": reverse("staff_find", query=more) if page.next else None,
    }
    return render(request, "staff_find.html", context)


def _page(request: HttpRequest, asked: str, still: bool) -> Page:
    after = key_in(request)
    return queries.search(
        staff.district_id(request),
        asked,
        person=staff.person_id(request),
        now=timezone.now(),
        open_only=still,
        before=str(after or ""),
    )


def _of_number(request: HttpRequest, asked: str) -> int | None:
    if not asked or len(asked) > 20 or not asked[0].isdecimal():
        return None
    case = queries.case_of_number(staff.district_id(request), asked)
    person, now = staff.person_id(request), timezone.now()
    return case if case and queries.may_open(case=case, person=person, now=now) else None
