"""Spreadsheets to be taken along: rows to be mended, and templates to be filled in."""

from collections.abc import Iterator, Sequence
from typing import IO, Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luoshi.doors.sheets import queries, templates
from luoshi.doors.sheets.kinds import NotPossible
from luoshi.doors.sheets.writing import TYPE, book
from luoshi.web import staff
from luoshi.web.sheets.kinds import ROLES, about, targets
from luoshi.web.sheets.views import one_of
from luoshi.web.staff import needs_role

Sheets = Sequence[tuple[str, Sequence[str], Any]]


def sent(name: str, out: IO[bytes]) -> HttpResponseBase:
    """A workbook as a download; the name may be Chinese."""
    return FileResponse(out, as_attachment=True, filename=f"{name}.xlsx", content_type=TYPE)


@require_safe
@needs_role(*ROLES)
def bad(request: HttpRequest, id: int) -> HttpResponseBase:
    """The rows that were not taken, as they came, with the reason in a column at the end."""
    of = one_of(request, id)
    if not of.marks.get("bad"):
        raise Http404
    width = len(of.header)

    def rows() -> Iterator[list[Any]]:
        for _number, cells, why in queries.bad_rows(of):
            yield [*(cells + [None] * width)[:width], why]

    name = _("rows to mend")
    return sent(f"{of.name.rpartition('.')[0] or of.name} {name}",
                book([(of.sheet or "Sheet1", [*of.header, _("Reason")], rows())]))  # fmt: skip


@require_safe
@needs_role(*ROLES)
def template(request: HttpRequest, kind: str) -> HttpResponseBase | HttpResponse:
    """`?target=` which one; `?data=1` with what is there, to be changed and imported again."""
    found, district = about(request, kind), staff.district_id(request)
    target = request.GET.get("target", "")
    named = dict(targets(district, kind))
    if target not in named:
        raise Http404
    try:
        sheets = templates.sheets(
            kind,
            target,
            district=district,
            data=bool(request.GET.get("data")),
            period=request.GET.get("period", "")[:10],
        )
    except NotPossible as no:
        raise Http404 from no
    return sent(f"{found.title} {named[target]}", book(sheets))
