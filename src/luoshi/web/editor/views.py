"""The room of whoever writes notices and bulletins (role `data`)."""

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luoshi.publication import actions, queries, tokens
from luoshi.publication.content import Content, examine
from luoshi.publication.queries import Work
from luoshi.publication.words import KIND, LOOK, STATUS
from luoshi.registry import queries as registry
from luoshi.web import staff
from luoshi.web.editor import forms, panel, wrong
from luoshi.web.notices import reading
from luoshi.web.parts import Tab
from luoshi.web.staff import needs_role

PARTS = {
    "drafts": gettext_lazy("Drafts"),
    "scheduled": gettext_lazy("Scheduled"),
    "published": gettext_lazy("Published"),
    "ending": gettext_lazy("Ending soon"),
    "ended": gettext_lazy("Over or withdrawn"),
}


@require_safe
@needs_role("data")
def index(request: HttpRequest) -> HttpResponse:
    """What is being written, waits for its time, is public, or ends within a week."""
    now, district = timezone.now(), staff.district_id(request)
    part, after = request.GET.get("part", "drafts"), request.GET.get("after", "")
    if part not in PARTS or not re.fullmatch(r"[0-9]{0,18}", after):
        raise Http404
    page = queries.staff_list(district, part, now=now, after=after)
    counts = queries.counts(district, now=now)
    base = reverse("editor:index")
    context = {
        "lines": page.lines,
        "part": part,
        "tabs": [
            Tab(label=word, url=f"{base}?part={name}", current=name == part, count=counts[name])
            for name, word in PARTS.items()
        ],
        "units": _unit_names(line.unit for line in page.lines),
        "more": f"{base}?part={part}&after={page.next}" if page.next else None,
        **_words(),
    }
    return render(request, "editor/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs_role("data")
def new(request: HttpRequest) -> HttpResponse:
    """Number, kind and unit; the text follows."""
    district = staff.district_id(request)
    form = forms.New(request.POST or None, units=_units(district))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create(
                district=district,
                kind=form.cleaned_data["kind"],
                unit=int(form.cleaned_data["unit"]),
                number=form.cleaned_data["number"],
                person=staff.person_id(request),
                now=timezone.now(),
            )
        except actions.NumberRefused as error:
            form.add_error("number", str(error))
        else:
            return HttpResponseRedirect(reverse("editor:edit", args=[made]))
    return render(request, "editor/new.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs_role("data")
def edit(request: HttpRequest, id: int) -> HttpResponse:
    """The text and its tables; saving never asks for perfection, it says what is missing."""
    work = _work(request, id)
    if work.content is None:
        return HttpResponseRedirect(reverse("editor:show", args=[id]))
    given: dict[str, Any] = {
        "units": _units(staff.district_id(request)),
        "correction": bool(work.line.version),
    }
    if request.method != "POST":
        form = forms.Text(initial=forms.initial(work.content, work.rev), **given)
        return _edit_page(request, work, form, forms.table_forms(work.content), work.content)
    form = forms.Text(request.POST, **given)
    tables = forms.table_forms(work.content, request.POST, request.FILES)
    if not all([form.is_valid(), *(table.is_valid() for table in tables)]):
        return _edit_page(request, work, form, tables, work.content, status=400)
    return _save(request, work, form, tables)


def _save(
    request: HttpRequest, work: Work, form: forms.Text, tables: list[forms.TableText]
) -> HttpResponse:
    content = forms.content_of(form, tables)
    try:
        actions.save(
            district=staff.district_id(request),
            publication=work.line.id,
            rev=form.cleaned_data["rev"],
            content=content,
            person=staff.person_id(request),
            now=timezone.now(),
        )
    except actions.Conflict as error:
        return _conflict(request, work, form, content, error)
    except actions.NotNow as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("editor:show", args=[work.line.id]))
    if work.line.publish_at:
        messages.warning(
            request, _("Saved, and taken off the schedule: what was checked has changed.")
        )
    else:
        messages.success(request, _("Saved."))
    preview = request.POST.get("then") == "preview"
    return HttpResponseRedirect(
        reverse("editor:show" if preview else "editor:edit", args=[work.line.id])
    )


def _conflict(
    request: HttpRequest,
    work: Work,
    form: forms.Text,
    content: Content,
    error: actions.Conflict,
) -> HttpResponse:
    """What was typed stays in the form; what the other one wrote is shown beside it. Saved once
    more, it takes its place knowingly."""
    data = {**forms.initial(content, error.rev)}
    again = forms.Text(
        initial=data, units=_units(staff.district_id(request)), correction="reason" in form.fields
    )
    other = registry.people([error.person]).get(error.person)
    conflict = {
        "who": other.name if other else "",
        "at": error.at,
        "changes": queries.changes(error.content, content),
    }
    tables = forms.table_forms(content)
    return _edit_page(request, work, again, tables, content, status=409, conflict=conflict)


def _edit_page(
    request: HttpRequest,
    work: Work,
    form: forms.Text,
    tables: list[forms.TableText],
    content: Content,
    *,
    status: int = 200,
    conflict: dict[str, Any] | None = None,
) -> HttpResponse:
    district = staff.district_id(request)
    examined = examine(content, kind=work.line.kind, district=district, now=timezone.now())
    started = content.body or content.title
    context = {
        "work": work,
        "line": work.line,
        "form": form,
        "tables": tables,
        "faults": wrong.faults(examined.problems, content) if started else (),
        "conflict": conflict,
        "tokens": tokens.registry().values(),
        "is_bulletin": work.line.kind == "bulletin",
        **_words(),
    }
    return render(request, "editor/edit.html", context, status=status)


@require_safe
@needs_role("data")
def show(request: HttpRequest, id: int) -> HttpResponse:
    """The preview or what is published, what is wrong, what was done, and what can be done."""
    return _show(request, _work(request, id))


def _show(
    request: HttpRequest,
    work: Work,
    *,
    failed: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    district, now = staff.district_id(request), timezone.now()
    read, faults = None, list[wrong.Fault]()
    if work.content is not None:
        examined = examine(work.content, kind=work.line.kind, district=district, now=now)
        read = reading.of_draft(work.content, examined)
        faults = wrong.faults(examined.problems, work.content)
    else:
        shown = queries.show(district, work.line.number)
        read = reading.of_version(shown) if shown else None
    people = registry.people(step.person for step in work.steps if step.person)
    unit = work.content.unit if work.content else work.line.unit
    context = {
        "work": work,
        "line": work.line,
        "reading": read,
        "faults": faults,
        "unit": _unit_names([unit]).get(unit, ""),
        "actions": panel.possible(work, sound=not faults, failed=failed or {}),
        "steps": work.steps,
        "people": people,
        "steps_words": panel.STEPS,
        "address": reading.address(work.line.number),
        **_words(),
    }
    return render(request, "editor/show.html", context, status=status)


@require_POST
@needs_role("data")
def do(request: HttpRequest, id: int, command: str) -> HttpResponse:
    """publish, schedule, unschedule, correct, withdraw, discard."""
    work = _work(request, id)
    if command not in panel.COMMANDS:
        raise Http404
    form = panel.form(command, request.POST)
    if form is not None and not form.is_valid():
        return _show(request, work, failed={command: form}, status=400)
    try:
        said, to = panel.run(
            command,
            work,
            form.cleaned_data if form else {},
            district=staff.district_id(request),
            person=staff.person_id(request),
            now=timezone.now(),
        )
    except actions.Refused as error:
        return _refused(request, work, command, form, error)
    except actions.Conflict:
        messages.error(
            request, _("Somebody else saved the draft meanwhile: read it again before you go on.")
        )
        return HttpResponseRedirect(reverse("editor:show", args=[id]))
    except actions.NotNow as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("editor:show", args=[id]))
    messages.success(request, said)
    return HttpResponseRedirect(to)


def _refused(
    request: HttpRequest, work: Work, command: str, form: Any, error: actions.Refused
) -> HttpResponse:
    for fault in wrong.faults(error.problems, work.content):
        where = fault.anchor if form is not None and fault.anchor in form.fields else None
        text = str(fault.what) if where or not fault.where else f"{fault.where}: {fault.what}"
        if form is not None:
            form.add_error(where, text)
        else:
            messages.error(request, text)
    return _show(request, work, failed={command: form} if form else None, status=409)


# ---- What the pages have in common ----


def _work(request: HttpRequest, id: int) -> Work:
    work = queries.work(staff.district_id(request), id) if id < 2**63 else None
    if work is None:
        raise Http404
    return work


def _words() -> dict[str, Any]:
    return {"kinds": KIND, "states": STATUS, "looks": LOOK}


def _unit_names(ids: Any) -> dict[int, str]:
    return registry.unit_names(ids, language=get_language() or "")


def _units(district: int) -> list[tuple[str, str]]:
    english = (get_language() or "").startswith("en")
    return [
        (str(unit.id), unit.name_en if english and unit.name_en else unit.name)
        for unit in registry.handling_units(district)
        if unit.kind != "contractor"
    ]
