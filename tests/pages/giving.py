"""Giving a command as people do: open the page of a case, fill in its form, send it."""

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import photo
from tests.pages.rooms import body


def form_of(page: str, case: int, command: str) -> str:
    """The whole form of a command as it stands on the page; fails when there is none.

    The last of them: above it may stand a shorter one, with one choice already made.
    """
    found = re.findall(rf'<form[^>]*action="/case/{case}/do/{command}/".*?</form>', page, re.DOTALL)
    assert found, f"no form for {command}"
    return str(found[-1])


def has_form(page: str, command: str) -> bool:
    return f'/do/{command}/"' in page


def fill(page: str, case: int, command: str, **fields: Any) -> dict[str, Any]:
    """What the browser would send: the hidden fields, and what is typed."""
    form = form_of(page, case, command)
    seen = re.search(r'name="seen" value="(\d+)"', form)
    assert seen
    for name in fields:
        assert f'name="{name}"' in form, f"{command} asks for no {name}"
    return {"seen": seen[1], **fields}


def give(client: Client, case: int, command: str, **fields: Any) -> Any:
    """Open the page, send the form; the answer."""
    page = body(client.get(f"/case/{case}/"))
    return client.post(f"/case/{case}/do/{command}/", fill(page, case, command, **fields))


def upload(*, seed: int | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("photo.jpg", photo(seed=seed), content_type="image/jpeg")
