"""Reading a PDF as text."""

import re
from io import BytesIO
from typing import Any

from pypdf import PdfReader


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page without any space: where lines break is no matter of tests."""
    found = (page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return [re.sub(r"[\s\u200b]", "", text) for text in found]


def text_of(answer: Any) -> str:
    """The text of a document as it was answered."""
    assert answer.status_code == 200, answer.content.decode()[:2000]
    assert answer.headers["Content-Type"] == "application/pdf"
    return "".join(pages_of(answer.content))


def fonts_of(pdf: bytes) -> set[str]:
    """The names of the fonts in it, without the mark of a subset."""
    return {
        str(font.get_object()["/BaseFont"]).split("+")[-1]
        for page in PdfReader(BytesIO(pdf)).pages
        for font in page["/Resources"]["/Font"].values()
    }
