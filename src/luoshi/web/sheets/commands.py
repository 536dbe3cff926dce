"""What somebody decides on the page of an import."""

from collections import Counter
from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luoshi.doors.sheets import actions, queries, words
from luoshi.doors.sheets.actions import MovedOn
from luoshi.doors.sheets.queries import ImportInfo
from luoshi.doors.sheets.refused import SheetRefused
from luoshi.web import staff
from luoshi.web.sheets.kinds import OPTIONS, ROLES
from luoshi.web.sheets.views import one_of, page
from luoshi.web.staff import needs_role

Command = Callable[[HttpRequest, ImportInfo], HttpResponse | None]


@require_POST
@needs_role(*ROLES)
def do(request: HttpRequest, id: int, command: str) -> HttpResponse:
    of = one_of(request, id)
    if command not in COMMANDS:
        raise Http404
    try:
        answer = COMMANDS[command](request, of)
    except MovedOn:
        messages.info(request, _("It went on meanwhile: here is where it stands now."))
        answer = None
    except SheetRefused as no:
        return page(request, of, errors=[words.refused(no.code, no.details)], status=400)
    return answer or HttpResponseRedirect(reverse("sheets:show", args=[id]))


def _sheet(request: HttpRequest, of: ImportInfo) -> None:
    actions.choose_sheet(id=of.id, sheet=request.POST.get("sheet", ""))


def _header(request: HttpRequest, of: ImportInfo) -> None:
    text = request.POST.get("row", "")
    number = int(text) if text.isdecimal() and len(text) < 7 else 0
    actions.move_header(id=of.id, number=number, now=timezone.now())


def _map(request: HttpRequest, of: ImportInfo) -> HttpResponse | None:
    columns = queries.columns_of(of, staff.district_id(request))
    known = {one.code for one in columns}
    given = [request.POST.get(f"column{place}", "") for place in range(len(of.header))]
    mapping = [code if code in known else "" for code in given]
    options = OPTIONS[of.kind](request.POST)
    named = {one.code: str(one.label) for one in columns}
    errors = [
        _("Two columns are read as “%(name)s”: choose one.") % {"name": named[code]}
        for code, times in Counter(filter(None, mapping)).items()
        if times > 1
    ]
    errors += [
        _("No column is read as “%(name)s”: it is needed.") % {"name": one.label}
        for one in columns
        if one.required and one.code not in mapping
    ]
    if not any(mapping) and not errors:
        errors.append(_("No column is read: choose at least one."))
    if not options.is_valid() or errors:
        return page(request, of, errors=errors, typed=mapping, options=options, status=400)
    actions.map_columns(id=of.id, mapping=mapping, options=options.options())
    return None


def _remap(request: HttpRequest, of: ImportInfo) -> None:
    actions.map_again(id=of.id)


def _confirm(request: HttpRequest, of: ImportInfo) -> None:
    actions.confirm(id=of.id, person=staff.person_id(request), now=timezone.now())


def _cancel(request: HttpRequest, of: ImportInfo) -> None:
    actions.cancel(id=of.id, now=timezone.now())
    messages.info(request, _("Cancelled: nothing more goes in."))


def _again(request: HttpRequest, of: ImportInfo) -> None:
    actions.again(id=of.id)


COMMANDS: Mapping[str, Command] = {
    "sheet": _sheet,
    "header": _header,
    "map": _map,
    "remap": _remap,
    "confirm": _confirm,
    "cancel": _cancel,
    "again": _again,
}
