"""The pictures of one form: those just chosen, those kept from the last try, and what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from luoshi.cases.evidence import MOST_PICTURES
from luoshi.cases.wording import refusal
from luoshi.infra import pictures
from luoshi.infra.pictures import PictureRefused
from luoshi.web.public import stash
from luoshi.web.public.stash import Kept

FIELD, KEPT, DROPPED = "pictures", "kept", "drop"


@dataclass(slots=True)
class Photos:
    """`kept` are on the server already, `fresh` only in this request."""

    kept: list[Kept] = field(default_factory=list)
    fresh: list[bytes] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def data(self) -> list[bytes]:
        return [*(kept.data for kept in self.kept), *self.fresh]

    def carry_on(self) -> None:
        """Keep what is only in this request, since the form is shown again. Raises StorageFull."""
        while self.fresh:
            self.kept.append(stash.keep(self.fresh.pop(0)))

    def arrived(self) -> None:
        """They are part of a case now."""
        stash.drop([kept.token for kept in self.kept])


def read(request: HttpRequest) -> Photos:
    """The pictures of a posted form; what cannot be used is told by its name and left out."""
    given = request.POST.getlist(KEPT)[:MOST_PICTURES]
    dropped = set(request.POST.getlist(DROPPED))
    stash.drop([token for token in given if token in dropped])
    wanted = [token for token in given if token not in dropped]
    found = Photos(kept=stash.restore(wanted))
    _lost(found, wanted)
    known = {sha256(data).digest() for data in found.data}
    for upload in request.FILES.getlist(FIELD):
        _add(found, upload, known)
    return found


def _lost(found: Photos, tokens: Sequence[str]) -> None:
    if len(found.kept) < len(set(tokens)):
        found.errors.append(_("Pictures are kept for a day only: please choose them again."))


def _add(found: Photos, upload: "UploadedFile[Any]", known: set[bytes]) -> None:
    if len(found.data) >= MOST_PICTURES:
        many = refusal("too_many_pictures")
        if many not in found.errors:
            found.errors.append(many)
        return
    data = upload.read()
    mark = sha256(data).digest()
    if mark in known:
        return  # chosen once more: one is enough
    try:
        pictures.rebuild(data)
    except PictureRefused as error:
        found.errors.append(f"{upload.name}: {refusal(error.code)}")
        return
    known.add(mark)
    found.fresh.append(data)
