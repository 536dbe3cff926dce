"""What is due by a date: what was delivered, and delivering it."""

from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from luoshi.expectations import actions, queries
from luoshi.expectations.queries import Demand, DueInfo
from luoshi.infra import files
from luoshi.infra.files import StorageFull
from luoshi.infra.pictures import PictureRefused
from luoshi.registry import queries as registry
from luoshi.registry.facts import SubjectInfo
from luoshi.rules.expectations import Method
from luoshi.rules.state import Refused
from luoshi.trust import codes
from luoshi.web import once, staff
from luoshi.web.case.fields import PicturesField
from luoshi.web.entries import handed
from luoshi.web.entries.asked import day
from luoshi.web.entries.handed import NoDocument
from luoshi.web.entries.refused import REFUSED, sentence
from luoshi.web.entries.who import FIGURES, RECORDS, entrusted, place_of, reads_subjects
from luoshi.web.fields.views import ROLES
from luoshi.web.parts import Picture
from luoshi.web.pictures import POLICY
from luoshi.web.staff import needs_role

SALT = "luoshi.entries.proof"
LONGEST = 2000


class Proof(forms.Form):
    """What the expectation asks for is needed; a remark or pictures may always be added."""

    def __init__(self, sort: str, data: Any = None, files: Any = None, *, dated: bool) -> None:
        super().__init__(data, files)
        self.sort = sort
        if sort == "document":
            self.fields["document"] = forms.FileField(
                label=_("Document"),
                help_text=_("A PDF, at most 10 MB. Instead of it pictures of all pages will do."),
                required=False,
                widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
            )
            _unmarked(self.fields["document"])
        if sort != "text":
            self.fields["pictures"] = PicturesField()
            _unmarked(self.fields["pictures"])
        self.fields["text"] = forms.CharField(
            label=_("What was done") if sort == "text" else _("Remark"),
            max_length=LONGEST,
            required=sort == "text",
            widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={"required": _("Write what was done and where it can be seen.")},
        )
        if dated:
            self.fields["on"] = day(
                _("Came in on"),
                ahead=REFUSED["proof_from_the_future"],
                help_text=_(
                    "The day on which it was really there. Today stays on record beside it."
                ),
                initial=timezone.localdate(),
            )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if self.sort == "document" and not (data.get("document") or data.get("pictures")):
            self.add_error("document", _("Add the document, or pictures of all its pages."))
        if self.sort == "picture" and not data.get("pictures"):
            self.add_error("pictures", _("Add at least one picture of it."))
        return data

    def files_given(self) -> list[dict[str, str]]:
        """Stored. Raises NoDocument, Refused, PictureRefused, StorageFull."""
        given = self.cleaned_data
        found = [handed.document(given["document"])] if given.get("document") else []
        return found + handed.pictures([one.read() for one in given.get("pictures") or ()])


def _unmarked(field: forms.Field) -> None:
    """One of the two is needed, so that neither is called optional."""
    field.marked = False  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(*RECORDS)
def proof(request: HttpRequest, id: int, expectation: int) -> HttpResponse:
    """`?due=` one of its dates; without it the one that is longest missed, else the next."""
    place = entrusted(request, place_of(request, id))
    wanted = _wanted(request, place, expectation)
    found = queries.due_of(staff.district_id(request), place, wanted, on=timezone.localdate())
    chosen = _chosen(found, request.GET.get("due", ""))
    form = _form(request, wanted)
    if request.method != "POST":
        return _page(request, place, wanted, found, chosen, form)
    if chosen is None:
        raise Http404
    return _deliver(request, place, wanted, found, chosen, form)


def _form(request: HttpRequest, wanted: Demand) -> Proof:
    """A unit cannot say of its own proof that it was there earlier."""
    sort, dated = str(wanted.spec.get("proof", "text")), bool(_may_date(request))
    if request.method != "POST":
        return Proof(sort, dated=dated)
    return Proof(sort, request.POST, request.FILES, dated=dated)


def _may_date(request: HttpRequest) -> bool:
    return bool(staff.role_names(request) & {*FIGURES})


def _deliver(
    request: HttpRequest,
    place: SubjectInfo,
    wanted: Demand,
    found: tuple[DueInfo, ...],
    chosen: DueInfo,
    form: Proof,
) -> HttpResponse:
    name = once.name(request, salt=SALT)
    if form.is_valid() and name is None:
        form.add_error(None, _("The form lay open for too long: check it and send it again."))
    if name is None or not form.is_valid():
        return _page(request, place, wanted, found, chosen, form, name, status=400)
    try:
        actions.deliver(
            district=staff.district_id(request),
            subject=place.id,
            expectation=wanted.code,
            due=chosen.due,
            on=form.cleaned_data.get("on") or timezone.localdate(),
            text=form.cleaned_data["text"],
            files=form.files_given(),
            person=staff.person_id(request),
            now=timezone.now(),
            key=name,
        )
    except NoDocument as no:
        form.add_error("document", WRONG[no.code]())
    except (Refused, PictureRefused, StorageFull) as no:
        form.add_error(None, sentence(no.code))
    else:
        messages.success(request, _("It is on record. The rules count it from tonight on."))
        address = reverse("entries:proof", args=[place.id, wanted.id])
        return HttpResponseRedirect(f"{address}?due={chosen.due.isoformat()}")
    return _page(request, place, wanted, found, chosen, form, name, status=400)


WRONG = {
    "document_large": lambda: _("This file is larger than 10 MB: split it, or scan it in grey."),
    "document_kind": lambda: _("This is no PDF: save or print it as PDF first, or take pictures."),
}


def _wanted(request: HttpRequest, place: SubjectInfo, expectation: int) -> Demand:
    district = staff.district_id(request)
    for one in queries.demands(district, on=timezone.localdate(), kind=place.kind):
        if one.id == expectation and one.method == Method.DATE:
            return one
    raise Http404


def _chosen(found: tuple[DueInfo, ...], text: str) -> DueInfo | None:
    if text:
        for one in found:
            if one.due.isoformat() == text:
                return one
        raise Http404
    missed = [one for one in found if one.result == "unmet"]
    waiting = [one for one in found if one.result == "waiting"]
    return next(iter(missed[::-1] or waiting[::-1] or found), None)


def _page(
    request: HttpRequest,
    place: SubjectInfo,
    wanted: Demand,
    found: tuple[DueInfo, ...],
    chosen: DueInfo | None,
    form: Proof,
    name: str | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    proofs = chosen.proofs if chosen else ()
    people = registry.people({one.person for one in proofs if one.person})
    context = {
        "place": place,
        "demand": wanted,
        "dates": found,
        "chosen": chosen,
        "form": form,
        "token": once.token(name or codes.new_token(), salt=SALT),
        "people": {id: one.name for id, one in people.items()},
        "photos": {one.id: _photos(one) for one in proofs},
        "documents": {one.id: _documents(one) for one in proofs},
        "reads": reads_subjects(request),
    }
    return render(request, "entries/proof.html", context, status=status)


def _photos(one: queries.ProofInfo) -> list[Picture]:
    found = []
    for number, file in enumerate(one.files):
        if file["kind"] != handed.PDF:
            url = reverse("entries:file", args=[one.id, number])
            alt = _("Picture %(n)d of the proof") % {"n": number + 1}
            found.append(Picture(url=url, alt=alt, thumb=f"{url}?small=1"))
    return found


def _documents(one: queries.ProofInfo) -> list[tuple[str, str]]:
    return [
        (file["name"], reverse("entries:file", args=[one.id, number]))
        for number, file in enumerate(one.files)
        if file["kind"] == handed.PDF
    ]


@require_safe
@needs_role(*dict.fromkeys((*ROLES, *RECORDS)))
def file(request: HttpRequest, proof: int, file: int) -> HttpResponse:
    """A file that was handed in: pictures are shown, documents are saved and never opened here."""
    found = queries.proof(proof)
    if found is None or found.district != staff.district_id(request) or file >= len(found.files):
        raise Http404
    if not reads_subjects(request):
        entrusted(request, place_of(request, found.subject, active=False))
    told = found.files[file]
    small = request.GET.get("small") == "1" and "thumb" in told
    try:
        data = files.get(told["thumb" if small else "sha256"])
    except files.FileError as error:
        raise Http404 from error
    response = HttpResponse(data, content_type=told["kind"])
    way = "attachment" if told["kind"] == handed.PDF else "inline"
    response.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(told['name'])}"
    response.headers["Content-Security-Policy"] = POLICY
    return response
