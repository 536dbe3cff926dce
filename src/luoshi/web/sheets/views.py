"""Imports: the list, a new one, and the one page on which each goes from file to done."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from luoshi.cases import queries as cases
from luoshi.doors.sheets import actions, limits, queries, words
from luoshi.doors.sheets.kinds import NotPossible
from luoshi.doors.sheets.queries import ImportInfo
from luoshi.doors.sheets.refused import SheetRefused
from luoshi.infra.files import StorageFull
from luoshi.registry import queries as registry
from luoshi.web import staff
from luoshi.web.case.choices import language
from luoshi.web.sheets.kinds import ABOUT, OPTIONS, ROLES, Upload, about, mine, targets
from luoshi.web.staff import needs_role

LIST = 20

STAGES: Mapping[str, str | Promise] = {
    "choosing": _("Choose a sheet"),
    "reading": _("Being read"),
    "mapping": _("Say what the columns are"),
    "checking": _("Being checked"),
    "ready": _("To be confirmed"),
    "importing": _("Being imported"),
    "done": _("Imported"),
    "cancelled": _("Cancelled"),
    "refused": _("Not taken"),
}
LOOKS = {"done": "good", "refused": "bad", "cancelled": "plain", "ready": "wait", "mapping": "wait",
         "choosing": "wait"}  # fmt: skip
MARKS: Mapping[str, str | Promise] = {
    "good": _("To be imported"),
    "done": _("Imported"),
    "bad": _("With faults"),
    "double": _("Twice in the file"),
    "known": _("Imported before"),
    "same": _("No change"),
}


@require_safe
@needs_role(*ROLES)
def index(request: HttpRequest) -> HttpResponse:
    district, kinds = staff.district_id(request), mine(request)
    text = request.GET.get("after", "0")
    if not text.isdecimal() or len(text) > 18:
        raise Http404
    found = queries.imports(
        district, kinds=[one.name for one in kinds], after=int(text), limit=LIST + 1
    )
    shown = found[:LIST]
    context = {
        "kinds": kinds,
        "about": ABOUT,
        "imports": shown,
        "people": {id: one.name for id, one in registry.people({i.person for i in shown}).items()},
        "stages": STAGES,
        "looks": LOOKS,
        "marks": MARKS,
        "next": shown[-1].id if len(found) > LIST else None,
    }
    return render(request, "sheets/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(*ROLES)
def new(request: HttpRequest, kind: str) -> HttpResponse:
    found, district = about(request, kind), staff.district_id(request)
    sent = request.method == "POST"
    form = Upload(district, kind, *((request.POST, request.FILES) if sent else ()))
    options = OPTIONS[kind](request.POST if sent else None)
    if sent and form.is_valid() & options.is_valid():
        try:
            id = _upload(request, kind, form, options)
            return HttpResponseRedirect(reverse("sheets:show", args=[id]))
        except SheetRefused as no:
            form.add_error("file", words.refused(no.code, no.details))
        except StorageFull as no:
            form.add_error("file", words.refused(no.code))
    context = {
        "about": found,
        "form": form,
        "options": options,
        "none": not targets(district, kind),
        "templates": targets(district, kind),
    }
    return render(request, "sheets/new.html", context, status=400 if sent else 200)


def _upload(request: HttpRequest, kind: str, form: Upload, options: Any) -> int:
    file = form.cleaned_data["file"]
    if file.size > limits.BYTES:
        raise SheetRefused("too_large", most=limits.BYTES // 2**20)
    return actions.upload(
        district=staff.district_id(request),
        person=staff.person_id(request),
        kind=kind,
        target=form.cleaned_data["target"],
        options=options.options(),
        name=file.name or "",
        data=file.read(),
        now=timezone.now(),
    )


@require_safe
@needs_role(*ROLES)
def show(request: HttpRequest, id: int) -> HttpResponse:
    """The page of one import, whatever it waits for."""
    return page(request, one_of(request, id))


def one_of(request: HttpRequest, id: int) -> ImportInfo:
    """Http404 for what is not of his district, or a kind that is not his."""
    found = queries.one(staff.district_id(request), id)
    if found is None:
        raise Http404
    about(request, found.kind)
    return found


def page(
    request: HttpRequest,
    of: ImportInfo,
    *,
    errors: list[str] | None = None,
    typed: list[str] | None = None,
    options: Any = None,
    status: int = 200,
) -> HttpResponse:
    district = staff.district_id(request)
    named = dict(targets(district, of.kind))
    context: dict[str, Any] = {
        "of": of,
        "about": ABOUT[of.kind],
        "target": named.get(of.target, of.target),
        "stage": STAGES[of.stage],
        "look": LOOKS.get(of.stage, "move"),
        "marks": [(MARKS[mark], mark, of.marks[mark]) for mark in MARKS if of.marks.get(mark)],
        "told": _told(of),
        "notes": [(words.NOTES[code], n) for code, n in of.notes.items() if code in words.NOTES],
        "errors": errors or [],
        "refused": words.refused(of.error["code"], of.error.get("details"))
        if "code" in of.error
        else "",
    }
    try:
        context |= _more(request, of, typed, options)
    except NotPossible as no:
        context["errors"] = [words.refused(no.code)]
    return render(request, f"sheets/{TEMPLATES.get(of.stage, 'over')}.html", context, status=status)


TEMPLATES = {
    "choosing": "choosing",
    "reading": "work",
    "mapping": "mapping",
    "checking": "work",
    "ready": "ready",
    "importing": "work",
}


def _more(
    request: HttpRequest, of: ImportInfo, typed: list[str] | None, options: Any
) -> dict[str, Any]:
    district = staff.district_id(request)
    if of.stage == "mapping":
        shown = queries.sheet_columns(of)
        codes = typed or [one.code for one in shown]
        return {
            "columns": list(zip(shown, codes, strict=False)),
            "fields": queries.columns_of(of, district),
            "options": options or OPTIONS[of.kind](initial=dict(of.options)),
        }
    if of.stage in {"ready", "done"}:
        return _checked(request, of)
    return {}


def _checked(request: HttpRequest, of: ImportInfo) -> dict[str, Any]:
    district, text = staff.district_id(request), request.GET.get("after", "0")
    after = int(text) if text.isdecimal() and len(text) < 10 else 0
    faults = queries.faults(of, after=after, limit=queries.FAULTS + 1)
    shown = faults[: queries.FAULTS]
    rows = queries.preview(of, district, now=timezone.now()) if of.stage == "ready" else ()
    columns = {one.code: one.label for one in queries.columns_of(of, district)}
    return {
        "faults": shown,
        "more": shown[-1].number if len(faults) > queries.FAULTS else None,
        "first": bool(after),
        "preview": rows,
        "columns": columns,
        "named": _named(of, rows, district),
        "others": [
            (MARKS[mark], queries.others(of, mark), of.marks[mark])
            for mark in ("double", "known", "same")
            if of.marks.get(mark)
        ],
    }


def _named(of: ImportInfo, rows: Any, district: int) -> dict[str, dict[str, str]]:
    """The categories, areas and subjects that the preview names."""
    if of.kind != "messages":
        return {}
    areas = {int(one.shown["area"]) for one in rows if one.shown.get("area")}
    subjects = {int(one.shown["subject"]) for one in rows if one.shown.get("subject")}
    return {
        "category": {one.code: one.label(language()) for one in cases.categories(district)},
        "area": {str(id): name for id, name in registry.area_names(areas).items()},
        "subject": {str(id): name for id, name in registry.subject_names(subjects).items()},
    }


def _told(of: ImportInfo) -> list[str]:
    lines = []
    for code, given in of.told.items():
        if code == "encoding":
            lines.append(str(words.TOLD[code]) % {"n": str(given).upper()})
        elif code in words.TOLD:
            n, some = given
            shown = ", ".join(map(str, some)) + ("…" if n > len(some) > 0 else "")
            lines.append(str(words.TOLD[code]) % {"n": n, "some": shown})
    return lines
