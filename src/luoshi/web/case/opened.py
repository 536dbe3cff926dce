"""Opening all that a confidential reporter wrote, each piece on record before it is read."""

from dataclasses import dataclass
from datetime import datetime

from luoshi.cases.queries import SealedReport
from luoshi.trust import vault
from luoshi.trust.errors import Erased


@dataclass(frozen=True, slots=True)
class Opened:
    """One piece: the kind of event with which it came, when, and the words; None once erased."""

    kind: str
    at: datetime
    text: str | None


def open_words(report: SealedReport, *, by: int, reason: str, now: datetime) -> list[Opened]:
    """In the order of writing. Raises ReasonRefused and the key errors, then nothing is shown."""
    return [Opened(w.kind, w.at, _text(w.text, by, reason, now)) for w in report.words]


def _text(vault_id: int, by: int, reason: str, now: datetime) -> str | None:
    try:
        return str(vault.reveal(vault_id=vault_id, by=by, reason=reason, now=now))
    except Erased:
        return None
