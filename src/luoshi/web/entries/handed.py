"""Files that are handed in as a proof: a PDF as it came, a picture rebuilt from its pixels."""

from collections.abc import Sequence
from typing import Any

from luoshi.cases import evidence
from luoshi.infra import files

LARGEST = 10 * 1024 * 1024
PDF = "application/pdf"


class NoDocument(ValueError):
    """`code`: document_large, document_kind."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def document(upload: Any) -> dict[str, str]:
    """Store a PDF; {sha256, name, kind}. What it is its bytes say, never its name.

    Raises NoDocument, StorageFull.
    """
    if upload.size > LARGEST:
        raise NoDocument("document_large")
    data = upload.read()
    if not data.startswith(b"%PDF-"):
        raise NoDocument("document_kind")
    return {"sha256": files.put(data), "name": _name(upload.name), "kind": PDF}


def pictures(uploads: Sequence[bytes]) -> list[dict[str, str]]:
    """Store pictures; {sha256, thumb, original, name, kind}. Raises as `evidence.prepare`."""
    return [
        {
            "sha256": one.copy,
            "thumb": one.thumb,
            "original": one.original,
            "name": f"{number}.jpg",
            "kind": one.kind,
        }
        for number, one in enumerate(evidence.prepare(uploads), 1)
    ]


def _name(text: str) -> str:
    """The name of a file without what could mislead a file system or a header."""
    kept = "".join(c for c in text if c.isprintable() and c not in '/\\:*?"<>|;').strip(" .")
    return f"{kept.removesuffix('.pdf')[-80:] or 'document'}.pdf"
