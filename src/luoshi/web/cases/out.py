"""The list of all cases as a file: the same rows and columns as on the screen, all pages of it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luoshi.cases import queries, views
from luoshi.doors.sheets import commas
from luoshi.doors.sheets.writing import book
from luoshi.web import formats, staff
from luoshi.web.cards import cards
from luoshi.web.cases import columns
from luoshi.web.cases.filters import Filters
from luoshi.web.cases.who import ROLES
from luoshi.web.sheets.out import sent
from luoshi.web.staff import needs_role

MOST = 10_000
"""Rows of one file."""


class _Taking:
    """One file being written, row by row; who took it is on record before the first one."""

    def __init__(self, request: HttpRequest, form: Filters, kind: str) -> None:
        self.form, self.now = form, timezone.now()
        self.district, self.person = staff.district_id(request), staff.person_id(request)
        self.language = get_language() or "zh-hans"
        self.rows_written, self.cut = 0, False
        plain = {name: value if name != "q" else "…" for name, value in form.asked.items()}
        self._note = views.note_taken(
            district=self.district,
            person=self.person,
            kind=kind,
            query=urlencode(plain),
            now=self.now,
        )

    def rows(self) -> Iterator[list[Any]]:
        try:
            yield from self._rows()
        finally:  # also when whoever takes it breaks off
            views.note_rows(taken=self._note, rows=self.rows_written)

    def _rows(self) -> Iterator[list[Any]]:
        pieces = queries.every(self.district, self.form.wanted, person=self.person, now=self.now)
        for piece in pieces:
            # A stream goes out after the request's own language may have been left.
            with translation.override(self.language):
                ready = list(columns.cells(cards(piece, district=self.district)))
            for row in ready:
                if self.rows_written == MOST:
                    self.cut = True
                    break
                self.rows_written += 1
                yield row
            if self.cut:
                break

    def said(self) -> Iterator[list[Any]]:
        """The second sheet: what this is, once the first is written."""
        yield [_("As of"), self.now]
        yield from ([name, value] for name, value in self.form.said)
        yield [_("Rows"), self.rows_written]
        if self.cut:
            yield [_("Cut off"), cut_words()]


def cut_words() -> str:
    return _("Only the newest %(most)s are here: narrow the list down for the rest.") % {
        "most": formats.number(MOST)
    }


@require_safe
@needs_role(*ROLES)
def out(request: HttpRequest, kind: str) -> HttpResponseBase:
    """With the filters of the address; where they are not understood, the page says so."""
    form = Filters(staff.district_id(request), request.GET)
    if not form.is_valid():
        return redirect(f"{reverse('cases:index')}?{request.GET.urlencode()}")
    if request.method == "HEAD":
        return HttpResponse()
    taking = _Taking(request, form, kind)
    name = f"{_('All cases')} {_stamp(taking.now)}"
    if kind == "csv":
        return _commas(taking, name)
    sheets = [(_("All cases"), columns.head(), taking.rows()),
              (_("About"), [_("About"), _("Value")], taking.said())]  # fmt: skip
    return sent(name, book(sheets))


def _commas(taking: _Taking, name: str) -> HttpResponseBase:
    last = cut_words()

    def rows() -> Iterator[list[Any]]:
        yield from taking.rows()
        if taking.cut:
            yield [last]

    response = StreamingHttpResponse(commas.lines(columns.head(), rows()), content_type=commas.TYPE)
    plain, full = slugify(f"cases {_stamp(taking.now)}"), f"{name}.csv"
    response["Content-Disposition"] = (
        f"attachment; filename=\"{plain}.csv\"; filename*=UTF-8''{quote(full)}"
    )
    return response


def _stamp(now: datetime) -> str:
    return timezone.localtime(now).strftime("%Y-%m-%d")
