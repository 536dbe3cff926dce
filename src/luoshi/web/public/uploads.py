"""Taking pictures from a form without writing them anywhere: a reporter's photo as it came tells
where and when he stood, and belongs on no disk unsealed."""

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any, Concatenate, ParamSpec

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from luoshi.infra.picture_kinds import MAX_BYTES

MOST_KEPT = 9
P = ParamSpec("P")


class InMemory(FileUploadHandler):
    """Keeps up to 9 files; of each, one byte more than is allowed, so that it is seen to be too
    large. The rest of the request is read and forgotten: what was typed is not lost with it."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._files = 0
        self._kept = BytesIO()

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        self._files += 1
        self._kept = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        room = MAX_BYTES + 1 - self._kept.tell()
        if self._files <= MOST_KEPT and room > 0:
            self._kept.write(raw_data[:room])

    def file_complete(self, file_size: int) -> "UploadedFile[Any]":
        self._kept.seek(0)
        return InMemoryUploadedFile(
            file=self._kept,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
        )


def takes_pictures(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """For a view whose form may bring pictures. Checks CSRF itself: the handler has to be in place
    before anybody reads the form."""

    @csrf_exempt
    @wraps(view)
    def prepared(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request.upload_handlers = [InMemory(request)]
        return csrf_protect(view)(request, *args, **kwargs)

    return prepared
