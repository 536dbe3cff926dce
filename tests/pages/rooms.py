"""Walking into a room as somebody of the cast, and counting what a page costs."""

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import openpyxl
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast


def enter(cast: Cast, name: str, *, language: str = "en") -> Client:
    """A client who is signed in as this member of the cast."""
    client = Client(headers={"Accept-Language": language})
    client.force_login(get_user_model().objects.get(pk=cast.people[name]))
    return client


def body(answer: Any, status: int = 200) -> str:
    """The page as text, once its status is as expected."""
    found: HttpResponse = answer
    assert found.status_code == status, found.content.decode()[:2000]
    return found.content.decode()


def rows_of(answer: Any) -> list[str]:
    """The rows of a spreadsheet or of a file with commas, each with its cells joined by `|`."""
    data = b"".join(answer.streaming_content)
    if data.startswith(b"PK"):
        sheets = openpyxl.load_workbook(BytesIO(data)).worksheets
        cells = [row for sheet in sheets for row in sheet.iter_rows(values_only=True)]
    else:
        cells = [tuple(row) for row in csv.reader(StringIO(data.decode("utf-8-sig")))]
    return ["|".join("" if cell is None else str(cell) for cell in row) for row in cells]


def weight(page: str) -> int:
    """Bytes of a page with its styles and scripts, those that scripts import among them."""
    asked = re.findall(r'(?:<link rel="stylesheet" href|<script[^>]* src)="/static/([^"?]+)', page)
    wanted, had = list(asked), set[str]()
    total = len(page.encode())
    while wanted:
        name = wanted.pop()
        path = finders.find(name)
        if name in had or not isinstance(path, str):
            continue
        had.add(name)
        text = Path(path).read_text()
        total += len(text.encode())
        inner = re.findall(r'(?:from|import)\s*"(\./[^"]+)"', text)
        wanted += [f"{name.rpartition('/')[0]}/{one[2:]}" for one in inner]
    return total


def section(page: str, title: str) -> str:
    """What stands between this h2 and the next one; fails when there is no such section."""
    found = re.search(rf"<h2[^>]*>\s*{title}.*?(?=<h2|</main>)", page, re.DOTALL)
    assert found, f"no section {title!r}"
    return found[0]


def has_section(page: str, title: str) -> bool:
    return re.search(rf"<h2[^>]*>\s*{title}", page) is not None


@contextmanager
def counted() -> Iterator[CaptureQueriesContext]:
    with CaptureQueriesContext(connection) as context:
        yield context


def cost(client: Client, address: str) -> int:
    """Queries of one page, on its second call: what is only asked once does not count."""
    client.get(address)
    with counted() as context:
        assert client.get(address).status_code == 200
    return len(context)
