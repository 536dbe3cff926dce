"""What tests of the residents' pages do again and again, through the pages as a browser would."""

import re
from html import unescape
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import photo

ENGLISH = {"Accept-Language": "en"}


def resident() -> Client:
    """A browser of its own, in English, that checks CSRF as browsers do."""
    return Client(enforce_csrf_checks=True, headers=ENGLISH)


def hidden(page: str, name: str) -> list[str]:
    """The values of the hidden fields of that name."""
    tags = re.findall(r"<input[^>]*>", page)
    found = [tag for tag in tags if f'name="{name}"' in tag and 'type="hidden"' in tag]
    return [unescape(value) for tag in found for value in re.findall(r'value="([^"]*)"', tag)]


def csrf(client: Client, address: str) -> str:
    return hidden(client.get(address).content.decode(), "csrfmiddlewaretoken")[0]


def filled(client: Client, address: str = "/report/", **given: Any) -> dict[str, Any]:
    """A form as the page gives it out, filled in."""
    page = client.get(address).content.decode()
    values = {
        "csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken")[0],
        "form": hidden(page, "form")[0],
        "text": "绿地被挖来种菜",
        "place": "示范新村3幢旁",
        "step": "send",
    }
    return {**values, **given}


def jpeg(name: str = "photo.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo() if data is None else data, "image/jpeg")


def send(client: Client, address: str, action: str | None = None, **given: Any) -> Any:
    """Post to an address of an opened report, with the token of the page `address`."""
    values = {"csrfmiddlewaretoken": csrf(client, address), **given}
    return client.post(action or address, values)


def text(response: Any) -> str:
    return response.content.decode()
